"""Add and correct sessions by hand: the desk's acts."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.duty import actions, folding, punch_queries, settling
from counselhub.duty.actions import written
from counselhub.duty.kinds import SESSION_FLOW, CorrectionReason, DutySource, SessionStatus
from counselhub.duty.models import DutySession
from counselhub.people.queries import has_colleague_with

WHERE_AND_WHEN = {
    "adviser_id",
    "community_code",
    "day",
    "signed_in_at",
    "signed_out_at",
    "substitute_for_id",
}
"""Columns whose change by hand makes a session a corrected one."""
OWN = _l(
    "自己的值班记录不能自己更正、补录或作废。更正和补录请提交补正申请，由主任审批；作废请由主任办理。"
)


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


def add(
    entry: Entry,
    *,
    by: Member,
    source: DutySource = DutySource.MANUAL,
    reason: CorrectionReason = CorrectionReason.OTHER,
    **more: str,
) -> DutySession:
    """Add a missed session by hand (补录). more: what its act tells beside the reason.

    source: where its times come from. Raises RefusedError for the own one while somebody else may
    decide on it and for impossible times, ConflictError for presence elsewhere at the same time,
    FrozenError in a closed month.
    """
    _refuse_own(entry.adviser_id, by=by, at="adviser_id")
    refuse_impossible(entry)
    session = DutySession(status=SessionStatus.CLOSED, source=source, **_columns(entry))
    with written(session.id, entry.adviser_id, entry.community_code, entry.begin, entry.end):
        db.session.add(session)
    place = session.street_code
    history.record(session, "add", by=by, street_code=place, reason=reason, **more)
    settling.after(session, by=by)
    return session


def must_ask(adviser_id: UUID, *, by: Member) -> bool:
    """Tell whether a session is the member's own, and the firm has another to decide on it."""
    return by.adviser_id == adviser_id and has_colleague_with(Permission.CORRECTION_DECIDE, by)


def _refuse_own(*advisers: UUID, by: Member, at: str = "") -> None:
    if any(must_ask(one, by=by) for one in advisers):
        raise RefusedError(OWN, at=at)


def correct(
    session: DutySession,
    entry: Entry,
    *,
    revision: int | None,
    by: Member,
    reason: CorrectionReason = CorrectionReason.OTHER,
    **more: str,
) -> None:
    """Change a session that counts wrongly; the acts keep what it was before.

    more: what its act tells beside the reason. Taps that the old times refused are judged anew. A
    session whose remark or signature alone is noted stays as proven as its taps made it.
    Raises as `add` does, ConflictError for a stale page, IllegalMoveError for a voided one.
    """
    _refuse_own(session.adviser_id, entry.adviser_id, by=by, at="adviser_id")
    history.expect(session, revision)
    if session.status == SessionStatus.VOIDED:
        raise IllegalMoveError(_("已作废的记录不能更正，请补录一条新的。"), row=session)
    refuse_impossible(entry)
    actions.one_at_a_time(session.adviser_id)
    was = session.adviser_id, session.community_code, session.day
    wanted = _columns(entry)
    changed = _changed(session, wanted)
    if not changed:
        return
    is_ours = punch_queries.is_as_tapped(session) and not changed.keys() & WHERE_AND_WHEN
    with written(session.id, entry.adviser_id, entry.community_code, entry.begin, entry.end):
        for name, value in wanted.items():
            setattr(session, name, value)
        session.is_corrected = session.is_corrected or bool(changed.keys() & WHERE_AND_WHEN)
        place = session.street_code
        if session.status == SessionStatus.OPEN and entry.end:
            history.advance(session, SESSION_FLOW, "sign_out", by=by, street_code=place)
        told = {"before": changed, "reason": reason} | more
        was_confirmed = session.community_confirmed
        history.record(session, "correct", by=by, street_code=place, **told)
    if was_confirmed:
        _tell_lost_confirmation(session, by)
    if is_ours:
        folding.agree(session)
    _judge_anew(session, *was, by=by)


def _changed(session: DutySession, wanted: dict[str, Any]) -> dict[str, str]:
    """Return what of a session would be another, as it is now."""
    before = {name: str(getattr(session, name)) for name in wanted}
    return {name: old for name, old in before.items() if old != str(wanted[name])}


def _tell_lost_confirmation(session: DutySession, by: Member) -> None:
    db.session.refresh(session, ["community_confirmed"])  # the database takes it off what changed
    if not session.community_confirmed:
        history.record(session, "confirmation_lost", by=by, street_code=session.street_code)


def _judge_anew(session: DutySession, adviser_id: UUID, code: str, day: date, by: Member) -> None:
    """Judge taps and slots of where a session was and of where it is now."""
    for whose, when in {(adviser_id, day), (session.adviser_id, session.day)}:
        folding.fold(whose, when, by=by)
    settling.settle_places({(code, day), (session.community_code, session.day)}, by=by)


def void(session: DutySession, *, by: Member, reason: str) -> None:
    """Take a session out of every count; taps that it refused are judged anew.

    Raises RefusedError for the own one while somebody else may decide on it, IllegalMoveError for
    one that is void, FrozenError in a closed month.
    """
    _refuse_own(session.adviser_id, by=by)
    actions.one_at_a_time(session.adviser_id)
    actions.void(session, by=by, reason=reason)
    folding.fold(session.adviser_id, session.day, by=by)


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


def refuse_impossible(entry: Entry) -> None:
    """Raise RefusedError with what is wrong with an entry, nothing when it may stand."""
    now = clock.to_minute(clock.now())
    if entry.begin > now:
        raise RefusedError(_("签到时间不能晚于现在。"), at="signed_in")
    if entry.substitute_for_id == entry.adviser_id:
        raise RefusedError(_("替班对象不能是值班律师本人。"), at="substitute_for_id")
    if entry.end:
        actions.refuse_impossible(entry.begin, entry.end, now)
