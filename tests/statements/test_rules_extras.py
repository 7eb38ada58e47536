"""M6, M7: lectures and online days."""

from dataclasses import replace
from datetime import date

import pytest

from counselhub.statements.facts import ContractFact, LectureFact, ShiftFact
from counselhub.statements.lines import LineKind
from counselhub.statements.months import Month
from counselhub.statements.terms import SchemeTerms
from tests.statements.make import (
    NANLONG,
    SHALI,
    contract,
    lines_of,
    terms,
)

LECTURING = terms(lecture_fen=30_000, lecture_cap=2)
UNCAPPED = terms(lecture_fen=30_000)


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


def test_a_covered_day_is_paid_for_each_community_of_the_contract() -> None:
    fact = contract(terms(online_fen=10_000), communities=(NANLONG, SHALI))
    lines = lines_of(LineKind.ONLINE, fact, shifts=[shift(9, 0, 10, 0)])
    assert [(line.community, line.amount_fen) for line in lines] == [
        (NANLONG, 10_000),
        (SHALI, 10_000),
    ]
