"""What waits for a reader: offers, late steps, changes of hands, what the desk must place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from counselhub.core import clock
from counselhub.core.access import in_sight
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.referrals.kinds import (
    HANDLED,
    LIVE,
    UNPLACED,
    HandKind,
    HandState,
    OfferState,
    ReferralStatus,
)
from counselhub.referrals.models import Referral, ReferralHandover, ReferralOffer
from counselhub.referrals.queries import is_liaison, names

TO_TELL = (ReferralStatus.OPINED, ReferralStatus.FED_BACK)


@dataclass(frozen=True, slots=True)
class Reminder:
    """What waits for the reader: why, and until when (None: no limit runs)."""

    why: str
    referral: Referral
    due: datetime | None


def reminders(member: Member, *, is_desk: bool) -> list[Reminder]:
    """Return what waits for the member, what is due first first; at most 50, two statements."""
    found: list[Reminder] = []
    if member.adviser_id:
        found += _own_offers(member.adviser_id)
    query = (
        select(Referral, _is_handed_to(member.adviser_id))
        .options(*names())
        .where(in_sight(Referral), or_(*_waiting(member.adviser_id, is_desk)))
        .order_by(Referral.due_at.nulls_last(), Referral.id)
        .limit(50)
    )
    now = clock.now()
    for row, is_handed in db.session.execute(query):
        why = "handover" if is_handed else _why(row, now)
        found.append(Reminder(why, row, row.due_at))
    return found


def _why(row: Referral, now: datetime) -> str:
    if row.escalated_at is not None:
        return "escalated"
    if row.due_at is not None and row.due_at <= now:
        return "overdue"
    return str(row.status)


def _is_handed_to(adviser_id: UUID | None) -> ColumnElement[bool]:
    """Return whether somebody waits for this lawyer's word about a change of hands."""
    row = ReferralHandover
    answers = or_(
        and_(row.kind == HandKind.TRANSFER, row.to_id == adviser_id),
        and_(row.kind == HandKind.TAKEOVER, row.from_id == adviser_id),
    )
    return (
        select(row.id)
        .where(row.firm_id == Referral.firm_id, row.referral_id == Referral.id)
        .where(row.status == HandState.ASKED, answers)
        .correlate(Referral)
        .exists()
    )


def _own_offers(adviser_id: UUID) -> list[Reminder]:
    query = (
        select(ReferralOffer.expires_at, Referral)
        .join(ReferralOffer.referral)
        .options(*names())
        .where(
            ReferralOffer.adviser_id == adviser_id,
            ReferralOffer.state == OfferState.OPEN,
            ReferralOffer.expires_at > clock.now(),
        )
        .order_by(ReferralOffer.expires_at)
        .limit(50)
    )
    return [Reminder("offer", row, due) for due, row in db.session.execute(query)]


def _waiting(adviser_id: UUID | None, is_desk: bool) -> Iterable[ColumnElement[bool]]:
    """Yield the conditions of what waits for somebody."""
    yield and_(Referral.receiver_id == adviser_id, Referral.status.in_(TO_TELL))
    yield and_(
        Referral.receiver_id == adviser_id,
        Referral.status.in_(HANDLED),
        Referral.due_at <= clock.now(),
    )
    yield _is_handed_to(adviser_id)
    yield and_(Referral.escalated_at.is_not(None), is_liaison(adviser_id))
    if is_desk:
        yield Referral.status.in_(UNPLACED)
        yield and_(Referral.status.in_(LIVE), Referral.due_at <= clock.now())
