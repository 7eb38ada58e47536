"""Which slots a month of a term asks for, and on which days each may lie. Pure.

ROSTER-1: a quota is of a calendar month; a short month has no smaller one.
ROSTER-2: a fixed weekday that is off is made up for on the next working day of the same month, or
not at all, as the contract says. Fixed weekends are off only on holidays.
ROSTER-3: hours and days a month spread over its working days.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from counselhub.roster.facts import Ask, Key, Missing, Why
from counselhub.roster.kinds import OnHoliday, TermKind
from counselhub.roster.working_days import SATURDAY, Calendar, DayKind, days_between

FIXED = (TermKind.WEEKLY, TermKind.NTH)
LATEST_MAKE_UP = timedelta(days=13)


@dataclass(frozen=True, slots=True)
class Quota:
    """One slot that is asked for: the days it may lie on, best first, never empty."""

    key: Key
    days: tuple[date, ...]
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one month; plannable from `opens` on."""

    first: date
    last: date
    opens: date


def quotas(
    ask: Ask, span: Span, calendar: Calendar, seed: int
) -> tuple[list[Quota], list[Missing]]:
    """Return what a month of `ask` needs, and which of it has no day to lie on."""
    found = _fixed(ask, span, calendar) if ask.kind in FIXED else _spread(ask, span, calendar, seed)
    wanted: list[Quota] = []
    missing: list[Missing] = []
    for one in found:
        if isinstance(one, Quota):
            wanted.append(one)
        else:
            missing.append(one)
    return wanted, missing


def _fixed(ask: Ask, span: Span, calendar: Calendar) -> Iterator[Quota | Missing]:
    days = [day for day in days_between(span.first, span.last) if day.weekday() == ask.weekday]
    for turn, day in enumerate(days, 1):
        if (ask.weeks and turn not in ask.weeks) or not ask.first <= day <= ask.last:
            continue
        key = Key(ask.term_id, ask.community, turn)
        found: tuple[date, ...] = ()
        if is_open(day, calendar):
            found, why = (day,), Why.PAST
        elif ask.on_holiday is OnHoliday.SKIP:
            why = Why.SKIPPED
        else:
            found, why = _made_up(day, ask, span, calendar), Why.NO_WORKDAY
        ahead = tuple(one for one in found if one >= span.opens)
        if ahead:
            yield Quota(key, ahead, ask.begins, ask.ends)
        else:
            yield Missing(key, Why.PAST if found else why, day, ask.begins, ask.ends)


def is_open(day: date, calendar: Calendar) -> bool:
    """Whether a fixed slot stands on `day`; an agreed weekend is off only on holidays."""
    return stands(day, day.weekday(), calendar)


def stands(day: date, weekday: int | None, calendar: Calendar) -> bool:
    """Whether duty that is agreed for `weekday` (None: for working days) stands on `day`."""
    if weekday is not None and weekday >= SATURDAY and day.weekday() == weekday:
        return calendar.kind(day) is not DayKind.HOLIDAY
    return calendar.is_worked(day)


def _made_up(day: date, ask: Ask, span: Span, calendar: Calendar) -> tuple[date, ...]:
    """Return the working days after `day` on which it may be made up for, nearest first."""
    last = min(span.last, ask.last, day + LATEST_MAKE_UP)
    return tuple(calendar.working_days(day + timedelta(days=1), last))


def _spread(ask: Ask, span: Span, calendar: Calendar, seed: int) -> Iterator[Quota | Missing]:
    first, last = max(span.first, ask.first), min(span.last, ask.last)
    working = calendar.working_days(first, last)
    for turn, minutes in enumerate(_lengths(ask), 1):
        key, ends = Key(ask.term_id, ask.community, turn), ask.begins + minutes
        days = _by_preference(ask, working, turn, seed)
        ahead = tuple(day for day in days if day >= span.opens)
        if ahead:
            yield Quota(key, ahead, ask.begins, ends)
        else:
            yield Missing(key, Why.PAST if days else Why.NO_WORKDAY, None, ask.begins, ends)


def _lengths(ask: Ask) -> list[int]:
    """Return the minutes of each slot: hours a month fill whole ones, the last may be shorter."""
    whole = ask.ends - ask.begins
    if ask.kind is TermKind.DAYS:
        return [whole] * ask.required_days
    full, rest = divmod(ask.required_minutes, whole)
    return [whole] * full + ([rest] if rest else [])


def _by_preference(ask: Ask, working: Sequence[date], turn: int, seed: int) -> list[date]:
    if not working:
        return []
    count = len(working)
    start = drawn(seed, ask.term_id, ask.community) % count
    aim = (start + (turn - 1) * count // max(1, len(_lengths(ask)))) % count

    def key(place: int) -> tuple[bool, int, int]:
        day = working[place]
        apart = min(abs(place - aim), count - abs(place - aim))
        other = ask.weekday is not None and day.weekday() != ask.weekday
        return other, apart, drawn(seed, ask.community, day)

    return [working[place] for place in sorted(range(count), key=key)]


def drawn(seed: int, *about: object) -> int:
    """Return a number that the same seed and subject always give."""
    words = "|".join([str(seed), *map(str, about)])
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest())
