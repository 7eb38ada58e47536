"""What is drawn: the same from the same list and seed, everybody in time."""

import hashlib
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselhub.spotchecks.rules import (
    Candidate,
    digest,
    draw,
    is_too_early,
    listed,
    longest_wait,
    may_settle,
)

ON = date(2026, 9, 21)
CODES = st.integers(1, 99).map("{:012d}".format)
DAYS = st.none() | st.dates(ON - timedelta(days=60), ON - timedelta(days=1))
SLOTS = st.sets(st.sampled_from("abcdef"), min_size=1, max_size=3).map(tuple)
POPULATION = st.lists(
    st.builds(Candidate, CODES, DAYS, SLOTS), max_size=12, unique_by=lambda one: one.community
)
SEEDS = st.integers(0, 2**62)


def ago(days: int) -> date:
    return ON - timedelta(days=days)


def codes(population: list[Candidate], count: int, seed: int = 1) -> list[str]:
    return [one.community for one in draw(population, seed=seed, count=count, on=ON)]


@given(POPULATION, SEEDS, st.integers(1, 15), st.randoms())
def test_the_order_of_the_list_changes_nothing(
    population: list[Candidate], seed: int, count: int, random: Random
) -> None:
    shuffled = [Candidate(o.community, o.last_on, tuple(reversed(o.slots))) for o in population]
    random.shuffle(shuffled)
    first = draw(population, seed=seed, count=count, on=ON)
    assert draw(shuffled, seed=seed, count=count, on=ON) == first
    assert digest(shuffled) == digest(population)
    assert len(first) == min(count, len(population))
    assert len({one.community for one in first}) == len(first)


@given(POPULATION, SEEDS)
def test_a_kept_list_gives_the_same_draw(population: list[Candidate], seed: int) -> None:
    kept = [Candidate.of(one) for one in listed(population)]
    drawn = draw(kept, seed=seed, count=3, on=ON)
    assert drawn == draw(population, seed=seed, count=3, on=ON)


@given(POPULATION, SEEDS, st.integers(1, 14))
def test_a_larger_draw_begins_with_the_smaller(
    population: list[Candidate], seed: int, count: int
) -> None:
    larger = draw(population, seed=seed, count=count + 1, on=ON)
    assert larger[:count] == draw(population, seed=seed, count=count, on=ON)


@settings(max_examples=40)
@given(st.integers(1, 14), st.integers(1, 4), SEEDS)
def test_everybody_is_drawn_in_time(communities: int, count: int, seed: int) -> None:
    last: dict[str, date | None] = {f"{one:012d}": None for one in range(communities)}
    waiting = dict.fromkeys(last, 0)
    limit = longest_wait(communities, count)
    for week in range(2 * limit + 1):
        on = ON + timedelta(weeks=week)
        population = [Candidate(code, day, (f"{code}-{week}",)) for code, day in last.items()]
        picked = {o.community for o in draw(population, seed=seed + week, count=count, on=on)}
        for code in last:
            waiting[code] = 0 if code in picked else waiting[code] + 1
            if code in picked:
                last[code] = on
        assert max(waiting.values()) < limit


@pytest.mark.parametrize(
    ("last", "first"),
    [
        pytest.param({"a": 3, "b": None}, "b", id="SPOT-2 never checked comes first"),
        pytest.param({"a": 30, "b": 31}, "b", id="SPOT-2 more than thirty days comes first"),
        pytest.param({"a": 31, "b": 45}, "b", id="SPOT-2 the longest at the head"),
    ],
)
def test_who_comes_first(last: dict[str, int | None], first: str) -> None:
    population = [
        Candidate(code, None if days is None else ago(days), ("x",)) for code, days in last.items()
    ]
    assert {codes(population, 1, seed)[0] for seed in range(20)} == {first}


@pytest.mark.parametrize(
    ("days", "tickets"),
    [
        pytest.param(1, 1, id="SPOT-1 at least one"),
        pytest.param(13, 1, id="SPOT-1 whole weeks"),
        pytest.param(14, 2, id="SPOT-1 two weeks"),
        pytest.param(30, 4, id="SPOT-1 four weeks"),
        pytest.param(31, 0, id="SPOT-2 overdue needs none"),
    ],
)
def test_tickets(days: int, tickets: int) -> None:
    (pick,) = draw([Candidate("a", ago(days), ("x",))], seed=1, count=1, on=ON)
    assert pick.tickets == tickets


def test_longer_unchecked_wins_more_often() -> None:
    population = [Candidate("a", ago(28), ("x",)), Candidate("b", ago(7), ("y",))]
    wins = sum(codes(population, 1, seed) == ["a"] for seed in range(500))
    assert 350 < wins < 450  # four tickets against one: four fifths of 500


def test_a_draw_can_be_repeated_with_any_tool_that_knows_sha_256() -> None:
    population = [Candidate(code, ago(7), (f"{code}1", f"{code}2")) for code in "abc"]
    by_hand = min("abc", key=lambda code: hashlib.sha256(f"9:{code}:1".encode()).hexdigest())
    slot = min(
        (f"{by_hand}{n}" for n in "12"), key=lambda s: hashlib.sha256(f"9:{s}".encode()).digest()
    )
    (pick,) = draw(population, seed=9, count=1, on=ON)
    assert (pick.community, pick.slot) == (by_hand, slot)


@pytest.mark.parametrize(
    ("hour", "absence", "early"),
    [
        pytest.param(8, True, True, id="SPOT-4 nobody is absent before it begins"),
        pytest.param(9, True, False, id="SPOT-4 from its first minute"),
        pytest.param(8, False, False, id="SPOT-4 who came early was there"),
    ],
)
def test_when_a_finding_may_be_recorded(hour: int, absence: bool, early: bool) -> None:
    starts = datetime(2026, 9, 23, 9)
    assert is_too_early(starts.replace(hour=hour), starts, is_absence=absence) is early
    assert is_too_early(starts - timedelta(days=1), starts, is_absence=False)


@pytest.mark.parametrize(
    ("day", "answered", "may"),
    [
        pytest.param(28, False, False, id="SPOT-5 its last day is the firm's"),
        pytest.param(29, False, True, id="SPOT-5 afterwards"),
        pytest.param(24, True, True, id="SPOT-5 answered"),
    ],
)
def test_when_the_office_may_decide(day: int, answered: bool, may: bool) -> None:
    due = date(2026, 9, 28)
    assert may_settle(date(2026, 9, day), due, is_answered=answered) is may
