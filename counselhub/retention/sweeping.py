"""How a class of data is swept: what is due is listed, then ended batch by batch, each committed.

When a sweep is stopped, the next one goes on with what is left.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Delete, Select, Update, delete, literal, select, union_all

from counselhub.core import clock, history
from counselhub.core.db import db, reached
from counselhub.core.members import Member
from counselhub.core.rounds import Round
from counselhub.core.tenancy import as_platform
from counselhub.hooks.models import HookDelivery
from counselhub.people.queries import every_firm
from counselhub.places.models import Street
from counselhub.retention.kinds import Kept

BATCH = 500
End = Callable[[Sequence[UUID], Member], int]
"""Ends rows of the firm in scope by their ids, records it, and returns how many went."""


class Due(NamedTuple):
    """Rows of any firm that are over their period, and what ends them."""

    rows: Select[UUID]
    end: End


@dataclass(slots=True)
class Sweep:
    """What one class of data had to give up. ids: by firm's or street's code, "" the platform's.

    dry: only list what would go.
    """

    kept: Kept
    days: int
    before: date
    dry: bool = False
    of_firms: list[Due] = field(default_factory=list)
    done: int = 0
    ids: dict[str, list[str]] = field(default_factory=dict)

    @property
    def due(self) -> int:
        """How many rows are over their period."""
        return sum(map(len, self.ids.values()))

    @property
    def until(self) -> datetime:
        """The instant before which rows are over their period."""
        return datetime.combine(self.before, time(), clock.SHANGHAI)

    def document(self) -> dict[str, Any]:
        """Return it as JSON: counts and ids, never personal data."""
        return {
            "class": self.kept.value,
            "days": self.days,
            "before": self.before.isoformat(),
            "due": self.due,
            "done": self.done,
            "rows": [{"firm": code or None, "ids": ids} for code, ids in self.ids.items()],
        }


def in_firms(sweep: Sweep, due: Select[UUID], end: End) -> None:
    """Have what is due in each firm listed, and given to `end`, when the firms are gone through."""
    sweep.of_firms.append(Due(due, end))


def through_firms(sweeps: Sequence[Sweep]) -> None:
    """Ask each firm once, with one statement, for all that is due in it; let it end by batches.

    What cannot be ended, of one class in one firm, holds up no other; as `Round` raises.
    """
    dues = [(sweep, due) for sweep in sweeps for due in sweep.of_firms]
    if not dues:
        return
    parts = [due.rows.add_columns(literal(place)) for place, (_sweep, due) in enumerate(dues)]
    whole = union_all(*parts)
    with Round() as each:
        for firm_id, code in every_firm():
            with each.firm(firm_id) as by:
                found: dict[int, list[UUID]] = {}
                for row, place in db.session.execute(whole):
                    found.setdefault(place, []).append(row)
                for place, ids in sorted(found.items()):
                    sweep, due = dues[place]
                    with each.step(f"firm:{firm_id} {sweep.kept.value}"):
                        _end(sweep, due, code, ids, by)


def _end(sweep: Sweep, due: Due, code: str, ids: Sequence[UUID], by: Member) -> None:
    sweep.ids.setdefault(code, []).extend(map(str, ids))
    for first in range(0, 0 if sweep.dry else len(ids), BATCH):
        sweep.done += due.end(ids[first : first + BATCH], by)
        db.session.commit()


def through_streets(sweep: Sweep, end: Callable[[str], Sequence[UUID]]) -> None:
    """Let `end` do what is due in each street, in its scope, and commit; as `through_firms`.

    end: called with the street's code, returns the rows that are over, of a dry sweep too.
    """
    with as_platform():  # outside a scope the database shows none
        codes = list(db.session.scalars(select(Street.code).order_by(Street.code)))
    with Round() as each:
        for code in codes:
            with each.office(code):
                if found := end(code):
                    sweep.ids[code] = [str(row) for row in found]
                    sweep.done += 0 if sweep.dry else len(found)
                db.session.commit()


def noted(sweep: Sweep, statement: Delete | Update, key: Any) -> End:
    """Return what sends `statement` for the rows with these keys, and notes it as one act."""

    def end(ids: Sequence[UUID], by: Member) -> int:
        whole = statement.where(key.in_(ids)).execution_options(synchronize_session=False)
        done = reached(whole)
        history.note("retention_sweep", scope=by.scope, by=by, what=sweep.kept.value, acts=done)
        return done

    return end


def on_platform(sweep: Sweep, key: Any, over: ColumnElement[bool], *, shown: Any) -> None:
    """List what is over by `shown`, and delete it by batches of `key`."""
    with as_platform():
        found = db.session.execute(select(key, shown).where(over)).all()
        if found:
            sweep.ids[""] = [str(row[1]) for row in found]
        for first in range(0, 0 if sweep.dry else len(found), BATCH):
            keys = [row[0] for row in found[first : first + BATCH]]
            sweep.done += reached(delete(key.class_).where(key.in_(keys), over))
            db.session.commit()


def hook_log(sweep: Sweep) -> None:
    """What was told to other programs, and what they answered."""
    on_platform(sweep, HookDelivery.id, HookDelivery.at < sweep.until, shown=HookDelivery.id)


def made_files(expire: Callable[..., list[str]], **which: object) -> Callable[[Sweep], None]:
    """Files that were made long ago, of those that `which` says: one needed is made anew."""

    def sweep_files(sweep: Sweep) -> None:
        if found := expire(sweep.until, dry=sweep.dry, **which):
            sweep.ids[""] = found
            sweep.done += 0 if sweep.dry else len(found)

    return sweep_files
