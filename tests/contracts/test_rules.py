"""What a change of a contract touches, and the days of the next one."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from counselhub.contracts.rules import InForce, changed_days, renewal

JAN, DEC = date(2026, 1, 1), date(2026, 12, 31)
BASE = InForce("HT-1", "procurement", UUID(int=1), None, frozenset({"a", "b"}), JAN, DEC)
YEAR = (JAN, DEC)


@pytest.mark.parametrize(
    ("before", "after", "touched"),
    [
        pytest.param(BASE, BASE, {}, id="nothing"),
        pytest.param(None, BASE, {(YEAR,): ["a", "b"]}, id="it comes into force"),
        pytest.param(
            BASE,
            replace(BASE, last=date(2026, 10, 31)),
            {((date(2026, 11, 1), DEC),): ["a", "b"]},
            id="an earlier end",
        ),
        pytest.param(
            BASE,
            replace(BASE, last=date(2027, 1, 31)),
            {((date(2027, 1, 1), date(2027, 1, 31)),): ["a", "b"]},
            id="a later end",
        ),
        pytest.param(
            BASE,
            replace(BASE, first=date(2026, 2, 1)),
            {((JAN, date(2026, 1, 31)),): ["a", "b"]},
            id="a later start",
        ),
        pytest.param(
            BASE, replace(BASE, annual_fen=1), {(YEAR, YEAR): ["a", "b"]}, id="another amount"
        ),
        pytest.param(
            BASE, replace(BASE, number="HT-2"), {(YEAR, YEAR): ["a", "b"]}, id="another number"
        ),
        pytest.param(
            BASE,
            replace(BASE, communities=frozenset({"b", "c"})),
            {(YEAR,): ["a", "c"]},
            id="one community for another",
        ),
        pytest.param(
            replace(BASE, communities=frozenset({"a"})),
            replace(
                BASE, communities=frozenset({"a"}), first=date(2027, 1, 1), last=date(2027, 2, 1)
            ),
            {(YEAR, (date(2027, 1, 1), date(2027, 2, 1))): ["a"]},
            id="other days altogether",
        ),
    ],
)
def test_changed_days(
    before: InForce | None, after: InForce, touched: dict[tuple[tuple[date, date], ...], list[str]]
) -> None:
    assert changed_days(before, after) == touched


@pytest.mark.parametrize(
    ("first", "last", "following"),
    [
        pytest.param(JAN, DEC, (date(2027, 1, 1), date(2027, 12, 31)), id="a calendar year"),
        pytest.param(
            date(2026, 7, 1),
            date(2027, 6, 30),
            (date(2027, 7, 1), date(2028, 6, 30)),
            id="a year from July",
        ),
        pytest.param(
            date(2027, 3, 1),
            date(2028, 2, 29),
            (date(2028, 3, 1), date(2029, 2, 28)),
            id="a year that ends on a leap day",
        ),
        pytest.param(
            date(2026, 10, 1),
            date(2026, 10, 31),
            (date(2026, 11, 1), date(2026, 12, 1)),
            id="a month: as many days",
        ),
    ],
)
def test_renewal(first: date, last: date, following: tuple[date, date]) -> None:
    assert renewal(first, last) == following
