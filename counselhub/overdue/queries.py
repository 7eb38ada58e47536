"""Which months a cut-off closes, and those that it has closed as both sides list them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Interval, Select, and_, cast, func, literal, select
from sqlalchemy.orm import contains_eager

from counselhub.core import clock, sorting
from counselhub.core.access import visible
from counselhub.core.columns import containing
from counselhub.core.db import db
from counselhub.cutoffs.kinds import OverdueStatus
from counselhub.cutoffs.models import OverdueMonth, SettlementRule
from counselhub.cutoffs.queries import terms_in
from counselhub.cutoffs.rules import is_closed
from counselhub.people.models import Firm
from counselhub.places.models import Street
from counselhub.statements.due import handed_in, served
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus

SORTS: sorting.Sorts = {
    "month": (OverdueMonth.month, OverdueMonth.id),
    "firm": (Firm.name, OverdueMonth.month),
    "street": (Street.name, OverdueMonth.month),
    "due": (OverdueMonth.due_on, OverdueMonth.id),
}
A_MONTH = cast(literal("1 month"), Interval)
HANDED_IN = "handed_in"
TABS = (*OverdueStatus, HANDED_IN)
"""States to narrow the list to; one that was handed in is no longer in its own state's part."""


def to_close(today: date) -> list[tuple[SettlementRule, date]]:
    """Return rule and month of what the firm in scope is late with and nobody has closed yet.

    However long ago the last day was: a night that was missed is made up for.
    """
    last = clock.previous_month(today)
    series = func.generate_series(SettlementRule.closes_from, last, A_MONTH)
    months = series.table_valued("month").render_derived()
    month = cast(months.c.month, Date)
    street_code = SettlementRule.street_code
    known = select(OverdueMonth.id).where(
        OverdueMonth.street_code == street_code, OverdueMonth.month == month
    )
    query = (
        select(SettlementRule, month)
        .join(months, SettlementRule.closes_from.is_not(None))
        .where(
            served(street_code, month, cast(month + A_MONTH, Date)),
            ~handed_in(street_code, month),
            ~known.exists(),
        )
        .order_by(street_code, month)
    )
    rows = db.session.execute(query).all()
    return [(rule, day) for rule, day in rows if is_closed(day, terms_in(rule), today)]


def lapsed(today: date) -> Sequence[OverdueMonth]:
    """Return the months that the firm in scope was allowed, and has let the days for pass."""
    query = select(OverdueMonth).where(
        OverdueMonth.status == OverdueStatus.ALLOWED,
        OverdueMonth.allowed_until < today,
        ~handed_in(OverdueMonth.street_code, OverdueMonth.month),
    )
    return db.session.scalars(query.order_by(OverdueMonth.month, OverdueMonth.id)).all()


OF_MONTH = and_(
    Statement.firm_id == OverdueMonth.firm_id,
    Statement.street_code == OverdueMonth.street_code,
    Statement.month == OverdueMonth.month,
    Statement.status != StatementStatus.VOID,
)


def listed(asked: dict[str, str], sort: str) -> Select[Any]:
    """Select the closed months in sight with firm, street and the statement of each.

    asked: status (of TABS) and q (a firm or a street), '' for all. sort: a key of SORTS.
    """
    query: Select[Any] = (
        visible(OverdueMonth)
        .add_columns(Statement)
        .join(OverdueMonth.firm)
        .join(OverdueMonth.street)
        .outerjoin(Statement, OF_MONTH)
        .options(contains_eager(OverdueMonth.firm), contains_eager(OverdueMonth.street))
        .where(*_asked(asked))
    )
    return sorting.ordered(query, SORTS, sort)


def _asked(asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    if asked["status"] == HANDED_IN:
        yield Statement.submitted_at.is_not(None)
    elif asked["status"] in set(OverdueStatus):
        yield OverdueMonth.status == asked["status"]
        yield Statement.submitted_at.is_(None)
    yield containing(asked["q"], Firm.name, Street.name)


def count_asked(street_code: str) -> int:
    """Return how many requests wait for the street's office."""
    query = select(func.count()).where(
        OverdueMonth.street_code == street_code, OverdueMonth.status == OverdueStatus.ASKED
    )
    return db.session.scalar(query) or 0


def statement_of(row: OverdueMonth) -> Statement | None:
    """Return the live statement of a closed month, as far as it is in sight."""
    query = (
        select(Statement)
        .join(OverdueMonth, OF_MONTH)
        .where(OverdueMonth.firm_id == row.firm_id, OverdueMonth.id == row.id)
    )
    return db.session.scalar(query)
