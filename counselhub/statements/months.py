"""A calendar month as a value: ordered, hashable, written `2026-10`."""

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple, Self


class Month(NamedTuple):
    """A calendar month; `number` is 1 to 12. Sorts by time."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month that a day lies in."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """The month's first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The month's last day."""
        return _last_day(self)

    @property
    def days(self) -> int:
        """How many days the month has, 28 to 31."""
        return _last_day(self).day

    def plus(self, months: int) -> "Month":
        """Return the month so many months later; earlier for a negative number."""
        years, place = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, place + 1)

    def __str__(self) -> str:
        """Write the month as workbooks and statements do, `2026-10`."""
        return f"{self.year:04d}-{self.number:02d}"


@cache
def _last_day(month: Month) -> date:
    """Return the month's last day; asked for often, and of few months."""
    return month.plus(1).first - timedelta(days=1)


def months_between(first: Month, last: Month) -> list[Month]:
    """Return the months from first to last, both included; none when last is earlier."""
    span = (last.year - first.year) * 12 + last.number - first.number
    return [first.plus(step) for step in range(span + 1)]
