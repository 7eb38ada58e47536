"""What a plan costs, what a change of seats costs, and where a firm stands on a day. Pure.

Amounts are whole fen, days are of Shanghai, both ends of a period count.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from counselhub.billing.kinds import Interval, Standing
from counselhub.core.money import divide_half_up

GRACE_DAYS = 31
TRIAL_DAYS = 30
REMIND_BEFORE = (7, 1)
"""Days before the first read-only day on which the firm is reminded once more."""
A_DAY = timedelta(days=1)
MONTHS = {Interval.MONTH: 1, Interval.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Price:
    """What one plan asks. seat_fen: for one charged seat and one interval, 0 or more."""

    free_seats: int
    seat_fen: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Period:
    """The days that one bill pays for, both ends included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it has, at least 1."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a firm's paying.

    charged_seats: above the free ones. covered_until: the last paid day, None for none ever.
    grace_from: days before it start no grace: of a firm that was never asked to pay before, the day
    on which it was; of one whose money went back, the day on which it did.
    is_ending: the firm has cancelled.
    """

    charged_seats: int
    trial_ends_on: date
    covered_until: date | None
    grace_from: date
    is_ending: bool


@dataclass(frozen=True, slots=True)
class Paid:
    """A bill as far as it covers days. net_fen: what came in, less what went back."""

    end: date
    total_fen: int
    net_fen: int
    is_settled: bool


def charged(seats: int, free_seats: int) -> int:
    """Return how many of `seats` are paid for: those above the free ones (BILL-1)."""
    return max(0, seats - free_seats)


def total_fen(seats: int, price: Price) -> int:
    """Return what a whole period costs with `seats` active advisers (BILL-1)."""
    return charged(seats, price.free_seats) * price.seat_fen


def period_of(anchor: date, interval: Interval, number: int = 0) -> Period:
    """Return the period `number` (from 0) of a subscription that began on `anchor` (BILL-2).

    It begins on the anchor's day of the month, or on the last day of a shorter month.
    """
    step = MONTHS[interval]
    start = _months_after(anchor, number * step)
    return Period(start, _months_after(anchor, (number + 1) * step) - A_DAY)


def period_from(start: date, anchor: date | None, interval: Interval) -> Period:
    """Return the period that begins on `start`: of the row of `anchor` where it is one of its own.

    So that what began on a 31st comes back to the 31st after a shorter month.
    """
    if anchor is not None and anchor <= start:
        months = (start.year - anchor.year) * 12 + start.month - anchor.month
        period = period_of(anchor, interval, months // MONTHS[interval])
        if period.start == start:
            return period
    return period_of(start, interval)


def _months_after(anchor: date, months: int) -> date:
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor.day, last))


def proration_fen(before: int, after: int, on: date, period: Period, price: Price) -> int:
    """Return what a change of seats costs (above 0) or gives back (below 0) for the days left.

    before, after: active advisers. `on` itself is counted as changed; days outside the period cost
    nothing. To the whole fen, half up; it goes onto the next bill (BILL-3).
    """
    left = (period.end - max(on, period.start)).days + 1
    if left <= 0:
        return 0
    difference = total_fen(after, price) - total_fen(before, price)
    return divide_half_up(difference * left, period.days)


def covered_until(bills: Iterable[Paid]) -> date | None:
    """Return the last day that settled bills pay for, None for none (BILL-4).

    One whose money went back whole covers nothing any more; the order does not matter.
    """
    ends = [
        bill.end for bill in bills if bill.is_settled and (bill.net_fen > 0 or bill.total_fen <= 0)
    ]
    return max(ends, default=None)


def lapses_on(facts: Facts) -> date:
    """Return the first day on which a charged firm owes (BILL-5)."""
    return max(_covered(facts) + A_DAY, facts.grace_from)


def _covered(facts: Facts) -> date:
    return max(facts.trial_ends_on, facts.covered_until or facts.trial_ends_on)


def read_only_on(facts: Facts) -> date | None:
    """Return the first read-only day, None when there is none (BILL-6).

    Grace is 31 days; a firm that has cancelled has none: its last paid day is the last one.
    """
    if not facts.charged_seats:
        return None
    if facts.is_ending:
        return max(_covered(facts) + A_DAY, facts.grace_from)
    return lapses_on(facts) + timedelta(days=GRACE_DAYS)


def standing(facts: Facts, today: date) -> Standing:
    """Return where a firm stands today (BILL-5, BILL-6)."""
    if not facts.charged_seats:
        return Standing.FREE
    closes = read_only_on(facts)
    if closes is not None and today >= closes:
        return Standing.CANCELLED if facts.is_ending else Standing.READ_ONLY
    if facts.covered_until and today <= facts.covered_until:
        return Standing.ACTIVE
    if today <= facts.trial_ends_on or today < facts.grace_from:
        return Standing.TRIAL
    return Standing.PAST_DUE


def reminder_days(facts: Facts) -> tuple[date, ...]:
    """Return the days on which a charged firm is reminded: at failure, 7 and 1 days before."""
    closes = read_only_on(facts)
    if closes is None or facts.is_ending:
        return ()
    return (lapses_on(facts), *(closes - timedelta(days=days) for days in REMIND_BEFORE))
