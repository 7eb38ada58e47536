"""Which days are worked in China: imported notices, then the library, then weekends. Pure."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import chinese_calendar

SATURDAY = 5


class DayKind(StrEnum):
    """What a day is for whoever works from Monday to Friday."""

    WORK = "work"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    """Off by the State Council's notice, a weekend within it too."""
    MAKEUP = "makeup"
    """A weekend that is worked for a holiday (调休)."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """One day of an imported notice: off, or worked for another."""

    name: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days as notices have them. A year with a notice is not asked of the library.

    notices: day to what its notice says; years: those whose own notice is imported.
    """

    notices: Mapping[date, Noticed] = field(default_factory=dict)
    years: Set[int] = frozenset()

    def kind(self, day: date) -> DayKind:
        """Return what `day` is; in a year that nobody knows only weekends are known."""
        if noticed := self.notices.get(day):
            return DayKind.HOLIDAY if noticed.is_off else _worked(day)
        if day.year in self.years or not in_library(day.year):
            return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORK
        return _by_library(day)

    def is_worked(self, day: date) -> bool:
        """Whether offices are open on `day`."""
        return self.kind(day) in (DayKind.WORK, DayKind.MAKEUP)

    def is_known(self, year: int) -> bool:
        """Whether holidays of `year` are known; if not, only its weekends are told apart."""
        return year in self.years or in_library(year)

    def working_days(self, first: date, last: date) -> list[date]:
        """Return the days from first to last, both included, on which offices are open."""
        return [day for day in days_between(first, last) if self.is_worked(day)]


def _worked(day: date) -> DayKind:
    return DayKind.MAKEUP if day.weekday() >= SATURDAY else DayKind.WORK


@lru_cache(maxsize=4096)
def _by_library(day: date) -> DayKind:
    """Return what the library says; a month of a large firm asks thousands of times."""
    is_off, holiday = chinese_calendar.get_holiday_detail(day)
    if not is_off:
        return _worked(day)
    return DayKind.HOLIDAY if holiday else DayKind.WEEKEND


@lru_cache(maxsize=256)
def in_library(year: int) -> bool:
    """Whether the library has the notice of `year`; it raises for any other one."""
    years = {day.year for day in chinese_calendar.holidays}
    return bool(min(years) <= year <= max(years))


def days_between(first: date, last: date) -> Iterable[date]:
    """Yield each day from first to last, both included; nothing when last is before first."""
    return (first + timedelta(days=step) for step in range((last - first).days + 1))
