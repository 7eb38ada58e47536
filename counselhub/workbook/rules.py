"""Which rows get in each other's way. Pure; instants and days only need to be ordered.

A span has a start, an end and a label for the reader; `cell` is None for a row that only the
database has. Only spans of the file are blamed.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasts: `group` is what may not be taken twice, `place` where it is."""

    group: Any
    start: Any
    end: Any
    label: str
    cell: str | None
    place: Hashable = None


Clash = tuple[Span, Span]
"""The span to blame, which is of the file, and the one in its way."""


def overlapping_days(spans: Iterable[Span]) -> Iterator[Clash]:
    """Yield spans of one group that share a day, both ends included, each with one in its way."""
    for _group, members in _groups(spans):
        latest: Span | None = None
        for span in members:
            if latest is not None and span.start <= latest.end:
                yield from _blame(span, latest)
            if latest is None or span.end > latest.end:
                latest = span


def two_places(spans: Iterable[Span]) -> Iterator[Clash]:
    """Yield spans of one group that are at two places at one instant; touching ones are not."""
    for _group, members in _groups(spans):
        running: list[Span] = []
        for span in members:
            running = [other for other in running if other.end > span.start]
            other = next((other for other in running if other.place != span.place), None)
            if other is not None:
                yield from _blame(span, other)
            running.append(span)


def overlapping_instants(spans: Iterable[Span]) -> Iterator[Clash]:
    """Yield spans of one group that share more than an instant, each with one before it."""
    for _group, members in _groups(spans):
        latest: Span | None = None
        for span in members:
            if latest is not None and span.start < latest.end:
                yield from _blame(span, latest)
            if latest is None or span.end > latest.end:
                latest = span


def _groups(spans: Iterable[Span]) -> Iterator[tuple[Any, list[Span]]]:
    ordered = sorted(spans, key=lambda span: (span.group, span.start, span.end))
    for group, members in groupby(ordered, key=lambda span: span.group):
        yield group, list(members)


def _blame(span: Span, other: Span) -> Iterator[Clash]:
    if span.cell is not None:
        yield span, other
    elif other.cell is not None:
        yield other, span


Terms = Sequence[tuple[date, date]]
"""Days, both ends included, on which somebody is assigned."""


def is_assigned(terms: Mapping[Any, Terms], whom: Iterable[Any], day: date) -> bool:
    """Say whether one of `whom` is assigned on `day` (M3)."""
    return any(first <= day <= last for person in whom for first, last in terms.get(person, ()))
