"""Do what the table of retention says, firm by firm and batch by batch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select

from counselhub.attendance import expiring
from counselhub.clients import actions as clients
from counselhub.clients.models import Client
from counselhub.clients.queries import due
from counselhub.core import clock, history
from counselhub.core.access import command_member
from counselhub.core.db import db, reached
from counselhub.core.tenancy import Scope, ScopeKind, as_firm, as_office, as_platform
from counselhub.leave import actions as leave
from counselhub.leave import queries as leave_queries
from counselhub.people.models import SignInLink, SignInSession
from counselhub.people.queries import every_firm
from counselhub.places.models import Street
from counselhub.points.proof_models import DutyFix
from counselhub.retention.rules import TABLE, Kept, due_before
from counselhub.rota.models import HandoverNote, OnlineTurn
from counselhub.spotchecks.actions import expire_photos

BATCH = 500


@dataclass(slots=True)
class Sweep:
    """What one class of data had to give up. ids: by firm's code, "" for the platform's."""

    kept: Kept
    days: int
    before: date
    done: int = 0
    ids: dict[str, list[str]] = field(default_factory=dict)

    @property
    def due(self) -> int:
        """How many rows are over their period."""
        return sum(map(len, self.ids.values()))

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


def run(periods: dict[Kept, int | None], *, dry: bool) -> list[Sweep]:
    """Sweep every class that this job looks after; dry: only say what would go.

    Commits each batch: when it is stopped, the next run goes on with what is left.
    """
    swept = []
    for rule in TABLE:
        days = periods[rule.kept]
        if rule.by_this_job and days is not None:
            sweep = Sweep(rule.kept, days, due_before(clock.today(), days))
            SWEEPS[rule.kept](sweep, dry)
            swept.append(sweep)
    return swept


def _clients(sweep: Sweep, dry: bool) -> None:
    for firm_id, code in every_firm():
        with as_firm(firm_id):
            found = list(db.session.scalars(due(sweep.before)))
            if found:
                sweep.ids[code] = [str(row) for row in found]
            for first in range(0, 0 if dry else len(found), BATCH):
                sweep.done += _expire(firm_id, found[first : first + BATCH], sweep)
                db.session.commit()


def _expire(firm_id: UUID, ids: list[UUID], sweep: Sweep) -> int:
    """Wipe what is still due now that it is locked: a service may have come in between."""
    by = command_member(Scope(ScopeKind.FIRM, str(firm_id)))
    query = select(Client).where(Client.id.in_(due(sweep.before)), Client.id.in_(ids))
    rows = db.session.scalars(query.with_for_update()).all()
    for row in rows:
        clients.wipe(row)
        history.record(row, "expire", by=by, days=sweep.days)
    return len(rows)


def _leave(sweep: Sweep, dry: bool) -> None:
    """Empty the words of leave that ended long ago: they may be about health."""
    for firm_id, code in every_firm():
        with as_firm(firm_id):
            found = db.session.scalars(leave_queries.due(sweep.before)).all()
            if found:
                sweep.ids[code] = [str(row.id) for row in found]
            by = command_member(Scope(ScopeKind.FIRM, str(firm_id)))
            for row in () if dry else found:
                leave.blank_words(row, by=by)
                sweep.done += 1
            db.session.commit()


def _punches(sweep: Sweep, dry: bool) -> None:
    """Punches of other systems: they tell where lawyers were, on duty or not."""
    for firm_id, code in every_firm():
        by = command_member(Scope(ScopeKind.FIRM, str(firm_id)))
        with as_firm(firm_id):
            found = expiring.due(sweep.before)
            if found:
                sweep.ids[code] = [str(row) for row in found]
            for first in range(0, 0 if dry else len(found), BATCH):
                batch = found[first : first + BATCH]
                sweep.done += expiring.expire(batch, sweep.before, by=by, days=sweep.days)
                db.session.commit()


def _links(sweep: Sweep, dry: bool) -> None:
    """Links that were used or ran out long ago; their ids are digests of random tokens."""
    until = _until(sweep)
    over = or_(SignInLink.used_at < until, SignInLink.expires_at < until)
    # The start of a digest is enough to tell rows apart in a list.
    _platform_rows(sweep, dry, SignInLink.digest, over, shown=func.left(SignInLink.digest, 12))


def _sessions(sweep: Sweep, dry: bool) -> None:
    """Sessions that ended long ago, or were left without signing out: those end by themselves."""
    over = func.coalesce(SignInSession.ended_at, SignInSession.last_seen_at) < _until(sweep)
    _platform_rows(sweep, dry, SignInSession.id, over, shown=SignInSession.id)


def _positions(sweep: Sweep, dry: bool) -> None:
    """Coordinates of taps that nobody may ask about any more; what came of them stays."""
    over = DutyFix.taken_at < _until(sweep)
    for firm_id, code in every_firm():
        with as_firm(firm_id):
            found = list(db.session.scalars(select(DutyFix.id).where(over)))
            if found:
                sweep.ids[code] = [str(row) for row in found]
            if dry or not found:
                continue
            for first in range(0, len(found), BATCH):
                ids = found[first : first + BATCH]
                sweep.done += reached(delete(DutyFix).where(DutyFix.id.in_(ids), over))
            scope = Scope(ScopeKind.FIRM, str(firm_id))
            history.note("positions_erased", scope=scope, by=command_member(scope), acts=len(found))
            db.session.commit()


def _notes(sweep: Sweep, dry: bool) -> None:
    """Notes of turns that ended long ago; the turn says that there was one, in its acts."""
    ended = select(OnlineTurn.id).where(OnlineTurn.ends_at < _until(sweep))
    over = HandoverNote.turn_id.in_(ended)
    for firm_id, code in every_firm():
        with as_firm(firm_id):
            found = list(db.session.scalars(select(HandoverNote.turn_id).where(over)))
            if found:
                sweep.ids[code] = [str(turn_id) for turn_id in found]
            for first in range(0, 0 if dry else len(found), BATCH):
                ids = found[first : first + BATCH]
                gone = delete(HandoverNote).where(HandoverNote.turn_id.in_(ids), over)
                sweep.done += reached(gone)
                db.session.commit()


def _spot_photos(sweep: Sweep, dry: bool) -> None:
    """Photos of spot checks that were closed long ago, street by street: they are the office's."""
    until = _until(sweep)
    for code in db.session.scalars(select(Street.code).order_by(Street.code)).all():
        with as_office(code):
            found = expire_photos(code, until, days=sweep.days, dry=dry)
            if found:
                sweep.ids[code] = [str(row) for row in found]
                sweep.done += 0 if dry else len(found)
            db.session.commit()


def _until(sweep: Sweep) -> datetime:
    return datetime.combine(sweep.before, time(), clock.SHANGHAI)


def _platform_rows(
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


SWEEPS: dict[Kept, Callable[[Sweep, bool], None]] = {
    Kept.CLIENT: _clients,
    Kept.LEAVE: _leave,
    Kept.PUNCH: _punches,
    Kept.SIGN_IN_LINK: _links,
    Kept.SIGN_IN_SESSION: _sessions,
    Kept.POSITION: _positions,
    Kept.HANDOVER_NOTE: _notes,
    Kept.SPOT_PHOTO: _spot_photos,
}
