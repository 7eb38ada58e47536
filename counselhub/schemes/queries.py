"""Lists of schemes, and the closed months that rest on one."""

from datetime import date
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import selectinload

from counselhub.closing.models import ClosedMonth
from counselhub.contracts.kinds import IN_FORCE
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core.db import db
from counselhub.schemes.models import Scheme

ORDERS = {"code": Scheme.code, "name": Scheme.name}


def schemes(words: str | None, order: str, *, descending: bool) -> Select[Scheme, int]:
    """Select (scheme, number of its contracts) by words in code or name, in the order asked."""
    count = (
        select(func.count())
        .where(Contract.firm_id == Scheme.firm_id, Contract.scheme_id == Scheme.id)
        .scalar_subquery()
    )
    query = select(Scheme, count).options(selectinload(Scheme.versions))
    for word in (words or "").lower().split():
        query = query.where(
            or_(
                func.lower(Scheme.code).contains(word, autoescape=True),
                func.lower(Scheme.name).contains(word, autoescape=True),
            )
        )
    column = ORDERS.get(order, Scheme.code)
    return query.order_by(column.desc() if descending else column.asc(), Scheme.id)


def choices() -> list[tuple[str, str]]:
    """Return (id, code and name) of every scheme, for a form."""
    rows = db.session.execute(select(Scheme.id, Scheme.code, Scheme.name).order_by(Scheme.code))
    return [(str(scheme_id), f"{code} {name}") for scheme_id, code, name in rows]


def scheme_by_code(code: str) -> Scheme | None:
    """Return the firm's scheme with this 方案代码, None when there is none."""
    return db.session.scalar(select(Scheme).where(Scheme.code == code))


def settled_months(scheme_id: UUID) -> list[Row[date, date, str]]:
    """Return (month, start of the contract, statement's number) of closed months under a scheme."""
    query = (
        select(ClosedMonth.month, Contract.starts_on, ClosedMonth.statement_number)
        .join(
            ContractCommunity,
            (ContractCommunity.firm_id == ClosedMonth.firm_id)
            & (ContractCommunity.community_code == ClosedMonth.place_code),
        )
        .join(
            Contract,
            (Contract.firm_id == ContractCommunity.firm_id)
            & (Contract.id == ContractCommunity.contract_id),
        )
        .where(
            Contract.scheme_id == scheme_id,
            Contract.status.in_(IN_FORCE),
            ContractCommunity.last_on >= ClosedMonth.month,
            func.date_trunc("month", ContractCommunity.starts_on) <= ClosedMonth.month,
        )
        .distinct()
        .order_by(ClosedMonth.month, Contract.starts_on, ClosedMonth.statement_number)
    )
    return list(db.session.execute(query))
