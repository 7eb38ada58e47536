"""M13 to M17: amounts by class and factors, presence, activities and points that are paid."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from counselhub.statements.facts import ActivityFact, PointFact
from counselhub.statements.lines import LineKind
from counselhub.statements.pack_terms import Activity, Factor, Factors, PackTerms
from counselhub.statements.rules.annual import allotted
from counselhub.statements.terms import SchemeRefusedError, SchemeTerms
from tests.statements.drawn import FACTORS
from tests.statements.make import (
    NANLONG,
    PLAIN,
    SHALI,
    STREET,
    contract,
    facts,
    lines_of,
    terms,
    visit,
)

DAYS = tuple(date(2026, 10, day) for day in (5, 12, 19, 26))
ALL = Decimal(100)


def pack(**fields: Any) -> SchemeTerms:
    """PLAIN with some terms of a pack, a visit being at least an hour."""
    return terms(pack=PackTerms(**fields), shortest_visit_minutes=60)


def only(kind: LineKind, scheme: SchemeTerms, **changes: Any) -> tuple[str, int]:
    """Quantity and amount of the one line of a kind."""
    (line,) = lines_of(kind, contract(scheme), **changes)
    return line.quantity, line.amount_fen


def visits(*minutes: int) -> dict[str, list[Any]]:
    """Presence in NANLONG on the first days, of so many minutes each."""
    return {
        NANLONG: [visit(day, minutes=length) for day, length in zip(DAYS, minutes, strict=False)]
    }


SHARED = Factors(
    budget_fen=1_000_000,
    weights={Factor.POPULATION: Decimal(60), Factor.DISPUTES: Decimal(40)},
    communities={NANLONG: (3000, 10, 1), SHALI: (1000, 30, 1)},
)


@pytest.mark.parametrize(
    ("scheme", "own_fen", "year_fen"),
    [
        pytest.param(pack(), None, 1_200_000, id="the scheme's amount"),
        pytest.param(
            pack(class_fen={"甲类": 2_400_000}, class_of={NANLONG: "甲类"}),
            None,
            2_400_000,
            id="M13 its class's",
        ),
        pytest.param(
            pack(class_fen={"甲类": 2_400_000}, class_of={SHALI: "甲类"}),
            None,
            1_200_000,
            id="M13 a community in no class",
        ),
        # 60 % x 3000 of 4000 and 40 % x 10 of 40: 45 + 10 hundredths of the budget.
        pytest.param(pack(factors=SHARED), None, 550_000, id="M14 its part of the budget"),
        pytest.param(
            pack(factors=SHARED, class_fen={"甲类": 9}, class_of={NANLONG: "甲类"}),
            None,
            550_000,
            id="M14 before its class",
        ),
        pytest.param(pack(factors=SHARED), 360_000, 360_000, id="M2 the contract's own wins"),
    ],
)
def test_annual_amount(scheme: SchemeTerms, own_fen: int | None, year_fen: int) -> None:
    months = [
        line.amount_fen
        for number in range(1, 13)
        for line in lines_of(
            LineKind.BASE,
            contract(scheme, annual_fen=own_fen),
            month=facts().month._replace(number=number),
        )
    ]
    assert sum(months) == year_fen


def test_equal_remainders_go_by_code() -> None:
    equal = Factors(
        budget_fen=100,
        weights={Factor.CONTRACTS: ALL},
        communities={f"{STREET}00{place}": (1, 1, 1) for place in (3, 1, 2)},
    )
    assert [allotted(equal)[f"{STREET}00{place}"] for place in (1, 2, 3)] == [34, 33, 33]


@given(FACTORS)
def test_a_budget_is_shared_out_whole(factors: Factors) -> None:
    parts = allotted(factors)
    assert sum(parts.values()) == factors.budget_fen
    assert set(parts) == set(factors.communities)


@pytest.mark.parametrize(
    ("fields", "minutes", "line"),
    [
        pytest.param({"visit_fen": 20_000}, (120, 90), ("2/0", 40_000), id="M15 by visit"),
        pytest.param(
            {"visit_fen": 20_000}, (120, 59), ("1/0", 20_000), id="M15 a short day is none"
        ),
        pytest.param({"visit_fen": 20_000}, (59,), ("0/0", 0), id="M15 a line of nothing"),
        pytest.param(
            {"visit_fen": 20_000, "visit_cap": 3},
            (60, 60, 60, 60),
            ("3/0", 60_000),
            id="M15 capped",
        ),
        pytest.param({"visit_fen": 20_000, "visit_cap": 0}, (60,), ("0/0", 0), id="M15 a cap of 0"),
        pytest.param({"hour_fen": 5_000}, (90, 61), ("0/151", 12_583), id="M15 by the minute"),
        pytest.param(
            {"hour_fen": 5_000, "hour_cap": 2}, (90, 90), ("0/120", 10_000), id="M15 hours capped"
        ),
        pytest.param(
            {"visit_fen": 100, "hour_fen": 60}, (60, 60), ("2/120", 320), id="M15 both together"
        ),
    ],
)
def test_attendance(
    fields: dict[str, Any], minutes: tuple[int, ...], line: tuple[str, int]
) -> None:
    assert only(LineKind.ATTENDANCE, pack(**fields), sessions=visits(*minutes)) == line


def test_nobody_on_site_is_no_line() -> None:
    assert lines_of(LineKind.ATTENDANCE, contract(pack(visit_fen=1))) == []


def test_a_change_of_contract_pays_no_day_twice() -> None:
    scheme = pack(visit_fen=10_000, visit_cap=3)
    first = contract(scheme, ends_on=date(2026, 10, 12))
    second = contract(scheme, number="HT-2", starts_on=date(2026, 10, 12))
    lines = lines_of(LineKind.ATTENDANCE, first, second, sessions=visits(60, 60, 60, 60))
    assert [(line.contract, line.amount_fen) for line in lines] == [
        ("HT-1", 20_000),
        ("HT-2", 10_000),
    ]


MEDIATIONS = {"参与调解": Activity(8_000, 2), "培训": Activity(50_000)}


@pytest.mark.parametrize(
    ("records", "line"),
    [
        pytest.param([("参与调解", 1)], ("1", 8_000), id="M16 one"),
        pytest.param([("参与调解", 5)], ("2", 16_000), id="M16 at most the month's cap"),
        pytest.param([("参与调解", 1), ("培训", 1)], ("2", 58_000), id="M16 two kinds in one line"),
        pytest.param([("参与调解", 0)], ("0", 0), id="M16 a line of nothing"),
    ],
)
def test_activities(records: list[tuple[str, int]], line: tuple[str, int]) -> None:
    done = [ActivityFact(DAYS[0], NANLONG, kind, times) for kind, times in records]
    assert only(LineKind.ACTIVITY, pack(activities=MEDIATIONS), activities=done) == line


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(ActivityFact(DAYS[0], NANLONG, "法律咨询"), id="M16 a kind without a fee"),
        pytest.param(ActivityFact(date(2026, 9, 30), NANLONG, "培训"), id="M16 of another month"),
        pytest.param(ActivityFact(DAYS[0], SHALI, "培训"), id="M16 where no contract is"),
    ],
)
def test_activities_of_no_interest(record: ActivityFact) -> None:
    scheme = contract(pack(activities=MEDIATIONS))
    assert lines_of(LineKind.ACTIVITY, scheme, activities=[record]) == []


@pytest.mark.parametrize(
    ("fields", "points", "line"),
    [
        pytest.param({}, (1, 1), ("2", 20_000), id="M17 points x rate"),
        pytest.param({"point_cap": 3}, (2, 2), ("3", 30_000), id="M17 at most the cap"),
        pytest.param({}, (1, -2), ("0", 0), id="M17 never below nothing without a floor"),
        pytest.param({"point_floor": -2}, (-1,), ("-1", -10_000), id="M17 below nothing"),
        pytest.param({"point_floor": -2}, (-9, 1), ("-2", -20_000), id="M17 down to the floor"),
    ],
)
def test_points(fields: dict[str, int], points: tuple[int, ...], line: tuple[str, int]) -> None:
    marks = [PointFact(NANLONG, each, "推送") for each in points]
    assert only(LineKind.PERFORMANCE, pack(point_fen=10_000, **fields), points=marks) == line


@pytest.mark.parametrize(
    ("fields", "code", "column"),
    [
        pytest.param({"visit_fen": -1}, "negative", "visit_fen", id="a negative fee"),
        pytest.param({"class_fen": {"甲类": -1}}, "negative", "class_fen", id="a negative class"),
        pytest.param({"class_of": {NANLONG: "甲类"}}, "class", "class_of", id="M13 no such class"),
        pytest.param(
            {"activities": {"培训": Activity(-1)}}, "negative", "activities", id="activity"
        ),
        pytest.param({"point_floor": 1}, "floor", "point_floor", id="M17 a floor above nothing"),
        pytest.param(
            {"factors": replace(SHARED, budget_fen=-1)}, "negative", "factors", id="M14 budget"
        ),
        pytest.param(
            {"factors": replace(SHARED, weights={Factor.POPULATION: Decimal(99)})},
            "weights",
            "factors",
            id="M14 weights of 99",
        ),
        pytest.param(
            {
                "factors": replace(
                    SHARED, weights={Factor.POPULATION: Decimal(150), Factor.DISPUTES: -Decimal(50)}
                )
            },
            "percent",
            "factors",
            id="M14 a weight above the whole",
        ),
        pytest.param(
            {"factors": replace(SHARED, communities={NANLONG: (5, 0, 1)})},
            "factor_total",
            "factors",
            id="M14 a factor that nobody has",
        ),
    ],
)
def test_refused(fields: dict[str, Any], code: str, column: str) -> None:
    with pytest.raises(SchemeRefusedError) as refused:
        replace(PLAIN, pack=PackTerms(**fields))
    assert (refused.value.code, refused.value.column) == (code, column)
