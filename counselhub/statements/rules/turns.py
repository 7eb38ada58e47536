"""Whose turn a statement is, in working days; the clock of a side stands while it is not. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

Worked = Callable[[date], bool]
"""Whether offices are open on a day."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReviewDays:
    """How many working days a street gives: office and firm for a statement, firm for an appeal."""

    office: int = 10
    firm: int = 5
    appeal: int = 15


def days_between(since: date, today: date, worked: Worked) -> int:
    """Return the working days after `since` up to `today`: the day of handing over is free.

    REV-3. 0 when `today` is not later.
    """
    return sum(worked(since + DAY * step) for step in range(1, (today - since).days + 1))


def due_on(since: date, days: int, worked: Worked) -> date:
    """Return the `days`-th working day after `since`; `since` itself when none is left (REV-3)."""
    day = since
    for _left in range(days):
        day += DAY
        while not worked(day):
            day += DAY
    return day
