"""A whole statement: the rules' worked example, several contracts, below nothing, funding."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from counselhub.core.money import in_capitals
from counselhub.statements.facts import (
    AdjustmentFact,
    CarryFact,
    ContractKind,
    LectureFact,
    ReleaseFact,
)
from counselhub.statements.lines import Line, LineKind
from counselhub.statements.months import Month
from counselhub.statements.rules.corrections import differences
from counselhub.statements.rules.statement import compute
from counselhub.statements.terms import Cycle, Deduction, Grade, Source
from tests.statements.make import (
    ELSEWHERE,
    EXAMPLE,
    NANLONG,
    OCTOBER,
    PLAIN,
    SHALI,
    amounts,
    claim,
    contract,
    facts,
    terms,
    visit,
)

WORKED = facts(
    contract(EXAMPLE),
    sessions={NANLONG: [visit(date(2026, 10, day)) for day in (9, 16, 23)]},
    lectures=[LectureFact(date(2026, 10, 12), NANLONG)],
    claims=[claim(is_oral=True)],
)


def test_the_worked_example() -> None:
    statement = compute(WORKED)
    assert amounts(statement.lines) == [
        ("base", "2026-10", 166_667),
        ("shortfall", "2026-10", -10_000),
        ("lecture", "2026-10", 30_000),
        ("case", "2026-10", 10_000),
        ("withhold", "2026-10", -16_667),
    ]
    assert [line.quantity for line in statement.lines] == ["31/31", "2", "1", "1", "10"]
    assert statement.total_fen == statement.payable_fen == 180_000
    assert in_capitals(statement.total_fen) == "人民币壹仟捌佰元整"
    assert statement.funding == ((Source.DISTRICT, 90_000), (Source.STREET, 90_000))
    assert statement.carry() is None


SHORTFALL = {
    "contract": "HT-1",
    "community": NANLONG,
    "kind": "shortfall",
    "month": "2026-10",
    "quantity": "2",
    "amount_fen": -10_000,
    "trace": [
        {
            "rule": "M3",
            "name": "presence",
            "inputs": {
                "days": [["2026-10-09", 120], ["2026-10-16", 120], ["2026-10-23", 120]],
                "shortest_visit_minutes": 60,
                "minutes": 360,
                "visits": 3,
            },
        },
        {
            "rule": "M4",
            "name": "required",
            "inputs": {
                "minutes_a_month": "480",
                "visits_a_month": 4,
                "active_days": 31,
                "days_in_month": 31,
                "minutes": 480,
                "visits": 4,
            },
        },
        {
            "rule": "M5",
            "name": "per_hour",
            "inputs": {
                "missing_minutes": 120,
                "started_hours": 2,
                "rate_fen": 5_000,
                "cost_fen": 10_000,
            },
        },
        {
            "rule": "M5",
            "name": "period_cap",
            "inputs": {"base_fen": 166_667, "left_fen": 166_667, "taken_fen": 10_000},
        },
    ],
}


def test_the_worked_example_as_a_document() -> None:
    document = compute(WORKED).document()
    lines = document["lines"]
    assert isinstance(lines, list)
    assert document["total_capital"] == "人民币壹仟捌佰元整"
    assert document["funding"] == [
        {"source": "区级", "amount_fen": 90_000},
        {"source": "街道", "amount_fen": 90_000},
    ]
    assert lines[1] == SHORTFALL


def test_lines_stand_by_community_contract_month_kind() -> None:
    quarterly = terms(
        cycle=Cycle.QUARTER, deduction=Deduction.PRO_RATA, withhold_percent=Decimal(5)
    )
    statement = compute(
        facts(
            contract(quarterly, number="HT-2", communities=(SHALI, NANLONG)),
            contract(number="HT-1"),
            month=Month(2026, 12),
        )
    )
    placed = [(line.community[-1], line.contract, *row[:2]) for line, row in _rows(statement.lines)]
    by_quarter = [
        ("HT-2", "shortfall", "2026-10"),
        ("HT-2", "shortfall", "2026-11"),
        ("HT-2", "base", "2026-12"),
        ("HT-2", "shortfall", "2026-12"),
        ("HT-2", "withhold", "2026-12"),
    ]
    assert placed == [
        ("1", "HT-1", "base", "2026-12"),
        *(("1", *row) for row in by_quarter),
        *(("2", *row) for row in by_quarter),
    ]


def _rows(lines: tuple[Line, ...]) -> list[tuple[Line, tuple[str, str, int]]]:
    return list(zip(lines, amounts(lines), strict=True))


def test_a_procurement_contract_has_a_line_for_each_community_of_the_street() -> None:
    bought = contract(kind=ContractKind.PROCUREMENT, communities=(SHALI, ELSEWHERE, NANLONG))
    lines = compute(facts(bought)).lines
    assert [(line.community, line.amount_fen) for line in lines] == [
        (NANLONG, 100_000),
        (SHALI, 100_000),
    ]


def test_two_contracts_of_one_community_in_one_month() -> None:
    first = contract(ends_on=date(2026, 10, 15))
    second = contract(number="HT-2", starts_on=date(2026, 10, 16), annual_fen=2_400_000)
    lines = compute(facts(first, second)).lines
    assert [(line.contract, line.quantity, line.amount_fen) for line in lines] == [
        ("HT-1", "15/31", 48_387),
        ("HT-2", "16/31", 103_226),
    ]


def test_a_total_below_nothing_is_carried() -> None:
    """M11: paid as 0, the rest is the next statement's first line and stays with its sources."""
    reclaimed = AdjustmentFact(
        contract="HT-1",
        community=NANLONG,
        month=Month(2026, 7),
        amount_fen=-250_001,
        reason="核减",
        terms=EXAMPLE,
    )
    below = compute(facts(contract(PLAIN), adjustments=[reclaimed]))
    assert (below.total_fen, below.payable_fen, below.carried_fen) == (-150_001, 0, -150_001)
    assert in_capitals(below.total_fen) == "人民币负壹仟伍佰元零壹分"
    assert below.funding == ((Source.DISTRICT, -125_001), (Source.STREET, -25_000))
    carry = below.carry()
    assert carry == CarryFact(OCTOBER, below.funding)
    following = compute(facts(contract(PLAIN), month=Month(2026, 11), carry=carry))
    carried = following.lines[0]
    assert (carried.contract, carried.community, carried.kind) == ("", "", LineKind.ADJUSTMENT)
    assert (carried.month, carried.amount_fen) == (OCTOBER, -150_001)
    assert following.total_fen == -50_001
    assert following.funding == ((Source.DISTRICT, -125_001), (Source.STREET, 75_000))


