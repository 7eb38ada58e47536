"""Forgotten sign-outs, sessions that count for nothing, the gaps of a day online."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core.intervals import Interval, union
from counselhub.duty.rules import (
    Doubt,
    SignOutFault,
    Stay,
    counted_minutes,
    doubts,
    gaps,
    is_forgotten,
    later_than,
    may_be_cancelled,
    repeated,
    sign_out_fault,
    spans_of_day,
)

DAY = date(2026, 10, 8)


def at(hour: int, minute: int = 0, day: int = 8) -> datetime:
    return datetime(2026, 10, day, hour, minute)


@pytest.mark.parametrize(
    ("signed_in", "now", "forgotten"),
    [
        pytest.param(at(9), at(21), False, id="12 hours exactly are a long day"),
        pytest.param(at(9), at(21, 1), True, id="a minute more is forgotten"),
        pytest.param(at(23, 50), at(0, 5, 9), True, id="yesterday is forgotten"),
        pytest.param(at(9), at(9), False, id="just now"),
    ],
)
def test_forgotten(signed_in: datetime, now: datetime, forgotten: bool) -> None:
    assert is_forgotten(signed_in, now) is forgotten


@pytest.mark.parametrize(
    ("signed_out", "fault"),
    [
        pytest.param(at(9), SignOutFault.BEFORE, id="the same minute"),
        pytest.param(at(8, 59), SignOutFault.BEFORE, id="before"),
        pytest.param(at(12, 1), SignOutFault.FUTURE, id="to come"),
        pytest.param(at(12), None, id="now"),
        pytest.param(at(9, 1), None, id="a minute later"),
    ],
)
def test_sign_out_fault(signed_out: datetime, fault: SignOutFault | None) -> None:
    assert sign_out_fault(at(9), signed_out, at(12)) == fault


def test_sign_out_on_another_day() -> None:
    assert sign_out_fault(at(23), at(0, 30, 9), at(8, 0, 9)) is SignOutFault.OTHER_DAY


def test_a_slip_of_the_thumb_is_young() -> None:
    assert may_be_cancelled(at(9), at(9, 10))
    assert not may_be_cancelled(at(9), at(9, 11))


FULL = Stay(540, 660, True)


@pytest.mark.parametrize(
    ("stay", "day", "expected"),
    [
        pytest.param(FULL, [FULL], [], id="M3 counts"),
        pytest.param(Stay(540, None, True), [FULL], [Doubt.NO_SIGN_OUT], id="M3 no sign-out"),
        pytest.param(Stay(540, 660, False), [FULL], [Doubt.NOT_ASSIGNED], id="M3 not assigned"),
        pytest.param(
            Stay(540, 570, True), [Stay(540, 570, True)], [Doubt.SHORT_DAY], id="M3 short day"
        ),
        pytest.param(
            Stay(540, 570, True),
            [Stay(540, 570, True), Stay(600, 630, True)],
            [],
            id="M3 two short stays make a visit",
        ),
        pytest.param(
            Stay(540, 570, True),
            [Stay(540, 570, True), Stay(540, 570, True)],
            [Doubt.SHORT_DAY],
            id="M3 two together are one presence",
        ),
    ],
)
def test_doubts(stay: Stay, day: list[Stay], expected: list[Doubt]) -> None:
    assert doubts(stay, day, 60) == expected


def test_only_counted_stays_make_minutes() -> None:
    assert counted_minutes([FULL, Stay(0, 60, False), Stay(700, None, True)]) == 120


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        pytest.param([], [(0, 1440)], id="nobody"),
        pytest.param([(at(0), at(0, 0, 9))], [], id="M7 one shift around the clock"),
        pytest.param([(at(0), at(12)), (at(12), at(0, 0, 9))], [], id="M7 touching shifts join"),
        pytest.param([(at(8), at(20))], [(0, 480), (1200, 1440)], id="a day shift"),
        pytest.param([(at(20, 0, 7), at(8))], [(480, 1440)], id="M7 over midnight, its second day"),
        pytest.param([(at(20), at(8, 0, 9))], [(0, 1200)], id="M7 over midnight, its first day"),
        pytest.param([(at(0, 0, 1), at(0, 0, 9))], [], id="a week long"),
        pytest.param([(at(8, 0, 9), at(9, 0, 9))], [(0, 1440)], id="another day's"),
    ],
)
def test_gaps_of_a_day(shifts: list[tuple[datetime, datetime]], expected: list[Interval]) -> None:
    assert gaps(spans_of_day(DAY, shifts)) == expected


SHIFTS = st.lists(
    st.tuples(st.integers(-2000, 3000), st.integers(1, 3000)).map(
        lambda pair: (
            at(0) + timedelta(minutes=pair[0]),
            at(0) + timedelta(minutes=pair[0] + pair[1]),
        )
    ),
    max_size=8,
)


@given(SHIFTS)
def test_a_day_has_no_gap_if_and_only_if_every_minute_is_covered(
    shifts: list[tuple[datetime, datetime]],
) -> None:
    minutes = [at(0) + timedelta(minutes=minute) for minute in range(1440)]
    uncovered = {
        minute
        for minute, moment in enumerate(minutes)
        if not any(begin <= moment < end for begin, end in shifts)
    }
    found = gaps(spans_of_day(DAY, shifts))
    assert {minute for start, end in found for minute in range(start, end)} == uncovered
    assert union(found) == found
    assert (not found) == (not uncovered)


@pytest.mark.parametrize(
    ("first", "every", "days"),
    [
        pytest.param(date(2026, 10, 8), 0, [8], id="once"),
        pytest.param(date(2026, 10, 8), 7, [8, 15, 22, 29], id="weekly"),
        pytest.param(date(2026, 10, 30), 1, [30, 31], id="daily"),
        pytest.param(date(2026, 10, 31), 7, [31], id="the last day"),
    ],
)
def test_repeated(first: date, every: int, days: list[int]) -> None:
    assert [day.day for day in repeated(first, every)] == days


def test_only_what_is_to_come() -> None:
    assert later_than([(0, 60), (100, 200), (300, 400)], 150) == [(150, 200), (300, 400)]
