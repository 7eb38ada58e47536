"""When a month closes, and when it may be handed in all the same: tables and properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core import clock
from counselhub.cutoffs import rules
from counselhub.cutoffs.rules import MOST_ALLOWED_DAYS, Terms, due_on, is_closed, may_hand_in

MONTH = date(2026, 10, 1)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("before", "day", "first"),
    [
        pytest.param(Terms(), 10, date(2026, 12, 1), id="CUT-2 set: from the next month on"),
        pytest.param(Terms(), 0, None, id="CUT-2 not set"),
        pytest.param(
            Terms(cutoff_day=10, closes_from=MONTH), 5, date(2026, 12, 1), id="CUT-2 made earlier"
        ),
        pytest.param(Terms(cutoff_day=10, closes_from=MONTH), 15, MONTH, id="CUT-2 made later"),
        pytest.param(Terms(cutoff_day=10, closes_from=MONTH), 10, MONTH, id="CUT-2 as it was"),
        pytest.param(Terms(cutoff_day=10, closes_from=MONTH), 0, None, id="CUT-2 given up"),
    ],
)
def test_from_when_a_day_closes(before: Terms, day: int, first: date | None) -> None:
    assert rules.closes_from(before, day, date(2026, 11, 22)) == first


@pytest.mark.parametrize(
    ("terms", "today", "closed"),
    [
        pytest.param(Terms(cutoff_day=10, closes_from=MONTH), date(2026, 11, 10), False,
                     id="CUT-1 the last day is in time"),
        pytest.param(Terms(cutoff_day=10, closes_from=MONTH), date(2026, 11, 11), True,
                     id="CUT-2 the day after"),
        pytest.param(Terms(cutoff_day=10, closes_from=date(2026, 11, 1)), date(2027, 5, 1), False,
                     id="CUT-2 an old month stays open"),
        pytest.param(Terms(), date(2030, 1, 1), False, id="CUT-1 a street without a cut-off"),
    ],
)  # fmt: skip
def test_what_is_closed(terms: Terms, today: date, closed: bool) -> None:
    assert is_closed(MONTH, terms, today) is closed


@pytest.mark.parametrize(
    ("until", "today", "may"),
    [
        pytest.param(None, date(2026, 11, 11), False, id="CUT-3 not allowed"),
        pytest.param(date(2026, 11, 20), date(2026, 11, 20), True, id="CUT-3 the last day"),
        pytest.param(date(2026, 11, 20), date(2026, 11, 21), False, id="CUT-3 too late again"),
    ],
)
def test_what_may_be_handed_in(until: date | None, today: date, may: bool) -> None:
    assert may_hand_in(until, today) is may


@given(day=st.integers(1, 28), set_on=DAYS, month=DAYS, today=DAYS)
def test_no_month_is_closed_by_a_day_set_after_it_began(
    day: int, set_on: date, month: date, today: date
) -> None:
    terms = Terms(cutoff_day=day, closes_from=rules.closes_from(Terms(), day, set_on))
    first = month.replace(day=1)
    due = due_on(first, terms)
    assert due is not None
    assert due.day == day
    assert due > clock.last_day(first)
    assert is_closed(first, terms, today) is (first > set_on and today > due)


@given(asked=DAYS, days=st.integers(-400, 400), later=st.integers(0, 400))
def test_what_is_allowed_ends(asked: date, days: int, later: int) -> None:
    until = asked + timedelta(days=days)
    if rules.may_allow(until, asked):
        assert may_hand_in(until, asked)
        assert not may_hand_in(until, asked + timedelta(days=MOST_ALLOWED_DAYS + 1))
    today = asked + timedelta(days=later)
    assert may_hand_in(until, today) is (days >= later)
