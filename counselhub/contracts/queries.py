"""Lists of contracts, and the ones in each other's way."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from counselhub.contracts.kinds import ContractStatus
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock, pinyin
from counselhub.core.db import db
from counselhub.places.models import Community

ORDERS = {
    "number": Contract.number,
    "starts_on": Contract.starts_on,
    "ends_on": Contract.ends_on,
    "status": Contract.status,
}
WITHIN_DAYS = (30, 60, 90)


def contracts(
    words: str | None = None,
    *,
    status: str | None = None,
    kind: str | None = None,
    expiring_days: int | None = None,
    order: str = "ends_on",
    descending: bool = False,
) -> Select[Contract]:
    """Select contracts with their communities, by words in the number or a community's search text.

    expiring_days: active ones whose last day is at most so many days ahead, past ones included.
    """
    query = select(Contract).options(
        joinedload(Contract.scheme),
        selectinload(Contract.communities).joinedload(ContractCommunity.community),
    )
    for word in (words or "").lower().split():
        query = query.where(
            or_(func.lower(Contract.number).contains(word, autoescape=True), _covers(word))
        )
    if status:
        query = query.where(Contract.status == status)
    if kind:
        query = query.where(Contract.kind == kind)
    if expiring_days is not None:
        query = query.where(_ends_within(expiring_days))
    column = ORDERS.get(order, Contract.ends_on)
    return query.order_by(column.desc() if descending else column.asc(), Contract.id)


def _ends_within(days: int) -> ColumnElement[bool]:
    last = clock.today() + timedelta(days=days)
    return (Contract.status == ContractStatus.ACTIVE) & (Contract.ends_on <= last)


def _covers(word: str) -> ColumnElement[bool]:
    return exists().where(
        ContractCommunity.firm_id == Contract.firm_id,
        ContractCommunity.contract_id == Contract.id,
        ContractCommunity.community_code == Community.code,
        pinyin.finds(Community.search, word),
    )


def of_community(code: str) -> list[Contract]:
    """Return the contracts that cover a community, latest first."""
    query = (
        select(Contract)
        .join(Contract.communities)
        .where(ContractCommunity.community_code == code)
        .options(joinedload(Contract.scheme))
        .order_by(Contract.starts_on.desc(), Contract.id)
    )
    return list(db.session.scalars(query))


def places_of(contract: Contract) -> list[ContractCommunity]:
    """Return the communities that a contract covers, by pinyin."""
    query = (
        select(ContractCommunity)
        .join(ContractCommunity.community)
        .options(contains_eager(ContractCommunity.community))
        .where(ContractCommunity.contract_id == contract.id)
        .order_by(Community.pinyin, Community.code)
    )
    return list(db.session.scalars(query))


def in_the_way(
    codes: Sequence[str], kind: str, first: date, last: date, *, but: UUID | None
) -> Row[Contract, ContractCommunity] | None:
    """Return (contract, its community) of this kind with a day from first to last, but one id."""
    query = (
        select(Contract, ContractCommunity)
        .join(Contract.communities)
        .options(joinedload(ContractCommunity.community))
        .where(
            ContractCommunity.community_code.in_(codes),
            ContractCommunity.kind == kind,
            ContractCommunity.starts_on <= last,
            ContractCommunity.last_on >= first,
        )
        .order_by(ContractCommunity.starts_on, ContractCommunity.community_code)
        .limit(1)
    )
    if but is not None:
        query = query.where(Contract.id != but)
    return db.session.execute(query).first()


def by_number(number: str) -> Contract | None:
    """Return the firm's contract with this 合同编号, None when there is none."""
    return db.session.scalar(select(Contract).where(Contract.number == number))


def communities_by_code(codes: Sequence[str]) -> dict[str, Community]:
    """Return the known communities among `codes`, in the order of their pinyin."""
    query = (
        select(Community)
        .options(joinedload(Community.street))
        .where(Community.code.in_(codes))
        .order_by(Community.pinyin, Community.code)
    )
    return {community.code: community for community in db.session.scalars(query)}
