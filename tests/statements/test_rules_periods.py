"""M1, M2, M9: periods, base, withholding."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.statements.facts import ContractFact
from counselhub.statements.months import Month, months_between
from counselhub.statements.rules.periods import settlement_of
from counselhub.statements.rules.statement import compute
from counselhub.statements.terms import Cycle, SchemeTerms
from tests.statements.make import EXAMPLE, amounts, contract, facts, terms


def base_of(fact: ContractFact, year: int, month: int) -> list[tuple[int, str]]:
    lines = compute(facts(fact, month=Month(year, month))).lines
    return [(line.amount_fen, line.quantity) for line in lines]


QUARTER, HALF, YEAR = (terms(cycle=c) for c in (Cycle.QUARTER, Cycle.HALF_YEAR, Cycle.YEAR))
IN_FEBRUARY = {"starts_on": date(2026, 2, 16)}


@pytest.mark.parametrize(
    ("fact", "when", "lines"),
    [
        pytest.param(contract(), (2026, 10), [(100_000, "31/31")], id="M2 a whole month"),
        pytest.param(contract(QUARTER), (2026, 2), [], id="M1 nothing within a quarter"),
        pytest.param(contract(QUARTER), (2026, 3), [(300_000, "90/90")], id="M1 a quarter's end"),
        pytest.param(contract(HALF), (2026, 6), [(600_000, "181/181")], id="M1 half a year"),
        pytest.param(contract(YEAR), (2026, 12), [(1_200_000, "365/365")], id="M1 a year"),
        pytest.param(
            contract(QUARTER, **IN_FEBRUARY),
            (2026, 3),
            [(146_667, "44/90")],
            id="M2 a quarter from its middle",
        ),
        pytest.param(
            contract(QUARTER, ends_on=date(2026, 1, 31)),
            (2026, 3),
            [(103_333, "31/90")],
            id="M1 ended early in the quarter, settled at its end",
        ),
        pytest.param(
            contract(starts_on=date(2026, 10, 31)), (2026, 10), [(3_226, "1/31")], id="M2 one day"
        ),
        pytest.param(
            contract(starts_on=date(2026, 11, 1)), (2026, 10), [], id="M2 no active day, no line"
        ),
        pytest.param(
            contract(terminated_on=date(2026, 10, 10)),
            (2026, 10),
            [(32_258, "10/31")],
            id="M2 the day of termination is still in force",
        ),
        pytest.param(
            contract(terminated_on=date(2026, 10, 10)), (2026, 11), [], id="M2 after termination"
        ),
        pytest.param(
            contract(ends_on=date(2026, 10, 10), terminated_on=date(2026, 10, 20)),
            (2026, 10),
            [(32_258, "10/31")],
            id="M2 terminated after its end changes nothing",
        ),
        pytest.param(
            contract(terminated_on=date(2025, 12, 31)), (2026, 1), [], id="M2 ended before it began"
        ),
        pytest.param(
            contract(starts_on=date(2024, 2, 29), ends_on=date(2024, 12, 31)),
            (2024, 2),
            [(3_448, "1/29")],
            id="M2 a leap February has 29 days",
        ),
        pytest.param(
            contract(annual_fen=1_000_000),
            (2026, 1),
            [(83_333, "31/31")],
            id="M2 the contract's own",
        ),
        pytest.param(
            contract(annual_fen=1_000_000),
            (2026, 2),
            [(83_334, "28/28")],
            id="M2 rounded on the way",
        ),
        pytest.param(contract(annual_fen=0), (2026, 1), [(0, "31/31")], id="M2 an amount of 0"),
        pytest.param(
            contract(terms(withhold_percent=Decimal("12.5")), annual_fen=1_200_012 // 12 * 12),
            (2026, 1),
            [(100_001, "31/31"), (-12_500, "12.5")],
            id="M9 withheld beside the base",
        ),
        pytest.param(
            contract(terms(withhold_percent=Decimal(0))),
            (2026, 1),
            [(100_000, "31/31")],
            id="M9 nothing withheld, no line",
        ),
    ],
)
def test_base(fact: ContractFact, when: tuple[int, int], lines: list[tuple[int, str]]) -> None:
    assert base_of(fact, *when) == lines


@given(st.integers(0, 10**12), st.sampled_from(Cycle), st.integers(2023, 2028))
def test_a_years_bases_sum_to_its_amount(annual_fen: int, cycle: Cycle, year: int) -> None:
    fact = contract(
        terms(cycle=cycle),
        annual_fen=annual_fen,
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
    )
    months = months_between(Month(year, 1), Month(year, 12))
    assert sum(compute(facts(fact, month=month)).total_fen for month in months) == annual_fen


def from_july(changed: SchemeTerms) -> SchemeTerms:
    return replace(changed, effective_on=date(2026, 7, 1), annual_fen=2_400_000)


def since(day: date, changed: SchemeTerms) -> SchemeTerms:
    return replace(changed, effective_on=day)


@pytest.mark.parametrize(
    ("versions", "paid"),
    [
        pytest.param([terms(), from_july(terms())], {6: 100_000, 7: 200_000}, id="M2 from July"),
        pytest.param(
            [from_july(terms()), terms()], {6: 100_000, 7: 200_000}, id="M2 versions in any order"
        ),
        pytest.param(
            [
                since(date(2026, 1, 1), QUARTER),
                since(date(2026, 8, 15), terms(annual_fen=2_400_000)),
            ],
            {7: None, 8: None, 9: 300_000, 10: 200_000},
            id="M2 a version that begins within a period waits for the next",
        ),
        pytest.param(
            [terms(), from_july(YEAR)],
            {6: 100_000, 7: None, 12: 1_209_863},
            id="M1 from months to years: the months before July are not settled again",
        ),
        pytest.param(
            [from_july(terms())], {6: 200_000}, id="M2 before the first version the first holds"
        ),
    ],
)
def test_versions(versions: list[SchemeTerms], paid: dict[int, int | None]) -> None:
    for month, base_fen in paid.items():
        lines = compute(facts(contract(*versions), month=Month(2026, month))).lines
        expected = [] if base_fen is None else [("base", f"2026-{month:02d}", base_fen)]
        assert amounts(lines) == expected


def test_the_version_is_that_of_the_first_active_day() -> None:
    versions = [
        since(date(2026, 1, 1), QUARTER),
        since(date(2026, 2, 1), replace(QUARTER, scheme="B")),
    ]
    found = settlement_of(contract(*versions, starts_on=date(2026, 2, 16)), Month(2026, 3))
    assert found is not None
    assert found.terms.scheme == "B"


def test_a_contract_without_versions_is_refused() -> None:
    with pytest.raises(ValueError, match="no scheme version"):
        replace(contract(EXAMPLE), scheme_versions=())
