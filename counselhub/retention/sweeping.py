"""How a class of data is swept: what is due is listed, then ended batch by batch, each committed.

When a sweep is stopped, the next one goes on with what is left.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Delete, Select, Update, delete, select

from counselhub.core import clock, history
from counselhub.core.access import Member, command_member
from counselhub.core.db import db, reached
from counselhub.core.tenancy import Scope, ScopeKind, as_firm, as_platform
from counselhub.people.queries import every_firm
from counselhub.places.models import Street
from counselhub.retention.kinds import Kept

BATCH = 500
End = Callable[[Sequence[UUID], Member], int]
"""Ends rows of the firm in scope by their ids, records it, and returns how many went."""


@dataclass(slots=True)
class Sweep:
    """What one class of data had to give up. ids: by firm's or street's code, "" the platform's."""

    kept: Kept
    days: int
    before: date
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


def in_firms(sweep: Sweep, dry: bool, due: Select[UUID], end: End) -> None:
    """List what is due in each firm, and let `end` have it."""
    for firm_id, code in every_firm():
        by = command_member(Scope(ScopeKind.FIRM, str(firm_id)))
        with as_firm(firm_id):
            found = list(db.session.scalars(due))
            if found:
                sweep.ids[code] = [str(row) for row in found]
            for first in range(0, 0 if dry else len(found), BATCH):
                sweep.done += end(found[first : first + BATCH], by)
                db.session.commit()


def every_street() -> list[str]:
    """Return the codes of all streets: outside a scope the database shows none."""
    with as_platform():
        return list(db.session.scalars(select(Street.code).order_by(Street.code)))


def noted(sweep: Sweep, statement: Delete | Update, key: Any) -> End:
    """Return what sends `statement` for the rows with these keys, and notes it as one act."""

    def end(ids: Sequence[UUID], by: Member) -> int:
        whole = statement.where(key.in_(ids)).execution_options(synchronize_session=False)
        done = reached(whole)
        history.note("retention_sweep", scope=by.scope, by=by, what=sweep.kept.value, acts=done)
        return done

    return end


def on_platform(
    sweep: Sweep, dry: bool, key: Any, over: ColumnElement[bool], *, shown: Any
) -> None:
    """List what is over by `shown`, and delete it by batches of `key`."""
    with as_platform():
        found = db.session.execute(select(key, shown).where(over)).all()
        if found:
            sweep.ids[""] = [str(row[1]) for row in found]
        for first in range(0, 0 if dry else len(found), BATCH):
            keys = [row[0] for row in found[first : first + BATCH]]
            sweep.done += reached(delete(key.class_).where(key.in_(keys), over))
            db.session.commit()
