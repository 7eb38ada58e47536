"""From rows of earlier statements to facts: what is still to be taken off of each month (M11)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from counselhub.statements.facts import CarryFact
from counselhub.statements.from_json import day_of
from counselhub.statements.months import Month
from counselhub.statements.terms import Source


def facts_of(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, CarryFact]]:
    """Yield the street and what is left of each month, in the order of the months.

    rows: street, month, sign (1 the rest of a statement, -1 what another one has taken) and
    [[source, fen], …], those of a month together, its rest first.
    """
    for (street, month), of_month in groupby(rows, key=lambda row: (row[0], row[1])):
        left: dict[Source, int] = {}
        for _street, _month, sign, funding in of_month:
            for name, fen in funding:
                left[Source(name)] = left.get(Source(name), 0) + sign * fen
        if any(left.values()):
            yield street, CarryFact(Month.of(day_of(month)), _in_order(left))


def _in_order(left: dict[Source, int]) -> tuple[tuple[Source, int], ...]:
    """Write the sources as a statement's funding does."""
    return tuple((source, left[source]) for source in Source if source in left)
