"""Do what the table of retention says, firm by firm and batch by batch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, UpdateBase, delete, func, or_, select, update

from counselhub.clients import actions as clients
from counselhub.clients.models import Client
from counselhub.clients.queries import due
from counselhub.confirmations.models import ConfirmationRequest
from counselhub.core import clock, history
from counselhub.core.access import command_member
from counselhub.core.db import db, reached
from counselhub.core.tenancy import Scope, ScopeKind, as_firm, as_platform
from counselhub.duty.models import DutySession
from counselhub.people.models import SignInLink, SignInSession
from counselhub.people.queries import every_firm
from counselhub.photos.models import PhotoContent, SessionPhoto
from counselhub.retention.rules import TABLE, Kept, due_before

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


def _photos(sweep: Sweep, dry: bool) -> None:
    """Pictures of sessions long ago; what is known of them stays, and so does the grade."""
    keys = select(PhotoContent.photo_id).join(
        SessionPhoto,
        (SessionPhoto.firm_id == PhotoContent.firm_id) & (SessionPhoto.id == PhotoContent.photo_id),
    )
    of_session = (DutySession.firm_id == SessionPhoto.firm_id) & (
        DutySession.id == SessionPhoto.session_id
    )
    due = keys.join(DutySession, of_session).where(DutySession.day < sweep.before)
    gone = delete(PhotoContent).execution_options(synchronize_session=False)
    _firm_rows(sweep, dry, due, lambda ids: gone.where(PhotoContent.photo_id.in_(ids)))


def _confirmers(sweep: Sweep, dry: bool) -> None:
    """Names of who confirmed long ago; the answers stay."""
    row = ConfirmationRequest
    due = select(row.id).where(row.answered_at < _until(sweep), row.name_sealed.is_not(None))
    wiped = update(row).values(name_sealed=None, address_digest=None)
    wiped = wiped.execution_options(synchronize_session=False)
    _firm_rows(sweep, dry, due, lambda ids: wiped.where(row.id.in_(ids)))


def _firm_rows(
    sweep: Sweep, dry: bool, due: Select[UUID], end: Callable[[list[UUID]], UpdateBase]
) -> None:
    """List what is due of each firm, and `end` it by batches; each batch is an act of the firm."""
    for firm_id, code in every_firm():
        scope = Scope(ScopeKind.FIRM, str(firm_id))
        with as_firm(firm_id):
            found = list(db.session.scalars(due))
            if found:
                sweep.ids[code] = [str(row) for row in found]
            for first in range(0, 0 if dry else len(found), BATCH):
                ids = found[first : first + BATCH]
                sweep.done += reached(end(ids))
                by, what = command_member(scope), sweep.kept.value
                history.note("retention_sweep", scope=scope, by=by, what=what, acts=len(ids))
                db.session.commit()


SWEEPS: dict[Kept, Callable[[Sweep, bool], None]] = {
    Kept.CLIENT: _clients,
    Kept.SIGN_IN_LINK: _links,
    Kept.PHOTO: _photos,
    Kept.CONFIRMER: _confirmers,
    Kept.SIGN_IN_SESSION: _sessions,
}
