"""When what goes out may go; Shanghai's wall clock."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core.clock import SHANGHAI
from counselhub.notices.kinds import Mode
from counselhub.notices.rules import (
    LONGEST_WAIT,
    MOST_TRIES,
    Hours,
    due_at,
    is_quiet,
    next_fit,
    wait_after,
)

USUAL = Hours()
AWAKE = Hours(0, 0)
NOON = Hours(12, 14, digest_at=13)
RESTS = Hours(rests=True)
HOURS = st.integers(0, 23)
MADE = st.builds(Hours, HOURS, HOURS, st.booleans(), HOURS)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
    lambda at: at.replace(tzinfo=SHANGHAI)
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def is_worked(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("mode", "now", "hours", "due"),
    [
        pytest.param(Mode.INBOX, at(23, 10), USUAL, None, id="in the app alone"),
        pytest.param(Mode.OFF, at(23, 10), USUAL, None, id="not at all"),
        pytest.param(Mode.MAIL, at(23, 10), USUAL, at(23, 10), id="at once"),
        pytest.param(Mode.MAIL, at(23, 21, 59), USUAL, at(23, 21, 59), id="just before the quiet"),
        pytest.param(Mode.MAIL, at(23, 22), USUAL, at(24, 8), id="the quiet begins"),
        pytest.param(Mode.MAIL, at(24, 7, 59), USUAL, at(24, 8), id="after midnight, same day"),
        pytest.param(Mode.MAIL, at(24, 8), USUAL, at(24, 8), id="the quiet is over"),
        pytest.param(Mode.MAIL, at(24, 3), AWAKE, at(24, 3), id="no quiet at all"),
        pytest.param(Mode.MAIL, at(24, 13), NOON, at(24, 14), id="quiet within a day"),
        pytest.param(Mode.DIGEST, at(23, 7), USUAL, at(23, 8), id="today's digest"),
        pytest.param(Mode.DIGEST, at(23, 8), USUAL, at(24, 8), id="today's digest went"),
        pytest.param(Mode.DIGEST, at(23, 8), NOON, at(23, 14), id="a digest within the quiet"),
        pytest.param(Mode.MAIL, at(27, 23), RESTS, at(30, 8), id="Friday night, until Monday"),
        pytest.param(Mode.MAIL, at(28, 10), RESTS, at(30, 8), id="Saturday, until Monday"),
        pytest.param(Mode.DIGEST, at(27, 9), RESTS, at(30, 8), id="no digest on Saturday"),
    ],
)
def test_due_at(mode: Mode, now: datetime, hours: Hours, due: datetime | None) -> None:
    assert due_at(mode, now, hours, is_worked) == due


@given(MOMENTS, MADE)
def test_what_goes_out_never_falls_into_the_quiet(now: datetime, hours: Hours) -> None:
    found = next_fit(now, hours, is_worked)
    local = found.astimezone(SHANGHAI)
    assert found >= now
    assert not is_quiet(local.hour, hours)
    assert is_worked(local.date()) or not hours.rests
    assert found - now < timedelta(days=4)


def test_days_that_never_come_hold_nothing_up_for_ever() -> None:
    assert next_fit(at(23, 10), RESTS, lambda _day: False) < at(23, 10) + timedelta(days=32)


def test_waits_grow_and_end() -> None:
    waits = [wait_after(tries) for tries in range(1, MOST_TRIES + 1)]
    assert waits[-1] is None
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known)
    assert known[:3] == [timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16)]
    assert max(known) == LONGEST_WAIT
    assert timedelta(days=1) < sum(known, timedelta()) < timedelta(days=2)
