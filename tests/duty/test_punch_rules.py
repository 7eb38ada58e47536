"""When a tap counts, and what taps make in whatever order they arrive."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core import clock
from counselhub.duty.kinds import PunchKind, PunchTiming, PunchVerdict
from counselhub.duty.punch_rules import Claim, Known, Tap, judge, merge

NINE = datetime(2026, 10, 8, 9, tzinfo=clock.SHANGHAI)
LIMIT = timedelta(hours=24)
V = PunchVerdict


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("tapped", "sent", "offset", "arrived", "counts", "timing"),
    [
        pytest.param(0, 0, None, 0, 0, PunchTiming.AT_ONCE, id="PUNCH-3 at once"),
        pytest.param(0, 2, 0, 2, 0, PunchTiming.OFFLINE, id="PUNCH-4 two hours without a signal"),
        pytest.param(0, 24, 0, 24, 0, PunchTiming.OFFLINE, id="PUNCH-4 exactly the limit"),
        pytest.param(0, 25, 0, 25, 25, PunchTiming.LATE, id="PUNCH-5 an hour past the limit"),
        pytest.param(1, 0, 0, 0, 0, PunchTiming.FUTURE, id="PUNCH-2 a claim in the future"),
        pytest.param(-24, -24, 24, 0, 0, PunchTiming.AT_ONCE, id="PUNCH-1 a day behind, at once"),
        pytest.param(-24, -22, 24, 2, 0, PunchTiming.OFFLINE, id="PUNCH-1 a day behind, offline"),
        pytest.param(24, 26, -24, 2, 0, PunchTiming.OFFLINE, id="PUNCH-1 a day ahead, offline"),
        pytest.param(24, 26, None, 2, 0, PunchTiming.OFFLINE, id="never spoke: by when it is sent"),
        pytest.param(0, 26, 0, 2, 0, PunchTiming.OFFLINE, id="set anew in between: as measured"),
    ],
)
def test_when_a_tap_counts(
    tapped: float,
    sent: float,
    offset: float | None,
    arrived: float,
    counts: float,
    timing: PunchTiming,
) -> None:
    claim = Claim(
        NINE + hours(tapped), NINE + hours(sent), None if offset is None else hours(offset)
    )
    judged = judge(claim, NINE + hours(arrived), LIMIT)
    assert (judged.counts_at, judged.timing) == (NINE + hours(counts), timing)


@given(
    st.integers(-(10**6), 10**6),
    st.integers(0, 10**6),
    st.one_of(st.none(), st.integers(-(10**6), 10**6)),
)
def test_nothing_counts_in_the_future_or_from_before_the_limit(
    tapped: int, waited: int, offset: int | None
) -> None:
    at = NINE + timedelta(seconds=tapped)
    given_offset = None if offset is None else timedelta(seconds=offset)
    judged = judge(Claim(at, at + timedelta(seconds=waited), given_offset), NINE, LIMIT)
    assert NINE - LIMIT <= judged.counts_at <= NINE


def minute(number: int) -> datetime:
    return NINE + timedelta(minutes=number)


def key(number: int) -> UUID:
    return UUID(int=number)


def tap_in(number: int, at: int, place: str = "A") -> Tap:
    return Tap(key(number), PunchKind.IN, minute(at), place)


def tap_out(number: int, at: int, ends: int) -> Tap:
    return Tap(key(number), PunchKind.OUT, minute(at), ends=key(ends))


Shown = list[tuple[str, int, int | None]]


def shown(taps: Sequence[Tap], known: Sequence[Known] = ()) -> Shown:
    return [
        (
            stay.community,
            int((stay.begin - NINE).total_seconds() // 60),
            None if stay.end is None else int((stay.end - NINE).total_seconds() // 60),
        )
        for stay in merge(taps, known).stays
    ]


@pytest.mark.parametrize(
    ("taps", "stays"),
    [
        pytest.param([tap_in(1, 0), tap_out(2, 60, 1)], [("A", 0, 60)], id="in and out"),
        pytest.param([tap_out(2, 60, 1), tap_in(1, 0)], [("A", 0, 60)], id="out arrives first"),
        pytest.param([tap_out(2, 60, 1)], [], id="its sign-in has not come"),
        pytest.param([tap_in(1, 0), tap_in(1, 0)], [("A", 0, None)], id="the same tap twice"),
        pytest.param([tap_in(1, 0), tap_in(3, 5)], [("A", 0, None)], id="two tabs sign in"),
        pytest.param(
            [tap_in(1, 0), tap_in(3, 5), tap_out(2, 60, 3), tap_out(4, 61, 1)],
            [("A", 0, 60)],
            id="two tabs sign out",
        ),
        pytest.param(
            [tap_in(1, 0), tap_out(2, 60, 1), tap_in(3, 60, "B"), tap_out(4, 90, 3)],
            [("A", 0, 60), ("B", 60, 90)],
            id="on to the next place in the same minute",
        ),
        pytest.param(
            [tap_in(1, 0), tap_in(3, 30, "B"), tap_out(4, 90, 3)],
            [("A", 0, None), ("B", 30, 90)],
            id="the earlier place was never left: nobody guesses",
        ),
        pytest.param(
            [tap_in(1, 0), tap_in(3, 30, "B"), tap_out(2, 60, 1)],
            [("A", 0, None), ("B", 30, None)],
            id="nobody is at two places",
        ),
        pytest.param([tap_in(1, 0), tap_out(2, 0, 1)], [("A", 0, None)], id="not one minute"),
        pytest.param([tap_in(1, 0), tap_out(2, 721, 1)], [("A", 0, None)], id="over 12 hours"),
    ],
)
def test_what_taps_make(taps: list[Tap], stays: Shown) -> None:
    assert shown(taps) == stays


BY_HAND = Known(key(9), "A", minute(0), minute(60))


@pytest.mark.parametrize(
    ("taps", "known", "verdict"),
    [
        pytest.param([tap_in(1, 30)], BY_HAND, V.JOINED, id="already written by hand"),
        pytest.param([tap_in(1, 30, "B")], BY_HAND, V.TWO_PLACES, id="elsewhere by hand"),
        pytest.param([tap_in(1, 60, "B")], BY_HAND, V.COUNTED, id="right after it"),
        pytest.param(
            [tap_out(1, 30, 9)],
            Known(key(9), "A", minute(0), None, is_open=True),
            V.COUNTED,
            id="ends an open one",
        ),
        pytest.param([tap_out(1, 30, 9)], BY_HAND, V.JOINED, id="that was ended"),
        pytest.param(
            [tap_out(1, 30, 2)],
            Known(key(9), "A", minute(0), None, is_voided=True, keys=frozenset({key(2)})),
            V.VOIDED,
            id="that was voided",
        ),
        pytest.param(
            [tap_out(1, 24 * 60, 9)],
            Known(key(9), "A", minute(0), None, is_open=True),
            V.OTHER_DAY,
            id="on another day",
        ),
    ],
)
def test_beside_sessions_that_are_there(taps: list[Tap], known: Known, verdict: V) -> None:
    assert merge(taps, [known]).verdicts[key(1)] == verdict


@st.composite
def days(draw: st.DrawFn) -> list[Tap]:
    """Taps of one day by several phones: sign-ins at three places, sign-outs of any of them."""
    ins = [
        tap_in(number, draw(st.integers(0, 400)), draw(st.sampled_from("ABC")))
        for number in range(1, draw(st.integers(2, 6)))
    ]
    outs = [
        tap_out(100 + number, draw(st.integers(0, 400)), draw(st.integers(1, 6)))
        for number in range(draw(st.integers(0, 6)))
    ]
    return ins + outs


@given(days(), st.data())
def test_any_order_and_any_repeats_make_the_same_sessions(
    taps: list[Tap], data: st.DataObject
) -> None:
    repeats = data.draw(st.lists(st.sampled_from(taps)))
    arrived = data.draw(st.permutations(taps + repeats))
    assert merge(arrived) == merge(taps)


@given(days())
def test_nobody_is_ever_at_two_places(taps: list[Tap]) -> None:
    ended = [(one.community, one.begin, one.end) for one in merge(taps).stays if one.end]
    for number, (place, begin, end) in enumerate(ended):
        assert begin < end
        for other_place, other_begin, other_end in ended[number + 1 :]:
            assert place == other_place or other_end <= begin or end <= other_begin


@given(days(), st.data())
def test_a_tap_more_never_takes_a_session_away(taps: list[Tap], data: st.DataObject) -> None:
    """What was written for the first taps is only moved or joined by others, never left over."""
    some = data.draw(st.lists(st.sampled_from(taps), unique=True))
    assert len(merge(some).stays) <= len(merge(taps).stays)


@given(days())
def test_no_sign_in_is_lost(taps: list[Tap]) -> None:
    merged = merge(taps)
    ins = [tap.key for tap in taps if tap.kind == PunchKind.IN]
    assert sorted(ins) == sorted(one for stay in merged.stays for one in stay.keys)
    assert set(merged.verdicts) == {tap.key for tap in taps}
