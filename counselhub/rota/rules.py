"""Who answers when, and what stands as evidence. Pure.

Times are as Shanghai's wall clock shows them, without a zone; a span ends before its end.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from counselhub.core import intervals
from counselhub.rota.kinds import TurnLength

DAY = timedelta(days=1)
ROUNDS_ALIKE = 7
"""Rounds after which the order moves on by one, where half days would meet the same people."""
EARLIEST = timedelta(hours=1)
"""How long before its plan a turn may be taken over."""
GRACE = timedelta(hours=1)
"""How long past its plan somebody still answers, when the next one is late."""
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001  # wall clock, as everywhere here

Span = tuple[datetime, datetime]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Pattern:
    """The rule of one rota. last_on: blank without an end; again_at: of half days only."""

    length: TurnLength
    changes_at: time
    again_at: time | None
    starts_on: date
    last_on: date | None
    people: tuple[UUID, ...]
    """In their order, each once, at least one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One lawyer for one span."""

    adviser_id: UUID
    starts: datetime
    ends: datetime


def spans(pattern: Pattern, until: date) -> list[Span]:
    """Return the spans of every turn from the rota's first midnight to the end of `until`.

    ROTA-1: they follow on one another without gap or overlap. The first one begins at midnight
    of the first day and the last one ends at midnight after the last, whatever the change hours.
    """
    opens = datetime.combine(pattern.starts_on, time.min)
    last = min(until, pattern.last_on or until)
    closes = datetime.combine(last, time.min) + DAY
    changes = (one for one in _changes(pattern, last) if opens < one < closes)
    edges = [opens, *changes, closes]
    return list(itertools.pairwise(edges)) if opens < closes else []


def _changes(pattern: Pattern, last: date) -> Iterator[datetime]:
    """Yield the instants of change from the first day to the last one, in order."""
    again = [] if pattern.again_at is None else [pattern.again_at]
    hours = sorted([pattern.changes_at, *again])
    step = 7 if pattern.length is TurnLength.WEEK else 1
    for days in range(0, (last - pattern.starts_on).days + 1, step):
        for hour in hours:
            yield datetime.combine(pattern.starts_on + timedelta(days=days), hour)


def turns(
    pattern: Pattern, until: date, is_away: Callable[[UUID, Span], bool] = lambda *_: False
) -> tuple[list[Turn], list[Span]]:
    """Return the turns of a rota up to `until`, and the spans for which everybody is away.

    ROTA-2: round by round each has one turn, so shares differ by at most one while nobody is
    away; who is away is passed over for the next one who is there. Counted from the rota's first
    day, so that the same rule gives the same turns, whenever it is asked.
    """
    found: list[Turn] = []
    nobody: list[Span] = []
    left: list[UUID] = []
    rounds = 0
    for span in spans(pattern, until):
        free = [one for one in left if not is_away(one, span)]
        if not free:
            left, rounds = _order(pattern, rounds), rounds + 1
            free = [one for one in left if not is_away(one, span)]
        if not free:
            nobody.append(span)
            continue
        left.remove(free[0])
        found.append(Turn(free[0], *span))
    return found, nobody


def _order(pattern: Pattern, rounds: int) -> list[UUID]:
    """Return who follows on whom in a round: nights come to everybody, not always to the same."""
    people = pattern.people
    if pattern.length is not TurnLength.HALF_DAY or len(people) % 2:
        return list(people)
    first = rounds // ROUNDS_ALIKE % len(people)
    return [*people[first:], *people[:first]]


def around(planned: Iterable[Turn], fixed: Iterable[Span]) -> list[Turn]:
    """Return the turns without what `fixed` spans take of them: a turn may fall into pieces."""
    taken = sorted(fixed)
    pieces = []
    for turn in planned:
        for start, end in uncovered((turn.starts, turn.ends), taken):
            pieces.append(Turn(turn.adviser_id, start, end))
    return pieces


def uncovered(window: Span, covered: Iterable[Span]) -> list[Span]:
    """Return the stretches of `window` that no span covers, in order, on whole minutes."""
    opens, closes = window
    reached, found = opens, []
    for start, end in joined(covered):
        if end <= opens or start >= closes:
            continue
        if start > reached:
            found.append((reached, start))
        reached = max(reached, end)
    if reached < closes:
        found.append((reached, closes))
    return found


def open_spans(window: Span, held: Iterable[Iterable[Span]]) -> list[Span]:
    """Return the stretches of `window` in which some street is held by nobody, in order.

    held: the spans of each street.
    """
    return joined(one for spans in held for one in uncovered(window, spans))


def joined(covered: Iterable[Span]) -> list[Span]:
    """Return the union of spans, in order and apart, on whole minutes."""
    merged = intervals.union((_minute(start), _minute(end)) for start, end in covered)
    return [(_EPOCH + timedelta(minutes=a), _EPOCH + timedelta(minutes=b)) for a, b in merged]


def _minute(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds() // 60)


def shares(planned: Iterable[tuple[UUID, Span]]) -> dict[UUID, tuple[int, int]]:
    """Return (turns, minutes) of each lawyer."""
    found: dict[UUID, tuple[int, int]] = {}
    for adviser_id, (start, end) in planned:
        count, minutes = found.get(adviser_id, (0, 0))
        found[adviser_id] = (count + 1, minutes + _minute(end) - _minute(start))
    return found


class TakingFault(StrEnum):
    """Why a turn cannot be taken over now."""

    TOO_EARLY = "too_early"
    OVER = "over"


def taking_fault(span: Span, now: datetime) -> TakingFault | None:
    """Return what is wrong with taking a turn over at `now`, None when it may be taken (ROTA-3)."""
    starts, ends = span
    if now < starts - EARLIEST:
        return TakingFault.TOO_EARLY
    return TakingFault.OVER if now >= ends else None


def relieved_at(planned_end: datetime, tap: datetime) -> datetime:
    """Return until when the one before has stood by, when the next one takes over at `tap`.

    ROTA-4: until the tap, early or up to an hour late, for the phone was still answered; when
    nobody came for more than an hour, until the planned end, and what follows is a gap.
    """
    return tap if tap <= planned_end + GRACE else planned_end


def still_answers(planned_end: datetime, now: datetime) -> bool:
    """Tell whether one who was not relieved is still the one to call (ROTA-4)."""
    return now < planned_end + GRACE


def nearest(items: Sequence[Item], span_of: Callable[[Item], Span], now: datetime) -> Item | None:
    """Return the item that began last among those that hold `now`, None when none does."""
    running = [one for one in items if span_of(one)[0] <= now < span_of(one)[1]]
    return max(running, key=lambda one: span_of(one)[0], default=None)
