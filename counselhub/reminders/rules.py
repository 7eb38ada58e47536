"""When is somebody reminded, and of what once? Pure; days are Shanghai's, whole ones.

Each reminder has a key: who was told of a key is not told again, however often the morning's job
runs. A step that was missed, as when the service stood still, is made up for by the nearest one.

NOTE-1: a contract that nobody continues: 60, 30 and 7 days before its last day.
NOTE-2: a community under contract without a lead: 28 and 7 days before the first such day, that
    day included in both, and while it lasts once in all.
NOTE-3: an hour of the next 7 days that nobody answers online in a street of a rota: once for each
    day on which a gap begins; for one that runs already, once a week.
NOTE-4: hours that a lawyer's communities still lack, once a month, when 7 days are left of it, the
    day itself included.
NOTE-5: last month's statement, from the street's days of reminder on (CUT-1), and once more when
    its last day has passed.
NOTE-6: a statement that has been on the firm's side with the office's questions for 3, 7 and 14
    days; NOTE-7: one on the office's side again for as long.
NOTE-8: steps of referrals whose limit ends within 24 hours, each morning, with their number.
NOTE-9: a pairing that nobody continues: 60 and 30 days before its last day.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from counselhub.assignments.rules import Days

CONTRACT_DAYS = (60, 30, 7)
COVERAGE_DAYS = (28, 7)
ROTA_DAYS = 7
SHORT_DAYS = 7
WAITING_DAYS = (3, 7, 14)
REFERRAL_HOURS = 24
PAIRING_DAYS = (60, 30)


def step_before(day: date, today: date, steps: Sequence[int]) -> int | None:
    """Return the step of `steps` (days before `day`) that today has come to, None before all.

    The nearest one; `day` itself and what is past are the nearest too.
    """
    left = (day - today).days
    return min((step for step in steps if left <= step), default=None)


def step_after(since: date, today: date, steps: Sequence[int]) -> int | None:
    """Return the last step of `steps` (days after `since`) that has been reached, None before."""
    passed = (today - since).days
    return max((step for step in steps if passed >= step), default=None)


def gap_ahead(gaps: Iterable[Days], today: date) -> Days | None:
    """Return the first gap that is not over (NOTE-2), None without one. gaps: in order."""
    return next((gap for gap in gaps if gap.last >= today), None)


def rota_day(begins: date, today: date) -> date:
    """Return the day that a gap online is told of under (NOTE-3): the week's first if it runs."""
    return begins if begins > today else today - timedelta(days=today.weekday())


def is_short_time(last_day: date, today: date) -> bool:
    """Whether so few days are left of a month that short hours are told (NOTE-4)."""
    return 0 <= (last_day - today).days < SHORT_DAYS
