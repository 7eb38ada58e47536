"""Planned slots: one with what stands beside it, a month of them, those of a day."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import pinyin
from counselhub.core.db import db
from counselhub.leave.rules import Absence, overlap
from counselhub.places.models import Community, Street
from counselhub.roster.kinds import FREE, SlotStatus
from counselhub.roster.models import DutySlot, DutyTerm, RosterMonth

CELL = (
    DutySlot.id,
    DutySlot.revision,
    DutySlot.day,
    DutySlot.starts,
    DutySlot.ends,
    DutySlot.status,
    DutySlot.is_moved,
    DutySlot.stands_off,
    DutySlot.substitute_id,
    DutySlot.adviser_id,
    DutySlot.community_code,
    Adviser.name.label("adviser"),
    Community.name.label("community"),
    DutyTerm.weekday,
)
"""What the month's page shows of a slot: columns, for there are thousands of them."""
comes_id: ColumnElement[UUID] = func.coalesce(DutySlot.substitute_id, DutySlot.adviser_id)
"""Who comes to a slot: who covers it, else its own adviser."""


def comes(adviser_id: UUID) -> ColumnElement[bool]:
    """Return whether an adviser comes to a slot, in words for which there are indexes."""
    own = DutySlot.substitute_id.is_(None) & (DutySlot.adviser_id == adviser_id)
    return own | (DutySlot.substitute_id == adviser_id)


