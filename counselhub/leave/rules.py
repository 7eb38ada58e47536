"""When is somebody away? Pure. Days of Shanghai; minutes count from midnight, 0 to 1440.

LEAVE-1: leave is of whole days, or of some hours of one day.
LEAVE-2: it is asked for at most 31 days afterwards and a year ahead, and lasts at most a year.
LEAVE-3: nobody has two requests, asked or approved, for the same time; times that only touch are
    not the same.
LEAVE-4: its lawyer takes back what is not decided, and what is approved until its first day; the
    manager takes back any.
LEAVE-5: whoever is away does not decide on it, while the firm has another who may.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

WHOLE_DAY = (0, 24 * 60)
BACKWARDS = timedelta(days=31)
AHEAD = timedelta(days=366)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Absence:
    """From first to last, both included; of one day from starts up to ends, blank: all of it."""

    first: date
    last: date
    starts: time | None = None
    ends: time | None = None

    @property
    def minutes(self) -> tuple[int, int]:
        """The stretch of each of its days."""
        if self.starts is None or self.ends is None:
            return WHOLE_DAY
        return _minute(self.starts), _minute(self.ends)

    @property
    def is_whole(self) -> bool:
        """Whether it is of whole days."""
        return self.starts is None


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


class Fault(StrEnum):
    """Why an absence cannot be asked for."""

    ORDER = "order"
    HALF_TOLD = "half_told"
    HOURS_OF_DAYS = "hours_of_days"
    TIMES = "times"
    TOO_LONG = "too_long"
    LONG_AGO = "long_ago"
    FAR_OFF = "far_off"


def fault(wanted: Absence, today: date) -> Fault | None:
    """Return what is wrong with an absence (LEAVE-1, LEAVE-2), None when it may be asked for."""
    if wanted.last < wanted.first:
        return Fault.ORDER
    if (wanted.starts is None) != (wanted.ends is None):
        return Fault.HALF_TOLD
    if wanted.starts is not None and wanted.first != wanted.last:
        return Fault.HOURS_OF_DAYS
    begins, ends = wanted.minutes
    if begins >= ends:
        return Fault.TIMES
    if wanted.last - wanted.first >= LONGEST:
        return Fault.TOO_LONG
    if wanted.first < today - BACKWARDS:
        return Fault.LONG_AGO
    return Fault.FAR_OFF if wanted.first > today + AHEAD else None


def overlap(one: Absence, other: Absence) -> bool:
    """Tell whether two absences have a minute in common (LEAVE-3)."""
    if one.last < other.first or other.last < one.first:
        return False
    begins, ends = one.minutes
    other_begins, other_ends = other.minutes
    return begins < other_ends and other_begins < ends


def may_take_back(absence: Absence, today: date, *, is_decided: bool) -> bool:
    """Tell whether its lawyer may take it back (LEAVE-4)."""
    return not is_decided or today < absence.first
