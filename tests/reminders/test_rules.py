"""When somebody is reminded: steps, gaps, the end of a month, to the day."""

from datetime import date, timedelta

import pytest

from counselhub.assignments.rules import Days
from counselhub.reminders import rules

TODAY = date(2026, 11, 23)
"""A Monday."""


@pytest.mark.parametrize(
    ("left", "step"),
    [
        pytest.param(61, None, id="NOTE-1 61 days are not yet"),
        pytest.param(60, 60, id="NOTE-1 60 days are"),
        pytest.param(59, 60, id="NOTE-1 a morning that was missed is made up for"),
        pytest.param(31, 60, id="NOTE-1 still the first step"),
        pytest.param(30, 30, id="NOTE-1 30"),
        pytest.param(8, 30, id="NOTE-1 eight"),
        pytest.param(7, 7, id="NOTE-1 7"),
        pytest.param(0, 7, id="NOTE-1 on the last day"),
        pytest.param(-1, 7, id="NOTE-2 what runs already is at the nearest step"),
    ],
)
def test_steps_before_a_day(left: int, step: int | None) -> None:
    day = TODAY + timedelta(days=left)
    assert rules.step_before(day, TODAY, rules.CONTRACT_DAYS) == step


@pytest.mark.parametrize(
    ("passed", "step"),
    [
        pytest.param(2, None, id="NOTE-6 two days are not yet"),
        pytest.param(3, 3, id="NOTE-6 three are"),
        pytest.param(6, 3, id="NOTE-6 six are still the first step"),
        pytest.param(7, 7, id="NOTE-6 a week"),
        pytest.param(13, 7, id="NOTE-7 thirteen"),
        pytest.param(14, 14, id="NOTE-7 a fortnight"),
        pytest.param(400, 14, id="NOTE-7 no more after that"),
    ],
)
def test_steps_after_a_day(passed: int, step: int | None) -> None:
    assert rules.step_after(TODAY - timedelta(days=passed), TODAY, rules.WAITING_DAYS) == step


@pytest.mark.parametrize(
    ("gaps", "found"),
    [
        pytest.param([], None, id="NOTE-2 none"),
        pytest.param([(-9, -1)], None, id="NOTE-2 one that is over"),
        pytest.param([(-9, 0)], 0, id="NOTE-2 one that ends today"),
        pytest.param([(-9, -5), (3, 5), (7, 9)], 1, id="NOTE-2 the first to come"),
    ],
)
def test_the_gap_ahead(gaps: list[tuple[int, int]], found: int | None) -> None:
    days = [Days(*(TODAY + timedelta(days=end) for end in gap)) for gap in gaps]
    assert rules.gap_ahead(days, TODAY) == (None if found is None else days[found])


def test_a_gap_online_that_runs_is_told_once_a_week() -> None:
    sunday = TODAY + timedelta(days=6)
    assert {rules.rota_day(day, day) for day in (TODAY, sunday)} == {TODAY}
    assert rules.rota_day(sunday + timedelta(days=1), sunday) == sunday + timedelta(days=1)
    assert rules.rota_day(TODAY - timedelta(days=3), TODAY) == TODAY


@pytest.mark.parametrize(
    ("day", "is_time"),
    [
        pytest.param(23, False, id="NOTE-4 eight days are left with the day itself"),
        pytest.param(24, True, id="NOTE-4 seven"),
        pytest.param(30, True, id="NOTE-4 the last day"),
    ],
)
def test_the_last_seven_days_of_a_month(day: int, is_time: bool) -> None:
    assert rules.is_short_time(date(2026, 11, 30), date(2026, 11, day)) == is_time
