"""The rules of paying: BILL-1 to BILL-6, as tables and for any number of seats and days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.billing import rules
from counselhub.billing.kinds import Interval, Standing
from counselhub.billing.rules import Facts, Paid, Period, Price

PRICE = Price(free_seats=3, seat_fen=9_900, interval=Interval.MONTH)
MAY = Period(date(2027, 5, 1), date(2027, 5, 31))
FACTS = Facts(
    charged_seats=2,
    trial_ends_on=date(2027, 4, 30),
    covered_until=None,
    grace_from=date(2027, 4, 1),
    is_ending=False,
)
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
SEATS = st.integers(0, 500)


@pytest.mark.parametrize(
    ("seats", "fen"),
    [
        pytest.param(0, 0, id="BILL-1 nobody"),
        pytest.param(3, 0, id="BILL-1 free to three"),
        pytest.param(4, 9_900, id="BILL-1 the fourth is the first that is charged"),
        pytest.param(10, 69_300, id="BILL-1 each one above three"),
    ],
)
def test_a_period_costs(seats: int, fen: int) -> None:
    assert rules.total_fen(seats, PRICE) == fen


@pytest.mark.parametrize(
    ("anchor", "interval", "number", "start", "end"),
    [
        pytest.param(date(2027, 5, 1), Interval.MONTH, 0, (5, 1), (5, 31), id="BILL-2 a month"),
        pytest.param(date(2027, 1, 31), Interval.MONTH, 1, (2, 28), (3, 30), id="BILL-2 short"),
        pytest.param(date(2027, 1, 31), Interval.MONTH, 2, (3, 31), (4, 29), id="BILL-2 long"),
        pytest.param(date(2027, 1, 1), Interval.YEAR, 0, (1, 1), (12, 31), id="BILL-2 a year"),
    ],
)
def test_periods(
    anchor: date, interval: Interval, number: int, start: tuple[int, int], end: tuple[int, int]
) -> None:
    expected = Period(date(2027, *start), date(2027, *end))
    assert rules.period_of(anchor, interval, number) == expected


@pytest.mark.parametrize(
    ("before", "after", "day", "fen"),
    [
        pytest.param(5, 6, 1, 9_900, id="BILL-3 from the first day: the whole"),
        pytest.param(5, 6, 31, 319, id="BILL-3 one of 31 days: 319.35 is 319"),
        pytest.param(6, 5, 31, -319, id="BILL-3 given back alike"),
        pytest.param(2, 3, 10, 0, id="BILL-3 free seats cost nothing"),
        pytest.param(3, 5, 16, 10_219, id="BILL-3 two seats, 16 days: 10219.35"),
    ],
)
def test_proration(before: int, after: int, day: int, fen: int) -> None:
    assert rules.proration_fen(before, after, date(2027, 5, day), MAY, PRICE) == fen


def test_half_a_fen_goes_up() -> None:
    price = replace(PRICE, seat_fen=31 * 5)
    two_days = Period(date(2027, 5, 1), date(2027, 5, 2))
    assert rules.proration_fen(3, 4, date(2027, 5, 2), two_days, price) == 78
    assert rules.proration_fen(4, 3, date(2027, 5, 2), two_days, price) == -78


def test_a_change_outside_the_period_costs_nothing_after_and_the_whole_before() -> None:
    assert rules.proration_fen(3, 4, date(2027, 6, 1), MAY, PRICE) == 0
    assert rules.proration_fen(3, 4, date(2027, 4, 1), MAY, PRICE) == 9_900


@pytest.mark.parametrize(
    ("change", "day", "expected"),
    [
        pytest.param({"charged_seats": 0}, date(2030, 1, 1), Standing.FREE, id="BILL-1 free"),
        pytest.param({}, date(2027, 4, 30), Standing.TRIAL, id="BILL-5 the trial's last day"),
        pytest.param({}, date(2027, 5, 1), Standing.PAST_DUE, id="BILL-5 grace begins"),
        pytest.param({}, date(2027, 5, 31), Standing.PAST_DUE, id="BILL-6 the 31st day"),
        pytest.param({}, date(2027, 6, 1), Standing.READ_ONLY, id="BILL-6 after 31 days"),
        pytest.param(
            {"covered_until": date(2027, 6, 30)}, date(2027, 6, 30), Standing.ACTIVE, id="BILL-4"
        ),
        pytest.param(
            {"covered_until": date(2027, 6, 30), "is_ending": True},
            date(2027, 7, 1),
            Standing.CANCELLED,
            id="BILL-6 who cancels has no grace",
        ),
        pytest.param(
            {"grace_from": date(2027, 6, 1)}, date(2027, 6, 1), Standing.PAST_DUE, id="BILL-5 asked"
        ),
        pytest.param(
            {"grace_from": date(2027, 6, 1)}, date(2027, 7, 2), Standing.READ_ONLY, id="BILL-6 then"
        ),
    ],
)
def test_standing(change: dict[str, object], day: date, expected: Standing) -> None:
    assert rules.standing(replace(FACTS, **change), day) is expected  # type: ignore[arg-type]  # of the table


def test_reminders_come_at_failure_and_seven_and_one_days_before() -> None:
    expected = (date(2027, 5, 1), date(2027, 5, 25), date(2027, 5, 31))
    assert rules.reminder_days(FACTS) == expected
    assert rules.reminder_days(replace(FACTS, charged_seats=0)) == ()


@given(DAYS, st.sampled_from(Interval), st.integers(0, 40))
def test_periods_follow_without_gap_or_overlap(day: date, each: Interval, number: int) -> None:
    one, following = (rules.period_of(day, each, n) for n in (number, number + 1))
    assert one.days >= 28
    assert following.start == one.end + timedelta(days=1)


@given(DAYS)
def test_twelve_months_are_the_year(day: date) -> None:
    months = [rules.period_of(day, Interval.MONTH, number) for number in range(12)]
    assert sum(month.days for month in months) == rules.period_of(day, Interval.YEAR).days


@given(SEATS, SEATS, st.integers(1, 31), st.integers(0, 10**7))
def test_there_and_back_costs_nothing(a: int, b: int, day: int, seat_fen: int) -> None:
    price, on = replace(PRICE, seat_fen=seat_fen), date(2027, 5, day)
    there = rules.proration_fen(a, b, on, MAY, price)
    assert there + rules.proration_fen(b, a, on, MAY, price) == 0
    assert abs(there) <= abs(rules.total_fen(b, price) - rules.total_fen(a, price))


BILLS = st.lists(
    st.builds(Paid, DAYS, st.integers(-1, 10**6), st.integers(-1, 10**6), st.booleans()), max_size=6
)


@given(BILLS, st.randoms())
def test_the_order_of_bills_does_not_matter(bills: list[Paid], random: object) -> None:
    shuffled = list(bills)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis gives a Random
    assert rules.covered_until(shuffled) == rules.covered_until(bills)


FIRMS = st.builds(Facts, st.integers(0, 3), DAYS, st.none() | DAYS, DAYS, st.booleans())


@given(FIRMS, DAYS)
def test_read_only_begins_on_its_day_and_money_ends_it(facts: Facts, today: date) -> None:
    closes = rules.read_only_on(facts)
    closed = rules.standing(facts, today) in (Standing.READ_ONLY, Standing.CANCELLED)
    assert closed == (closes is not None and today >= closes)
    paid = replace(facts, covered_until=max(today, facts.covered_until or today), is_ending=False)
    assert rules.standing(paid, today) in (Standing.FREE, Standing.ACTIVE)


@given(FIRMS)
def test_grace_is_thirty_one_days(facts: Facts) -> None:
    facts = replace(facts, charged_seats=1, is_ending=False)
    first = rules.lapses_on(facts)
    assert rules.read_only_on(facts) == first + timedelta(days=31)
    assert rules.standing(facts, first) is Standing.PAST_DUE
