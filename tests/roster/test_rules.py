"""The month's roster: tables and properties, no database."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselhub.roster.facts import Ask, Held, Key, Place, Post, Travel, Why
from counselhub.roster.kinds import OnHoliday, TermKind
from counselhub.roster.quotas import Span, quotas
from counselhub.roster.rules import Facts, Roster, clash, loads, roster
from counselhub.roster.working_days import Calendar, Noticed

TERM, OTHER_TERM = UUID(int=1), UUID(int=2)
ZHANG, LI, WANG = (UUID(int=number) for number in (11, 12, 13))
NEAR, NEAR_TOO, FAR = "440307012001", "440307012002", "440307013001"
OCTOBER = Span(date(2026, 10, 1), date(2026, 10, 31), date(2026, 10, 1))
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
TRAVEL = Travel(30, 60)
CALENDAR = Calendar()


def at(day: int) -> date:
    return date(2026, 10, day)


def ask(kind: TermKind = TermKind.WEEKLY, community: str = NEAR, **given: Any) -> Ask:
    known = {"term_id": TERM, "first": YEAR[0], "last": YEAR[1], "begins": 540, "ends": 720}
    weekday = {"weekday": 3} if kind in (TermKind.WEEKLY, TermKind.NTH) else {}
    return Ask(**{"kind": kind, "community": community, **known, **weekday, **given})


def lead(adviser_id: UUID = ZHANG, community: str = NEAR, **given: Any) -> Post:
    return Post(
        **{"adviser_id": adviser_id, "community": community, "first": YEAR[0], "last": None,
           "is_lead": True} | given
    )  # fmt: skip


def facts(asks: Sequence[Ask], posts: Sequence[Post] = (), **given: Any) -> Facts:
    known: dict[str, Any] = {
        "span": OCTOBER, "held": (), "calendar": CALENDAR, "travel": TRAVEL, "seed": 7,
    }  # fmt: skip
    return Facts(**{**known, "asks": asks, "posts": posts or [lead()], **given})


def days(found: Roster) -> list[int]:
    return sorted(place.day.day for place in found.slots.values())


@pytest.mark.parametrize(
    ("asked", "expected", "lacking"),
    [
        pytest.param(ask(), [8, 9, 15, 22, 29], [], id="ROSTER-2 Thursday 1 Oct is made up for"),
        pytest.param(
            ask(on_holiday=OnHoliday.SKIP), [8, 15, 22, 29], [Why.SKIPPED], id="or not at all"
        ),
        pytest.param(
            ask(TermKind.NTH, weekday=5, weeks=(1, 3), on_holiday=OnHoliday.SKIP),
            [17],
            [Why.SKIPPED],
            id="ROSTER-2 Saturdays of weeks 1 and 3: the 3rd is a holiday",
        ),
        pytest.param(
            ask(weekday=5, on_holiday=OnHoliday.SKIP),
            [10, 17, 24, 31],
            [Why.SKIPPED],
            id="Saturday mornings, a worked one too",
        ),
        pytest.param(ask(TermKind.NTH, weekday=0, weeks=(5,)), [], [], id="no fifth Monday"),
        pytest.param(ask(first=at(15), last=at(22)), [15, 22], [], id="only days in force"),
    ],
)
def test_fixed_days(asked: Ask, expected: list[int], lacking: list[Why]) -> None:
    found = roster(facts([asked]))
    assert days(found) == expected
    assert [one.why for one in found.missing] == lacking


@pytest.mark.parametrize(
    ("asked", "lengths"),
    [
        pytest.param(ask(TermKind.HOURS, required_minutes=480), [120, 180, 180], id="8 hours"),
        pytest.param(ask(TermKind.HOURS, required_minutes=540), [180] * 3, id="whole mornings"),
        pytest.param(ask(TermKind.DAYS, required_days=2), [180, 180], id="two days"),
    ],
)
def test_quotas_of_a_month_are_met_on_different_working_days(
    asked: Ask, lengths: list[int]
) -> None:
    found = roster(facts([asked]))
    assert sorted(place.ends - place.begins for place in found.slots.values()) == lengths
    assert len(set(days(found))) == len(lengths)
    assert all(CALENDAR.is_worked(place.day) for place in found.slots.values())
    assert found.missing == []


def test_a_wished_weekday_is_taken_for_days_of_a_month() -> None:
    found = roster(facts([ask(TermKind.DAYS, required_days=3, weekday=1)]))
    assert {place.day.weekday() for place in found.slots.values()} == {1}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        pytest.param({"posts": [lead(community=FAR)]}, Why.NO_ADVISER, id="nobody serves there"),
        pytest.param({"away": {(ZHANG, at(8))}}, Why.AWAY, id="away that day"),
        pytest.param({"span": Span(at(1), at(31), at(9))}, Why.PAST, id="the day is over"),
    ],
)
def test_a_quota_without_a_slot_says_why(given: dict[str, Any], why: Why) -> None:
    found = roster(facts([ask(first=at(8), last=at(8))], **given))
    assert found.slots == {}
    assert [one.why for one in found.missing] == [why]


def test_a_month_without_a_working_day_says_so() -> None:
    closed = Calendar({at(8): Noticed("某节", True)}, frozenset({2026}))
    found = roster(
        facts([ask(TermKind.DAYS, required_days=1, first=at(8), last=at(8))], calendar=closed)
    )
    assert [one.why for one in found.missing] == [Why.NO_WORKDAY]


def test_two_days_of_a_term_are_two_days() -> None:
    asked = ask(TermKind.DAYS, required_days=2, first=at(8), last=at(8))
    found = roster(facts([asked], [lead(), lead(LI, is_lead=False)]))
    assert days(found) == [8]
    assert [one.why for one in found.missing] == [Why.TWICE]


def test_the_lead_comes_first_and_who_stands_by_when_he_cannot() -> None:
    asks = [ask(first=at(8), last=at(8)), ask(community=FAR, first=at(8), last=at(8))]
    posts = [lead(), lead(community=FAR), lead(LI, FAR, is_lead=False)]
    found = {
        place.community: place.adviser_id for place in roster(facts(asks, posts)).slots.values()
    }
    assert sorted(found) == [NEAR, FAR]
    assert set(found.values()) <= {ZHANG, LI}
    only = roster(facts(asks, posts[:2]))
    assert len(only.slots) == 1
    assert [one.why for one in only.missing] == [Why.BUSY]
    assert only.missing[0].other in only.slots.values()


MORNING = Place(ZHANG, NEAR, at(8), 540, 720)


@pytest.mark.parametrize(
    ("place", "is_overlap"),
    [
        pytest.param(Place(ZHANG, NEAR_TOO, at(8), 719, 800), True, id="a minute too early"),
        pytest.param(Place(ZHANG, NEAR_TOO, at(8), 749, 800), False, id="29 minutes in a street"),
        pytest.param(Place(ZHANG, NEAR_TOO, at(8), 750, 800), None, id="30 minutes are enough"),
        pytest.param(Place(ZHANG, FAR, at(8), 779, 800), False, id="59 to another street"),
        pytest.param(Place(ZHANG, FAR, at(8), 420, 480), None, id="60 before"),
        pytest.param(Place(ZHANG, NEAR, at(8), 720, 800), None, id="the same community goes on"),
        pytest.param(Place(LI, FAR, at(8), 540, 720), None, id="another adviser"),
        pytest.param(Place(ZHANG, FAR, at(9), 540, 720), None, id="another day"),
    ],
)
def test_what_is_in_the_way(place: Place, is_overlap: bool | None) -> None:
    found = clash(place, [MORNING], TRAVEL)
    assert (found.is_overlap if found else None) is is_overlap


def test_loads_count_communities() -> None:
    found = loads([MORNING, MORNING, Place(ZHANG, FAR, at(9), 540, 720)])
    assert found == {ZHANG: 2}


def test_what_is_planned_stays_when_a_lead_is_named_beside_it() -> None:
    asks = [ask(TermKind.DAYS, required_days=2)]
    first = roster(facts(asks))
    held = [Held(place, key, False) for key, place in first.slots.items()]
    again = roster(facts(asks, [lead(LI), lead(is_lead=False)], held=held, seed=8))
    assert again.slots == first.slots


def test_who_left_is_replaced() -> None:
    asks = [ask(TermKind.DAYS, required_days=2)]
    first = roster(facts(asks))
    held = [Held(place, key, False) for key, place in first.slots.items()]
    again = roster(facts(asks, [lead(LI)], held=held))
    assert {place.adviser_id for place in again.slots.values()} == {LI}


def test_a_cancelled_slot_is_not_filled_again_and_takes_no_time() -> None:
    key = Key(TERM, NEAR, 2)
    gone = Held(Place(ZHANG, NEAR, at(8), 540, 720), key, is_fixed=True, is_free=True)
    beside = ask(community=FAR, term_id=OTHER_TERM, first=at(8), last=at(8))
    posts = [lead(), lead(community=FAR)]
    found = roster(facts([ask(first=at(8), last=at(8)), beside], posts, held=[gone]))
    assert list(found.slots) == [Key(OTHER_TERM, FAR, 2)]


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


@settings(max_examples=150, deadline=None)
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


@settings(max_examples=60, deadline=None)
@given(months())
def test_the_same_seed_gives_the_same_roster_in_any_order(given: Facts) -> None:
    turned = facts(
        given.asks[::-1], given.posts[::-1], span=given.span, seed=given.seed, away=given.away
    )
    assert roster(turned) == roster(given)


@settings(max_examples=100, deadline=None)
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
