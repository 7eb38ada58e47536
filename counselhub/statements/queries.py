"""Questions about a firm's statements."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from counselhub.core.db import db
from counselhub.statements.models import FirmAccount, Statement, StatementLine
from counselhub.statements.states import StatementStatus


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
        .options(joinedload(StatementLine.community), selectinload(StatementLine.queries))
        .order_by(StatementLine.position)
    )
    return list(db.session.scalars(query))


def account() -> FirmAccount | None:
    """Return the account of the firm in scope, None when it has not told one."""
    return db.session.scalars(select(FirmAccount)).one_or_none()
