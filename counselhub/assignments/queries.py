"""Who serves where: by community, by lawyer, and for the coverage matrix."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.assignments.rules import Days
from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import pinyin
from counselhub.core.db import db
from counselhub.places.models import Community, Street


def running(first: date, last: date | None) -> ColumnElement[bool]:
    """Return the condition that an assignment has a day from first to last (blank: open)."""
    begun = Assignment.starts_on <= last if last is not None else Assignment.starts_on.is_not(None)
    return begun & or_(Assignment.ends_on.is_(None), Assignment.ends_on >= first)


def leads_between(code: str, first: date, last: date | None) -> list[Assignment]:
    """Return who leads a community on a day from first to last, in the order of time."""
    query = (
        select(Assignment)
        .options(joinedload(Assignment.adviser))
        .where(
            Assignment.community_code == code,
            Assignment.role == AssignmentRole.LEAD,
            running(first, last),
        )
    )
    return list(db.session.scalars(query.order_by(Assignment.starts_on)))


def same_between(
    code: str, adviser_id: UUID, role: str, first: date, last: date | None
) -> Assignment | None:
    """Return an assignment of the same lawyer, community and role on those days, or None."""
    return db.session.scalar(
        select(Assignment)
        .where(
            Assignment.community_code == code,
            Assignment.adviser_id == adviser_id,
            Assignment.role == role,
            running(first, last),
        )
        .limit(1)
    )


def of_community(code: str) -> list[Assignment]:
    """Return every assignment of a community, latest first."""
    query = (
        select(Assignment)
        .options(joinedload(Assignment.adviser))
        .where(Assignment.community_code == code)
        .order_by(Assignment.starts_on.desc(), Assignment.role.desc(), Assignment.id)
    )
    return list(db.session.scalars(query))


def listed(
    code: str | None, adviser_id: UUID | None, role: str | None, day: date | None
) -> Select[Assignment]:
    """Select assignments: of a community, of an adviser, in a role, on a day; None for any."""
    query = select(Assignment)
    if code:
        query = query.where(Assignment.community_code == code)
    if adviser_id:
        query = query.where(Assignment.adviser_id == adviser_id)
    if role:
        query = query.where(Assignment.role == role)
    return query.where(running(day, day)) if day else query


def of_adviser(adviser_id: UUID, *, after: date | None = None) -> list[Assignment]:
    """Return an adviser's assignments, latest first; only those with days after one if given."""
    query = (
        select(Assignment)
        .options(joinedload(Assignment.community))
        .where(Assignment.adviser_id == adviser_id)
        .order_by(Assignment.starts_on.desc(), Assignment.community_code)
    )
    if after is not None:
        query = query.where(or_(Assignment.ends_on.is_(None), Assignment.ends_on > after))
    return list(db.session.scalars(query))


def leads_on(codes: Collection[str], day: date) -> dict[str, Assignment]:
    """Return who leads each of the communities on a day."""
    query = (
        select(Assignment)
        .options(joinedload(Assignment.adviser))
        .where(
            Assignment.community_code.in_(codes),
            Assignment.role == AssignmentRole.LEAD,
            running(day, day),
        )
    )
    return {one.community_code: one for one in db.session.scalars(query)}


def communities_led(adviser_id: UUID, day: date) -> int:
    """Return how many communities an adviser leads on a day."""
    query = select(func.count(Assignment.community_code.distinct())).where(
        Assignment.adviser_id == adviser_id,
        Assignment.role == AssignmentRole.LEAD,
        running(day, day),
    )
    return db.session.scalar(query) or 0


def under_contract(window: Days, street: str | None, words: str | None) -> Select[Community]:
    """Select the communities with a signed contract on a day of `window`, by street and pinyin."""
    query = (
        select(Community)
        .where(
            exists().where(ContractCommunity.community_code == Community.code, *_agreed_in(window)),
            pinyin.finds(Community.search, words),
        )
        .order_by(Community.street_code, Community.pinyin, Community.code)
    )
    return query.where(Community.street_code == street) if street else query


def _agreed_in(window: Days) -> tuple[ColumnElement[bool], ...]:
    return (
        ContractCommunity.firm_id == Contract.firm_id,
        ContractCommunity.contract_id == Contract.id,
        Contract.status.in_(AGREED),
        ContractCommunity.starts_on <= window.last,
        ContractCommunity.last_on >= window.first,
    )


def contract_days(codes: Sequence[str], window: Days) -> list[Row[str, date, date]]:
    """Return (community, first day, last day) of signed contracts with a day in `window`."""
    query = select(
        ContractCommunity.community_code, ContractCommunity.starts_on, ContractCommunity.last_on
    ).where(ContractCommunity.community_code.in_(codes), *_agreed_in(window))
    return list(db.session.execute(query))


def leads(codes: Sequence[str], window: Days) -> list[Row[str, str, date, date | None]]:
    """Return (community, lawyer, first day, last day) of leads with a day in `window`."""
    query = (
        select(Assignment.community_code, Adviser.name, Assignment.starts_on, Assignment.ends_on)
        .join(Assignment.adviser)
        .where(
            Assignment.community_code.in_(codes),
            Assignment.role == AssignmentRole.LEAD,
            running(window.first, window.last),
        )
    )
    return list(db.session.execute(query))


def streets_served() -> list[Street]:
    """Return the streets in which the firm has a contract, by code."""
    served = exists().where(ContractCommunity.street_code == Street.code)
    return list(db.session.scalars(select(Street).where(served).order_by(Street.code)))
