"""ATT-1 to ATT-8 as tables, and what holds for all punches."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.attendance.kinds import Finding, Mark
from counselhub.attendance.rules import Day, Punch, Stay, Visit, community_of, finding, visits

A, B = "440104001001", "440104001002"


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 10, 8, hour, minute, second)


def seen(first: datetime, last: datetime, punches: int = 2, mark: Mark = Mark.PLAIN) -> Visit:
    return Visit(A, first, last, punches, mark)


NINE = Stay(A, at(9, 2), at(11, 30))


@pytest.mark.parametrize(
    ("visit", "stays", "found"),
    [
        pytest.param(seen(at(9), at(11, 31)), [NINE], Finding.AGREES, id="ATT-3 within minutes"),
        pytest.param(seen(at(9, 17), at(11, 30)), [NINE], Finding.AGREES, id="ATT-3 15 apart"),
        pytest.param(seen(at(9, 18), at(11, 30)), [NINE], Finding.TIMES, id="ATT-3 16 apart"),
        pytest.param(seen(at(9), at(12)), [NINE], Finding.TIMES, id="ATT-3 left later"),
        pytest.param(
            seen(at(9), at(16)),
            [NINE, Stay(A, at(14), at(16))],
            Finding.AGREES,
            id="ATT-3 two sessions as a whole",
        ),
        pytest.param(seen(at(9), at(11)), [Stay(A, at(9), None)], Finding.NO_SIGN_OUT, id="ATT-4"),
        pytest.param(
            seen(at(9), at(11)), [Stay(B, at(9), at(11))], Finding.OTHER_PLACE, id="ATT-5 place"
        ),
        pytest.param(
            seen(at(9), at(11)), [Stay(B, at(11), None)], Finding.OTHER_PLACE, id="ATT-5 one minute"
        ),
        pytest.param(
            seen(at(9), at(11)),
            [Stay(B, at(7), at(8, 59)), Stay(B, at(14), at(16))],
            Finding.NO_SESSION,
            id="ATT-5 before and after it",
        ),
        pytest.param(seen(at(9), at(11)), [], Finding.NO_SESSION, id="ATT-5 no session"),
        pytest.param(seen(at(9), at(9), 1), [NINE], Finding.ONE_PUNCH, id="ATT-6"),
        pytest.param(seen(at(9), at(9), 1), [], Finding.NO_SESSION, id="ATT-5 before ATT-6"),
        *(
            pytest.param(
                seen(at(9), at(11, 30), 2, mark), [NINE], Finding.REVIEW, id=f"ATT-7 {mark}"
            )
            for mark in (Mark.OUTSIDE, Mark.INVALID, Mark.BY_HAND)
        ),
    ],
)
def test_finding(visit: Visit, stays: list[Stay], found: Finding) -> None:
    assert finding(visit, stays) is found


@pytest.mark.parametrize(
    ("community", "has_place", "day", "found"),
    [
        pytest.param(B, True, Day([NINE]), B, id="ATT-8 what the firm said"),
        pytest.param("", True, Day([NINE]), "", id="ATT-8 none of duty"),
        pytest.param(None, True, Day([NINE], frozenset({B})), A, id="ATT-8 the one session"),
        pytest.param(None, True, Day([], frozenset({B})), B, id="ATT-8 the one slot"),
        pytest.param(None, True, Day([], frozenset({A, B})), None, id="ATT-8 two slots"),
        pytest.param(None, True, Day(assigned=frozenset({A})), None, id="ATT-8 an address waits"),
        pytest.param(None, False, Day(assigned=frozenset({A})), A, id="ATT-8 the one assignment"),
        pytest.param(None, False, Day(assigned=frozenset({A, B})), None, id="ATT-8 two of them"),
    ],
)
def test_where(community: str | None, has_place: bool, day: Day, found: str | None) -> None:
    assert community_of(Punch(at(9), Mark.PLAIN, community, has_place), day) == found


def test_two_punches_in_one_minute_count_once() -> None:
    punches = [Punch(at(9, 0, s), Mark.PLAIN, A) for s in (1, 59)]
    assert visits(punches, Day()) == [replace(seen(at(9), at(9), 1), is_placed=True)]


PUNCHES = st.builds(
    Punch,
    st.integers(0, 1439).map(lambda m: at(m // 60, m % 60)),
    st.sampled_from(list(Mark)),
    st.sampled_from([A, B, "", None]),
    st.booleans(),
)


@given(st.lists(PUNCHES, max_size=12), st.randoms())
def test_the_order_of_punches_is_nothing(punches: list[Punch], random: object) -> None:
    shuffled = sorted(punches, key=lambda _: random.random())
    found = visits(punches, Day())
    assert visits(shuffled, Day()) == found
    for one in found:
        times = [p.at for p in punches if p.community == one.community]
        assert (one.first, one.last) == (min(times), max(times))
