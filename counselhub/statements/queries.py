"""Questions about a firm's statements."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, UnaryExpression, column, func, select, table, union
from sqlalchemy.engine import Row
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from counselhub.adjustments.models import Adjustment
from counselhub.contracts.kinds import IN_FORCE
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.markers import not_our_honey
from counselhub.core.tenancy import current_firm_id
from counselhub.places.models import Street
from counselhub.statements.models import FirmAccount, Statement, StatementLine
from counselhub.statements.states import StatementStatus
from counselhub.statements.thread_models import LineQuery


def live_statements(
    month: date, streets: Collection[str] | None = None, *, lock: bool = False
) -> dict[str, Statement]:
    """Return the firm's statements of a month that are not void, by street.

    month: its first day. lock: hold them until the transaction ends, and read them anew.
    """
    query = select(Statement).where(
        Statement.month == month, Statement.status != StatementStatus.VOID
    )
    if streets is not None:
        query = query.where(Statement.street_code.in_(streets))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return {statement.street_code: statement for statement in db.session.scalars(query)}


def lines_with_queries(statement_id: UUID) -> Sequence[StatementLine]:
    """Return a statement's lines in their order, with communities and the office's questions."""
    query = (
        select(StatementLine)
        .where(StatementLine.statement_id == statement_id)
        .options(
            joinedload(StatementLine.community),
            selectinload(StatementLine.queries).selectinload(LineQuery.entries),
            selectinload(StatementLine.queries).selectinload(LineQuery.files),
        )
        .order_by(StatementLine.position)
    )
    return list(db.session.scalars(query))


def account() -> FirmAccount | None:
    """Return the account of the firm in scope, None when it has not told one."""
    return db.session.scalars(select(FirmAccount)).one_or_none()


SORTS = {
    "month": Statement.month,
    "street": Street.name,
    "total": Statement.total_fen,
    "status": Statement.status,
}


def statement_list(
    *,
    month: date | None = None,
    street: str = "",
    statuses: Collection[str] = (),
    sort: str = "month",
    descending: bool = True,
) -> Select[Statement]:
    """Select the firm's statements, newest month first unless sorted otherwise.

    month: its first day. street: a part of the name, or the code's beginning.
    """
    query = select(Statement).join(Statement.street).options(contains_eager(Statement.street))
    query = query.where(not_our_honey(Statement, Statement.number))
    if month is not None:
        query = query.where(Statement.month == month)
    if street:
        query = query.where(
            Street.name.contains(street, autoescape=True)
            | Street.code.startswith(street, autoescape=True)
        )
    if statuses:
        query = query.where(Statement.status.in_(statuses))
    column = SORTS.get(sort, Statement.month)
    order: UnaryExpression[object] = column.desc() if descending else column.asc()
    return query.order_by(order, Street.code, Statement.id)


def streets_without(month: date) -> Sequence[Row[str, str, int]]:
    """Return the streets whose statement of a month is not made yet: code, name, communities.

    month: its first day. Only where a contract is in force on a day of it, or something of earlier
    months waits: then of as many communities.
    """
    last = func.coalesce(Contract.terminated_on, Contract.ends_on)
    served = (
        select(ContractCommunity.street_code, ContractCommunity.community_code)
        .join(ContractCommunity.contract)
        .where(
            Contract.status.in_(IN_FORCE),
            Contract.starts_on <= clock.last_day(month),
            last >= month,
        )
    )
    places = union(served, *_waiting(month)).subquery()
    made = select(Statement.id).where(
        Statement.street_code == places.c.street_code,
        Statement.month == month,
        Statement.status != StatementStatus.VOID,
    )
    query = (
        select(Street.code, Street.name, func.count(places.c.community_code.distinct()))
        .join(places, places.c.street_code == Street.code)
        .where(~made.exists())
        .group_by(Street.code, Street.name)
        .order_by(Street.code)
    )
    return db.session.execute(query).all()


def _waiting(month: date) -> Sequence[Select[str, str]]:
    """Select street and community of what no statement has settled of the months before."""
    return (
        select(Adjustment.street_code, Adjustment.community_code).where(
            Adjustment.statement_id.is_(None),
            Adjustment.withdrawn_at.is_(None),
            Adjustment.month < month,
        ),
        select(_RELEASE.c.street_code, _RELEASE.c.community_code).where(
            _RELEASE.c.firm_id == current_firm_id(),
            _RELEASE.c.statement_id.is_(None),
            _RELEASE.c.last_month < month,
        ),
    )


# Assessments stand above statements: their table is named, not imported.
_RELEASE = table(
    "assessment_release",
    *map(column, ("firm_id", "street_code", "community_code", "last_month", "statement_id")),
)
