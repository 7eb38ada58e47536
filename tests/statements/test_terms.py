"""M12 and the columns of 补贴方案: what a scheme may say."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from counselhub.statements.months import Month, months_between
from counselhub.statements.terms import (
    STREET_ALONE,
    Deduction,
    Difficulty,
    Grade,
    SchemeRefusedError,
    Source,
    funding_shares,
)
from tests.statements.make import PLAIN

HALF, HUNDRED = Decimal(50), Decimal(100)


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        pytest.param({"annual_fen": -1}, "negative", "annual_fen", id="a negative amount"),
        pytest.param(
            {"required_minutes": Fraction(-1, 2)}, "negative", "required_minutes", id="hours"
        ),
        pytest.param({"lecture_cap": -1}, "negative", "lecture_cap", id="a negative cap"),
        pytest.param(
            {"case_fen": {Difficulty.MAJOR: -5}}, "negative", "case_fen", id="a class's amount"
        ),
        pytest.param({"oral_percent": Decimal(101)}, "percent", "oral_percent", id="above 100"),
        pytest.param(
            {"withhold_percent": Decimal(-1)}, "percent", "withhold_percent", id="below 0"
        ),
        pytest.param(
            {"release_percents": {Grade.BASIC: Decimal(200)}},
            "percent",
            "release_percents",
            id="a grade's",
        ),
        pytest.param({"shares": ()}, "shares", "shares", id="M12 nobody pays"),
        pytest.param({"shares": ((Source.CITY, HALF),)}, "shares", "shares", id="M12 shares of 50"),
        pytest.param(
            {"shares": ((Source.CITY, Decimal(150)), (Source.STREET, -HALF))},
            "percent",
            "shares",
            id="M12 a share above the whole",
        ),
        pytest.param(
            {"shares": ((Source.STREET, HALF), (Source.CITY, HALF))},
            "shares",
            "shares",
            id="M12 out of order",
        ),
        pytest.param(
            {"deduction": Deduction.PER_VISIT},
            "deduction_rate",
            "deduction_fen",
            id="M5 按次 without 扣减标准",
        ),
        pytest.param(
            {"deduction": Deduction.PER_HOUR},
            "deduction_rate",
            "deduction_fen",
            id="M5 按小时 without 扣减标准",
        ),
    ],
)
def test_refused(changes: dict[str, Any], code: str, column: str) -> None:
    with pytest.raises(SchemeRefusedError) as refused:
        replace(PLAIN, **changes)
    assert (refused.value.code, refused.value.column) == (code, column)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"deduction": Deduction.PRO_RATA}, id="M5 按比例 needs no 扣减标准"),
        pytest.param({"deduction": Deduction.PER_HOUR, "deduction_fen": 0}, id="a rate of 0"),
        pytest.param({"annual_fen": 0}, id="an annual amount of 0"),
        pytest.param({"oral_percent": Decimal(100)}, id="100 per cent"),
    ],
)
def test_accepted(changes: dict[str, Any]) -> None:
    assert replace(PLAIN, **changes)


@pytest.mark.parametrize(
    ("written", "shares"),
    [
        pytest.param((None, None, None), STREET_ALONE, id="M12 all blank: 街道 100 %"),
        pytest.param(
            (Decimal(0), HALF, HALF), ((Source.DISTRICT, HALF), (Source.STREET, HALF)), id="M12 a 0"
        ),
        pytest.param((None, HUNDRED, None), ((Source.DISTRICT, HUNDRED),), id="M12 blanks"),
        pytest.param((Decimal(0), None, None), (), id="M12 nothing, for the scheme to refuse"),
    ],
)
def test_funding_shares(
    written: tuple[Decimal | None, Decimal | None, Decimal | None], shares: object
) -> None:
    assert funding_shares(*written) == shares


def test_months() -> None:
    assert str(Month(2026, 3)) == "2026-03"
    assert [Month(2024, 2).days, Month(2025, 2).days, Month(2100, 2).days] == [29, 28, 28]
    assert Month(2026, 11).plus(2) == Month(2027, 1)
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert months_between(Month(2026, 12), Month(2027, 1)) == [Month(2026, 12), Month(2027, 1)]
    assert months_between(Month(2026, 2), Month(2026, 1)) == []
    assert Month(2026, 12).last.isoformat() == "2026-12-31"
