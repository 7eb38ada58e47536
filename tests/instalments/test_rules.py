"""The rules of instalments: worth, shares, what may be paid how, where a receipt goes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.contracts.kinds import PaidBy
from counselhub.instalments import rules
from counselhub.instalments.kinds import InstalmentStatus, Subject
from counselhub.instalments.rules import OverpaidError, PlanError, Share
from counselhub.statements.facts import ContractFact, ContractKind
from counselhub.statements.terms import Cycle, SchemeTerms

TODAY = date(2026, 10, 8)


def contract(
    starts_on: date, ends_on: date, *, places: int = 1, cycle: Cycle = Cycle.MONTH, **more: Any
) -> ContractFact:
    terms = SchemeTerms(
        scheme="S", effective_on=date(2020, 1, 1), annual_fen=2_000_000, cycle=cycle
    )
    return ContractFact(
        number="HT-1",
        kind=ContractKind.PROCUREMENT,
        communities=[f"44010400100{place}" for place in range(places)],
        starts_on=starts_on,
        ends_on=ends_on,
        scheme_versions=[terms],
        **more,
    )


@pytest.mark.parametrize(
    ("held", "fen"),
    [
        pytest.param(contract(date(2026, 1, 1), date(2026, 12, 31)), 2_000_000, id="I1 a year"),
        pytest.param(
            contract(date(2026, 1, 1), date(2026, 12, 31), places=3), 6_000_000, id="I1 by places"
        ),
        pytest.param(
            contract(date(2026, 7, 1), date(2027, 6, 30)), 2_000_000, id="I1 a year over new year"
        ),
        pytest.param(
            contract(date(2026, 1, 1), date(2026, 1, 31)), 166_667, id="I1 a month as M2 has it"
        ),
        pytest.param(contract(date(2026, 1, 1), date(2026, 1, 1)), 5_376, id="I1 a day of January"),
        pytest.param(
            contract(date(2026, 1, 1), date(2026, 11, 30), cycle=Cycle.QUARTER),
            1_831_522,
            id="I1 a quarter broken off",
        ),
        pytest.param(
            contract(date(2026, 1, 1), date(2026, 12, 31), annual_fen=1_800_000),
            1_800_000,
            id="I1 an amount of its own",
        ),
        pytest.param(
            contract(date(2026, 1, 1), date(2026, 12, 31), terminated_on=date(2026, 6, 30)),
            1_000_000,
            id="I1 ended early",
        ),
    ],
)
def test_worth(held: ContractFact, fen: int) -> None:
    assert rules.worth(held) == fen


@given(st.integers(100, 10**9), st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_percentages_make_the_whole(rest_fen: int, weights: list[int]) -> None:
    whole = sum(weights)
    percents = [Decimal(weight * 10_000 // whole) / 100 for weight in weights]
    percents[0] += 100 - sum(percents)
    rest_fen += 10_000  # so that no share is nothing
    amounts = rules.amounts_of(rest_fen, [Share(one) for one in percents], in_percent=True)
    assert sum(amounts) == rest_fen
    assert all(
        abs(fen - rest_fen * percent / 100) < 1
        for fen, percent in zip(amounts, percents, strict=True)
    )


@pytest.mark.parametrize(
    ("shares", "in_percent", "code", "off_fen"),
    [
        pytest.param([Share(Decimal(60)), Share(Decimal(30))], True, "percent", 0, id="I2 90 %"),
        pytest.param([Share(600), Share(300)], False, "amount", -100, id="I2 too little"),
        pytest.param([Share(600), Share(500)], False, "amount", 100, id="I2 too much"),
        pytest.param([Share(0), Share(1_000)], False, "nothing", 0, id="I2 a row of nothing"),
        pytest.param(
            [Share(Decimal(10), True), Share(Decimal(90))], True, "retention", 0, id="I2 kept first"
        ),
    ],
)
def test_a_plan_that_cannot_be(
    shares: list[Share], in_percent: bool, code: str, off_fen: int
) -> None:
    with pytest.raises(PlanError) as refusal:
        rules.amounts_of(1_000, shares, in_percent=in_percent)
    assert (refusal.value.code, refusal.value.off_fen) == (code, off_fen)


@pytest.mark.parametrize(
    ("paid_by", "subjects"),
    [
        pytest.param(PaidBy.STATEMENT, {Subject.BASE, Subject.LECTURE}, id="I3 statements"),
        pytest.param(PaidBy.BOTH, {Subject.LECTURE}, id="I3 the base by instalments"),
        pytest.param(PaidBy.INSTALMENTS, set(), id="I3 all by instalments"),
    ],
)
def test_what_no_instalment_may_pay(paid_by: PaidBy, subjects: set[Subject]) -> None:
    assert rules.paid_by_statement(paid_by, {Subject.BASE, Subject.LECTURE}) == subjects
    assert not rules.subjects_given_up(paid_by) & subjects


def test_a_contract_without_a_scheme_of_money_has_a_base_still() -> None:
    assert rules.paid_by_statement(PaidBy.STATEMENT, ()) == {Subject.BASE}


@pytest.mark.parametrize(
    ("amount_fen", "owed", "parts"),
    [
        pytest.param(500, [1_000, 300], [500, 0], id="I4 a part"),
        pytest.param(1_000, [1_000, 300], [1_000, 0], id="I4 exactly one"),
        pytest.param(1_200, [1_000, 300], [1_000, 200], id="I4 one and a part"),
        pytest.param(1_300, [1_000, 300], [1_000, 300], id="I4 all"),
    ],
)
def test_a_receipt_is_spread(amount_fen: int, owed: list[int], parts: list[int]) -> None:
    assert rules.spread(amount_fen, owed) == parts


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=8), st.integers(1, 10**7))
def test_no_fen_is_lost(owed: list[int], amount_fen: int) -> None:
    if amount_fen > sum(owed):
        with pytest.raises(OverpaidError) as refusal:
            rules.spread(amount_fen, owed)
        assert refusal.value.rest_fen == amount_fen - sum(owed)
        return
    parts = rules.spread(amount_fen, owed)
    assert sum(parts) == amount_fen
    assert all(0 <= part <= one for part, one in zip(parts, owed, strict=True))


@pytest.mark.parametrize(
    ("invoiced_fen", "paid_fen", "status"),
    [
        pytest.param(0, 0, InstalmentStatus.DUE, id="nothing yet"),
        pytest.param(100, 0, InstalmentStatus.INVOICED, id="invoiced in part"),
        pytest.param(0, 999, InstalmentStatus.PART_PAID, id="paid before the invoice"),
        pytest.param(1_000, 1_000, InstalmentStatus.PAID, id="paid"),
    ],
)
def test_where_it_stands(invoiced_fen: int, paid_fen: int, status: InstalmentStatus) -> None:
    assert rules.status_after(1_000, invoiced_fen, paid_fen) == status


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, "0-30"), (30, "0-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"), (91, "90+")],
)
def test_how_long_it_waits(days: int, bucket: str) -> None:
    assert rules.bucket_of(TODAY - timedelta(days=days), TODAY) == bucket


@pytest.mark.parametrize(
    ("worth_fen", "parts", "amounts"),
    [
        pytest.param(1_000, [(600, 0), (400, 0)], [600, 400], id="I5 the whole term"),
        pytest.param(700, [(600, 600), (400, 0)], [600, 100], id="I5 the last is shortened"),
        pytest.param(500, [(600, 600), (400, 0)], [600, 0], id="I5 too much was paid"),
        pytest.param(500, [(600, 0), (400, 0)], [500, 0], id="I5 the first is shortened"),
    ],
)
def test_what_an_ended_contract_asks_for(
    worth_fen: int, parts: list[tuple[int, int]], amounts: list[int]
) -> None:
    assert rules.settled(worth_fen, parts) == amounts
