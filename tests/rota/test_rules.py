"""Turns follow on one another, everybody has the same share, and what a tap proves."""

import itertools
from collections import Counter
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.rota.kinds import TurnLength
from counselhub.rota.rules import (
    Pattern,
    Span,
    TakingFault,
    Turn,
    around,
    joined,
    nearest,
    relieved_at,
    shares,
    spans,
    still_answers,
    taking_fault,
    turns,
    uncovered,
)

FIRST = date(2026, 11, 1)
PEOPLE = tuple(UUID(int=number) for number in range(1, 9))


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute)  # wall clock


def pattern(length: TurnLength = TurnLength.DAY, people: int = 3, **given: object) -> Pattern:
    again = time(20) if length is TurnLength.HALF_DAY else None
    values: dict[str, object] = {"changes_at": time(8), "again_at": again, "last_on": None} | given
    return Pattern(
        length=length,
        starts_on=FIRST,
        people=PEOPLE[:people],
        **values,
    )


@pytest.mark.parametrize(
    ("rule", "until", "starts"),
    [
        pytest.param(
            pattern(TurnLength.HALF_DAY),
            date(2026, 11, 2),
            [at(1, 0), at(1, 8), at(1, 20), at(2, 8), at(2, 20)],
            id="ROTA-1 half days, the first from midnight",
        ),
        pytest.param(
            pattern(changes_at=time(0)), date(2026, 11, 2), [at(1, 0), at(2, 0)], id="at midnight"
        ),
        pytest.param(
            pattern(TurnLength.WEEK),
            date(2026, 11, 16),
            [at(1, 0), at(1, 8), at(8, 8), at(15, 8)],
            id="weeks change on the first day's weekday",
        ),
        pytest.param(
            pattern(last_on=date(2026, 11, 1)),
            date(2026, 12, 31),
            [at(1, 0), at(1, 8)],
            id="not after the last day",
        ),
        pytest.param(pattern(), date(2026, 10, 31), [], id="nothing before the first day"),
    ],
)
def test_spans(rule: Pattern, until: date, starts: list[datetime]) -> None:
    assert [start for start, _end in spans(rule, until)] == starts


PATTERNS = st.builds(
    lambda length, people, hour, minute, again, last: pattern(
        length,
        people,
        changes_at=time(hour, minute),
        again_at=time((hour + again) % 24, minute) if length is TurnLength.HALF_DAY else None,
        last_on=FIRST + timedelta(days=last) if last else None,
    ),
    st.sampled_from(TurnLength),
    st.integers(1, 8),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(1, 23),
    st.integers(0, 90),
)
UNTIL = st.integers(0, 120).map(lambda days: FIRST + timedelta(days=days))


@given(PATTERNS, UNTIL)
def test_the_turns_cover_every_minute_once(rule: Pattern, until: date) -> None:
    """Over midnights and ends of months, whatever the change hours are."""
    found, nobody = turns(rule, until)
    closes = datetime.combine(min(until, rule.last_on or until) + timedelta(days=1), time.min)
    assert nobody == []
    assert found[0].starts == datetime.combine(FIRST, time.min)
    assert found[-1].ends == closes
    assert all(one.ends == two.starts for one, two in itertools.pairwise(found))


@given(PATTERNS, UNTIL)
def test_shares_differ_by_at_most_one_turn(rule: Pattern, until: date) -> None:
    """After every turn, not only at the end: nobody is ever two turns ahead."""
    counted: Counter[UUID] = Counter(dict.fromkeys(rule.people, 0))
    for turn in turns(rule, until)[0]:
        counted[turn.adviser_id] += 1
        assert max(counted.values()) - min(counted.values()) <= 1


@given(PATTERNS, UNTIL, UNTIL)
def test_the_same_rule_gives_the_same_turns(rule: Pattern, one: date, other: date) -> None:
    """Asked for a longer time it goes on, and says nothing else of the days before."""
    short, long = sorted((turns(rule, one)[0], turns(rule, other)[0]), key=len)
    assert [(t.adviser_id, t.starts) for t in short] == [
        (t.adviser_id, t.starts) for t in long[: len(short)]
    ]
    assert turns(rule, one) == turns(rule, one)


@pytest.mark.parametrize("people", [2, 4, 6])
def test_nights_come_to_everybody(people: int) -> None:
    rule = pattern(TurnLength.HALF_DAY, people)
    found = turns(rule, FIRST + timedelta(days=7 * people * people))[0]
    nights = Counter(turn.adviser_id for turn in found if turn.starts.hour == 20)
    assert set(nights) == set(rule.people)
    assert max(nights.values()) - min(nights.values()) <= 7


