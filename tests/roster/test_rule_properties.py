"""What every roster holds, whatever is asked: properties, no database."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from counselhub.roster.facts import Ask, Held, Key, Place
from counselhub.roster.kinds import OnHoliday, TermKind
from counselhub.roster.quotas import Span, quotas
from counselhub.roster.rules import Facts, clash, roster
from tests.roster.asking import (
    FAR,
    LI,
    NEAR,
    NEAR_TOO,
    TRAVEL,
    WANG,
    YEAR,
    ZHANG,
    ask,
    at,
    facts,
    lead,
)

places = st.sampled_from([NEAR, NEAR_TOO, FAR])
fixed = st.builds(
    ask,
    st.sampled_from([TermKind.WEEKLY, TermKind.NTH]),
    community=places,
    weekday=st.integers(0, 6),
    weeks=st.sampled_from([(), (1, 3), (2,), (5,)]),
    on_holiday=st.sampled_from(OnHoliday),
    begins=st.sampled_from([480, 540, 600]),
    ends=st.sampled_from([660, 720]),
    first=st.sampled_from([at(1), at(12)]),
)
spread = st.builds(
    ask,
    st.sampled_from([TermKind.HOURS, TermKind.DAYS]),
    community=places,
    required_minutes=st.integers(1, 1200),
    required_days=st.integers(1, 6),
    weekday=st.sampled_from([None, 0, 4]),
    begins=st.sampled_from([480, 540, 840]),
    ends=st.sampled_from([900, 1020]),
)
posts = st.builds(
    lead,
    st.sampled_from([ZHANG, LI, WANG]),
    places,
    is_lead=st.booleans(),
    first=st.sampled_from([YEAR[0], at(10)]),
    last=st.sampled_from([None, at(20)]),
)


@st.composite
def months(draw: st.DrawFn) -> Facts:
    drawn = draw(st.lists(fixed | spread, max_size=7))
    asks = [ask(**_fields(one, UUID(int=100 + place))) for place, one in enumerate(drawn)]
    return facts(
        asks,
        draw(st.lists(posts, min_size=1, max_size=6)),
        span=Span(at(1), at(31), draw(st.sampled_from([at(1), at(14)]))),
        seed=draw(st.integers(0, 9)),
        away={(ZHANG, at(draw(st.integers(1, 31))))},
    )


def _fields(one: Ask, term_id: UUID) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Ask.__slots__} | {"term_id": term_id}


def nobody_is_in_two_places(found: Sequence[Place]) -> bool:
    return all(clash(one, [other], TRAVEL) is None for one, other in combinations(found, 2))


@settings(max_examples=150)
@given(months())
def test_a_roster_holds_its_promises(given: Facts) -> None:
    found = roster(given)
    assert nobody_is_in_two_places(list(found.slots.values()))
    assert len({(k.term_id, p.day) for k, p in found.slots.items()}) == len(found.slots)
    due: set[Key] = set()
    for one in given.asks:
        wanted, lacking = quotas(one, given.span, given.calendar, given.seed)
        due |= {each.key for each in (*wanted, *lacking)}
        for each in wanted:
            if place := found.slots.get(each.key):
                assert place.day in each.days
                assert one.first <= place.day <= one.last
    missing = [one.key for one in found.missing]
    assert len(missing) == len(set(missing))
    assert found.slots.keys() | set(missing) == due
    assert not found.slots.keys() & set(missing)
    for place in found.slots.values():
        assert (place.adviser_id, place.day) not in given.away
        assert any(
            one.adviser_id == place.adviser_id
            and one.community == place.community
            and one.holds(place.day)
            for one in given.posts
        )


@settings(max_examples=60)
@given(months())
def test_the_same_seed_gives_the_same_roster_in_any_order(given: Facts) -> None:
    turned = facts(
        given.asks[::-1], given.posts[::-1], span=given.span, seed=given.seed, away=given.away
    )
    assert roster(turned) == roster(given)


@settings(max_examples=100)
@given(months(), st.data())
def test_making_it_again_keeps_what_is_moved_and_what_is_there(
    given: Facts, data: st.DataObject
) -> None:
    first = roster(given)
    keys = sorted(first.slots)
    moved = set(data.draw(st.lists(st.sampled_from(keys)))) if keys else set()
    held = [Held(place, key, key in moved) for key, place in first.slots.items()]
    seed = data.draw(st.integers(0, 9))
    again = roster(
        facts(given.asks, given.posts, held=held, span=given.span, seed=seed, away=given.away)
    )
    assert again.slots == {k: p for k, p in first.slots.items() if k not in moved}
    assert {one.key for one in again.missing} == {one.key for one in first.missing}
