"""Who leads on which days, and which days of a contract nobody leads. Pure; days are whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

COMFORTABLE_COMMUNITIES = 5
"""Above so many led communities a lawyer's load is pointed out (never refused)."""

ONE_DAY = timedelta(days=1)


class Days(NamedTuple):
    """A stretch of days, both ends included; never empty."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


class Lead(NamedTuple):
    """One lawyer's time as 主责 in a community; `last` blank is open."""

    name: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """A community in one window of days: days under contract, those nobody leads, and who leads."""

    contract_days: int
    gaps: tuple[Days, ...]
    names: tuple[str, ...]
    """In the order of time; one who returns after another stands twice."""

    @property
    def gap_days(self) -> int:
        """How many days of the contract nobody leads."""
        return sum(gap.length for gap in self.gaps)

    @property
    def covered_days(self) -> int:
        """How many days of the contract somebody leads."""
        return self.contract_days - self.gap_days


def coverage(contracts: Iterable[Days], leads: Iterable[Lead], window: Days) -> Coverage:
    """Return who leads a community in `window`, and the days under contract that nobody leads.

    contracts: the days of each contract, in any order, overlapping or not.
    leads: in any order; days outside every contract count for nothing, but name their lawyer.
    """
    demanded = merged(_clipped(contracts, window))
    within = sorted(
        (Days(*_open(lead, window)), lead.name)
        for lead in leads
        if lead.first <= window.last and (lead.last is None or lead.last >= window.first)
    )
    led = merged(_clipped((days for days, _name in within), window))
    names = [name for _days, name in within]
    return Coverage(
        sum(days.length for days in demanded),
        tuple(without(demanded, led)),
        tuple(name for place, name in enumerate(names) if place == 0 or names[place - 1] != name),
    )


def _open(lead: Lead, window: Days) -> tuple[date, date]:
    return lead.first, window.last if lead.last is None else lead.last


def _clipped(stretches: Iterable[Days], window: Days) -> list[Days]:
    clipped = (Days(max(one.first, window.first), min(one.last, window.last)) for one in stretches)
    return [one for one in clipped if one.first <= one.last]


def merged(stretches: Iterable[Days]) -> list[Days]:
    """Return the union of `stretches` as disjoint ones in order, touching ones joined."""
    result: list[Days] = []
    for one in sorted(stretches):
        if result and one.first <= result[-1].last + ONE_DAY:
            result[-1] = Days(result[-1].first, max(result[-1].last, one.last))
        else:
            result.append(one)
    return result


def without(stretches: Sequence[Days], taken: Sequence[Days]) -> list[Days]:
    """Return what is left of `stretches` outside `taken`; both disjoint and in order."""
    left: list[Days] = []
    for one in stretches:
        start = one.first
        for other in taken:
            if other.last < start or other.first > one.last:
                continue
            if other.first > start:
                left.append(Days(start, other.first - ONE_DAY))
            start = other.last + ONE_DAY
        if start <= one.last:
            left.append(Days(start, one.last))
    return left
