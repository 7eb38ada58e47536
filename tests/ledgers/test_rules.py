"""LEDGER-1 to LEDGER-5: what agrees, whose a row is, what a new comparison keeps."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.ledgers.kinds import Measure, Outcome
from counselhub.ledgers.rules import (
    Figures,
    LedgerFact,
    Pair,
    Sides,
    StatementFact,
    Tolerance,
    counted,
    differences,
    fate_of,
    reconcile,
)

OURS = StatementFact("F", "C1", "A", Figures(181_000, 3, 360, 1, 1), (2, 3))
EXACT = Tolerance()


@pytest.mark.parametrize(
    ("told", "tolerance", "found"),
    [
        pytest.param(Figures(181_000, 3, 360, 1, 1), EXACT, (), id="all the same"),
        pytest.param(Figures(180_999), EXACT, (Measure.AMOUNT,), id="a fen less"),
        pytest.param(Figures(180_900), Tolerance(fen=100), (), id="within the tolerance"),
        pytest.param(Figures(180_899), Tolerance(fen=100), (Measure.AMOUNT,), id="just beyond"),
        pytest.param(Figures(181_000, 4), EXACT, (Measure.VISITS,), id="a visit more"),
        pytest.param(Figures(181_000, 4), Tolerance(visits=1), (), id="a visit is allowed"),
        pytest.param(Figures(181_000, 3, 330), EXACT, (Measure.MINUTES,), id="half an hour"),
        pytest.param(Figures(181_000, 3, 330), Tolerance(minutes=30), (), id="is allowed"),
        pytest.param(Figures(181_000), EXACT, (), id="LEDGER-3 blanks agree"),
        pytest.param(Figures(181_000, lectures=2, cases=3), EXACT, (), id="LEDGER-4 all held"),
        pytest.param(Figures(181_000, lectures=3), EXACT, (Measure.LECTURES,), id="one too many"),
        pytest.param(Figures(181_000, cases=2), EXACT, (Measure.CASES,), id="neither paid nor all"),
        pytest.param(
            Figures(0, 0, 0, 0, 0), EXACT, tuple(Measure), id="LEDGER-2 money comes first"
        ),
    ],
)
def test_differences(told: Figures, tolerance: Tolerance, found: tuple[Measure, ...]) -> None:
    assert differences(told, OURS, tolerance) == found


def test_a_statement_without_presence_agrees_with_any() -> None:
    silent = replace(OURS, figures=Figures(181_000, None, None, 0, 0), held=(0, 0))
    assert differences(Figures(181_000, 9, 999, 0, 0), silent, EXACT) == ()


def fact(firm: str, community: str, contract: str, fen: int, minutes: int = 60) -> StatementFact:
    return StatementFact(firm, community, contract, Figures(fen, 1, minutes, 0, 0))


def told(community: str, contract: str, fen: int, row: int = 2) -> LedgerFact:
    return LedgerFact(community, contract, Figures(fen), row)


@pytest.mark.parametrize(
    ("rows", "facts", "outcomes"),
    [
        pytest.param(
            [told("C", "", 300)], [fact("F", "C", "A", 100), fact("F", "C", "B", 200)],
            {"matched": 1}, id="LEDGER-1 no contract: all of the community",
        ),
        pytest.param(
            [told("C", "A", 100), told("C", "", 200)],
            [fact("F", "C", "A", 100), fact("F", "C", "B", 200)],
            {"matched": 2}, id="LEDGER-1 what no other row names",
        ),
        pytest.param(
            [told("C", "", 200)], [fact("F", "C", "A", 100), fact("G", "C", "B", 200)],
            {"matched": 1, "only_statement": 1}, id="LEDGER-1 of one firm, the nearest",
        ),
        pytest.param(
            [told("C", "X", 100)], [fact("F", "C", "A", 100)],
            {"only_ledger": 1, "only_statement": 1}, id="another contract",
        ),
        pytest.param(
            [told("D", "A", 100)], [fact("F", "C", "A", 100)],
            {"only_ledger": 1, "only_statement": 1}, id="another community",
        ),
        pytest.param([], [], {}, id="nothing"),
    ],
)  # fmt: skip
def test_reconcile(
    rows: list[LedgerFact], facts: list[StatementFact], outcomes: dict[str, int]
) -> None:
    found = counted(reconcile(rows, facts, EXACT))
    assert {name: many for name, many in found.items() if many} == outcomes


def test_presence_is_not_added_over_contracts() -> None:
    pair = reconcile(
        [told("C", "", 300)],
        [fact("F", "C", "A", 100, minutes=120), fact("F", "C", "B", 200, minutes=120)],
        EXACT,
    )[0]
    assert pair.statement is not None
    assert pair.statement.figures == Figures(300, 1, 120, 0, 0)
    assert pair.statement.contract == "A、B"


CODES, CONTRACTS, FENS = st.sampled_from("CDEF"), st.sampled_from("AB"), st.integers(0, 5)
FACTS = st.lists(
    st.builds(fact, st.sampled_from("FG"), CODES, CONTRACTS, FENS),
    unique_by=lambda one: (one.firm, one.community, one.contract),
)
ROWS = st.lists(
    st.builds(told, CODES, st.sampled_from(["", "A", "B", "X"]), FENS),
    unique_by=lambda one: one.key,
)


@given(rows=ROWS, facts=FACTS, data=st.data())
def test_everything_falls_in_one_class_whatever_the_order(
    rows: list[LedgerFact], facts: list[StatementFact], data: st.DataObject
) -> None:
    pairs = reconcile(rows, facts, EXACT)
    assert Counter(pair.ledger.key for pair in pairs if pair.ledger) == Counter(
        row.key for row in rows
    )
    assert Counter(_parts(pairs)) == Counter(
        (one.firm, one.community, one.contract) for one in facts
    )
    counts = counted(pairs)
    assert sum(counts.values()) == len(pairs)
    assert sum(counts.values()) - counts[Outcome.ONLY_STATEMENT] == len(rows)
    total = sum(pair.gap_fen for pair in pairs)
    assert total == _sum(rows) - _sum(facts)
    shuffled = data.draw(st.permutations(rows)), data.draw(st.permutations(facts))
    assert reconcile(*shuffled, EXACT) == pairs


def _sum(side: list[LedgerFact] | list[StatementFact]) -> int:
    return sum(one.figures.amount_fen for one in side)


def _parts(pairs: list[Pair]) -> list[tuple[str, str, str]]:
    """The facts that the pairs are of, those that one row took together apart again."""
    return [
        (pair.statement.firm, pair.community, contract)
        for pair in pairs
        if pair.statement
        for contract in pair.statement.contract.split("、")
    ]


@pytest.mark.parametrize(
    ("before", "is_settled", "fate"),
    [
        pytest.param(None, False, "new", id="not there before"),
        pytest.param(({"x": 1}, None), True, "same", id="LEDGER-5 settled stays"),
        pytest.param(({"x": 2}, None), True, "reopened", id="LEDGER-5 the ledger changed"),
        pytest.param(({"x": 1}, {"y": 1}), True, "reopened", id="LEDGER-5 the statement changed"),
        pytest.param(({"x": 2}, None), False, "changed", id="nothing was settled"),
    ],
)
def test_fate(before: Sides | None, is_settled: bool, fate: str) -> None:
    assert fate_of(before, ({"x": 1}, None), is_settled=is_settled) == fate
