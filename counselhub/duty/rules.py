"""What follows from times on duty. Pure.

Times are as Shanghai's wall clock shows them; a minute counts from midnight, 0 to 1440.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from counselhub.core.intervals import Interval, length, union

MINUTES_A_DAY = 24 * 60
LONGEST_STAY = timedelta(hours=12)
SECOND_THOUGHTS = timedelta(minutes=10)


def is_forgotten(signed_in: datetime, now: datetime) -> bool:
    """Tell whether a sign-in without sign-out is of an earlier day or of more than 12 hours ago."""
    return signed_in.date() < now.date() or now - signed_in > LONGEST_STAY


def may_be_cancelled(signed_in: datetime, now: datetime) -> bool:
    """Tell whether a sign-in is so young (10 minutes) that it may have been a slip of the thumb."""
    return now - signed_in <= SECOND_THOUGHTS


class SignOutFault(StrEnum):
    """Why a sign-out cannot be: whole minutes of one day, after the sign-in, never to come."""

    BEFORE = "before"
    OTHER_DAY = "other_day"
    FUTURE = "future"


def sign_out_fault(signed_in: datetime, signed_out: datetime, now: datetime) -> SignOutFault | None:
    """Return what is wrong with a sign-out, None when it may stand."""
    if signed_out <= signed_in:
        return SignOutFault.BEFORE
    if signed_out > now:
        return SignOutFault.FUTURE
    return SignOutFault.OTHER_DAY if signed_out.date() != signed_in.date() else None


class Doubt(StrEnum):
    """Why a session may count for nothing (money rule M3)."""

    NO_SIGN_OUT = "no_sign_out"
    NOT_ASSIGNED = "not_assigned"
    SHORT_DAY = "short_day"


@dataclass(frozen=True, slots=True)
class Stay:
    """A session as the list shows it; minutes count from the day's midnight, None: not told."""

    sign_in: int
    sign_out: int | None
    is_assigned: bool


def doubts(stay: Stay, day: Sequence[Stay], shortest_minutes: int) -> list[Doubt]:
    """Return why `stay` counts for nothing, nothing when it counts.

    day: all stays of the community and day, not voided, `stay` among them; any order.
    """
    if stay.sign_out is None:
        return [Doubt.NO_SIGN_OUT]
    if not stay.is_assigned:
        return [Doubt.NOT_ASSIGNED]
    return [Doubt.SHORT_DAY] if counted_minutes(day) < shortest_minutes else []


def counted_minutes(day: Iterable[Stay]) -> int:
    """M3: the minutes of the union of the stays that count, of one community and day."""
    return length(
        [(s.sign_in, s.sign_out) for s in day if s.sign_out is not None and s.is_assigned]
    )


def spans_of_day(day: date, shifts: Iterable[tuple[datetime, datetime]]) -> list[Interval]:
    """Return the stretches of `day` that the shifts cover, joined and in order (money rule M7).

    A shift over midnight serves both days.
    """
    opens = datetime.combine(day, datetime.min.time(), None)
    return union(
        (
            max(0, _minutes(starts.replace(tzinfo=None) - opens)),
            min(MINUTES_A_DAY, _minutes(ends.replace(tzinfo=None) - opens)),
        )
        for starts, ends in shifts
    )


def gaps(spans: Iterable[Interval]) -> list[Interval]:
    """Return the stretches of a day that `spans` (in order, apart) leave open."""
    found: list[Interval] = []
    reached = 0
    for start, end in spans:
        if start > reached:
            found.append((reached, start))
        reached = end
    if reached < MINUTES_A_DAY:
        found.append((reached, MINUTES_A_DAY))
    return found


def later_than(stretches: Iterable[Interval], minute: int) -> list[Interval]:
    """Return what of the stretches lies at `minute` or later."""
    return [(max(start, minute), end) for start, end in stretches if end > minute]


def repeated(first: date, every_days: int) -> list[date]:
    """Return `first` and each `every_days`-th day after it up to its month's end; 0: only it."""
    if not every_days:
        return [first]
    days = [first]
    while (later := days[-1] + timedelta(days=every_days)).month == first.month:
        days.append(later)
    return days


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
