"""What will a year have cost?"""

import pytest

from counselhub.officeday.rules import (
    BaseFact,
    Budget,
    Forecast,
    SignedFact,
    budgets,
    forecast,
)
from counselhub.statements.months import Month

JAN, FEB, MAR = (Month(2026, number) for number in (1, 2, 3))


def base(month: Month, firm: str = "A", settles: Month | None = None, fen: int = 100) -> BaseFact:
    """A month's base of one community."""
    return BaseFact(firm, month, settles or month, fen)


@pytest.mark.parametrize(
    ("signed", "bases", "found"),
    [
        pytest.param([], [], Forecast(0, 0, 0, 0), id="nothing"),
        pytest.param([], [base(JAN), base(FEB)], Forecast(0, 200, 2, 0), id="nothing is signed"),
        pytest.param(
            [SignedFact("A", JAN, 130, 30)],
            [base(JAN), base(FEB), base(MAR)],
            Forecast(130, 200, 2, 30),
            id="the open months are like the signed one",
        ),
        pytest.param(
            [SignedFact("A", JAN, 130, 30), SignedFact("B", JAN, 100, 1)],
            [base(JAN), base(JAN, "B"), base(FEB), base(FEB, "B")],
            Forecast(230, 200, 2, 16),
            id="a mean over firms, half up",
        ),
        pytest.param(
            [SignedFact("A", JAN, 20, 20)],
            [base(JAN, settles=MAR), base(FEB, settles=MAR), base(MAR)],
            Forecast(20, 300, 2, 20),
            id="a quarter's base is open until the quarter's last month is signed",
        ),
        pytest.param(
            [SignedFact("A", JAN, 130, 30)], [base(JAN)], Forecast(130, 0, 0, 30), id="all signed"
        ),
        pytest.param(
            [],
            [base(JAN), base(JAN, fen=50)],
            Forecast(0, 150, 1, 0),
            id="two communities are one month of the firm",
        ),
    ],
)
def test_forecast(signed: list[SignedFact], bases: list[BaseFact], found: Forecast) -> None:
    made = forecast(signed, bases)
    assert made == found
    assert made.total_fen == found.signed_fen + found.base_fen + found.mean_fen * found.open_months


@pytest.mark.parametrize(
    ("granted", "used", "found"),
    [
        pytest.param({"市级": None}, {}, [], id="neither granted nor used"),
        pytest.param({"市级": 0}, {}, [Budget("市级", 0, 0)], id="nothing was granted on purpose"),
        pytest.param({"市级": None}, {"市级": 5}, [Budget("市级", None, 5)], id="used without"),
        pytest.param({"市级": 3}, {"市级": 5}, [Budget("市级", 3, 5)], id="more than granted"),
    ],
)
def test_budgets(granted: dict[str, int | None], used: dict[str, int], found: list[Budget]) -> None:
    assert budgets(granted, used) == found


@pytest.mark.parametrize(("granted", "left"), [(None, None), (7, 2), (3, -2)])
def test_what_is_left(granted: int | None, left: int | None) -> None:
    assert Budget("街道", granted, 5).left_fen == left
