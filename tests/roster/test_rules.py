"""The month's roster: tables and properties, no database."""

from typing import Any

import pytest

from counselhub.roster.facts import Ask, Held, Key, Place, Why
from counselhub.roster.kinds import OnHoliday, TermKind
from counselhub.roster.quotas import Span
from counselhub.roster.rules import Roster, clash, loads, roster
from counselhub.roster.working_days import Calendar, Noticed
from tests.roster.asking import (
    CALENDAR,
    FAR,
    LI,
    NEAR,
    NEAR_TOO,
    OTHER_TERM,
    TERM,
    TRAVEL,
    ZHANG,
    ask,
    at,
    facts,
    lead,
)


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
