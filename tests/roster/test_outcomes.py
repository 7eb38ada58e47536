"""What became of a slot: tables of plans and presence, no database."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselhub.roster.kinds import SlotStatus
from counselhub.roster.outcomes import Came, Outcome, Plan, outcomes

S = SlotStatus
WANG, LI, ZHAO, QIAN = (UUID(int=number) for number in (1, 2, 3, 4))
FIRST, SECOND = UUID(int=11), UUID(int=12)
MORNING = Plan(FIRST, WANG, None, 9 * 60, 12 * 60)
COVERED = Plan(FIRST, WANG, LI, 9 * 60, 12 * 60)
AFTERNOON = Plan(SECOND, WANG, None, 14 * 60, 16 * 60)
OF_LI = Plan(SECOND, LI, None, 9 * 60, 12 * 60)


def at(hour: int, minute: int = 0) -> int:
    return hour * 60 + minute


def came(
    who: UUID, begin: int, end: int | None, for_whom: UUID | None = None, assigned: bool = True
) -> Came:
    return Came(who, for_whom, begin, end, assigned)


def judged(plans: Sequence[Plan], there: Sequence[Came], is_over: bool = True) -> list[Outcome]:
    found = outcomes(plans, there, tolerance_minutes=15, is_over=is_over)
    return [found[plan.slot_id] for plan in plans]


@pytest.mark.parametrize(
    ("plan", "there", "told"),
    [
        pytest.param(
            MORNING, [came(WANG, at(9), at(12))], (S.DONE, 180, 0, 0, WANG), id="ROSTER-8 whole"
        ),
        pytest.param(
            MORNING,
            [came(WANG, at(9, 15), at(12))],
            (S.DONE, 165, 15, 0, WANG),
            id="ROSTER-8 just within the tolerance, late",
        ),
        pytest.param(
            MORNING,
            [came(WANG, at(9, 16), at(12))],
            (S.SHORT, 164, 16, 0, WANG),
            id="ROSTER-10 a minute below",
        ),
        pytest.param(
            MORNING,
            [came(WANG, at(9), at(10)), came(WANG, at(10, 10), at(12))],
            (S.DONE, 170, 0, 0, WANG),
            id="ROSTER-8 two sessions are one presence",
        ),
        pytest.param(
            MORNING,
            [came(WANG, at(9), at(12), assigned=False)],
            (S.DONE, 180, 0, 0, WANG),
            id="ROSTER-8 who was planned was there, assigned or not",
        ),
        pytest.param(
            MORNING,
            [came(WANG, at(14), at(17))],
            (S.DONE, 180, 180, 0, WANG),
            id="ROSTER-12 at another time: late by the whole plan",
        ),
        pytest.param(
            MORNING,
            [came(WANG, at(9), at(11))],
            (S.SHORT, 120, 0, 60, WANG),
            id="ROSTER-12 left early",
        ),
        pytest.param(
            MORNING,
            [came(LI, at(9), at(12), WANG, assigned=False)],
            (S.SUBSTITUTED, 180, 0, 0, LI),
            id="ROSTER-9 who stood in for him",
        ),
        pytest.param(
            COVERED,
            [came(LI, at(9), at(12), assigned=False)],
            (S.SUBSTITUTED, 180, 0, 0, LI),
            id="ROSTER-9 who was agreed to come",
        ),
        pytest.param(
            COVERED,
            [came(WANG, at(9), at(12))],
            (S.DONE, 180, 0, 0, WANG),
            id="ROSTER-8 he came himself after all",
        ),
        pytest.param(
            MORNING,
            [came(ZHAO, at(9), at(12))],
            (S.SUBSTITUTED, 180, 0, 0, ZHAO),
            id="ROSTER-9 another who has the community",
        ),
        pytest.param(
            MORNING,
            [came(WANG, at(9), at(10)), came(ZHAO, at(10), at(12))],
            (S.SUBSTITUTED, 180, 0, 0, ZHAO),
            id="ROSTER-9 handed over in the middle",
        ),
        pytest.param(
            MORNING,
            [came(ZHAO, at(9), at(12), assigned=False)],
            (S.MISSED, None, None, None, None),
            id="ROSTER-11 a stranger to the community",
        ),
        pytest.param(
            MORNING,
            [came(LI, at(9), at(12), QIAN)],
            (S.MISSED, None, None, None, None),
            id="ROSTER-11 who stood in for somebody else",
        ),
        pytest.param(
            MORNING,
            [came(LI, at(9), at(10), WANG)],
            (S.SHORT, 60, 0, 120, LI),
            id="ROSTER-10 the substitute left early",
        ),
        pytest.param(
            MORNING,
            [came(WANG, at(9, 5), None)],
            (S.SHORT, 0, 5, 0, WANG),
            id="ROSTER-10 without a sign-out",
        ),
        pytest.param(MORNING, [], (S.MISSED, None, None, None, None), id="ROSTER-11 nobody"),
    ],
)
def test_one_slot(
    plan: Plan, there: list[Came], told: tuple[SlotStatus, int, int, int, UUID]
) -> None:
    assert judged([plan], there) == [Outcome(*told)]


@pytest.mark.parametrize(
    ("there", "status"),
    [
        pytest.param([came(WANG, at(9), at(12))], S.DONE, id="done is said at once"),
        pytest.param([came(WANG, at(9), at(10))], S.PLANNED, id="ROSTER-10 he may come again"),
        pytest.param([], S.PLANNED, id="ROSTER-11 the day is not over"),
    ],
)
def test_while_the_day_lasts(there: list[Came], status: SlotStatus) -> None:
    assert judged([MORNING], there, is_over=False)[0].status == status


@pytest.mark.parametrize(
    ("plans", "there", "statuses"),
    [
        pytest.param(
            [MORNING, AFTERNOON],
            [came(WANG, at(9), at(16))],
            [S.DONE, S.DONE],
            id="ROSTER-13 one stay fills both",
        ),
        pytest.param(
            [MORNING, AFTERNOON],
            [came(WANG, at(13), at(16))],
            [S.MISSED, S.DONE],
            id="ROSTER-13 the afternoon fills only its own",
        ),
        pytest.param(
            [MORNING, OF_LI],
            [came(LI, at(9), at(12))],
            [S.MISSED, S.DONE],
            id="ROSTER-9 who has a slot of the own there is no substitute",
        ),
        pytest.param(
            [MORNING, OF_LI],
            [came(ZHAO, at(9), at(12))],
            [S.SUBSTITUTED, S.MISSED],
            id="ROSTER-13 one who came unasked fills one slot",
        ),
        pytest.param(
            [MORNING, OF_LI],
            [came(ZHAO, at(9), at(12), LI)],
            [S.MISSED, S.SUBSTITUTED],
            id="ROSTER-9 a name decides whose",
        ),
    ],
)
def test_several_slots(plans: list[Plan], there: list[Came], statuses: list[SlotStatus]) -> None:
    assert [one.status for one in judged(plans, there)] == statuses


TIMES = st.tuples(st.integers(0, 1439), st.integers(1, 300)).map(
    lambda one: (one[0], min(1440, one[0] + one[1]))
)
PEOPLE = st.sampled_from([WANG, LI, ZHAO])
SESSIONS = st.lists(
    st.builds(
        lambda who, times, whom, assigned: Came(
            who, whom if whom != who else None, times[0], times[1], assigned
        ),
        PEOPLE,
        TIMES,
        st.none() | PEOPLE,
        st.booleans(),
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=60)
@given(SESSIONS, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_sessions_changes_nothing(
    there: list[Came], random: object, is_over: bool
) -> None:
    shuffled = list(there)
    random.shuffle(shuffled)
    plans = [MORNING, AFTERNOON, Plan(UUID(int=13), LI, ZHAO, at(10), at(11))]
    assert judged(plans, there, is_over) == judged(plans, shuffled, is_over)


@settings(deadline=None, max_examples=60)
@given(SESSIONS, TIMES)
def test_more_presence_of_the_adviser_is_never_worse(there: list[Came], times: object) -> None:
    more = [*there, came(WANG, at(9), at(12))]
    assert judged([MORNING], more)[0].status == S.DONE
    before = judged([MORNING], there)[0]
    if before.status == S.DONE:
        begin, end = times
        assert judged([MORNING], [*there, came(WANG, begin, end)])[0].status == S.DONE
