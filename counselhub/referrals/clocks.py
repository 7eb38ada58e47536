"""When is something due? Pure. Instants are aware; days are Shanghai's.

DUE-1: urgent referrals are counted by the clock on the wall, nights and holidays too.
DUE-2: all others by office hours: 9:00 to 17:00 of worked days, so eight hours are one day.
DUE-3: while the client is waited for, the clock stands; pauses that overlap count once.
DUE-4: while a pause has no end there is no due time, only what is left.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from counselhub.core import clock
from counselhub.referrals.kinds import Urgency

OPENS, CLOSES = time(9), time(17)
LONGEST_DAYS = 800
"""A limit that is not used up within so many days is a fault of ours."""

Span = tuple[datetime, datetime]
IsWorked = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Pause:
    """The client is waited for from `began` up to `ended`, None: still."""

    began: datetime
    ended: datetime | None = None


def due_at(
    begins: datetime,
    hours: int,
    urgency: Urgency,
    is_worked: IsWorked,
    pauses: Sequence[Pause] = (),
) -> datetime | None:
    """Return the instant when `hours` are used up, None while a pause goes on (DUE-4)."""
    if any(pause.ended is None for pause in pauses):
        return None
    left = timedelta(hours=hours)
    for start, end in _counted(begins, urgency, is_worked, pauses):
        if left <= end - start:
            return start + left
        left -= end - start
    raise ValueError(f"{hours} hours are not used up within {LONGEST_DAYS} days")


def used(
    begins: datetime,
    until: datetime,
    urgency: Urgency,
    is_worked: IsWorked,
    pauses: Sequence[Pause] = (),
) -> timedelta:
    """Return how much of a limit is used up at `until`; pauses count nothing, open ones too."""
    total = timedelta()
    for start, end in _counted(begins, urgency, is_worked, pauses):
        if start >= until:
            break
        total += min(end, until) - start
    return total


def _counted(
    begins: datetime, urgency: Urgency, is_worked: IsWorked, pauses: Sequence[Pause]
) -> Iterator[Span]:
    """Yield the spans that count, in order, from `begins` on."""
    spans = _whole(begins) if urgency is Urgency.URGENT else _office(begins, is_worked)
    for span in spans:
        yield from _without(span, pauses)


def _whole(begins: datetime) -> Iterator[Span]:
    for day in range(LONGEST_DAYS):
        yield begins + timedelta(days=day), begins + timedelta(days=day + 1)


def _office(begins: datetime, is_worked: IsWorked) -> Iterator[Span]:
    first = clock.local(begins).date()
    for ahead in range(LONGEST_DAYS):
        day = first + timedelta(days=ahead)
        closes = clock.instant(day, CLOSES)
        opens = max(begins, clock.instant(day, OPENS))
        if opens < closes and is_worked(day):
            yield opens, closes


def _without(span: Span, pauses: Iterable[Pause]) -> Iterator[Span]:
    """Yield what is left of a span outside the pauses."""
    at, end = span
    for pause in sorted(pauses, key=lambda one: one.began):
        if pause.ended is not None and pause.ended <= at:
            continue
        if pause.began >= end:
            break
        if pause.began > at:
            yield at, pause.began
        if pause.ended is None:
            return
        at = max(at, pause.ended)
    if at < end:
        yield at, end
