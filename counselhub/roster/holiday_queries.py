"""The calendar as the imported notices have it."""

from datetime import date

from sqlalchemy import select

from counselhub.core.db import db
from counselhub.roster.models import HolidayNotice
from counselhub.roster.working_days import Calendar, Noticed


def calendar(first: date, last: date) -> Calendar:
    """Return the calendar of the years from first to last; one statement."""
    years = (first.year, last.year + 1)  # the next notice may reach back into December
    query = select(HolidayNotice).where(HolidayNotice.year.between(*years))
    rows = list(db.session.scalars(query.order_by(HolidayNotice.year)))
    return Calendar(
        {row.day: Noticed(row.name, row.is_off) for row in rows},
        frozenset(row.year for row in rows),
    )


def is_worked(day: date) -> bool:
    """Tell whether offices are open on one day; one statement."""
    return calendar(day, day).is_worked(day)
