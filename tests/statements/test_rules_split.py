"""Each line's parts go to whom its work belongs, and sum to the line (SPLIT-1 to SPLIT-6)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselhub.statements.facts import (
    ActivityFact,
    AdjustmentFact,
    AssignmentFact,
    CarryFact,
    DutyRole,
    LectureFact,
    MonthFacts,
    ReleaseFact,
    ShiftFact,
)
from counselhub.statements.lines import LineKind
from counselhub.statements.months import Month
from counselhub.statements.pack_terms import Activity, PackTerms
from counselhub.statements.rules.leads import FIRM, missing
from counselhub.statements.rules.split import Amount, shared, split
from counselhub.statements.rules.statement import compute
from counselhub.statements.terms import Cycle, Deduction, Grade, Source
from tests.statements import drawn, make
from tests.statements.make import EXAMPLE, NANLONG, OCTOBER, visit


def october(day: int) -> date:
    return date(2026, 10, day)


def led(adviser: str, first: date, last: date | None = None) -> AssignmentFact:
    return AssignmentFact(adviser, NANLONG, first, last, DutyRole.LEAD)


CHANGED = (led("A", date(2025, 1, 1), october(17)), led("B", october(18)))
"""A led for 17 days of October, B for 14."""
ENDED = (led("A", date(2025, 1, 1), october(17)),)


def amounts(facts: MonthFacts) -> list[Amount]:
    return [
        Amount(line.contract, line.community, line.kind, line.month, line.amount_fen)
        for line in compute(facts).lines
    ]


def parts(kind: LineKind, *contracts: Any, **facts: Any) -> list[tuple[str, int]]:
    """Who gets what of the statement's only line of a kind."""
    made = make.facts(*contracts, **facts)
    (found,) = (one for one in split(made, amounts(made)) if one.line.kind is kind)
    return [part[:2] for part in found.parts]


BASE = make.contract(make.terms(annual_fen=3_720_000))
"""3,100 yuan a month, 100 a day of October."""


@pytest.mark.parametrize(
    ("contract", "assigned", "expected"),
    [
        pytest.param(BASE, (led("A", october(1)),), [("A", 310_000)], id="SPLIT-1 one lead"),
        pytest.param(
            BASE, CHANGED, [("A", 170_000), ("B", 140_000)], id="SPLIT-1 changed in mid month"
        ),
        pytest.param(BASE, ENDED, [("A", 170_000), (FIRM, 140_000)], id="SPLIT-1 nobody after"),
        pytest.param(BASE, (), [(FIRM, 310_000)], id="SPLIT-1 a month without a lead"),
        pytest.param(
            BASE,
            (*ENDED, led("B", october(18))._replace(role=DutyRole.BACKUP)),
            [("A", 170_000), (FIRM, 140_000)],
            id="SPLIT-1 a backup leads nothing",
        ),
        pytest.param(
            replace(BASE, terminated_on=october(20)),
            CHANGED,
            [("A", 170_000), ("B", 30_000)],
            id="SPLIT-1 contract ended in mid month",
        ),
        pytest.param(
            make.contract(make.terms(annual_fen=1_200_000)),
            CHANGED,
            [("A", 54_839), ("B", 45_161)],
            id="SPLIT-6 largest remainder",
        ),
    ],
)
def test_base_goes_by_days_of_lead(contract: Any, assigned: Any, expected: Any) -> None:
    base = parts(LineKind.BASE, contract, assignments=assigned)
    assert base == expected


def test_a_quarters_base_goes_by_the_days_of_the_quarter() -> None:
    quarter = make.contract(make.terms(annual_fen=3_680_000, cycle=Cycle.QUARTER))
    changed = (led("A", date(2026, 1, 1), date(2026, 7, 31)), led("B", date(2026, 8, 1)))
    given = {"assignments": changed, "month": Month(2026, 9)}
    assert parts(LineKind.BASE, quarter, **given) == [("A", 310_000), ("B", 610_000)]


def test_withholding_goes_as_the_base_does() -> None:
    contract = make.contract(replace(EXAMPLE, annual_fen=3_720_000))
    withheld = parts(LineKind.WITHHOLD, contract, assignments=CHANGED)
    assert withheld == [("A", -17_000), ("B", -14_000)]


