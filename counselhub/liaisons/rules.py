"""When a liaison is to be made sure of again. Pure.

LIAISON-1: whoever is in office is looked after each half-year (182 days) since the last check.
"""

from datetime import date, timedelta

HALF_YEAR = timedelta(days=182)


def due_before(today: date) -> date:
    """Return the day before which the last check is too long ago (LIAISON-1)."""
    return today - HALF_YEAR


def wants_check(checked_on: date, ends_on: date | None, today: date) -> bool:
    """Say whether a liaison is to be made sure of; one who has left never is."""
    return (ends_on is None or ends_on >= today) and checked_on < due_before(today)