def month(
    first: date, *, by: str, street: str = "", words: str = ""
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the slots of a month as columns, by lawyer or community; one statement.

    by: `adviser` or `community`. words: in the name, pinyin or code of either.
    """
    query = (
        select(*CELL)
        .join(DutySlot.adviser)
        .join(DutySlot.community)
        .outerjoin(
            DutyTerm, (DutyTerm.firm_id == DutySlot.firm_id) & (DutyTerm.id == DutySlot.term_id)
        )
        .where(DutySlot.month == first, *_asked(street, words))
    )
    heads = (
        (Community.pinyin, Community.code) if by == "community" else (Adviser.pinyin, Adviser.id)
    )
    return db.session.execute(query.order_by(*heads, DutySlot.day, DutySlot.starts)).all()


def _asked(street: str, words: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if street:
        conditions.append(DutySlot.street_code == street)
    for word in words.split():
        conditions.append(pinyin.finds(Adviser.search, word) | pinyin.finds(Community.search, word))
    return conditions


def streets() -> Sequence[Row[*tuple[Any, ...]]]:
    """Return (code, name) of the streets in which the firm has a contract."""
    codes = select(ContractCommunity.street_code)
    query = select(Street.code, Street.name).where(Street.code.in_(codes)).order_by(Street.code)
    return db.session.execute(query).all()


def made(first: date) -> RosterMonth | None:
    """Return when a month was last made, None when never."""
    return db.session.scalar(select(RosterMonth).where(RosterMonth.month == first))


def of_adviser(adviser_id: UUID, first: date, last: date) -> Sequence[DutySlot]:
    """Return the planned slots that a lawyer comes to, the own and the covered ones, by time."""
    query = (
        select(DutySlot)
        .options(joinedload(DutySlot.community), joinedload(DutySlot.adviser))
        .where(
            comes(adviser_id),
            DutySlot.day.between(first, last),
            DutySlot.status == SlotStatus.PLANNED,
        )
        .order_by(DutySlot.day, DutySlot.starts, DutySlot.id)
    )
    return db.session.scalars(query).all()


def during(adviser_id: UUID, absence: Absence) -> list[DutySlot]:
    """Return a lawyer's planned slots that lie in an absence, by time."""
    found = of_adviser(adviser_id, absence.first, absence.last)
    return [
        one for one in found if overlap(Absence(one.day, one.day, one.starts, one.ends), absence)
    ]


def beside(slot: DutySlot, adviser_id: UUID, day: date) -> list[DutySlot]:
    """Return what else takes a lawyer's time on a day."""
    query = (
        select(DutySlot)
        .options(joinedload(DutySlot.community))
        .where(
            comes(adviser_id),
            DutySlot.day == day,
            DutySlot.id != slot.id,
            DutySlot.status.not_in(FREE),
        )
        .order_by(DutySlot.starts)
    )
    return list(db.session.scalars(query))


def same_term_on(slot: DutySlot, day: date) -> bool:
    """Whether the same term has another slot in the same community on `day`."""
    if slot.term_id is None:
        return False
    query = select(DutySlot.id).where(
        DutySlot.term_id == slot.term_id,
        DutySlot.community_code == slot.community_code,
        DutySlot.day == day,
        DutySlot.id != slot.id,
        DutySlot.status.not_in(FREE),
    )
    return db.session.scalar(query.limit(1)) is not None


def contract_of(slot: DutySlot) -> tuple[DutyTerm | None, ContractCommunity | None]:
    """Return the term of a slot and the days of its community under an agreed contract.

    One without a term rests on whatever contract covers its community on its day.
    """
    if slot.term_id is None:
        return None, covering(slot.community_code, slot.day)
    covered = (
        (ContractCommunity.firm_id == DutyTerm.firm_id)
        & (ContractCommunity.contract_id == DutyTerm.contract_id)
        & (ContractCommunity.community_code == slot.community_code)
        & Contract.status.in_(AGREED)
    )
    query = (
        select(DutyTerm, ContractCommunity)
        .join(DutyTerm.contract)
        .outerjoin(ContractCommunity, covered)
        .options(joinedload(DutyTerm.contract))
        .where(DutyTerm.id == slot.term_id)
    )
    term, place = db.session.execute(query).one()
    return term, place


def weekday_of(slot: DutySlot) -> int | None:
    """Return the weekday that a slot's term is agreed for, None where it is for none."""
    return db.session.scalar(select(DutyTerm.weekday).where(DutyTerm.id == slot.term_id))


def of_day(adviser_id: UUID, day: date) -> Sequence[DutySlot]:
    """Return the slots that an adviser comes to on a day, whatever became of them, by time."""
    query = (
        select(DutySlot)
        .options(joinedload(DutySlot.community), joinedload(DutySlot.adviser))
        .where(comes(adviser_id), DutySlot.day == day, DutySlot.status != SlotStatus.EXCUSED)
        .order_by(DutySlot.starts, DutySlot.id)
    )
    return db.session.scalars(query).all()


def covers_for(adviser_id: UUID, community_code: str, at: datetime) -> UUID | None:
    """Return for whom an adviser comes to a community by agreement at a time, None for nobody.

    at: on Shanghai's wall clock. Of several slots there that day the nearest one decides.
    """
    query = (
        select(DutySlot)
        .where(
            comes(adviser_id),
            DutySlot.month == at.date().replace(day=1),
            DutySlot.community_code == community_code,
            DutySlot.day == at.date(),
            DutySlot.status != SlotStatus.EXCUSED,
        )
        .order_by(DutySlot.starts, DutySlot.id)
    )
    slots = db.session.scalars(query).all()
    if not any(one.substitute_id for one in slots):
        return None
    nearest = min(slots, key=lambda one: _apart(one, at.time()))
    return nearest.adviser_id if nearest.substitute_id else None


def _apart(slot: DutySlot, at: time) -> int:
    """Return the minutes between a time and a slot, 0 within it."""
    begins, ends, now = (one.hour * 60 + one.minute for one in (slot.starts, slot.ends, at))
    return max(0, begins - now, now - ends)


def covering(community_code: str, day: date) -> ContractCommunity | None:
    """Return the days of a community under an agreed contract that has `day`, None for none."""
    query = (
        select(ContractCommunity)
        .join(
            Contract,
            (Contract.firm_id == ContractCommunity.firm_id)
            & (Contract.id == ContractCommunity.contract_id),
        )
        .where(
            ContractCommunity.community_code == community_code,
            ContractCommunity.starts_on <= day,
            ContractCommunity.last_on >= day,
            Contract.status.in_(AGREED),
        )
        .order_by(ContractCommunity.starts_on)
    )
    return db.session.scalar(query.limit(1))
