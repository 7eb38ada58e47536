"""A person settles a difference: by the phone, by the other system's record, or by neither."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.attendance.comparing import refresh
from counselhub.attendance.gather import Span
from counselhub.attendance.kinds import CHECK_FLOW, CheckStatus, Finding, Verdict
from counselhub.attendance.models import AttendanceCheck
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.duty import desk
from counselhub.duty.desk import Entry
from counselhub.duty.kinds import DutySource
from counselhub.duty.models import DutySession


class StaleCheckError(ConflictError):
    """The session changed after the comparison; the check was compared anew, which may stay."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a difference is settled. arrived, left: what really was, where neither is right."""

    verdict: Verdict
    reason: str
    arrived: time | None = None
    left: time | None = None


def settle(
    check: AttendanceCheck, settlement: Settlement, *, revision: int | None, by: Member
) -> None:
    """Settle a difference; the sessions follow at once, by the acts of duty.

    By the record: the phone's session there gets its times, or one is made (source 钉钉). By
    neither: the session gets the times told, or is voided when nobody was there.
    Raises ConflictError when the check or its session changed since (`row` is the check as it now
    is), RefusedError for impossible times and for what would change an own session while somebody
    else decides, FrozenError in a closed month, IllegalMoveError when it is settled already.
    """
    history.expect(check, revision)
    if check.status != CheckStatus.OPEN:
        raise IllegalMoveError(_("这条差异已经处理过，下面是最新内容。"), row=check)
    session = _session_as_compared(check, by)
    match settlement.verdict:
        case Verdict.RECORD:
            _take_record(check, session, settlement.reason, by)
        case Verdict.NEITHER:
            _take_neither(check, session, settlement, by)
    check.verdict, check.reason = settlement.verdict, settlement.reason
    check.settled_by, check.settled_at = by.name, clock.now()
    detail = {"verdict": settlement.verdict.value, "reason": settlement.reason}
    history.advance(check, CHECK_FLOW, "settle", by=by, **detail)
    db.session.flush()
    _compare(check, by)


def _session_as_compared(check: AttendanceCheck, by: Member) -> DutySession | None:
    """Return the session that the check was made with. Raises ConflictError when it changed."""
    seen = (check.id, check.session_id, check.session_revision, check.finding)
    found = db.session.get(DutySession, (check.firm_id, check.session_id)) if seen[1] else None
    db.session.expire_all()
    _compare(check, by)
    now = db.session.scalar(select(AttendanceCheck).where(AttendanceCheck.id == seen[0]))
    if now is None or (now.id, now.session_id, now.session_revision, now.finding) != seen:
        raise StaleCheckError(
            _("手机签到在核对之后有了变动，还没有处理。下面是最新内容，请核对后再处理。"), row=now
        )
    return found


def _compare(check: AttendanceCheck, by: Member) -> None:
    refresh(Span(check.day, check.day, frozenset({check.adviser_id})), by=by)


def _take_record(
    check: AttendanceCheck, session: DutySession | None, reason: str, by: Member
) -> None:
    if check.first_at == check.last_at:
        raise RefusedError(
            _("只有一次打卡，看不出在岗多久。请选“两边都不对”并填写实际到离时间，或以手机为准。")
        )
    begin, end = clock.local(check.first_at), clock.local(check.last_at)
    if begin.date() != end.date():
        raise RefusedError(_("签到和签退要在同一天，跨过零点的请分两次记录。"))
    _write(check, session, begin.time(), end.time(), reason, by)


def _take_neither(
    check: AttendanceCheck, session: DutySession | None, settlement: Settlement, by: Member
) -> None:
    if settlement.arrived:
        _write(check, session, settlement.arrived, settlement.left, settlement.reason, by)
    elif session is not None:
        desk.void(session, by=by, reason=settlement.reason)


def _write(
    check: AttendanceCheck,
    session: DutySession | None,
    begin: time,
    end: time | None,
    reason: str,
    by: Member,
) -> None:
    """Give the session the community and times that were decided, or make one."""
    entry = Entry(
        adviser_id=check.adviser_id,
        community_code=check.community_code,
        day=check.day,
        signed_in=begin.replace(second=0, microsecond=0),
        signed_out=end,
        substitute_for_id=session.substitute_for_id if session else None,
        community_confirmed=bool(session and session.community_confirmed),
        remark=(session.remark if session and session.remark else reason)[:500],
    )
    if session is None:
        desk.add(entry, by=by, source=DutySource.DINGTALK)
    else:
        desk.correct(session, entry, revision=session.revision, by=by)


def reopen(check: AttendanceCheck, *, revision: int | None, by: Member) -> None:
    """Open a settled difference again; what was done to sessions stays, and is compared anew.

    Raises ConflictError for a stale page, IllegalMoveError when it is open.
    """
    history.expect(check, revision)
    if check.status == CheckStatus.SETTLED:
        check.verdict = None
    history.advance(check, CHECK_FLOW, "reopen", by=by)
    db.session.flush()
    _compare(check, by)


def needs_settling(check: AttendanceCheck) -> bool:
    """Tell whether a person has to decide."""
    return check.status == CheckStatus.OPEN and check.finding != Finding.AGREES


@dataclass(frozen=True, slots=True)
class Left:
    """A difference that could not be settled with the others, and why."""

    check_id: UUID
    reason: str


def settle_many(checks: list[AttendanceCheck], settlement: Settlement, *, by: Member) -> list[Left]:
    """Settle several at once, each on its own; return those that were refused, with the reason."""
    left = []
    ids = [check.id for check in checks]
    if checks:
        days = [check.day for check in checks]
        advisers = frozenset(check.adviser_id for check in checks)
        refresh(Span(min(days), max(days), advisers), by=by)
    for check_id in ids:
        check = db.session.scalar(select(AttendanceCheck).where(AttendanceCheck.id == check_id))
        if check is None or not needs_settling(check):
            left.append(Left(check_id, str(_("已经处理过"))))
            continue
        try:
            with db.session.begin_nested():
                settle(check, settlement, revision=None, by=by)
        except (RefusedError, ConflictError) as refusal:
            left.append(Left(check_id, refusal.message))
    return left
