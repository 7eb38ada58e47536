"""Give the reason of an absence, judge it, answer for too many of them."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.closing.actions import guarded
from counselhub.closing.models import ClosedMonth
from counselhub.closing.queries import closed_within
from counselhub.core import clock, history
from counselhub.core.access import allowed
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import (
    ConflictError,
    ForbiddenError,
    FrozenError,
    IllegalMoveError,
    RefusedError,
)
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.cover import absence_queries as queries
from counselhub.cover.kinds import REASON_FLOW, ReasonCode, ReasonStatus
from counselhub.cover.models import ONE_REASON, AbsenceReason, ReplacementAnswer
from counselhub.duty import settling
from counselhub.people.queries import has_colleague_with
from counselhub.roster.kinds import SLOT_FLOW, SlotStatus
from counselhub.roster.models import DutySlot


@dataclass(frozen=True, slots=True)
class Telling:
    """A reason as it is written: a code, words, and what proves it."""

    code: str
    words: str = ""
    evidence: str = ""


def give(slot: DutySlot, told: Telling, *, revision: int | None, by: Member) -> AbsenceReason:
    """Say why a slot was missed or short, or say it better; a refused one is judged again.

    by: its adviser, or who looks after duty. Raises RefusedError where words are wanted,
    IllegalMoveError for a slot that wants no reason or whose reason was accepted, FrozenError in a
    closed month.
    """
    if slot.adviser_id != by.adviser_id and not allowed(by, Permission.DUTY_MANAGE):
        raise ForbiddenError(_("只能填写自己班次的缺勤理由。"))
    if told.code == ReasonCode.OTHER and not told.words:
        raise RefusedError(_("选“其他”时，请写明原因。"))
    _refuse_settled(slot)
    reason = queries.reason_of(slot.id)
    if slot.status not in queries.ASKED_FOR:
        status = SlotStatus(slot.status).label
        raise IllegalMoveError(_("这个班次%(status)s，不用填写理由。", status=status), row=slot)
    if reason is None:
        return _first(slot, told, by)
    history.expect(reason, revision)
    reason.code, reason.words = told.code, told.words or None
    reason.evidence = told.evidence or None
    if reason.status == ReasonStatus.REFUSED:
        reason.judgement, reason.judged_at = None, None
        history.advance(reason, REASON_FLOW, "explain_again", by=by)
    else:
        history.record(reason, "change", by=by)
    return reason


def settled_by(slot: DutySlot) -> ClosedMonth | None:
    """Return the submitted statement that settled a slot's month, None while it is open."""
    return closed_within([slot.community_code], [(slot.day, slot.day)])


def _refuse_settled(slot: DutySlot) -> None:
    """Raise FrozenError in a month that was settled with its absences (COVER-6)."""
    if closed := settled_by(slot):
        raise FrozenError(
            _(
                "结算单 %(number)s 已经提交，当月的缺勤已按它结算，不再填写或审核理由。"
                "如确有错误，请由司法所退回相关事项，或在下期结算单中调整。",
                number=closed.statement_number,
            ),
            row=slot,
        )


def _first(slot: DutySlot, told: Telling, by: Member) -> AbsenceReason:
    reason = AbsenceReason(
        slot_id=slot.id,
        adviser_id=slot.adviser_id,
        code=told.code,
        words=told.words or None,
        evidence=told.evidence or None,
        given_at=clock.now(),
    )
    try:
        with guarded():
            db.session.add(reason)
    except IntegrityError as error:
        if constraint_of(error) != ONE_REASON:
            raise
        raise ConflictError(_("这个班次刚刚已填过理由，请看最新内容。"), row=slot) from error
    history.record(reason, "give", by=by)
    return reason


def accept(reason: AbsenceReason, words: str, *, revision: int | None, by: Member) -> None:
    """Accept a reason: the slot counts as nobody's absence. Raises FrozenError in a closed month,
    IllegalMoveError when a correction has made the slot another since, RefusedError for the own
    absence while the firm has another who judges.
    """
    history.expect(reason, revision)
    is_own = by.adviser_id == reason.adviser_id
    if is_own and has_colleague_with(Permission.ABSENCE_JUDGE, by):
        raise RefusedError(_("自己的缺勤理由要由另一位负责人审核。"))
    slot = reason.slot
    _refuse_settled(slot)
    if slot.status not in queries.ASKED_FOR:
        status = SlotStatus(slot.status).label
        raise IllegalMoveError(
            _("这个班次已改为“%(status)s”，理由不用再审。", status=status), row=reason
        )
    with guarded():
        _judge(reason, "accept", words, by)
        slot.reason = ReasonCode(reason.code).word
        history.advance(
            slot,
            SLOT_FLOW,
            "accept_reason",
            by=by,
            street_code=slot.street_code,
            reason=slot.reason,
        )


def refuse(reason: AbsenceReason, words: str, *, revision: int | None, by: Member) -> None:
    """Do not accept a reason, or no longer: the slot is judged by its sessions again.

    Raises RefusedError without words, FrozenError in a closed month.
    """
    history.expect(reason, revision)
    slot = reason.slot
    _refuse_settled(slot)
    if not words:
        raise RefusedError(_("不成立时，请写明为什么。"))
    with guarded():
        was_accepted = reason.status == ReasonStatus.ACCEPTED
        _judge(reason, "refuse", words, by)
        if was_accepted and slot.status == SlotStatus.EXCUSED:
            slot.reason = None
            place = slot.street_code
            history.advance(slot, SLOT_FLOW, "restore", by=by, street_code=place)
            settling.settle_places({(slot.community_code, slot.day)}, by=by)


def _judge(reason: AbsenceReason, act: str, words: str, by: Member) -> None:
    reason.judgement, reason.judged_at = words or None, clock.now()
    history.advance(reason, REASON_FLOW, act, by=by)


def answer(adviser_id: UUID, contract_id: UUID, words: str, *, by: Member) -> ReplacementAnswer:
    """Answer a reminder; the next absence reminds again. Raises ConflictError when there is none
    any more.
    """
    for one in queries.reminders():
        if (one.adviser_id, one.contract_id) == (adviser_id, contract_id):
            row = ReplacementAnswer(
                adviser_id=adviser_id,
                contract_id=contract_id,
                slots=[str(absence.slot_id) for absence in one.absences],
                words=words,
                answered_at=clock.now(),
            )
            db.session.add(row)
            db.session.flush()
            history.record(row, "answer", by=by, count=len(one.absences))
            return row
    raise ConflictError(_("这个提醒已经答复，或者缺勤已更正。"))
