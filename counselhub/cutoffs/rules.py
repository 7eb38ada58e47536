"""Until when a month is handed in, and how far back one may enter late. Pure.

CUT-1: a month's statement is due on the street's day of the next month, that day included; the
    firm is reminded from so many days before it.
CUT-2: a month is closed after its last day only by a day that stood before the month began: one
    that is set, or made earlier, closes from the next month on; one made later closes at once.
CUT-3: a closed month is handed in within the days that the office allows, both ends included.
CUT-4: handed in once it stays in time: what the office returns comes back whenever it is ready;
    a statement that is given up gives its time up too.
LATE-1: a late entry reaches back so many months from the present one, no further.
"""

from dataclasses import dataclass
from datetime import date, timedelta

USUAL_LATE_MONTHS = 6
USUAL_REMINDER_DAYS = 3
MOST_ALLOWED_DAYS = 90
"""The longest that an office opens a closed month for at a time."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a street asks; see `SettlementRule`."""

    late_months: int = USUAL_LATE_MONTHS
    late_cap_fen: int | None = None
    cutoff_day: int = 0
    reminder_days: int = USUAL_REMINDER_DAYS
    closes_from: date | None = None


def due_on(month: date, terms: Terms) -> date | None:
    """CUT-1: the last day on which the month's statement may be handed in; None: always."""
    if not terms.cutoff_day:
        return None
    return _following(month).replace(day=terms.cutoff_day)


def _following(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def is_reminded(month: date, terms: Terms, today: date) -> bool:
    """CUT-1: whether the firm is to be reminded of the month today."""
    due = due_on(month, terms)
    return due is not None and due - timedelta(days=terms.reminder_days) <= today <= due


def closes_from(before: Terms, cutoff_day: int, today: date) -> date | None:
    """CUT-2: the first month that the day closes, once it is set to `cutoff_day` today."""
    if not cutoff_day:
        return None
    if before.closes_from is not None and cutoff_day >= before.cutoff_day:
        return before.closes_from
    return _following(today)


def is_closed(month: date, terms: Terms, today: date) -> bool:
    """CUT-2: whether the cut-off closes a month that is not handed in."""
    due = due_on(month, terms)
    if due is None or terms.closes_from is None:
        return False
    return month >= terms.closes_from and today > due


def may_hand_in(allowed_until: date | None, today: date) -> bool:
    """CUT-3: whether a closed month may be handed in; None: the office allows it no day."""
    return allowed_until is not None and today <= allowed_until


def may_allow(until: date, today: date) -> bool:
    """CUT-3: whether an office may open a closed month until that day."""
    return today <= until <= today + timedelta(days=MOST_ALLOWED_DAYS)


def earliest_month(this_month: date, terms: Terms) -> date | None:
    """LATE-1: the first month that may still be entered for; None: none may."""
    if not terms.late_months:
        return None
    count = this_month.year * 12 + this_month.month - 1 - terms.late_months
    return date(count // 12, count % 12 + 1, 1)
