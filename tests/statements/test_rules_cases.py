"""M8: what mediated cases are paid."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from counselhub.statements.facts import ClaimFact, ContractFact
from counselhub.statements.lines import LineKind
from counselhub.statements.terms import Difficulty
from tests.statements.make import (
    ELSEWHERE,
    NANLONG,
    OCTOBER,
    SHALI,
    XIALI,
    claim,
    contract,
    lines_of,
    terms,
)

PAYING = terms(
    case_fen={Difficulty.SIMPLE: 20_001, Difficulty.MAJOR: 100_000},
    oral_percent=Decimal(50),
    case_cap_fen=150_000,
)
MAJOR: dict[str, Any] = {"difficulty": Difficulty.MAJOR}
NINTH, TENTH = date(2026, 10, 9), date(2026, 10, 10)


@pytest.mark.parametrize(
    ("claims", "refusals", "paid"),
    [
        pytest.param([claim()], [""], [20_001], id="M8 its class's amount"),
        pytest.param([claim(is_oral=True)], [""], [10_001], id="M8 口头, half up"),
        pytest.param([claim(is_fulfilled=False)], ["unfulfilled"], [0], id="M8 not 已履行"),
        pytest.param(
            [claim(has_full_dossier=False)], ["dossier_incomplete"], [0], id="M8 not 卷宗齐全"
        ),
        pytest.param(
            [claim(difficulty=Difficulty.ORDINARY)],
            ["no_rate"],
            [0],
            id="M8 a class without amount",
        ),
        pytest.param(
            [claim("AJ-1", **MAJOR, taken_elsewhere=True), claim("AJ-2", **MAJOR)],
            ["taken_elsewhere", ""],
            [0, 100_000],
            id="M8 taken elsewhere, and nothing of the cap used",
        ),
        pytest.param(
            [claim("AJ-3", NINTH, **MAJOR), claim("AJ-2", NINTH), claim("AJ-1", TENTH, **MAJOR)],
            ["", "", ""],
            [20_001, 100_000, 29_999],
            id="M8 by 结案日期, then 案件编号; the one that passes the cap gets what is left",
        ),
        pytest.param(
            [claim(f"AJ-{number}", **MAJOR) for number in (3, 1, 2)],
            ["", "", ""],
            [100_000, 50_000, 0],
            id="M8 later ones get 0",
        ),
        pytest.param(
            [claim("AJ-9", date(2026, 3, 9), **MAJOR), claim("AJ-1", **MAJOR)],
            [""],
            [50_000],
            id="M8 the cap counts the year's earlier months",
        ),
        pytest.param(
            [claim("AJ-9", date(2025, 12, 31), **MAJOR), claim("AJ-1", **MAJOR)],
            [""],
            [100_000],
            id="M8 a new year, a new cap",
        ),
        pytest.param(
            [claim("AJ-9", date(2026, 3, 9), **MAJOR, is_fulfilled=False), claim("AJ-1", **MAJOR)],
            [""],
            [100_000],
            id="M8 a refused claim uses nothing of the cap",
        ),
        pytest.param(
            [claim("AJ-1", date(2026, 3, 9)), claim("AJ-1")],
            ["repeated"],
            [0],
            id="M8 one 案件编号 is paid once",
        ),
        pytest.param(
            [claim("AJ-1", date(2026, 3, 9), is_fulfilled=False), claim("AJ-1")],
            [""],
            [20_001],
            id="M8 a number refused before may be paid later",
        ),
    ],
)
def test_cases(claims: list[ClaimFact], refusals: list[str], paid: list[int]) -> None:
    (line,) = lines_of(LineKind.CASE, contract(PAYING), claims=claims)
    assert [step.inputs["refusal"] for step in line.trace] == refusals
    assert [step.inputs["paid_fen"] for step in line.trace] == paid
    assert line.amount_fen == sum(paid)
    assert line.quantity == str(refusals.count(""))


@pytest.mark.parametrize(
    ("contracts", "claims", "paid"),
    [
        pytest.param([contract(PAYING)], [], [], id="M8 no claim, no line"),
        pytest.param([contract()], [claim()], [], id="M8 a scheme that pays no cases"),
        pytest.param(
            [contract(PAYING, ends_on=date(2026, 10, 8))], [claim()], [], id="M8 closed after it"
        ),
        pytest.param(
            [contract(PAYING, number="HT-2"), contract(PAYING)],
            [claim()],
            [("HT-1", NANLONG, 20_001)],
            id="M8 of two in force the first by number",
        ),
        pytest.param(
            [contract(PAYING, communities=(SHALI, XIALI, ELSEWHERE))],
            [
                claim("AJ-1", NINTH, community=ELSEWHERE, **MAJOR),
                claim("AJ-2", NINTH, community=XIALI, **MAJOR),
                claim("AJ-3", TENTH, community=SHALI, **MAJOR),
            ],
            [("HT-1", SHALI, 0), ("HT-1", XIALI, 50_000)],
            id="M8 one cap over all its communities, other streets' too",
        ),
        pytest.param(
            [contract(replace(PAYING, case_cap_fen=None, oral_percent=None))],
            [claim("AJ-1", **MAJOR, is_oral=True), claim("AJ-2", **MAJOR)],
            [("HT-1", NANLONG, 200_000)],
            id="M8 blank cap and blank 口头协议比例 take nothing off",
        ),
    ],
)
def test_which_contract_pays_a_case(
    contracts: list[ContractFact], claims: list[ClaimFact], paid: list[tuple[str, str, int]]
) -> None:
    lines = lines_of(LineKind.CASE, *contracts, claims=claims)
    assert [(line.contract, line.community, line.amount_fen) for line in lines] == paid
    assert all(line.month == OCTOBER for line in lines)
