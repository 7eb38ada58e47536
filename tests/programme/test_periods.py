"""Periods of the calendar, one after the other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.programme.periods import MONTHS, Period, Span, after, around, before


@pytest.mark.parametrize(
    ("span", "day", "first", "last", "word"),
    [
        pytest.param("month", (2026, 2, 9), (2, 1), (2, 28), "2026年2月", id="month"),
        pytest.param("quarter", (2026, 12, 31), (10, 1), (12, 31), "2026年第4季度", id="quarter"),
        pytest.param("half_year", (2018, 6, 30), (1, 1), (6, 30), "2018年上半年", id="first half"),
        pytest.param("half_year", (2018, 7, 1), (7, 1), (12, 31), "2018年下半年", id="second"),
        pytest.param("year", (2024, 5, 5), (1, 1), (12, 31), "2024年", id="year"),
        pytest.param("free", (2026, 5, 5), (5, 5), (5, 5), "2026-05-05 至 2026-05-05", id="day"),
    ],
)
def test_around(
    span: str, day: tuple[int, int, int], first: tuple[int, int], last: tuple[int, int], word: str
) -> None:
    period = around(Span(span), date(*day))
    year = day[0]
    assert (period.first, period.last) == (date(year, *first), date(year, *last))
    assert period.word == word


@given(st.sampled_from(sorted(MONTHS)), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_periods_follow_each_other_without_gap(span: Span, day: date) -> None:
    here = around(span, day)
    following = after(here)
    assert here.first <= day <= here.last
    assert following is not None
    assert (following.first - here.last).days == 1
    assert before(following) == here


def test_any_days_have_no_neighbour() -> None:
    free = Period(Span.FREE, date(2026, 1, 2), date(2026, 3, 4))
    assert (before(free), after(free), free.days) == (None, None, 62)
