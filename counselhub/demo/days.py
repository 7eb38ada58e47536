"""The months that the demonstration tells about, counted back from today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from counselhub.core import clock

FULL_MONTHS = 3
TAPPED_DAYS = timedelta(days=14)


@dataclass(frozen=True)
class Calendar:
    """Three full months and the present one up to yesterday."""

    today: date

    @property
    def months(self) -> list[date]:
        """The first days of the full months and of the present one, oldest first."""
        months = [self.today.replace(day=1)]
        for _month in range(FULL_MONTHS):
            months.insert(0, clock.previous_month(months[0]))
        return months

    @property
    def years(self) -> list[int]:
        """The calendar years that the months lie in."""
        return sorted({month.year for month in self.months})

    @property
    def first_day(self) -> date:
        """When everybody's first contract began."""
        return date(self.years[0], 1, 1)

    def weekdays(self, month: date, weekday: int) -> Iterator[date]:
        """Yield the days of a month that are this weekday (0 is Monday) and are over."""
        day = month + timedelta(days=(weekday - month.weekday()) % 7)
        while day <= clock.last_day(month) and day < self.today:
            yield day
            day += timedelta(days=7)

    def is_over(self, day: date) -> bool:
        """Say whether a day is in the past."""
        return day < self.today

    def is_tapped(self, day: date) -> bool:
        """Say whether visits of a day were tapped on phones; older ones came with the workbook."""
        return self.today - TAPPED_DAYS <= day < self.today
