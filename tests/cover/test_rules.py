"""Who may cover, and when absences remind: tables without a database."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselhub.cover.kinds import Block, Plus
from counselhub.cover.rules import (
    Absence,
    Colleague,
    candidates,
    planned_minutes,
    reminders,
)
from counselhub.roster.facts import Place, Travel

DAY = date(2026, 10, 15)
HERE, NEAR, FAR = "440104001001", "440104001002", "440105001001"
WANG, LI, ZHAO, QIAN = (UUID(int=number) for number in (1, 2, 3, 4))
WANTED = Place(WANG, HERE, DAY, 9 * 60, 11 * 60)
TRAVEL = Travel(30, 60)
CONTRACT, OTHER = UUID(int=100), UUID(int=101)


def colleague(who: UUID = LI, **given: Any) -> Colleague:
    values: dict[str, Any] = {
        "name": str(who), "joined_on": None, "left_on": None, "is_trainee": False,
        "has_community": False, "serves_street": False, "month_minutes": 0,
    }  # fmt: skip
    return Colleague(who, **values | given)


def at(code: str, begins: int, ends: int, who: UUID = LI) -> tuple[Place, ...]:
    return (Place(who, code, DAY, begins, ends),)


@pytest.mark.parametrize(
    ("one", "block"),
    [
        pytest.param(colleague(), None, id="COVER-1 everybody who practises"),
        pytest.param(colleague(left_on=DAY), None, id="COVER-1 to the last day"),
        pytest.param(colleague(left_on=date(2026, 10, 14)), Block.GONE, id="COVER-1 left before"),
        pytest.param(colleague(joined_on=date(2026, 10, 16)), Block.GONE, id="COVER-1 comes later"),
        pytest.param(colleague(is_trainee=True), Block.TRAINEE, id="COVER-1 a trainee"),
        pytest.param(colleague(places=at(NEAR, 600, 720)), Block.BUSY, id="COVER-2 elsewhere"),
        pytest.param(
            colleague(places=at(NEAR, 680, 720)), Block.TOO_NEAR, id="COVER-2 too short a way"
        ),
        pytest.param(
            colleague(places=at(NEAR, 690, 720)), None, id="COVER-2 just time enough to get there"
        ),
        pytest.param(
            colleague(places=at(FAR, 690, 720)), Block.TOO_NEAR, id="COVER-2 another street"
        ),
    ],
)
def test_who_may_cover(one: Colleague, block: Block | None) -> None:
    assert [found.block for found in candidates(WANTED, [one], TRAVEL)] == [block]


def test_what_the_firm_allows_and_who_is_away() -> None:
    trainee = colleague(is_trainee=True)
    [found] = candidates(WANTED, [trainee], TRAVEL, with_trainees=True)
    assert found.block is None
    [found] = candidates(WANTED, [colleague()], TRAVEL, away={LI})
    assert found.block is Block.AWAY


def test_the_best_comes_first_and_the_own_adviser_never() -> None:
    people = [
        colleague(WANG, has_community=True),
        colleague(LI, month_minutes=60),
        colleague(ZHAO, serves_street=True, month_minutes=600),
        colleague(QIAN, has_community=True, month_minutes=900),
    ]
    found = candidates(WANTED, people, TRAVEL)
    assert [one.colleague.adviser_id for one in found] == [QIAN, ZHAO, LI]
    assert [one.pluses for one in found] == [
        (Plus.BACKUP, Plus.FREE_DAY), (Plus.STREET, Plus.FREE_DAY), (Plus.FREE_DAY,),
    ]  # fmt: skip


def test_minutes_that_overlap_count_once() -> None:
    places = [*at(HERE, 540, 660), *at(NEAR, 600, 720), Place(LI, HERE, date(2026, 10, 16), 0, 60)]
    assert planned_minutes(places) == 180 + 60


def absence(day: date, number: int = 0, contract: UUID = CONTRACT, who: UUID = LI) -> Absence:
    return Absence(UUID(int=day.toordinal() * 10 + number), who, contract, day)


JANUARY, MARCH, MAY = date(2026, 1, 15), date(2026, 3, 15), date(2026, 5, 15)
THREE = [absence(JANUARY), absence(MARCH), absence(MAY)]


@pytest.mark.parametrize(
    ("absences", "months", "count"),
    [
        pytest.param(THREE[:2], None, 0, id="COVER-5 two are too few"),
        pytest.param(THREE, None, 3, id="COVER-5 three within the contract's term"),
        pytest.param(THREE, 4, 0, id="COVER-5 the first is four months ago to the day"),
        pytest.param(THREE, 5, 3, id="COVER-5 within five months"),
        pytest.param([*THREE[:2], absence(MAY, contract=OTHER)], None, 0, id="another contract"),
        pytest.param([*THREE[:2], absence(MAY, who=ZHAO)], None, 0, id="another lawyer"),
        pytest.param([absence(MAY, n) for n in range(3)], 1, 3, id="three on one day"),
        pytest.param(
            [*THREE, absence(date(2026, 12, 15))],
            5,
            3,
            id="COVER-5 a later one alone undoes nothing",
        ),
    ],
)
def test_too_many_absences(absences: list[Absence], months: int | None, count: int) -> None:
    found = reminders(absences, (), limit=3, months=months)
    assert [len(one.absences) for one in found] == ([count] if count else [])


def test_an_answer_holds_until_the_next_absence() -> None:
    answered = {one.slot_id for one in THREE}
    assert reminders(THREE, answered, limit=3, months=None) == []
    [found] = reminders([*THREE, absence(date(2026, 6, 1))], answered, limit=3, months=None)
    assert len(found.absences) == 4


DAYS = st.lists(
    st.integers(0, 700).map(lambda days: date(2026, 1, 1) + timedelta(days=days)), max_size=8
)


@settings(deadline=None, max_examples=80)
@given(DAYS, st.integers(1, 4), st.none() | st.integers(1, 12), st.randoms())
def test_order_changes_nothing_and_a_reminder_holds_enough(
    days: list[date], limit: int, months: int | None, random: Any
) -> None:
    absences = [absence(day, number) for number, day in enumerate(days)]
    found = reminders(absences, (), limit=limit, months=months)
    shuffled = list(absences)
    random.shuffle(shuffled)
    assert reminders(shuffled, (), limit=limit, months=months) == found
    assert all(len(one.absences) >= limit for one in found)
    if months is None:
        assert bool(found) is (len(days) >= limit)
