"""When what goes out may go: quiet hours, the day's digest, tries after a failure. Pure.

Hours are whole ones of Shanghai's wall clock, 0 to 23; instants are aware.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from counselhub.core import clock
from counselhub.notices.kinds import Mode

MOST_TRIES = 12
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
FARTHEST_DAYS = 31
"""How far the next fit day is looked for: no holiday is so long."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a person, or a group, is left in peace.

    quiet_from, quiet_until: hours; the same hour twice is no quiet at all. rests: nothing goes on
    days that are not worked. digest_at: the hour of the day's digest.
    """

    quiet_from: int = 22
    quiet_until: int = 8
    rests: bool = False
    digest_at: int = 8

    @classmethod
    def of(cls, row: Any) -> "Hours":
        """Return the hours of a row that has them; no row, and a row of blanks, has the usual."""
        if row is None or row.quiet_from is None:
            return cls()
        return cls(row.quiet_from, row.quiet_until, row.rests, row.digest_at)


def due_at(
    mode: Mode, now: datetime, hours: Hours, is_worked: Callable[[date], bool]
) -> datetime | None:
    """Return when a notice is to go out: None when it stays in the app."""
    if mode is Mode.MAIL:
        return next_fit(now, hours, is_worked)
    if mode is Mode.DIGEST:
        return next_fit(next_digest(now, hours), hours, is_worked)
    return None


def next_digest(now: datetime, hours: Hours) -> datetime:
    """Return the next time that the digest's hour begins, later than `now`."""
    today = clock.local(now).date()
    at = clock.instant(today, time(hours.digest_at))
    return at if at > now else clock.instant(today + timedelta(days=1), time(hours.digest_at))


def next_fit(at: datetime, hours: Hours, is_worked: Callable[[date], bool]) -> datetime:
    """Return `at`, or when the quiet that it falls into is over."""
    for _step in range(FARTHEST_DAYS):
        local = clock.local(at)
        if hours.rests and not is_worked(local.date()):
            at = clock.instant(local.date() + timedelta(days=1), time(0))
        elif is_quiet(local.hour, hours):
            day = local.date() + timedelta(days=local.hour >= hours.quiet_until)
            at = clock.instant(day, time(hours.quiet_until))
        else:
            break
    return at


def is_quiet(hour: int, hours: Hours) -> bool:
    """Tell whether an hour of the day lies in the quiet, which may go past midnight."""
    if hours.quiet_from <= hours.quiet_until:
        return hours.quiet_from <= hour < hours.quiet_until
    return hour >= hours.quiet_from or hour < hours.quiet_until


def wait_after(tries: int) -> timedelta | None:
    """Return how long to wait after the failure number `tries` (from 1); None: give up.

    1, 4, 16, 64, 256 minutes, then every six hours: nearly two days in all.
    """
    if tries >= MOST_TRIES:
        return None
    return min(FIRST_WAIT * (1 << 2 * (tries - 1)), LONGEST_WAIT)
