"""What one statement takes of late entries, and in which parts they are entered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.adjustments.rules import fitting, parts
from counselhub.cutoffs.rules import Terms, due_on, earliest_month, is_reminded
from counselhub.earlier.rules import Late, with_late
from counselhub.statements.facts import MonthFacts, SessionFact
from counselhub.statements.months import Month


@pytest.mark.parametrize(
    ("amounts", "cap", "taken"),
    [
        pytest.param([5, 6], None, [0, 1], id="LATE-2 no cap takes all"),
        pytest.param([5, 5], 10, [0, 1], id="LATE-2 the cap exactly is enough"),
        pytest.param([5, 6, 1], 10, [0], id="LATE-2 what passes it waits, and all after it"),
        pytest.param([5, 6, -2], 10, [0, 2], id="LATE-2 what takes off never waits"),
        pytest.param([15, 1], 10, [0], id="LATE-2 the first never waits"),
        pytest.param([], 10, [], id="LATE-2 none"),
    ],
)
def test_fitting(amounts: list[int], cap: int | None, taken: list[int]) -> None:
    assert fitting(enumerate(amounts), cap) == taken


@given(st.lists(st.integers(1, 50)), st.integers(1, 60))
def test_one_statement_after_another_takes_all_once(amounts: list[int], cap: int) -> None:
    left = list(enumerate(amounts))
    rounds = []
    while left:
        taken = fitting(left, cap)
        rounds.append(sum(amounts[key] for key in taken))
        assert taken
        left = [(key, fen) for key, fen in left if key not in taken]
    assert sum(rounds) == sum(amounts)
    assert all(fen <= max(cap, *amounts) for fen in rounds)


@given(st.integers(-500, 500), st.none() | st.integers(1, 90))
def test_parts_sum_to_the_whole(amount: int, cap: int | None) -> None:
    found = parts(amount, cap)
    assert sum(found) == amount
    assert 0 not in found
    assert cap is None or all(fen <= cap for fen in found)


OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("day", "reminder", "today", "due", "told"),
    [
        pytest.param(0, 3, date(2026, 11, 9), None, False, id="CUT-1 a street without"),
        pytest.param(10, 3, date(2026, 11, 6), date(2026, 11, 10), False, id="CUT-1 too early"),
        pytest.param(10, 3, date(2026, 11, 7), date(2026, 11, 10), True, id="CUT-1 so many days"),
        pytest.param(10, 0, date(2026, 11, 10), date(2026, 11, 10), True, id="CUT-1 the day"),
        pytest.param(10, 3, date(2026, 11, 11), date(2026, 11, 10), False, id="CUT-1 over"),
    ],
)
def test_due(day: int, reminder: int, today: date, due: date | None, told: bool) -> None:
    terms = Terms(cutoff_day=day, reminder_days=reminder)
    assert due_on(OCTOBER, terms) == due
    assert is_reminded(OCTOBER, terms, today) is told


@pytest.mark.parametrize(
    ("months", "first"),
    [
        pytest.param(0, None, id="LATE-1 none"),
        pytest.param(1, date(2026, 9, 1), id="LATE-1 the month before"),
        pytest.param(12, date(2025, 10, 1), id="LATE-1 over the year"),
    ],
)
def test_earliest(months: int, first: date | None) -> None:
    assert earliest_month(OCTOBER, Terms(late_months=months)) == first


STREET, HERE, THERE = "110101001", "110101001001", "110101001002"
SEEN = SessionFact(date(2026, 10, 14), 540, 660, "a", grade="B")
WANTED = SessionFact(date(2026, 10, 14), 540, 780, "a", is_manual=True)
OTHER = SessionFact(date(2026, 10, 21), 540, 660, "a")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param(Late(HERE, WANTED, (HERE, SEEN)),
                     {HERE: [OTHER, WANTED._replace(grade="B")]}, id="CORR-3 longer, as proven"),
        pytest.param(Late(THERE, WANTED, (HERE, SEEN)),
                     {HERE: [OTHER], THERE: [WANTED._replace(grade="B")]}, id="CORR-3 elsewhere"),
        pytest.param(Late(HERE, WANTED, (HERE, WANTED)),
                     {HERE: [SEEN, OTHER, WANTED]}, id="CORR-3 nothing to replace"),
        pytest.param(Late("999999999001", WANTED, (HERE, SEEN)),
                     {HERE: [OTHER]}, id="CORR-3 it was in another street"),
        pytest.param(Late(HERE, WANTED._replace(day=date(2026, 11, 4))),
                     {HERE: [SEEN, OTHER]}, id="LATE-4 of a later month"),
    ],
)  # fmt: skip
def test_what_a_month_is_with_a_change(change: Late, found: dict[str, list[SessionFact]]) -> None:
    facts = MonthFacts(
        street=STREET, month=Month(2026, 10), contracts=(), sessions={HERE: [SEEN, OTHER]}
    )
    assert with_late(facts, [change]).sessions == found
    assert facts.sessions == {HERE: [SEEN, OTHER]}
