"""Offers: a team is formed and its lawyers are asked, one after another or, if urgent, at once.

OFFER-1: normal and pressing referrals ask one lawyer at a time; the next comes by itself.
OFFER-2: urgent ones ask all chosen at once; who is first has it.
OFFER-3: an offer that is past its limit cannot be accepted; its lawyer is told what came after.
OFFER-4: whoever may have a conflict by now is passed over, and cannot accept.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, IllegalMoveError
from counselhub.core.members import Member
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.notices.actions import page, tell
from counselhub.notices.kinds import Kind
from counselhub.referrals import clocks, conflicts, gather, timing
from counselhub.referrals.conflicts import Found
from counselhub.referrals.kinds import (
    REFERRAL_FLOW,
    DeclineWhy,
    OfferState,
    ReferralStatus,
    TeamRole,
    Urgency,
)
from counselhub.referrals.models import Referral, ReferralOffer
from counselhub.referrals.team_models import TeamMember

WAITING = (OfferState.QUEUED, OfferState.OPEN)


def adviser_of(by: Member) -> UUID:
    """Return the lawyer that an account belongs to. Raises ForbiddenError when to none."""
    if by.adviser_id is None:
        raise ForbiddenError(
            _("您的账号没有对应到名册中的律师，不能承办转介。请主任在“账号”里选择对应的律师。")
        )
    return by.adviser_id


def offers_of(referral: Referral) -> list[ReferralOffer]:
    """Return who was asked and who will be, in that order; earlier rounds first."""
    query = (
        select(ReferralOffer)
        .options(joinedload(ReferralOffer.adviser))
        .where(ReferralOffer.referral_id == referral.id)
        .order_by(ReferralOffer.rank, ReferralOffer.id)
    )
    return list(db.session.scalars(query))


def leader_of(team_id: UUID) -> UUID | None:
    """Return who leads a team today."""
    found: UUID | None = db.session.scalar(
        select(TeamMember.adviser_id).where(
            TeamMember.team_id == team_id,
            TeamMember.role == TeamRole.LEADER,
            TeamMember.left_on.is_(None),
        )
    )
    return found


def open_next(referral: Referral, found: Found, *, by: Member) -> bool:
    """Ask who is next, all at once if it is urgent; return whether somebody is asked."""
    offers = offers_of(referral)
    if any(one.state == OfferState.OPEN for one in offers):
        return True
    _pass_over(referral, offers, found, by)
    queued = [one for one in offers if one.state == OfferState.QUEUED]
    is_urgent = referral.urgency == Urgency.URGENT
    ends = _expiry(referral) if queued else None
    asked = queued if is_urgent else queued[:1]
    for one in asked:
        one.state, one.offered_at, one.expires_at = OfferState.OPEN, clock.now(), ends
    db.session.flush()
    if asked:
        _tell(referral, asked, by)
    return bool(queued)


def _tell(referral: Referral, asked: Sequence[ReferralOffer], by: Member) -> None:
    """Tell who is asked, but nothing of the case."""
    tell(
        Kind.REFERRAL_OFFERED,
        Scope(ScopeKind.FIRM, str(referral.firm_id)),
        key=str(asked[0].id),
        path=page("referrals.referral", referral_id=referral.id),
        advisers=[one.adviser_id for one in asked],
        but=by.person_id,
    )


def _pass_over(
    referral: Referral, offers: Sequence[ReferralOffer], found: Found, by: Member
) -> None:
    """Ask nobody who waits and has come into a conflict since (OFFER-4)."""
    for one in offers:
        if one.state == OfferState.QUEUED and one.adviser_id in found.barred:
            one.state, one.answered_at = OfferState.DROPPED, clock.now()
            why = {"name": one.adviser.name, "reason": found.why(one.adviser_id)}
            history.record(referral, "pass_over", by=by, **why)


def _expiry(referral: Referral) -> datetime | None:
    urgency = Urgency(referral.urgency)
    hours = gather.rule().answer_hours(urgency)
    return clocks.due_at(clock.now(), hours, urgency, gather.is_worked())


def accept(referral: Referral, *, by: Member) -> None:
    """Take what was offered: one is its receiver from now on.

    Raises ConflictError naming who was quicker or when the offer ended, ForbiddenError for who was
    not asked.
    """
    adviser_id = adviser_of(by)
    timing.lock(referral)
    if referral.receiver_id == adviser_id and referral.status == ReferralStatus.ACCEPTED:
        return
    own = _own_offer(referral, adviser_id)
    if referral.status != ReferralStatus.FORMED:
        raise ConflictError(_taken(referral), row=referral)
    if own.state in (OfferState.EXPIRED, OfferState.DECLINED) or is_over(own):
        raise ConflictError(
            _("征询您的时限已过，已转给下一位；仍想承办，请联系主任。"), row=referral
        )
    if own.state != OfferState.OPEN:
        raise ConflictError(_("还没有轮到征询您。"), row=referral)
    if why := conflicts.found(referral).why(adviser_id):
        raise ConflictError(
            _("您可能有利益冲突（%(why)s），不能接收；请谢绝，或联系主任。", why=why), row=referral
        )
    own.state, own.answered_at = OfferState.ACCEPTED, clock.now()
    _drop_others(referral, own)
    referral.receiver_id, referral.accepted_at = adviser_id, clock.now()
    history.advance(referral, REFERRAL_FLOW, "accept", by=by)
    timing.begin_step(referral)


def _taken(referral: Referral) -> str:
    if referral.receiver:
        return str(_("%(name)s已经接收这个转介，谢谢您。", name=referral.receiver.name))
    label = ReferralStatus(referral.status).label
    return str(_("这个转介现在是“%(status)s”，不能接收。", status=label))


def _own_offer(referral: Referral, adviser_id: UUID) -> ReferralOffer:
    """Return the latest offer to a lawyer. Raises ForbiddenError for who was not asked."""
    own = [one for one in offers_of(referral) if one.adviser_id == adviser_id]
    if not own:
        raise ForbiddenError(_("这个转介没有征询您，要承办请用“请求接手”。"))
    return own[-1]


def is_over(offer: ReferralOffer) -> bool:
    return offer.expires_at is not None and offer.expires_at <= clock.now()


def _drop_others(referral: Referral, kept: ReferralOffer | None) -> None:
    for one in offers_of(referral):
        if one is not kept and one.state in WAITING:
            one.state, one.answered_at = OfferState.DROPPED, clock.now()
    db.session.flush()


def decline(referral: Referral, why: DeclineWhy, words: str, *, by: Member) -> None:
    """Say no, with a reason; the next lawyer is asked. Raises as `accept` does."""
    adviser_id = adviser_of(by)
    timing.lock(referral)
    own = _own_offer(referral, adviser_id)
    if referral.status != ReferralStatus.FORMED or own.state not in WAITING:
        raise IllegalMoveError(_("它已有结果，不用再答复。"), row=referral)
    own.state, own.answered_at = OfferState.DECLINED, clock.now()
    own.offered_at = own.offered_at or clock.now()
    own.expires_at = own.expires_at or clock.now()
    own.why, own.words = why, words or None
    history.record(referral, "decline", by=by, reason=why.value)
    _go_on(referral, by)


def _go_on(referral: Referral, by: Member) -> None:
    """Ask the next one; when nobody is left, the desk sees it."""
    db.session.flush()
    was = {one.id for one in offers_of(referral) if one.state == OfferState.OPEN}
    if not open_next(referral, conflicts.found(referral), by=by):
        history.advance(referral, REFERRAL_FLOW, "run_out", by=by)
        timing.begin_step(referral)
        return
    asked = [one for one in offers_of(referral) if one.state == OfferState.OPEN]
    for one in asked:
        if one.id not in was:
            history.record(referral, "offer_next", by=by, adviser_id=str(one.adviser_id))
            timing.begin_step(referral)


def pass_on(referral: Referral, *, by: Member) -> int:
    """End offers past their limit and ask the next; return how many ended. Idempotent."""
    timing.lock(referral)
    over = [one for one in offers_of(referral) if one.state == OfferState.OPEN and is_over(one)]
    if referral.status != ReferralStatus.FORMED or not over:
        return 0
    for one in over:
        one.state, one.answered_at = OfferState.EXPIRED, clock.now()
        history.record(referral, "expire_offer", by=by, adviser_id=str(one.adviser_id))
    _go_on(referral, by)
    return len(over)


def recall(referral: Referral, *, revision: int | None, by: Member) -> None:
    """Take the offers back, to choose anew. Raises ConflictError for a stale page."""
    timing.lock(referral)
    history.expect(referral, revision)
    history.advance(referral, REFERRAL_FLOW, "recall", by=by)
    _drop_others(referral, None)
    timing.begin_step(referral)


def drop_all(referral: Referral) -> None:
    """Ask nobody any more."""
    _drop_others(referral, None)
