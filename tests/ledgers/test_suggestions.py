"""Each suggestion by its rule, and that none costs more than it may."""

from datetime import date

import pytest

from counselhub.ledgers.rules import Figures, LedgerFact, StatementFact, Tolerance, reconcile
from counselhub.ledgers.suggestions import (
    CAUSES,
    Hint,
    Months,
    is_transposed,
    party_of,
    scale_between,
    suggest,
)

Side = dict[str, tuple[int, int] | int]
NO_MONTHS: Months = {}


def hints(
    ledger: Side, statement: Side, months: Months = NO_MONTHS
) -> dict[str, list[dict[str, str]]]:
    """What is suggested for each community; sides by community: fen, or fen and minutes."""
    rows = [LedgerFact(*key.split("/"), _figures(value)) for key, value in _named(ledger)]
    facts = [
        StatementFact("F", *key.split("/"), _figures(value)) for key, value in _named(statement)
    ]
    pairs = reconcile(rows, facts, Tolerance())
    found = suggest(pairs, months)
    return {
        pairs[place].community: [one.document() for one in each] for place, each in found.items()
    }


def _named(side: Side) -> list[tuple[str, tuple[int, int] | int]]:
    return [(key if "/" in key else f"{key}/A", value) for key, value in side.items()]


def _figures(value: tuple[int, int] | int) -> Figures:
    fen, minutes = value if isinstance(value, tuple) else (value, None)
    return Figures(fen, None, minutes)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        pytest.param(123_400, 132_400, True, id="two neighbours"),
        pytest.param(123_400, 321_400, False, id="not neighbours"),
        pytest.param(123_400, 124_300, True, id="others"),
        pytest.param(1_234, 12_340, False, id="another length"),
        pytest.param(-1_234, 1_324, False, id="another sign"),
        pytest.param(1_234, 1_234, False, id="the same"),
        pytest.param(1_200, 2_300, False, id="other digits"),
    ],
)
def test_is_transposed(one: int, other: int, found: bool) -> None:
    assert is_transposed(one, other) is found


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [
        pytest.param(1_810, 181_000, 100, id="fen for yuan"),
        pytest.param(181_000, 18_100, 10, id="a point moved"),
        pytest.param(181, 181_000, 1000, id="by three"),
        pytest.param(0, 181_000, 0, id="nothing"),
        pytest.param(-1_810, 181_000, 0, id="another sign"),
        pytest.param(2, 40, 0, id="twenty times"),
    ],
)
def test_scale_between(one: int, other: int, times: int) -> None:
    assert scale_between(one, other) == times


@pytest.mark.parametrize(
    ("ledger", "statement", "months", "community", "document"),
    [
        pytest.param({"C": 1_324}, {"C": 1_234}, {}, "C", {"hint": "transposed"}, id="transposed"),
        pytest.param(
            {"C": 1_810}, {"C": 181_000}, {}, "C", {"hint": "scaled", "times": "100"}, id="scaled"
        ),
        pytest.param(
            {"C": (9, 7_200)}, {"C": (9, 120)}, {}, "C", {"hint": "minutes_as_hours"}, id="minutes"
        ),
        pytest.param(
            {"C": (9, 2)}, {"C": (9, 120)}, {}, "C", {"hint": "hours_as_minutes"}, id="hours"
        ),
        pytest.param(
            {"C": 700}, {"C": 555}, {"C": [("F", date(2026, 9, 1), 700)]}, "C",
            {"hint": "other_month", "month": "2026-09"}, id="other month",
        ),
        pytest.param(
            {"C": 500, "D": 300}, {"C": 300, "D": 500}, {}, "C",
            {"hint": "swapped", "place": "D"}, id="swapped",
        ),
        pytest.param(
            {"C": 444}, {"D": 444}, {}, "C", {"hint": "moved", "place": "D"}, id="moved"
        ),
        pytest.param(
            {"C/X": 444}, {"C/A": 444}, {}, "C",
            {"hint": "other_contract", "contract": "A"}, id="other contract",
        ),
        pytest.param(
            {"C": 600}, {"D": 250, "E": 350}, {}, "C",
            {"hint": "sum_of_lines", "places": "D,E"}, id="one row is two lines",
        ),
        pytest.param(
            {"C": 600}, {"C": 250, "E": 350}, {}, "C",
            {"hint": "sum_of_lines", "places": "E"}, id="one row holds another line",
        ),
        pytest.param(
            {"D": 250, "E": 350}, {"C": 600}, {}, "C",
            {"hint": "sum_of_rows", "places": "D,E"}, id="one line is two rows",
        ),
    ],
)  # fmt: skip
def test_suggest(
    ledger: Side, statement: Side, months: Months, community: str, document: dict[str, str]
) -> None:
    assert document in hints(ledger, statement, months)[community]


def test_another_firms_month_says_nothing() -> None:
    assert hints({"C": 700}, {"C": 555}, {"C": [("G", date(2026, 9, 1), 700)]}) == {}


def test_what_agrees_needs_no_explanation() -> None:
    assert hints({"C": 700}, {"C": 700}, {"C": [("F", date(2026, 9, 1), 700)]}) == {}


@pytest.mark.parametrize("hint", Hint)
def test_every_suggestion_has_words_a_reason_and_a_side(hint: Hint) -> None:
    assert CAUSES[hint]
    assert party_of(hint)
    assert hint.word


def test_a_ledger_of_strangers_is_gone_through_quickly() -> None:
    """Nothing fits: 10,000 rows that no statement knows beside as many lines."""
    ledger: Side = {f"L{place:05}": 100_003 + 7 * place for place in range(10_000)}
    statement: Side = {f"S{place:05}": 200_001 + 7 * place for place in range(10_000)}
    found = hints(ledger, statement)
    assert all(len(each) <= 3 for each in found.values())
