"""Ask for cover, take it, approve it; who was first has it, and everybody else is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.access import allowed
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.cover import announcing, gather, queries, telling, wording
from counselhub.cover.kinds import COVER_FLOW, CoverStatus, Ending
from counselhub.cover.models import ONE_LIVE, CoverOffer, CoverRequest
from counselhub.cover.rules import Candidate
from counselhub.duty.actions import adviser_of
from counselhub.people.queries import has_colleague_with
from counselhub.roster import term_queries
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.making import TWO_PLACES
from counselhub.roster.models import DutySlot

MOST_OFFERS = 20
"""Colleagues asked at once, the best first."""


def ask(slot: DutySlot, why: str, words: str, *, by: Member) -> CoverRequest:
    """Ask for somebody in place of the slot's adviser, and offer it to who may come.

    by: the adviser himself, or who looks after duty, for somebody ill. Raises IllegalMoveError for
    a slot that has begun or is settled, ConflictError when it has a request already.
    """
    if slot.adviser_id != by.adviser_id and not allowed(by, Permission.DUTY_MANAGE):
        raise ForbiddenError(_("只能为自己的班次申请替班，替别人申请请找内勤。"))
    _refuse_settled(slot)
    request = CoverRequest(
        slot_id=slot.id,
        adviser_id=slot.adviser_id,
        why=why,
        words=words or None,
        asked_at=clock.now(),
    )
    try:
        with guarded():
            db.session.add(request)
    except IntegrityError as error:
        if constraint_of(error) != ONE_LIVE:
            raise
        raise ConflictError(_("这个班次已经申请过替班，请看它的最新情况。"), row=slot) from error
    history.record(request, "ask", by=by)
    _offer(request, slot, by)
    return request


def offer_again(request: CoverRequest, *, revision: int | None, by: Member) -> int:
    """Offer it to who may come by now and was not asked yet; return how many that are.

    Raises RefusedError when nobody is left, ConflictError for a stale page.
    """
    history.expect(request, revision)
    _refuse_ended(request)
    if not (count := _offer(request, request.slot, by)):
        raise RefusedError(_("没有新的人选：能来的同事都已征询过。可以直接指定，或调整班次。"))
    return count


def _offer(request: CoverRequest, slot: DutySlot, by: Member) -> int:
    asked = set(
        db.session.scalars(select(CoverOffer.adviser_id).where(CoverOffer.request_id == request.id))
    )
    may = [one for one in gather.for_slot(slot) if one.block is None]
    new = [one for one in may if one.colleague.adviser_id not in asked][:MOST_OFFERS]
    db.session.add_all(_made(request, one, len(asked) + rank) for rank, one in enumerate(new))
    if not new:
        return 0
    db.session.flush()
    if request.status == CoverStatus.ASKED:
        history.advance(request, COVER_FLOW, "offer", by=by, offered=len(new))
    else:
        history.record(request, "offer", by=by, offered=len(new))
    announcing.offered(request, [one.colleague.adviser_id for one in new], by=by)
    return len(new)


def _made(request: CoverRequest, one: Candidate, rank: int) -> CoverOffer:
    return CoverOffer(
        request_id=request.id,
        adviser_id=one.colleague.adviser_id,
        rank=rank,
        pluses=[plus.value for plus in one.pluses],
        offered_at=clock.now(),
    )


def take(request: CoverRequest, *, by: Member) -> None:
    """Take what was offered; where the firm approves nothing, it is agreed at once.

    Raises ConflictError naming who was quicker, RefusedError with what is in the way.
    """
    adviser_id = adviser_of(by)
    _lock(request)
    if request.status == CoverStatus.TAKEN and request.substitute_id == adviser_id:
        return
    if request.status in (CoverStatus.TAKEN, CoverStatus.APPROVED):
        name = request.substitute.name if request.substitute else ""
        raise ConflictError(_("%(name)s已经接下这个班次，谢谢您。", name=name), row=request)
    _refuse_ended(request)
    offer = queries.offer_of(request, adviser_id)
    if offer is None:
        raise ForbiddenError(_("这个班次没有征询您，要接班请联系内勤指定。"))
    offer.declined_at = None
    _hand_to(request, adviser_id, "take", by)
    rule = term_queries.rule()
    if rule is not None and not rule.approves_cover:
        _agree(request, by)
    else:
        announcing.taken(request, by=by)


def appoint(request: CoverRequest, adviser_id: UUID, *, revision: int | None, by: Member) -> None:
    """Let the desk choose who comes, agreed at once. Raises as `take`, ConflictError when stale."""
    _lock(request)
    history.expect(request, revision)
    if request.status in (CoverStatus.TAKEN, CoverStatus.APPROVED):
        raise ConflictError(_("已有同事接下，请先看最新情况。"), row=request)
    _refuse_ended(request)
    _hand_to(request, adviser_id, "appoint", by)
    _agree(request, by)


def _hand_to(request: CoverRequest, adviser_id: UUID, act: str, by: Member) -> None:
    _refuse_unfit(request, adviser_id)
    request.substitute_id = adviser_id
    history.advance(request, COVER_FLOW, act, by=by, adviser_id=str(adviser_id))
    db.session.flush()


def decline(request: CoverRequest, *, by: Member) -> None:
    """Say that one cannot come; when nobody is left to ask, the desk sees it."""
    adviser_id = adviser_of(by)
    _lock(request)
    offer = queries.offer_of(request, adviser_id)
    if offer is None or request.status != CoverStatus.OFFERED:
        raise IllegalMoveError(_("它已有结果，不用再答复。"), row=request)
    offer.declined_at = clock.now()
    history.record(request, "decline", by=by)
    _run_out(request, by)


def give_back(request: CoverRequest, *, by: Member) -> None:
    """Return what one took and nobody has approved yet. Raises IllegalMoveError later on."""
    adviser_id = adviser_of(by)
    _lock(request)
    if request.substitute_id != adviser_id or request.status != CoverStatus.TAKEN:
        raise IllegalMoveError(_("替班已经批准，确实去不了请联系内勤撤回。"), row=request)
    _release(request, "give_back", by)


def turn_down(request: CoverRequest, *, revision: int | None, by: Member) -> None:
    """Do not approve who took it: the others may. Raises ConflictError for a stale page."""
    history.expect(request, revision)
    _release(request, "turn_down", by)


def _release(request: CoverRequest, act: str, by: Member) -> None:
    if request.substitute_id and (offer := queries.offer_of(request, request.substitute_id)):
        offer.declined_at = clock.now()
    request.substitute_id = None
    history.advance(request, COVER_FLOW, act, by=by)
    _run_out(request, by)


def _run_out(request: CoverRequest, by: Member) -> None:
    db.session.flush()
    if not queries.open_offers(request):
        history.advance(request, COVER_FLOW, "run_out", by=by)


def approve(request: CoverRequest, *, revision: int | None, by: Member) -> None:
    """Agree to who took it: the slot is his. Raises RefusedError with what is in the way by now,
    and for a slot that one took oneself while another may agree.
    """
    history.expect(request, revision)
    _refuse_ended(request)
    is_own = by.adviser_id is not None and by.adviser_id == request.substitute_id
    if is_own and has_colleague_with(Permission.DUTY_MANAGE, by):
        raise RefusedError(_("自己接的班要由另一位同事批准。"))
    if request.status == CoverStatus.TAKEN and request.substitute_id:
        _refuse_unfit(request, request.substitute_id)
    _agree(request, by)


def _agree(request: CoverRequest, by: Member) -> None:
    slot = request.slot
    with _written():
        history.advance(request, COVER_FLOW, "approve", by=by)
        telling.agreed(request)
        slot.substitute_id = request.substitute_id
        history.record(
            slot,
            "agree_cover",
            by=by,
            street_code=slot.street_code,
            substitute_id=str(request.substitute_id),
        )
    announcing.agreed(request, by=by)


def withdraw(request: CoverRequest, *, revision: int | None, by: Member) -> None:
    """End a request; an agreed one too, by the desk, before the slot begins.

    Raises ForbiddenError for an agreed one by its asker, IllegalMoveError once the slot has begun.
    """
    history.expect(request, revision)
    agreed = request.status == CoverStatus.APPROVED
    if agreed and not allowed(by, Permission.DUTY_MANAGE):
        raise ForbiddenError(_("替班已经批准，同事和社区都在准备，请联系内勤撤回。"))
    if agreed and queries.is_past(request.slot):
        raise IllegalMoveError(_("班次已经开始，按实际到岗计算，不能再撤回。"), row=request)
    slot = request.slot
    with guarded():
        request.ending = Ending.WITHDRAWN
        history.advance(request, COVER_FLOW, "withdraw", by=by)
        if agreed:
            telling.taken_back(request)
            slot.substitute_id = None
            history.record(slot, "end_cover", by=by, street_code=slot.street_code)


def expire(*, by: Member) -> int:
    """End what nobody settled before its slot began; return how many. Idempotent."""
    due = queries.overdue(clock.today())
    for request in due:
        request.substitute_id, request.ending = None, Ending.EXPIRED
        history.advance(request, COVER_FLOW, "expire", by=by)
    return len(due)


def _lock(request: CoverRequest) -> None:
    """Let two who take at once wait for each other, and see what the first one did."""
    db.session.flush()
    db.session.refresh(request, with_for_update={"of": CoverRequest})


def _refuse_settled(slot: DutySlot) -> None:
    if slot.status != SlotStatus.PLANNED:
        status = SlotStatus(slot.status).label
        raise IllegalMoveError(_("这个班次%(status)s，不用再替班。", status=status), row=slot)
    if queries.is_past(slot):
        raise IllegalMoveError(
            _("班次已经开始，不能再申请替班；去不了的，当天过后请填写缺勤理由。"), row=slot
        )


def _refuse_ended(request: CoverRequest) -> None:
    if request.status == CoverStatus.WITHDRAWN:
        raise IllegalMoveError(_("这个替班申请已经撤回。"), row=request)
    _refuse_settled(request.slot)


def _refuse_unfit(request: CoverRequest, adviser_id: UUID) -> None:
    """Raise RefusedError with what is in the way of a colleague by now."""
    for one in gather.for_slot(request.slot):
        if one.colleague.adviser_id == adviser_id:
            if one.block is not None:
                raise RefusedError(
                    _(
                        "%(name)s不能替这个班：%(why)s。",
                        name=one.colleague.name,
                        why=wording.block(one, gather.names([one])),
                    )
                )
            return
    raise RefusedError(_("名册里没有这位律师，或者就是本人。"))


@contextmanager
def _written() -> Iterator[None]:
    """Write inside; whoever took the same time meanwhile is told. Raises ConflictError."""
    try:
        with guarded():
            yield
    except IntegrityError as error:
        if constraint_of(error) != TWO_PLACES:
            raise
        raise ConflictError(_("替班的同事同一时间刚刚排了别的班次，请重新选人。")) from error