def test_each_scheme_version_is_shared_out_for_itself() -> None:
    """M12: 100,001 and 1 fen at halves are 50,001 + 50,000 and 1 + 0, not 100,002 in halves."""
    halves = EXAMPLE.shares
    contracts = [
        contract(terms(scheme="FA-3", shares=halves), annual_fen=1_200_012),
        contract(terms(scheme="FA-4", shares=halves), number="HT-2", annual_fen=12),
    ]
    statement = compute(facts(*contracts))
    assert statement.total_fen == 100_002
    assert statement.funding == ((Source.DISTRICT, 50_002), (Source.STREET, 50_000))


@pytest.mark.parametrize(
    ("grade", "released_fen"),
    [
        pytest.param(Grade.EXCELLENT, 20_001, id="M9 优秀 releases all"),
        pytest.param(Grade.COMPETENT, 20_001, id="M9 称职 releases all"),
        pytest.param(Grade.BASIC, 10_001, id="M9 基本称职 releases half, half up"),
        pytest.param(Grade.INCOMPETENT, 0, id="M9 不称职 releases nothing, and says so"),
    ],
)
def test_release(grade: Grade, released_fen: int) -> None:
    release = ReleaseFact(
        contract="HT-0",
        community=NANLONG,
        year=2025,
        grade=grade,
        withheld_fen=20_001,
        terms=EXAMPLE,
    )
    assert amounts(compute(facts(releases=[release])).lines) == [
        ("release", "2026-10", released_fen)
    ]


def test_a_scheme_may_release_otherwise() -> None:
    """M9: the scheme's own percentages."""
    own = replace(EXAMPLE, release_percents={Grade.BASIC: Decimal(80)})
    release = ReleaseFact(
        contract="HT-0",
        community=NANLONG,
        year=2025,
        grade=Grade.BASIC,
        withheld_fen=20_000,
        terms=own,
    )
    assert compute(facts(releases=[release])).total_fen == 16_000


def test_what_changed_after_approval_becomes_adjustments() -> None:
    """M10: a session found later gives its hours back, once."""
    approved = compute(WORKED)
    late = [visit(date(2026, 10, day)) for day in (9, 16, 23, 30)]
    mended = compute(replace(WORKED, sessions={NANLONG: late}))
    (found,) = differences(approved, mended, (), "补录签退")
    assert (found.contract, found.month, found.amount_fen) == ("HT-1", OCTOBER, 10_000)
    ended = contract(EXAMPLE, ends_on=date(2026, 10, 31))
    november = compute(facts(ended, month=Month(2026, 11), adjustments=[found]))
    assert amounts(november.lines) == [("adjustment", "2026-10", 10_000)]
    assert differences(approved, mended, november.lines, "补录签退") == []
    assert differences(approved, approved, (), "") == []


def test_a_correction_is_of_the_statement_not_of_its_lines_months() -> None:
    """M10: October's shortfall stands in December's statement, which the correction names."""
    quarterly = contract(replace(EXAMPLE, cycle=Cycle.QUARTER))
    december = facts(quarterly, month=Month(2026, 12))
    seen = replace(december, sessions={NANLONG: [visit(date(2026, 10, 9), 0, 480)]})
    approved, mended = compute(december), compute(seen)
    (found,) = differences(approved, mended, (), "补录")
    assert (found.month, found.amount_fen) == (Month(2026, 12), 40_000)
    january = compute(facts(quarterly, month=Month(2027, 1), adjustments=[found]))
    october = compute(facts(quarterly))
    assert differences(october, october, january.lines, "") == []
    assert differences(approved, mended, january.lines, "") == []