def test_who_is_away_is_passed_over() -> None:
    gone = PEOPLE[1]
    found, nobody = turns(pattern(), date(2026, 11, 6), lambda one, _span: one == gone)
    assert gone not in {turn.adviser_id for turn in found}
    assert nobody == []
    found, nobody = turns(pattern(), date(2026, 11, 2), lambda _one, _span: True)
    assert found == []
    assert nobody == spans(pattern(), date(2026, 11, 2))


SPANS = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(1, 900)).map(
        lambda two: (
            at(1, 0) + timedelta(minutes=two[0]),
            at(1, 0) + timedelta(minutes=two[0] + two[1]),
        )
    ),
    max_size=8,
)


@given(PATTERNS, SPANS)
def test_what_a_person_placed_is_left_there(rule: Pattern, fixed: list[Span]) -> None:
    planned, _nobody = turns(rule, date(2026, 11, 3))
    pieces = around(planned, fixed)
    own = [(one.starts, one.ends) for one in pieces]
    window = (planned[0].starts, planned[-1].ends)
    assert uncovered(window, [*own, *fixed]) == []
    for start, end in own:
        assert uncovered((start, end), fixed) == [(start, end)]


@pytest.mark.parametrize(
    ("covered", "open_"),
    [
        pytest.param([], [(at(1, 0), at(2, 0))], id="nobody"),
        pytest.param([(at(1, 0), at(2, 0))], [], id="everything"),
        pytest.param(
            [(at(1, 8), at(1, 20))], [(at(1, 0), at(1, 8)), (at(1, 20), at(2, 0))], id="the middle"
        ),
        pytest.param([(at(1, 0), at(1, 9)), (at(1, 9), at(3, 0))], [], id="on the minute"),
        pytest.param([(at(3, 0), at(4, 0))], [(at(1, 0), at(2, 0))], id="another day"),
    ],
)
def test_uncovered(covered: list[Span], open_: list[Span]) -> None:
    assert uncovered((at(1, 0), at(2, 0)), covered) == open_


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        pytest.param(at(1, 6, 59), TakingFault.TOO_EARLY, id="ROTA-3 more than an hour before"),
        pytest.param(at(1, 7), None, id="ROTA-3 an hour before"),
        pytest.param(at(1, 19, 59), None, id="late"),
        pytest.param(at(1, 20), TakingFault.OVER, id="at its end"),
    ],
)
def test_when_a_turn_may_be_taken(now: datetime, fault: TakingFault | None) -> None:
    assert taking_fault((at(1, 8), at(1, 20)), now) is fault


@pytest.mark.parametrize(
    ("tap", "until"),
    [
        pytest.param(at(1, 19, 40), at(1, 19, 40), id="ROTA-4 relieved early"),
        pytest.param(at(1, 20), at(1, 20), id="on time"),
        pytest.param(at(1, 21), at(1, 21), id="ROTA-4 relieved an hour late"),
        pytest.param(at(1, 21, 1), at(1, 20), id="ROTA-4 nobody came"),
    ],
)
def test_until_when_the_one_before_answers(tap: datetime, until: datetime) -> None:
    assert relieved_at(at(1, 20), tap) == until
    assert still_answers(at(1, 20), tap) is (tap < at(1, 21))


@given(st.lists(st.integers(-60, 60), min_size=1, max_size=40), PATTERNS)
def test_hand_overs_leave_neither_gap_nor_overlap(delays: list[int], rule: Pattern) -> None:
    """Whoever comes up to an hour early or late: the shifts cover all from the first tap on."""
    planned = [t for t in turns(rule, FIRST + timedelta(days=60))[0] if _lasts(t)][: len(delays)]
    if not planned or any(a.ends != b.starts for a, b in itertools.pairwise(planned)):
        return
    taps = [t.starts + timedelta(minutes=late) for t, late in zip(planned, delays, strict=False)]
    ends = [relieved_at(t.ends, tap) for t, tap in zip(planned, taps[1:], strict=False)]
    shifts = list(zip(taps, [*ends, planned[-1].ends], strict=False))
    assert all(one[1] == two[0] for one, two in itertools.pairwise(shifts))
    assert joined(shifts) == [(taps[0], planned[-1].ends)]


def _lasts(turn: Turn) -> bool:
    """Turns of less than two hours could be handed on before they are taken."""
    return turn.ends - turn.starts > timedelta(hours=2)


def test_shares_and_the_nearest() -> None:
    held = [(PEOPLE[0], (at(1, 0), at(1, 8))), (PEOPLE[0], (at(1, 20), at(2, 8)))]
    assert shares(held) == {PEOPLE[0]: (2, 20 * 60)}
    items = [(at(1, 0), at(2, 0)), (at(1, 8), at(1, 20))]
    assert nearest(items, lambda one: one, at(1, 9)) == items[1]
    assert nearest(items, lambda one: one, at(1, 21)) == items[0]
    assert nearest(items, lambda one: one, at(2, 0)) is None
