"""Communities: found by name, pinyin and code; the firm's own ones."""

from sqlalchemy import ColumnElement, Row, Select, exists, select
from sqlalchemy.orm import joinedload

from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock, pinyin
from counselhub.core.db import db
from counselhub.places.models import Community

ORDERS = {"name": Community.pinyin, "code": Community.code, "street": Community.street_code}


def served() -> ColumnElement[bool]:
    """Return the condition that the firm has a signed contract with it, now or to come."""
    return exists().where(
        ContractCommunity.community_code == Community.code,
        ContractCommunity.firm_id == Contract.firm_id,
        ContractCommunity.contract_id == Contract.id,
        *_signed(),
    )


def _signed() -> tuple[ColumnElement[bool], ...]:
    return Contract.status.in_(AGREED), ContractCommunity.last_on >= clock.today()


def communities(
    words: str | None = None,
    *,
    own: bool = True,
    order: str = "name",
    descending: bool = False,
) -> Select[Community, bool]:
    """Select (community, whether the firm serves it) by words; the firm's own ones come first."""
    mine = served()
    query = (
        select(Community, mine.label("mine"))
        .options(joinedload(Community.street))
        .where(pinyin.finds(Community.search, words))
    )
    if own:
        query = query.where(mine)
    column = ORDERS.get(order, Community.pinyin)
    return query.order_by(
        mine.desc(), column.desc() if descending else column.asc(), Community.code
    )


def find(words: str, limit: int = 20) -> list[Community]:
    """Return the first communities that hold the words, by pinyin; none for no words."""
    if not words.strip():
        return []
    query = (
        select(Community)
        .options(joinedload(Community.street))
        .where(pinyin.finds(Community.search, words))
        .order_by(Community.pinyin, Community.code)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def by_code(code: str) -> Community | None:
    """Return the community with its street and district, None when there is none."""
    query = select(Community).options(joinedload(Community.street)).where(Community.code == code)
    return db.session.scalar(query)


def last_days(codes: list[str]) -> list[Row[str, str, object]]:
    """Return (community, contract's number, last day) of signed contracts, latest last."""
    query = (
        select(ContractCommunity.community_code, Contract.number, ContractCommunity.last_on)
        .join(ContractCommunity.contract)
        .where(ContractCommunity.community_code.in_(codes), *_signed())
        .order_by(ContractCommunity.last_on)
    )
    return list(db.session.execute(query))
