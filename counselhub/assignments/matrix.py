"""The coverage matrix: communities under contract by months, who leads, and what is missing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from counselhub.assignments import queries
from counselhub.assignments.rules import Coverage, Days, Lead, coverage
from counselhub.core import clock
from counselhub.places.models import Community

BEFORE, AFTER = 3, 8


@dataclass(frozen=True, slots=True)
class Cell:
    """A community in one month."""

    month: date
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A community with its months."""

    community: Community
    cells: tuple[Cell, ...]


def months_around(month: date) -> list[date]:
    """Return the first days of three months before, the month, and eight after."""
    first = month
    for _step in range(BEFORE):
        first = clock.previous_month(first)
    months = [first]
    while len(months) < BEFORE + 1 + AFTER:
        months.append(clock.next_month(months[-1]))
    return months


def window_of(months: Sequence[date]) -> Days:
    """Return the days from the first of the first month to the last of the last."""
    return Days(months[0], clock.last_day(months[-1]))


def rows(communities: Sequence[Community], months: Sequence[date]) -> list[MatrixRow]:
    """Return the matrix of some communities, with two statements whatever their number."""
    window = window_of(months)
    codes = [community.code for community in communities]
    contracts: defaultdict[str, list[Days]] = defaultdict(list)
    for code, first, last in queries.contract_days(codes, window):
        contracts[code].append(Days(first, last))
    leads: defaultdict[str, list[Lead]] = defaultdict(list)
    for code, name, first, until in queries.leads(codes, window):
        leads[code].append(Lead(name, first, until))
    return [
        MatrixRow(
            community,
            tuple(
                Cell(
                    month,
                    coverage(
                        contracts[community.code],
                        leads[community.code],
                        Days(month, clock.last_day(month)),
                    ),
                )
                for month in months
            ),
        )
        for community in communities
    ]
