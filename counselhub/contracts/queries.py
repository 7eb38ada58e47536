"""Lists of contracts, and the ones in each other's way."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from counselhub.contracts.kinds import ContractStatus
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.contracts.renewal_rules import Taken
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


def ending_contracts(today: date, days: int) -> list[Contract]:
    """Return active contracts that end within so many days and that no other continues."""
    query = select(Contract).where(*_ending(today, days)).order_by(Contract.ends_on, Contract.id)
    return list(db.session.scalars(query))


def ending(today: date | None = None) -> dict[int, int]:
    """Return how many such contracts end within 30, 60 and 90 days; {} when none does."""
    return counted(db.session.execute(count_ending(today or clock.today())).one())


def count_ending(today: date) -> Select[*tuple[int, ...]]:
    """Select those counts, a column each."""
    counts = [
        func.count().filter(Contract.ends_on <= today + timedelta(days=days)).label(f"in_{days}")
        for days in WITHIN_DAYS
    ]
    return select(*counts).where(*_ending(today, max(WITHIN_DAYS)))


def counted(row: Sequence[int]) -> dict[int, int]:
    """Return the counts by days; {} when none ends."""
    return dict(zip(WITHIN_DAYS, row, strict=True)) if any(row) else {}


def _ending(today: date, days: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Contract.status == ContractStatus.ACTIVE,
        Contract.ends_on.between(today, today + timedelta(days=days)),
        ~continued(),
    )


def continued() -> ColumnElement[bool]:
    """Return the condition that another contract continues a contract."""
    after = aliased(Contract)
    return exists().where(after.firm_id == Contract.firm_id, after.renews_id == Contract.id)


def renewable(days: int) -> Select[Contract]:
    """Select active or ended contracts that end within so many days and that no other continues.

    Those that ended more than a quarter ago are left alone.
    """
    today = clock.today()
    return (
        select(Contract)
        .options(selectinload(Contract.communities))
        .where(
            Contract.status.in_((ContractStatus.ACTIVE, ContractStatus.EXPIRED)),
            Contract.ends_on.between(today - timedelta(days=90), today + timedelta(days=days)),
            ~continued(),
        )
        .order_by(Contract.ends_on, Contract.number, Contract.id)
    )


def to_renew(ids: Collection[UUID]) -> list[Contract]:
    """Return contracts with their communities, by number."""
    query = (
        select(Contract)
        .options(selectinload(Contract.communities))
        .where(Contract.id.in_(ids))
        .order_by(Contract.number, Contract.id)
    )
    return list(db.session.scalars(query))


def taken_days(codes: Collection[str], *, but: Collection[UUID]) -> list[Taken]:
    """Return on which days contracts cover the communities, but for those of some contracts."""
    row = ContractCommunity
    query = (
        select(row.community_code, row.kind, row.starts_on, row.last_on, Contract.number)
        .join(row.contract)
        .where(row.community_code.in_(codes), Contract.id.not_in(but))
    )
    return [Taken(*found) for found in db.session.execute(query)]


def numbers_used(numbers: Collection[str]) -> set[str]:
    """Return which of these numbers the firm's contracts have."""
    return set(db.session.scalars(select(Contract.number).where(Contract.number.in_(numbers))))


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
