"""Schemes: what is refused, and which version settles a month."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from counselhub.schemes.rules import Terms, faults, first_changed, settles

FREE = Terms(annual_fen=2_000_000, cycle="month")
JULY = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, [], id="M12 all shares blank"),
        pytest.param(
            {"district_percent": Decimal("33.34"), "street_percent": Decimal("66.66")},
            [],
            id="M12 shares of 100",
        ),
        pytest.param(
            {"district_percent": Decimal(50), "street_percent": Decimal(49)},
            [("street_percent", "shares")],
            id="M12 shares of 99",
        ),
        pytest.param({"oral_percent": Decimal(101)}, [("oral_percent", "percent")], id="over 100"),
        pytest.param({"lecture_fen": -1}, [("lecture_fen", "negative")], id="negative"),
        pytest.param(
            {"deduction_mode": "per_hour", "required_hours": Decimal(8)},
            [("deduction_fen", "deduction_rate")],
            id="M5 by hour without an amount",
        ),
        pytest.param(
            {"deduction_mode": "per_visit", "deduction_fen": 1},
            [("required_visits", "deduction_base")],
            id="M5 by visit without visits",
        ),
        pytest.param(
            {"deduction_mode": "proportional"},
            [("required_hours", "deduction_base")],
            id="M5 by share without hours",
        ),
    ],
)
def test_faults(changes: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert faults(replace(FREE, **changes)) == expected


@pytest.mark.parametrize(
    ("cycle", "month", "starts_on", "second"),
    [
        pytest.param("month", date(2026, 6, 1), date(2026, 1, 1), False, id="M1 a month before"),
        pytest.param("month", JULY, date(2026, 1, 1), True, id="M1 the month it begins"),
        pytest.param(
            "year", date(2026, 12, 1), date(2026, 1, 1), False, id="M1 a year begun before"
        ),
        pytest.param("year", date(2026, 12, 1), date(2026, 8, 1), True, id="M1 first active day"),
    ],
)
def test_the_version_of_a_month(cycle: str, month: date, starts_on: date, second: bool) -> None:
    first = replace(FREE, cycle=cycle)
    later = replace(first, annual_fen=3_000_000, effective_from=JULY)
    assert settles([later, first], month, starts_on) == frozenset({later if second else first})


def test_a_change_of_what_was_settled_is_found() -> None:
    later = replace(FREE, annual_fen=3_000_000, effective_from=JULY)
    settled = [(date(2026, 6, 1), date(2026, 1, 1), "JS-6")]
    assert first_changed([FREE], [FREE, later], settled) is None
    assert first_changed([FREE, later], [FREE, replace(later, annual_fen=1)], settled) is None
    dearer = replace(FREE, annual_fen=1)
    assert first_changed([FREE, later], [dearer, later], settled) == (date(2026, 6, 1), "JS-6")
    earlier = replace(later, effective_from=date(2026, 6, 1))
    assert first_changed([FREE], [FREE, earlier], settled) == (date(2026, 6, 1), "JS-6")
