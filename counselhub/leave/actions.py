"""Ask for leave, decide on it, take it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ForbiddenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.leave import queries, rules
from counselhub.leave.kinds import LEAVE_FLOW, LeaveKind, LeaveStatus
from counselhub.leave.models import LeaveRequest
from counselhub.leave.rules import Absence, Fault
from counselhub.leave.wording import sentence, when
from counselhub.notices.actions import page, tell
from counselhub.notices.kinds import Kind
from counselhub.people.queries import has_colleague_with

TWICE = "ex_leave_request_twice"
FAULTY = {
    Fault.ORDER: "last_on",
    Fault.HOURS_OF_DAYS: "last_on",
    Fault.TOO_LONG: "last_on",
    Fault.HALF_TOLD: "ends",
    Fault.TIMES: "ends",
}
"""The field where a fault is mended; the others are mended at the first day."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for."""

    adviser_id: UUID
    kind: LeaveKind
    absence: Absence
    reason: str = ""


def ask(wanted: Wanted, *, by: Member) -> LeaveRequest:
    """Ask for leave. Raises RefusedError for impossible days and for one that is in the way."""
    row = _written(wanted, by)
    history.record(row, "ask", by=by)
    tell(
        Kind.LEAVE_ASKED,
        by.scope,
        key=str(row.id),
        path=page("leave.request_of", leave_id=row.id),
        but=by.person_id,
        adviser=row.adviser.name,
        day=row.first_on,
        until=row.last_on,
    )
    return row


def enter(wanted: Wanted, *, by: Member) -> LeaveRequest:
    """Write down a lawyer's leave, approved at once. Raises as `ask` and `approve` do."""
    _refuse_own(wanted.adviser_id, by)
    row = _written(wanted, by)
    history.record(row, "enter", by=by)
    _decide(row, "approve", "", by)
    return row


def _written(wanted: Wanted, by: Member) -> LeaveRequest:
    today = clock.today()
    if found := rules.fault(wanted.absence, today):
        raise RefusedError(sentence(found, today), at=FAULTY.get(found, "first_on"))
    row = LeaveRequest(
        adviser_id=wanted.adviser_id,
        kind=wanted.kind,
        first_on=wanted.absence.first,
        last_on=wanted.absence.last,
        starts=wanted.absence.starts,
        ends=wanted.absence.ends,
        reason=wanted.reason or None,
        asked_at=clock.now(),
        asked_by_name=by.name,
    )
    with _once(wanted):
        db.session.add(row)
    return row


@contextmanager
def _once(wanted: Wanted) -> Iterator[None]:
    """Write inside; a request for the same time is named. Raises RefusedError."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != TWICE:
            raise
        raise RefusedError(_taken(queries.in_the_way(wanted.adviser_id, wanted.absence))) from error


def _taken(other: LeaveRequest | None) -> str:
    if other is None:
        return str(_("同一时间刚刚有了另一次请假，请刷新后再看。"))
    return str(
        _(
            "%(when)s 已有一次请假（%(kind)s，%(status)s），时间重叠。请改日期，或先撤回那一次。",
            when=when(other.absence),
            kind=LeaveKind(other.kind).label,
            status=LeaveStatus(other.status).label,
        )
    )


def approve(row: LeaveRequest, answer: str, *, revision: int | None, by: Member) -> None:
    """Grant it: from now on nobody is planned for these days.

    Raises ConflictError for a stale page, IllegalMoveError when it is decided already,
    ForbiddenError for the own (LEAVE-5).
    """
    history.expect(row, revision)
    _refuse_own(row.adviser_id, by)
    _decide(row, "approve", answer, by)


def may_decide(adviser_id: UUID, *, by: Member) -> bool:
    """Tell whether somebody who decides on leave may decide on this lawyer's (LEAVE-5)."""
    is_own = by.adviser_id == adviser_id
    return not (is_own and has_colleague_with(Permission.LEAVE_DECIDE, by))


def _refuse_own(adviser_id: UUID, by: Member) -> None:
    if not may_decide(adviser_id, by=by):
        raise ForbiddenError(_("自己的请假要由另一位负责人审批。"))


def refuse(row: LeaveRequest, answer: str, *, revision: int | None, by: Member) -> None:
    """Refuse it with words. Raises RefusedError without any, else as `approve`."""
    history.expect(row, revision)
    if not answer:
        raise RefusedError(_("请写明不批准的原因，申请人会看到。"))
    _decide(row, "refuse", answer, by)


def _decide(row: LeaveRequest, act: str, answer: str, by: Member) -> None:
    """Write the decision; its words may be about health and stay out of the record of acts."""
    history.advance(row, LEAVE_FLOW, act, by=by)
    row.decided_at, row.decided_by_name = clock.now(), by.name
    row.answer = answer or None
    db.session.flush()
    tell(
        Kind.LEAVE_DECIDED,
        by.scope,
        key=str(row.id),
        path=page("leave.own"),
        advisers=[row.adviser_id],
        but=by.person_id,
        day=row.first_on,
        until=row.last_on,
    )


def withdraw(row: LeaveRequest, *, revision: int | None, by: Member, decides: bool) -> None:
    """Take it back. decides: who does it may decide on leave, so any may be taken back (LEAVE-4).

    Raises ForbiddenError for somebody else's, RefusedError for leave that has begun.
    """
    history.expect(row, revision)
    if not decides and row.adviser_id != by.adviser_id:
        raise ForbiddenError()
    is_decided = row.status == LeaveStatus.APPROVED
    if not decides and not rules.may_take_back(row.absence, clock.today(), is_decided=is_decided):
        raise RefusedError(_("请假已经开始，提前回来请告诉主任，由主任撤回。"))
    history.advance(row, LEAVE_FLOW, "withdraw", by=by)
    db.session.flush()


def blank_words(row: LeaveRequest, *, by: Member) -> None:
    """Empty what was said of the reason; days and kind stay."""
    row.reason = row.answer = None
    history.record(row, "blank_words", by=by)
