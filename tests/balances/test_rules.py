"""The account of a period worked out without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.balances.kinds import EntryKind as K
from counselhub.balances.rules import Entry, Owed, ageing, digest, figures, lines

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)


def entry(day: date, kind: K, fen: int, key: str = "1") -> Entry:
    return Entry(day, kind, f"{kind.value}:{key}", f"JS-{key}", fen, key)


BOOKED = [
    entry(date(2026, 9, 30), K.DUE, 1_000, "a"),
    entry(FIRST, K.PAID, 1_000, "a"),
    entry(date(2026, 10, 9), K.RECEIVED, 990, "a"),
    entry(date(2026, 10, 10), K.WRITTEN_OFF, 10, "a"),
    entry(date(2026, 11, 5), K.DUE, 500, "b"),
    entry(LAST, K.PAID, 500, "b"),
    entry(date(2027, 1, 2), K.RECEIVED, 500, "b"),
]


def test_a_period() -> None:
    assert figures(BOOKED, FIRST, LAST) == {
        "opening": 1_000,
        "opening_unpaid": 1_000,
        "opening_on_way": 0,
        "due": 500,
        "paid": 1_500,
        "received": 990,
        "written_off": 10,
        "unpaid": 0,
        "on_way": 500,
        "closing": 500,
    }
    assert [one.label for one in lines(reversed(BOOKED), FIRST, LAST)] == [
        "JS-a", "JS-a", "JS-a", "JS-b", "JS-b",
    ]  # fmt: skip


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
entries = st.lists(
    st.builds(entry, days, st.sampled_from(list(K)), st.integers(-(10**6), 10**6)), max_size=12
)


@given(entries, days)
def test_what_closes_one_period_opens_the_next(booked: list[Entry], cut: date) -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    before = figures(booked, first, cut)
    after = figures(booked, date.fromordinal(cut.toordinal() + 1), last)
    whole = figures(booked, first, last)
    assert before["closing"] == after["opening"]
    assert (after["unpaid"], after["on_way"]) == (whole["unpaid"], whole["on_way"])
    assert sum(one["due"] for one in (before, after)) == whole["due"]


@pytest.mark.parametrize(
    ("signed_on", "paid_on", "column"),
    [
        pytest.param(LAST, None, 0, id="signed today"),
        pytest.param(date(2026, 12, 1), None, 0, id="30 days"),
        pytest.param(date(2026, 11, 30), None, 1, id="31 days"),
        pytest.param(date(2026, 11, 1), None, 1, id="60 days"),
        pytest.param(date(2026, 10, 31), None, 2, id="61 days"),
        pytest.param(date(2026, 10, 2), None, 2, id="90 days"),
        pytest.param(date(2026, 10, 1), None, 3, id="91 days"),
        pytest.param(date(2026, 10, 1), date(2027, 1, 1), 3, id="paid afterwards"),
        pytest.param(date(2026, 10, 1), LAST, None, id="paid by then"),
        pytest.param(date(2027, 1, 1), None, None, id="signed afterwards"),
    ],
)
def test_ageing(signed_on: date, paid_on: date | None, column: int | None) -> None:
    due = [0, 0, 0, 0]
    if column is not None:
        due[column] = 7
    assert ageing([Owed(signed_on, paid_on, 7)], LAST) == due


def test_a_digest_is_of_all_that_stands_there() -> None:
    told = [one.document() for one in BOOKED]
    sums = figures(BOOKED, FIRST, LAST)
    sealed = digest(["a"], sums, told)
    assert sealed == digest(["a"], sums, told)
    assert sealed != digest(["b"], sums, told)
    assert sealed != digest(["a"], sums | {"due": 1}, told)
    assert sealed != digest(["a"], sums, told[1:])
