"""Which submitted statement rests on given places and days."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, cast, exists, func, select

from counselhub.closing.models import ClosedMonth
from counselhub.core.db import db

Span = tuple[date, date | None]
"""First and last day, both included; a last day of None is open."""


def closed_within(places: Iterable[str], spans: Sequence[Span]) -> ClosedMonth | None:
    """Return the earliest closed month of one of `places` that shares a day with a span, or None.

    places: community codes (12 digits) or street codes (9 digits).
    """
    if not spans:
        return None
    earliest = min(first for first, _last in spans).replace(day=1)
    rows = db.session.scalars(
        select(ClosedMonth)
        .where(ClosedMonth.place_code.in_(list(places)), ClosedMonth.month >= earliest)
        .order_by(ClosedMonth.month, ClosedMonth.place_code)
    )
    return next((row for row in rows if any(_meets(row.month, span) for span in spans)), None)


def is_closed(firm_id: Any, place_code: Any, day: Any) -> ColumnElement[bool]:
    """Return the condition that a statement has closed the month of a day, all three columns."""
    return exists().where(
        ClosedMonth.firm_id == firm_id,
        ClosedMonth.place_code == place_code,
        ClosedMonth.month == cast(func.date_trunc("month", day), Date),
    )


def _meets(month: date, span: Span) -> bool:
    first, last = span
    return first.replace(day=1) <= month and (last is None or month <= last)
