"""Add and correct sessions by hand: the desk's acts."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from counselhub.core import clock, history
from counselhub.core.access import Member
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.duty.actions import refuse_impossible, written
from counselhub.duty.kinds import SESSION_FLOW, DutySource, SessionStatus
from counselhub.duty.models import DutySession


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A session as the desk writes it; wall-clock times of `day`."""

    adviser_id: UUID
    community_code: str
    day: date
    signed_in: time
    signed_out: time | None
    substitute_for_id: UUID | None
    community_confirmed: bool
    remark: str

    @property
    def begin(self) -> datetime:
        """The sign-in as an instant."""
        return clock.instant(self.day, self.signed_in)

    @property
    def end(self) -> datetime | None:
        """The sign-out as an instant, None when it is not known."""
        return clock.instant(self.day, self.signed_out) if self.signed_out else None


def add(entry: Entry, *, by: Member) -> DutySession:
    """Add a missed session by hand (补录); its reason is the remark.

    Raises RefusedError for impossible times, ConflictError for presence elsewhere at the same
    time, FrozenError in a closed month.
    """
    _refuse_impossible_entry(entry)
    session = DutySession(status=SessionStatus.CLOSED, source=DutySource.MANUAL, **_columns(entry))
    with written(session.id, entry.adviser_id, entry.community_code, entry.begin, entry.end):
        db.session.add(session)
    history.record(session, "add", by=by, street_code=session.street_code)
    return session


def correct(session: DutySession, entry: Entry, *, revision: int | None, by: Member) -> None:
    """Change a session that counts wrongly; the acts keep what it was before.

    Raises as `add` does, ConflictError for a stale page, IllegalMoveError for a voided one.
    """
    history.expect(session, revision)
    if session.status == SessionStatus.VOIDED:
        raise IllegalMoveError(_("已作废的记录不能更正，请补录一条新的。"), row=session)
    _refuse_impossible_entry(entry)
    wanted = _columns(entry)
    before = {name: str(getattr(session, name)) for name in wanted}
    changed = {name: old for name, old in before.items() if old != str(wanted[name])}
    if not changed:
        return
    with written(session.id, entry.adviser_id, entry.community_code, entry.begin, entry.end):
        for name, value in wanted.items():
            setattr(session, name, value)
        place = session.street_code
        if session.status == SessionStatus.OPEN and entry.end:
            history.advance(session, SESSION_FLOW, "sign_out", by=by, street_code=place)
        was_confirmed = session.community_confirmed
        history.record(session, "correct", by=by, street_code=place, before=changed)
    db.session.refresh(session, ["community_confirmed"])  # the database takes it off what changed
    if was_confirmed and not session.community_confirmed:
        history.record(session, "confirmation_lost", by=by, street_code=place)


def _columns(entry: Entry) -> dict[str, Any]:
    return {
        "adviser_id": entry.adviser_id,
        "community_code": entry.community_code,
        "street_code": entry.community_code[:9],
        "day": entry.day,
        "signed_in_at": entry.begin,
        "signed_out_at": entry.end,
        "substitute_for_id": entry.substitute_for_id,
        "community_confirmed": entry.community_confirmed or None,
        "remark": entry.remark or None,
    }


def _refuse_impossible_entry(entry: Entry) -> None:
    now = clock.to_minute(clock.now())
    if entry.begin > now:
        raise RefusedError(_("签到时间不能晚于现在。"))
    if entry.substitute_for_id == entry.adviser_id:
        raise RefusedError(_("替班对象不能是值班律师本人。"))
    if entry.end:
        refuse_impossible(entry.begin, entry.end, now)
