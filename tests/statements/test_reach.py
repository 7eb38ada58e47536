"""How far a street's money looks."""

import pytest

from counselhub.statements.reach import reach
from tests.statements.make import ELSEWHERE, NANLONG, SHALI, STREET, contract

THIRD = "440307014001"


@pytest.mark.parametrize(
    ("served", "numbers", "communities"),
    [
        pytest.param([[NANLONG], [SHALI]], "01", {NANLONG, SHALI}, id="one street"),
        pytest.param([[NANLONG], [ELSEWHERE]], "0", {NANLONG}, id="a street of its own"),
        pytest.param(
            [[NANLONG, ELSEWHERE], [ELSEWHERE]],
            "01",
            {NANLONG, ELSEWHERE},
            id="M8 another contract where one of the street's is",
        ),
        pytest.param(
            [[ELSEWHERE, THIRD], [NANLONG, ELSEWHERE], [THIRD]],
            "01",
            {NANLONG, ELSEWHERE},
            id="M8 and not whoever that one meets further away",
        ),
        pytest.param([[ELSEWHERE]], "", set(), id="nothing in the street"),
    ],
)
def test_reach(served: list[list[str]], numbers: str, communities: set[str]) -> None:
    contracts = [
        contract(number=str(place), communities=codes) for place, codes in enumerate(served)
    ]
    found = reach(STREET, contracts)
    assert "".join(each.number for each in found.contracts) == numbers
    assert found.communities == communities
    assert sorted(found.here) == sorted(code for code in communities if code.startswith(STREET))