@pytest.mark.parametrize(
    ("terms", "sessions", "expected"),
    [
        pytest.param({}, [], [("A", -21_935), ("B", -18_065)], id="SPLIT-2 nobody came: by days"),
        pytest.param(
            {},
            [visit(october(day)) for day in (5, 12, 14)],
            [("B", -10_000)],
            id="SPLIT-2 A owes nothing",
        ),
        pytest.param(
            {},
            [visit(october(5), adviser="B")],
            [("A", -11_935), ("B", -18_065)],
            id="SPLIT-2 who stands in serves for the lead",
        ),
        pytest.param(
            {"deduction": Deduction.PER_VISIT},
            [visit(october(day), minutes=60) for day in (5, 12, 14)],
            [("B", -5_000)],
            id="SPLIT-2 by visits, as the scheme counts",
        ),
    ],
)
def test_a_shortfall_goes_to_whose_duty_is_missing(
    terms: Any, sessions: Any, expected: Any
) -> None:
    contract = make.contract(replace(EXAMPLE, **terms))
    everybody = (*CHANGED, led("B", date(2026, 1, 1))._replace(role=DutyRole.BACKUP))
    given = {"assignments": everybody, "sessions": {NANLONG: sessions}}
    assert parts(LineKind.SHORTFALL, contract, **given) == expected


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        pytest.param({}, {"A": 48 * 17, "B": 48 * 14}, id="nothing done"),
        pytest.param({"A": 48}, {"A": 0, "B": 48 * 14}, id="one did all, more than the own part"),
        pytest.param({FIRM: 48}, {"A": 48 * 17, "B": 48 * 14}, id="done on nobody's day"),
    ],
)
def test_missing_is_judged_person_by_person(done: Any, expected: Any) -> None:
    assert missing(48, done, {"A": 17, "B": 14}) == expected


PACK = PackTerms(
    visit_fen=10_000, visit_cap=2, hour_fen=6_000, activities={"培训": Activity(8_000, 2)}
)


@pytest.mark.parametrize(
    ("kind", "terms", "records", "expected"),
    [
        pytest.param(
            LineKind.LECTURE,
            {"lecture_cap": 3},
            {
                "lectures": [
                    LectureFact(october(20), NANLONG, 2, "B"),
                    LectureFact(october(12), NANLONG, 1, "A"),
                    LectureFact(october(21), NANLONG, 1, "C"),
                ]
            },
            [("A", 30_000), ("B", 60_000)],
            id="SPLIT-3 lectures, the last beyond the cap",
        ),
        pytest.param(
            LineKind.LECTURE,
            {},
            {"lectures": [LectureFact(october(20), NANLONG)]},
            [("A", 16_452), ("B", 13_548)],
            id="SPLIT-3 nobody known: by days",
        ),
        pytest.param(
            LineKind.CASE,
            {"case_cap_fen": 30_000},
            {
                "claims": [
                    make.claim("AJ-1", october(3), adviser="C"),
                    make.claim("AJ-2", october(9), adviser="B"),
                ]
            },
            [("C", 20_000), ("B", 10_000)],
            id="SPLIT-3 cases, as the yearly cap left them",
        ),
        pytest.param(
            LineKind.ONLINE,
            {"online_fen": 1_000},
            {
                "shifts": [
                    ShiftFact(october(1), 0, october(1), 1_080, "B"),
                    ShiftFact(october(1), 1_080, october(3), 0, "A"),
                    ShiftFact(october(8), 0, october(8), 600, "C"),
                ]
            },
            [("B", 750), ("A", 1_250)],
            id="SPLIT-3 online, by minutes of the covered days",
        ),
        pytest.param(
            LineKind.ATTENDANCE,
            {"pack": PACK},
            {
                "sessions": {
                    NANLONG: [
                        visit(october(5), minutes=60),
                        visit(october(20), minutes=120, adviser="B"),
                        visit(october(21), minutes=60, adviser="B"),
                        visit(october(22), minutes=60, adviser="C"),
                    ]
                }
            },
            [("A", 16_000), ("B", 28_000)],
            id="SPLIT-3 presence: paid visits and minutes, not of the unassigned",
        ),
        pytest.param(
            LineKind.ACTIVITY,
            {"pack": PACK},
            {"activities": [ActivityFact(october(d), NANLONG, "培训", 1, w) for d, w in
                            ((4, "B"), (5, "A"), (6, "A"))]},
            [("B", 8_000), ("A", 8_000)],
            id="SPLIT-3 services, as their cap left them",
        ),
        pytest.param(
            LineKind.ADJUSTMENT,
            {},
            {
                "adjustments": [
                    AdjustmentFact(
                        contract="HT-1", community=NANLONG, month=Month(2026, 9), terms=EXAMPLE,
                        reason="更正", amount_fen=fen, adviser=who,
                    )
                    for fen, who in ((9_000, ""), (-500, "B"))
                ]
            },
            [("A", 9_000), ("B", -500)],
            id="SPLIT-4 by the lead of the month, a late entry its adviser's",
        ),
        pytest.param(
            LineKind.RELEASE,
            {},
            {
                "assignments": (
                    led("A", date(2025, 1, 1), date(2025, 3, 14)), led("C", date(2025, 3, 15))
                ),
                "releases": [
                    ReleaseFact(
                        contract="HT-0", community=NANLONG, year=2025, grade=Grade.EXCELLENT,
                        withheld_fen=36_500, terms=EXAMPLE,
                    )
                ],
            },
            [("A", 7_300), ("C", 29_200)],
            id="SPLIT-4 a release by the days of its year",
        ),
    ],
)  # fmt: skip
def test_records_and_earlier_months(kind: Any, terms: Any, records: Any, expected: Any) -> None:
    given = {"assignments": CHANGED, **records}
    assert parts(kind, make.contract(replace(EXAMPLE, **terms)), **given) == expected


