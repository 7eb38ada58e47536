"""Matching: limits, wishes, ties; nobody could do better together with another."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.choosing.kinds import Plus
from counselhub.choosing.rules import Lawyer, Place, match, points

A, B, C = (UUID(int=number) for number in (1, 2, 3))
STREET, OTHER = "440101001", "440101002"
X, Y, Z = f"{STREET}001", f"{STREET}002", f"{OTHER}001"


def lawyer(who: UUID, **more: Any) -> Lawyer:
    return Lawyer(who, f"l{who.int}", **more)


@pytest.mark.parametrize(
    ("one", "place", "given_points"),
    [
        pytest.param(lawyer(A), Place(X, {A: 1}), {Plus.COMMUNITY_WISH: 40}, id="CHOICE-2 first"),
        pytest.param(lawyer(A), Place(X, {A: 5}), {Plus.COMMUNITY_WISH: 10}, id="CHOICE-2 fifth"),
        pytest.param(lawyer(A, wishes={X: 2}), Place(X), {Plus.LAWYER_WISH: 24}, id="CHOICE-3"),
        pytest.param(
            lawyer(A, leads=frozenset({X})), Place(X), {Plus.STAYS: 15}, id="CHOICE-4 no neighbour"
        ),
        pytest.param(
            lawyer(A, knows=frozenset("abcd")),
            Place(X, needs=frozenset("abcd")),
            {Plus.NEEDS: 15},
            id="CHOICE-5 at most 15",
        ),
        pytest.param(lawyer(A, leads=frozenset({Y})), Place(X), {Plus.NEAR: 5}, id="CHOICE-6"),
        pytest.param(lawyer(A, leads=frozenset({Z})), Place(X), {}, id="CHOICE-6 another street"),
    ],
)
def test_points(one: Lawyer, place: Place, given_points: dict[Plus, int]) -> None:
    assert points(one, place) == given_points


@pytest.mark.parametrize(
    ("people", "places", "most", "chosen"),
    [
        pytest.param([lawyer(A)], [Place(X), Place(Y)], 1, [A, None], id="CHOICE-1 the limit"),
        pytest.param([lawyer(A, kept=1)], [Place(X)], 1, [None], id="CHOICE-1 led outside counts"),
        pytest.param([lawyer(A, is_trainee=True)], [Place(X)], 5, [None], id="CHOICE-8 a trainee"),
        pytest.param(
            [lawyer(A, wishes={X: 1}), lawyer(B)], [Place(X, {B: 1})], 5, [B],
            id="CHOICE-7 the community's wish weighs more",
        ),
        pytest.param(
            [lawyer(A), lawyer(B)], [Place(X), Place(Y)], 5, [A, B], id="CHOICE-7 loads are shared"
        ),
        pytest.param([], [Place(X)], 5, [None], id="nobody there"),
    ],
)  # fmt: skip
def test_match(
    people: list[Lawyer], places: list[Place], most: int, chosen: list[UUID | None]
) -> None:
    assert [one.adviser_id for one in match(people, places, most)] == chosen


def test_reasons_stand_by_their_weight() -> None:
    one = lawyer(A, wishes={X: 1}, leads=frozenset({X}))
    (found,) = match([one], [Place(X, {A: 1})], 5)
    assert found.reasons == (Plus.COMMUNITY_WISH, Plus.LAWYER_WISH, Plus.STAYS)


CODES = [f"{STREET}{number:03d}" for number in range(1, 7)]
IDS = [UUID(int=number) for number in range(1, 5)]
LAWYERS = st.lists(
    st.builds(
        lawyer,
        st.sampled_from(IDS),
        wishes=st.dictionaries(st.sampled_from(CODES), st.integers(1, 5), max_size=5),
        leads=st.frozensets(st.sampled_from(CODES)),
    ),
    unique_by=lambda one: one.id,
)
PLACES = st.lists(
    st.builds(
        Place,
        st.sampled_from(CODES),
        st.dictionaries(st.sampled_from(IDS), st.integers(1, 5), max_size=4),
    ),
    unique_by=lambda one: one.code,
)


@given(LAWYERS, PLACES, st.integers(1, 5))
def test_nobody_is_over_and_no_pair_would_rather_have_one_another(
    people: list[Lawyer], places: list[Place], most: int
) -> None:
    found = {one.code: one.adviser_id for one in match(people, places, most)}
    assert list(found) == [one.code for one in places]
    taken = [who for who in found.values() if who]
    assert all(taken.count(one.id) <= most for one in people)
    assert len(taken) == min(len(places), most * len(people)), "nobody is left who has room"
    known = {one.id: one for one in people}
    worth = {
        one.code: sum(points(known[who], one).values()) if (who := found[one.code]) else -1
        for one in places
    }
    for one in people:
        own = [worth[code] for code, who in found.items() if who == one.id]
        for place in places:
            better = sum(points(one, place).values())
            if better > worth[place.code]:
                assert len(own) == most, "he had room"
                assert min(own) >= better, "he would give up one for it"
