"""Slots that were missed or short: as the desk lists them, due from a lawyer, and too many."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from counselhub.advisers.models import Adviser
from counselhub.closing.models import ClosedMonth
from counselhub.contracts.kinds import IN_FORCE
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import pinyin, sorting
from counselhub.core.db import db
from counselhub.cover import rules
from counselhub.cover.kinds import ReasonStatus
from counselhub.cover.models import AbsenceReason, ReplacementAnswer
from counselhub.cover.rules import Absence, Reminder
from counselhub.places.models import Community
from counselhub.roster import term_queries
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import ABSENCE_LIMIT, DutySlot, DutyTerm

ASKED_FOR = (SlotStatus.MISSED, SlotStatus.SHORT)
"""What asks for its reason."""
SORTS: sorting.Sorts = {
    "day": (DutySlot.day, DutySlot.starts, DutySlot.id),
    "adviser": (Adviser.pinyin, DutySlot.day),
    "community": (Community.pinyin, DutySlot.day),
}
RECENT = 20
"""Absences that a lawyer's page shows; the manager's list has all."""

_of_slot = and_(AbsenceReason.firm_id == DutySlot.firm_id, AbsenceReason.slot_id == DutySlot.id)
is_settled = exists().where(
    ClosedMonth.firm_id == DutySlot.firm_id,
    ClosedMonth.place_code == DutySlot.community_code,
    ClosedMonth.month == DutySlot.month,
)
"""Whether a submitted statement has closed a slot's month: it was settled with its absences."""
Line = Row[*tuple[Any, ...]]


def absence_list(first: date, last: date, asked: dict[str, str], sort: str) -> Select[Any]:
    """Select (slot, reason or None, whether settled) of the days that want or had a reason.

    asked: state (`due` without a reason, `settled`, given, accepted, refused) and q, '' for all.
    """
    query = (
        select(DutySlot)
        .add_columns(AbsenceReason, is_settled)
        .outerjoin(AbsenceReason, _of_slot)
        .join(DutySlot.community)
        .join(DutySlot.adviser)
        .options(
            contains_eager(DutySlot.community),
            contains_eager(DutySlot.adviser),
            joinedload(DutySlot.came),
        )
        .where(
            DutySlot.day.between(first, last),
            or_(DutySlot.status.in_(ASKED_FOR), AbsenceReason.status == ReasonStatus.ACCEPTED),
            *_asked(asked),
        )
    )
    return sorting.ordered(query, SORTS, sort)


def _asked(asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    state = asked["state"]
    if state in ("due", ReasonStatus.GIVEN):
        yield ~is_settled
    if state == "due":
        yield AbsenceReason.id.is_(None)
    elif state == "settled":
        yield is_settled
    elif state:
        yield AbsenceReason.status == state
    for word in asked["q"].split():
        yield pinyin.finds(Adviser.search, word) | pinyin.finds(Community.search, word)


def of_adviser(adviser_id: UUID) -> Sequence[Line]:
    """Return (slot, reason or None, whether settled) of a lawyer's absences, the latest first."""
    query = (
        select(DutySlot, AbsenceReason, is_settled)
        .outerjoin(AbsenceReason, _of_slot)
        .options(joinedload(DutySlot.community))
        .where(DutySlot.adviser_id == adviser_id, DutySlot.status.in_(ASKED_FOR))
        .order_by(DutySlot.day.desc(), DutySlot.starts.desc(), DutySlot.id)
        .limit(RECENT)
    )
    return db.session.execute(query).all()


def due(adviser_id: UUID) -> int:
    """Return how many absences of a lawyer want a reason; one statement."""
    query = (
        select(func.count())
        .select_from(DutySlot)
        .outerjoin(AbsenceReason, _of_slot)
        .where(
            DutySlot.adviser_id == adviser_id,
            DutySlot.status.in_(ASKED_FOR),
            AbsenceReason.id.is_(None),
            ~is_settled,
        )
    )
    return db.session.scalar(query) or 0


def reason_of(slot_id: UUID) -> AbsenceReason | None:
    """Return the reason of a slot, None while there is none."""
    return db.session.scalar(select(AbsenceReason).where(AbsenceReason.slot_id == slot_id))


def reminders() -> list[Reminder]:
    """Return who has had too many absences under a contract in force (COVER-5); three statements.

    An accepted reason makes a slot another than missed, so that it is not among them. One without
    a term (加班次) counts for the contract in force in its community that day, the first by number.
    """
    rule = term_queries.rule()
    named = func.coalesce(DutyTerm.contract_id, _in_force())
    query = (
        select(DutySlot.id, DutySlot.adviser_id, Contract.id, DutySlot.day)
        .outerjoin(
            DutyTerm, and_(DutyTerm.firm_id == DutySlot.firm_id, DutyTerm.id == DutySlot.term_id)
        )
        .join(Contract, and_(Contract.firm_id == DutySlot.firm_id, Contract.id == named))
        .where(DutySlot.status == SlotStatus.MISSED, Contract.status.in_(IN_FORCE))
    )
    absences = [Absence(*row) for row in db.session.execute(query)]
    if not absences:
        return []
    answered = db.session.scalars(select(ReplacementAnswer.slots))
    return rules.reminders(
        absences,
        {UUID(one) for slots in answered for one in slots},
        limit=rule.absence_limit if rule else ABSENCE_LIMIT,
        months=rule.absence_months if rule else None,
    )


def _in_force() -> ScalarSelect[UUID]:
    """Select the contract that covers a slot's community on its day."""
    of_place = aliased(Contract)
    return (
        select(of_place.id)
        .join(
            ContractCommunity,
            and_(
                ContractCommunity.firm_id == of_place.firm_id,
                ContractCommunity.contract_id == of_place.id,
            ),
        )
        .where(
            of_place.firm_id == DutySlot.firm_id,
            of_place.status.in_(IN_FORCE),
            ContractCommunity.community_code == DutySlot.community_code,
            DutySlot.day.between(ContractCommunity.starts_on, ContractCommunity.last_on),
        )
        .order_by(of_place.number)
        .limit(1)
        .correlate(DutySlot)
        .scalar_subquery()
    )


def shown(found: Sequence[Reminder]) -> list[dict[str, Any]]:
    """Return reminders as their page shows them: adviser, contract, slots with their reasons."""
    wanted = [absence.slot_id for one in found for absence in one.absences]
    query = (
        select(DutySlot, AbsenceReason)
        .outerjoin(AbsenceReason, _of_slot)
        .options(joinedload(DutySlot.community), joinedload(DutySlot.adviser))
        .where(DutySlot.id.in_(wanted))
    )
    by_id = {slot.id: (slot, reason) for slot, reason in db.session.execute(query)}
    of_contract = select(Contract).where(Contract.id.in_({one.contract_id for one in found}))
    contracts = {one.id: one for one in db.session.scalars(of_contract)}
    return [
        {
            "adviser": by_id[one.absences[0].slot_id][0].adviser,
            "contract": contracts[one.contract_id],
            "absences": [by_id[absence.slot_id] for absence in one.absences],
        }
        for one in found
    ]


def answers() -> Sequence[ReplacementAnswer]:
    """Return the latest answers with adviser and contract."""
    query = (
        select(ReplacementAnswer)
        .options(joinedload(ReplacementAnswer.adviser), joinedload(ReplacementAnswer.contract))
        .order_by(ReplacementAnswer.answered_at.desc())
        .limit(RECENT)
    )
    return db.session.scalars(query).all()