def test_a_carried_rest_is_the_firms() -> None:
    carry = CarryFact(Month(2026, 9), ((Source.STREET, -700),))
    assert parts(LineKind.ADJUSTMENT, BASE, carry=carry) == [(FIRM, -700)]


def test_a_line_that_stands_otherwise_keeps_its_proportions() -> None:
    done = {"lectures": [LectureFact(october(4), NANLONG, 1, who) for who in ("A", "C")]}
    facts = make.facts(make.contract(replace(EXAMPLE, lecture_cap=None)), **done)
    line = Amount("HT-1", NANLONG, LineKind.LECTURE, OCTOBER, 30_001)
    held = line._replace(amount_fen=0)
    first, second = split(facts, [line, held])
    assert [part[:2] for part in first.parts] == [("A", 15_001), ("C", 15_000)]
    assert second.parts == ()


def test_days_are_told_where_a_line_goes_by_them() -> None:
    facts = make.facts(BASE, assignments=CHANGED)
    (base,) = split(facts, amounts(facts))
    assert [part.days for part in base.parts] == [17, 14]


@given(st.integers(-(10**9), 10**9), st.dictionaries(drawn.ADVISERS, st.integers(0, 400)))
def test_parts_are_within_a_fen_of_their_share(amount_fen: int, weights: dict[str, int]) -> None:
    found = shared(amount_fen, weights)
    whole = sum(weights.values())
    assert sum(found.values()) == amount_fen
    for who, weight in weights.items() if whole else ():
        assert abs(found[who] * whole - amount_fen * weight) < whole


@given(drawn.months_of_facts(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_parts_of_any_month_sum_to_its_lines(facts: MonthFacts, chance: Any) -> None:
    lines = amounts(facts)
    found = split(facts, lines)
    assert [sum(part.amount_fen for part in one.parts) for one in found] == [
        line.amount_fen for line in lines
    ]
    shuffled = replace(
        facts,
        assignments=chance.sample(facts.assignments, len(facts.assignments)),
        lectures=chance.sample(facts.lectures, len(facts.lectures)),
        claims=chance.sample(facts.claims, len(facts.claims)),
        shifts=chance.sample(facts.shifts, len(facts.shifts)),
        sessions={code: chance.sample(own, len(own)) for code, own in facts.sessions.items()},
    )
    assert split(shuffled, lines) == found
