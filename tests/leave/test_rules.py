"""When somebody is away: tables and properties, no database."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.leave.rules import Absence, Fault, fault, may_take_back, overlap

TODAY = date(2026, 10, 8)


def days(first: int, last: int | None = None) -> Absence:
    return Absence(date(2026, 10, first), date(2026, 10, last or first))


def hours(day: int, starts: int, ends: int) -> Absence:
    return Absence(date(2026, 10, day), date(2026, 10, day), time(starts), time(ends))


@pytest.mark.parametrize(
    ("wanted", "wrong"),
    [
        pytest.param(days(12, 14), None, id="LEAVE-1 days"),
        pytest.param(days(12), None, id="LEAVE-1 one day"),
        pytest.param(hours(12, 9, 12), None, id="LEAVE-1 hours"),
        pytest.param(days(14, 12), Fault.ORDER, id="the last before the first"),
        pytest.param(
            Absence(date(2026, 10, 12), date(2026, 10, 12), time(9)),
            Fault.HALF_TOLD,
            id="from nine until nobody knows",
        ),
        pytest.param(
            Absence(date(2026, 10, 12), date(2026, 10, 13), time(9), time(12)),
            Fault.HOURS_OF_DAYS,
            id="LEAVE-1 hours of two days",
        ),
        pytest.param(hours(12, 12, 12), Fault.TIMES, id="no time at all"),
        pytest.param(
            Absence(TODAY, TODAY + timedelta(366)), Fault.TOO_LONG, id="LEAVE-2 over a year long"
        ),
        pytest.param(Absence(TODAY, TODAY + timedelta(365)), None, id="LEAVE-2 a year long"),
        pytest.param(Absence(TODAY - timedelta(31), TODAY), None, id="LEAVE-2 31 days afterwards"),
        pytest.param(
            Absence(TODAY - timedelta(32), TODAY), Fault.LONG_AGO, id="LEAVE-2 32 days afterwards"
        ),
        pytest.param(
            Absence(TODAY + timedelta(367), TODAY + timedelta(367)),
            Fault.FAR_OFF,
            id="LEAVE-2 over a year ahead",
        ),
    ],
)
def test_what_may_be_asked_for(wanted: Absence, wrong: Fault | None) -> None:
    assert fault(wanted, TODAY) is wrong


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(days(12, 14), days(14, 16), True, id="LEAVE-3 a day in common"),
        pytest.param(days(12, 14), days(15, 16), False, id="the day after"),
        pytest.param(days(12, 14), hours(13, 9, 10), True, id="hours within days"),
        pytest.param(hours(12, 9, 12), hours(12, 12, 14), False, id="LEAVE-3 hours that touch"),
        pytest.param(hours(12, 9, 12), hours(12, 11, 14), True, id="hours in common"),
        pytest.param(hours(12, 9, 12), hours(13, 9, 12), False, id="the same hours of two days"),
    ],
)
def test_what_is_the_same_time(one: Absence, other: Absence, same: bool) -> None:
    assert overlap(one, other) is same
    assert overlap(other, one) is same


@given(*(st.integers(1, 28) for _ in range(4)))
def test_days_overlap_as_sets_of_days_do(a: int, b: int, c: int, d: int) -> None:
    one, other = sorted((a, b)), sorted((c, d))
    common = set(range(one[0], one[1] + 1)) & set(range(other[0], other[1] + 1))
    assert overlap(days(*one), days(*other)) is bool(common)


@pytest.mark.parametrize(
    ("first", "is_decided", "may"),
    [
        pytest.param(9, True, True, id="LEAVE-4 approved, tomorrow"),
        pytest.param(8, True, False, id="LEAVE-4 approved, begun today"),
        pytest.param(5, False, True, id="LEAVE-4 never decided"),
    ],
)
def test_who_takes_back_what(first: int, is_decided: bool, may: bool) -> None:
    assert may_take_back(days(first, 20), TODAY, is_decided=is_decided) is may
