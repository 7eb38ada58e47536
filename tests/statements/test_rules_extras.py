"""M6, M7, M8: lectures, online days, cases."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from counselhub.statements.facts import ClaimFact, ContractFact, LectureFact, ShiftFact
from counselhub.statements.lines import Line, LineKind
from counselhub.statements.months import Month
from counselhub.statements.rules.statement import compute
from counselhub.statements.terms import Difficulty, SchemeTerms
from tests.statements.make import (
    ELSEWHERE,
    NANLONG,
    OCTOBER,
    SHALI,
    XIALI,
    claim,
    contract,
    facts,
    terms,
)

LECTURING = terms(lecture_fen=30_000, lecture_cap=2)
UNCAPPED = terms(lecture_fen=30_000)


def lines_of(kind: LineKind, *contracts: ContractFact, **changes: object) -> list[Line]:
    return [line for line in compute(facts(*contracts, **changes)).lines if line.kind is kind]


def lecture(month: int, day: int, times: int = 1, community: str = NANLONG) -> LectureFact:
    return LectureFact(date(2026, month, day), community, times)


@pytest.mark.parametrize(
    ("scheme", "month", "lectures", "amount_fen"),
    [
        pytest.param(LECTURING, 10, [], None, id="M6 no lecture, no line"),
        pytest.param(LECTURING, 10, [lecture(9, 30)], None, id="M6 another month's"),
        pytest.param(terms(), 10, [lecture(10, 9)], None, id="M6 a scheme that pays none"),
        pytest.param(terms(lecture_fen=0), 10, [lecture(10, 9)], None, id="M6 a rate of 0"),
        pytest.param(LECTURING, 10, [lecture(10, 9)], 30_000, id="M6 one"),
        pytest.param(LECTURING, 10, [lecture(10, 9, 2)], 60_000, id="M6 件次 counts"),
        pytest.param(LECTURING, 10, [lecture(10, 9, 3)], 60_000, id="M6 more than the cap"),
        pytest.param(UNCAPPED, 10, [lecture(10, 9, 3)], 90_000, id="M6 a blank cap is none"),
        pytest.param(
            replace(LECTURING, lecture_cap=0), 10, [lecture(10, 9)], 0, id="M6 a cap of 0"
        ),
        pytest.param(
            LECTURING, 11, [lecture(10, 9), lecture(11, 9, 2)], 30_000, id="M6 October took one"
        ),
        pytest.param(
            LECTURING, 11, [lecture(10, 9, 5), lecture(11, 9)], 0, id="M6 October took all: 0"
        ),
        pytest.param(
            LECTURING, 10, [lecture(9, 30, 5), lecture(10, 9)], 30_000, id="M6 a new quarter"
        ),
        pytest.param(
            LECTURING, 10, [lecture(10, 9), lecture(11, 1)], 30_000, id="M6 what comes later"
        ),
        pytest.param(
            LECTURING, 10, [lecture(10, 9, 1, SHALI)], None, id="M6 a community without contract"
        ),
    ],
)
def test_lectures(
    scheme: SchemeTerms, month: int, lectures: list[LectureFact], amount_fen: int | None
) -> None:
    lines = lines_of(
        LineKind.LECTURE, contract(scheme), month=Month(2026, month), lectures=lectures
    )
    assert [line.amount_fen for line in lines] == ([] if amount_fen is None else [amount_fen])


@pytest.mark.parametrize(
    ("contracts", "lectures", "paid"),
    [
        pytest.param(
            [contract(LECTURING), contract(LECTURING, number="HT-2")],
            [lecture(10, 9)],
            [("HT-1", 30_000)],
            id="M6 once, by the first number of two in force",
        ),
        pytest.param(
            [contract(number="HT-0"), contract(LECTURING)],
            [lecture(10, 9)],
            [("HT-1", 30_000)],
            id="M6 by the one that pays lectures",
        ),
        pytest.param(
            [
                contract(LECTURING, number="HT-2", ends_on=date(2026, 10, 15)),
                contract(LECTURING, number="HT-1", starts_on=date(2026, 10, 16)),
            ],
            [lecture(10, 9), lecture(10, 20, 2)],
            [("HT-1", 30_000), ("HT-2", 30_000)],
            id="M6 by the one in force that day, the cap by day over both",
        ),
        pytest.param(
            [
                contract(LECTURING, number="HT-1", starts_on=date(2026, 10, 20)),
                contract(LECTURING, number="HT-2", ends_on=date(2026, 10, 15)),
            ],
            [lecture(10, 18)],
            [("HT-2", 30_000)],
            id="M6 on a day between two, by the first to start",
        ),
        pytest.param(
            [contract(LECTURING, ends_on=date(2026, 9, 30))],
            [lecture(10, 9)],
            [],
            id="M6 no active day in the month",
        ),
        pytest.param(
            [contract(LECTURING, communities=(NANLONG, SHALI))],
            [lecture(10, 9, 2), lecture(10, 9, 3, SHALI)],
            [("HT-1", 60_000), ("HT-1", 60_000)],
            id="M6 a cap for each community",
        ),
    ],
)
def test_who_pays_a_lecture(
    contracts: list[ContractFact], lectures: list[LectureFact], paid: list[tuple[str, int]]
) -> None:
    lines = lines_of(LineKind.LECTURE, *contracts, lectures=lectures)
    assert [(line.contract, line.amount_fen) for line in lines] == paid


def shift(first: int, start: int, last: int, end: int, month: int = 10) -> ShiftFact:
    return ShiftFact(date(2026, month, first), start, date(2026, month, last), end)


NINE = 540


@pytest.mark.parametrize(
    ("shifts", "amount_fen"),
    [
        pytest.param([], None, id="M7 no shift, no line"),
        pytest.param([shift(9, 0, 10, 0)], 1_000, id="M7 a day"),
        pytest.param([shift(9, 0, 9, 1440)], 1_000, id="M7 a day that ends at 24:00"),
        pytest.param([shift(9, 0, 9, 1439)], 0, id="M7 a minute is missing: 0"),
        pytest.param([shift(9, 0, 9, NINE), shift(9, NINE, 10, 0)], 1_000, id="M7 two that touch"),
        pytest.param([shift(9, 0, 9, NINE), shift(9, NINE + 1, 10, 0)], 0, id="M7 a gap"),
        pytest.param(
            [shift(9, NINE, 10, NINE), shift(10, NINE, 11, NINE)], 1_000, id="M7 over midnights"
        ),
        pytest.param(
            [shift(9, 0, 9, 800), shift(9, 700, 10, 300), shift(10, 200, 11, 0)],
            2_000,
            id="M7 a shift over midnight serves both days",
        ),
        pytest.param([shift(30, NINE, 30, 1440, 9)], None, id="M7 ends where the month begins"),
        pytest.param([ShiftFact(date(2026, 9, 30), 0, date(2026, 10, 2), 0)], 1_000, id="M7 into"),
        pytest.param([ShiftFact(date(2026, 9, 1), 0, date(2026, 12, 1), 0)], 31_000, id="M7 all"),
        pytest.param([shift(9, 600, 9, 600)], None, id="M7 an empty shift"),
    ],
)
def test_online(shifts: list[ShiftFact], amount_fen: int | None) -> None:
    lines = lines_of(LineKind.ONLINE, contract(terms(online_fen=1_000)), shifts=shifts)
    assert [line.amount_fen for line in lines] == ([] if amount_fen is None else [amount_fen])


@pytest.mark.parametrize(
    ("fact", "amount_fen"),
    [
        pytest.param(contract(), None, id="M7 a scheme that pays none"),
        pytest.param(contract(terms(online_fen=0)), None, id="M7 a rate of 0"),
        pytest.param(
            contract(terms(online_fen=1_000), terminated_on=date(2026, 10, 9)), 9_000, id="M7 part"
        ),
        pytest.param(
            contract(terms(online_fen=1_000), starts_on=date(2026, 11, 1)), None, id="M7 not yet"
        ),
    ],
)
def test_online_while_the_contract_is_active(fact: ContractFact, amount_fen: int | None) -> None:
    always = [ShiftFact(date(2026, 1, 1), 0, date(2027, 1, 1), 0)]
    lines = lines_of(LineKind.ONLINE, fact, shifts=always)
    assert [line.amount_fen for line in lines] == ([] if amount_fen is None else [amount_fen])


PAYING = terms(
    case_fen={Difficulty.SIMPLE: 20_001, Difficulty.MAJOR: 100_000},
    oral_percent=Decimal(50),
    case_cap_fen=150_000,
)
MAJOR = {"difficulty": Difficulty.MAJOR}
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
