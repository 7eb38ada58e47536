"""Requests for cover as the desk lists them, and what waits for one lawyer."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from counselhub.advisers.models import Adviser
from counselhub.core import clock, pinyin, sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.cover.absence_queries import is_settled
from counselhub.cover.kinds import LIVE, UNSETTLED, CoverStatus, ReasonStatus
from counselhub.cover.models import AbsenceReason, CoverOffer, CoverRequest
from counselhub.places.models import Community
from counselhub.roster.models import DutySlot

AHEAD = timedelta(days=27)
"""How far a lawyer's page of slots looks ahead: four weeks with today."""
SORTS: sorting.Sorts = {
    "day": (DutySlot.day, DutySlot.starts, CoverRequest.id),
    "asked": (CoverRequest.asked_at, CoverRequest.id),
    "adviser": (Adviser.pinyin, DutySlot.day),
    "community": (Community.pinyin, DutySlot.day),
}
SLOT = (
    joinedload(CoverRequest.slot).joinedload(DutySlot.community),
    joinedload(CoverRequest.slot).joinedload(DutySlot.adviser),
    joinedload(CoverRequest.slot).joinedload(DutySlot.substitute),
    joinedload(CoverRequest.adviser),
    joinedload(CoverRequest.substitute),
    selectinload(CoverRequest.offers).joinedload(CoverOffer.adviser),
)
"""What a page of one request shows."""


def request_list(asked: dict[str, str], sort: str) -> Select[CoverRequest]:
    """Select the requests that the present member sees, with slot, lawyers and offers.

    asked: status (`open` for what waits, `unknown` for what the community has not said that it
    knows) and q (a lawyer or community), '' for all.
    """
    query = (
        visible(CoverRequest)
        .join(CoverRequest.slot)
        .join(DutySlot.community)
        .join(CoverRequest.adviser)
        .options(
            contains_eager(CoverRequest.slot).contains_eager(DutySlot.community),
            contains_eager(CoverRequest.adviser),
            joinedload(CoverRequest.substitute),
            selectinload(CoverRequest.offers),
        )
        .where(*_asked(asked))
    )
    return sorting.ordered(query, SORTS, sort)


def _asked(asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    if asked["status"] == "open":
        yield CoverRequest.status.in_(UNSETTLED)
        yield DutySlot.day >= clock.today()
    elif asked["status"] == "unknown":
        yield CoverRequest.agreed_at.is_not(None) & CoverRequest.known_at.is_(None)
        yield DutySlot.day >= clock.today()
    elif status := asked["status"]:
        yield CoverRequest.status == status
    for word in asked["q"].split():
        yield pinyin.finds(Adviser.search, word) | pinyin.finds(Community.search, word)


def live_of(slot_ids: Iterable[UUID]) -> dict[UUID, CoverRequest]:
    """Return the request that lives of each slot that has one."""
    wanted = list(slot_ids)
    if not wanted:
        return {}
    query = (
        select(CoverRequest)
        .options(joinedload(CoverRequest.substitute), selectinload(CoverRequest.offers))
        .where(CoverRequest.slot_id.in_(wanted), CoverRequest.status.in_(LIVE))
    )
    return {one.slot_id: one for one in db.session.scalars(query)}


def coming(adviser_id: UUID) -> Sequence[DutySlot]:
    """Return the slots of a lawyer in the next four weeks: the own, and those he covers."""
    mine = (DutySlot.adviser_id == adviser_id) | (DutySlot.substitute_id == adviser_id)
    query = (
        select(DutySlot)
        .options(
            joinedload(DutySlot.community),
            joinedload(DutySlot.adviser),
            joinedload(DutySlot.substitute),
        )
        .where(
            mine,
            DutySlot.day.between(clock.today(), clock.today() + AHEAD),
            DutySlot.status.in_(("planned", "done", "substituted")),
        )
        .order_by(DutySlot.day, DutySlot.starts, DutySlot.id)
    )
    return db.session.scalars(query).all()


def offered_to(adviser_id: UUID) -> Sequence[CoverRequest]:
    """Return what waits for a lawyer's word: offers he has not declined, and what he took."""
    own = aliased(CoverOffer)
    query = (
        select(CoverRequest)
        .join(
            own,
            (own.firm_id == CoverRequest.firm_id)
            & (own.request_id == CoverRequest.id)
            & (own.adviser_id == adviser_id),
        )
        .join(CoverRequest.slot)
        .join(DutySlot.community)
        .options(
            contains_eager(CoverRequest.slot).contains_eager(DutySlot.community),
            joinedload(CoverRequest.adviser),
            selectinload(CoverRequest.offers),
        )
        .where(
            DutySlot.day >= clock.today(),
            (own.declined_at.is_(None) & (CoverRequest.status == CoverStatus.OFFERED))
            | (
                (CoverRequest.substitute_id == adviser_id)
                & (CoverRequest.status == CoverStatus.TAKEN)
            ),
        )
        .order_by(DutySlot.day, DutySlot.starts, CoverRequest.id)
    )
    return [one for one in db.session.scalars(query) if not is_past(one.slot)]


def is_past(slot: DutySlot) -> bool:
    """Whether the hour of a slot has struck: nothing is agreed for it any more."""
    return begin_of(slot) <= clock.now()


def begin_of(slot: DutySlot) -> datetime:
    """Return when a slot begins."""
    return clock.instant(slot.day, slot.starts)


def overdue(until: date) -> Sequence[CoverRequest]:
    """Return the requests that nobody settled before their slot began."""
    query = (
        select(CoverRequest)
        .join(CoverRequest.slot)
        .options(contains_eager(CoverRequest.slot))
        .where(CoverRequest.status.in_(UNSETTLED), DutySlot.day <= until)
        .order_by(CoverRequest.id)
    )
    return [one for one in db.session.scalars(query) if is_past(one.slot)]


def waiting() -> dict[str, int]:
    """Return what wants the desk: requests with nobody to ask or to approve, reasons to judge."""
    requests = (
        select(func.count())
        .select_from(CoverRequest)
        .join(CoverRequest.slot)
        .where(
            CoverRequest.status.in_((CoverStatus.ASKED, CoverStatus.TAKEN)),
            DutySlot.day >= clock.today(),
        )
    )
    reasons = (
        select(func.count())
        .select_from(AbsenceReason)
        .join(AbsenceReason.slot)
        .where(AbsenceReason.status == ReasonStatus.GIVEN, ~is_settled)
    )
    both = select(requests.scalar_subquery(), reasons.scalar_subquery())
    first, second = db.session.execute(both).one()
    return {"requests": first, "absences": second}


def offer_of(request: CoverRequest, adviser_id: UUID) -> CoverOffer | None:
    """Return the offer that a lawyer has of a request, None when he was not asked."""
    return db.session.scalar(
        select(CoverOffer).where(
            CoverOffer.request_id == request.id, CoverOffer.adviser_id == adviser_id
        )
    )


def open_offers(request: CoverRequest) -> int:
    """Return how many colleagues may still take a request."""
    counted = select(func.count()).where(
        CoverOffer.firm_id == request.firm_id,
        CoverOffer.request_id == request.id,
        CoverOffer.declined_at.is_(None),
    )
    return db.session.scalar(counted) or 0
