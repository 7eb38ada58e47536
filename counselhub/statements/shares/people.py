"""Shares added up by person, by community and by month. Pure; whole fen."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Generic, TypeVar

from counselhub.statements.lines import KIND_ORDER, LineKind
from counselhub.statements.rules.leads import FIRM
from counselhub.statements.rules.split import SplitLine

Column = TypeVar("Column")


@dataclass(slots=True)
class Person(Generic[Column]):
    """What one adviser gets, FIRM for the firm; by column, such as the kind of line."""

    adviser: str
    amounts: Counter[Column] = field(default_factory=Counter)

    @property
    def total_fen(self) -> int:
        """All of it."""
        return self.amounts.total()


def by_person(
    lines: Iterable[tuple[Column, SplitLine]], names: Mapping[str, str]
) -> list[Person[Column]]:
    """Add up each one's parts by the column of their line; by name, the firm last."""
    found: dict[str, Person[Column]] = {}
    for column, line in lines:
        for part in line.parts:
            person = found.setdefault(part.adviser, Person(part.adviser))
            person.amounts[column] += part.amount_fen
    return sorted(found.values(), key=lambda one: (one.adviser == FIRM, _named(one, names)))


def _named(person: Person[Column], names: Mapping[str, str]) -> tuple[str, str]:
    return names.get(person.adviser, ""), person.adviser


def kinds_in(lines: Iterable[SplitLine]) -> list[LineKind]:
    """Return the kinds of the lines, each once, as they are printed."""
    return sorted({one.line.kind for one in lines}, key=KIND_ORDER.__getitem__)


def totals(people: Iterable[Person[Column]]) -> Counter[Column]:
    """Add up each column."""
    found: Counter[Column] = Counter()
    for person in people:
        found.update(person.amounts)
    return found


def by_community(lines: Iterable[SplitLine]) -> list[tuple[str, list[SplitLine], int]]:
    """Group lines that stand in printing order: the community's code, its lines, their sum."""
    groups = [(code, list(some)) for code, some in groupby(lines, attrgetter("line.community"))]
    return [(code, some, sum(one.line.amount_fen for one in some)) for code, some in groups]
