"""The rules without a database: who is suggested, when it is due, who may do what."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core import clock
from counselhub.referrals import rules
from counselhub.referrals.clocks import Pause, due_at, used
from counselhub.referrals.kinds import (
    REFERRAL_ACTS,
    Block,
    Conflict,
    Plus,
    ReferralStatus,
    Speciality,
    Urgency,
)
from counselhub.referrals.rules import Standing
from counselhub.referrals.suggesting import (
    Lawyer,
    Matter,
    TeamFact,
    best_team,
    fair_share,
    ranking,
)

PLACE = "440104001001"
LABOUR, FAMILY, LAND = Speciality.LABOUR, Speciality.FAMILY, Speciality.LAND
ASKER = UUID(int=99)
MATTER = Matter(LABOUR, PLACE, ASKER, frozenset({LABOUR, FAMILY, LAND}))


def lawyer(number: int, **given: Any) -> Lawyer:
    values = {"name": f"律师{number}", "order": f"l{number:03d}", "load": 0} | given
    return Lawyer(id=UUID(int=number), **values)


@pytest.mark.parametrize(
    ("given", "points"),
    [
        pytest.param({}, {Plus.LIGHT: 30}, id="SUGGEST-3 no load"),
        pytest.param(
            {"knows": frozenset({LABOUR})}, {Plus.SPECIALITY: 40, Plus.LIGHT: 30}, id="SUGGEST-1"
        ),
        pytest.param(
            {"knows": frozenset({FAMILY, LAND})}, {Plus.NEEDS: 10, Plus.LIGHT: 30}, id="SUGGEST-2"
        ),
        pytest.param(
            {"knows": frozenset(Speciality)},
            {Plus.SPECIALITY: 40, Plus.NEEDS: 10, Plus.LIGHT: 30},
            id="SUGGEST-2 only what the community needs",
        ),
        pytest.param({"load": 1}, {Plus.LIGHT: 15}, id="SUGGEST-3 the fair share is at least one"),
        pytest.param({"load": 2}, {}, id="SUGGEST-3 twice the fair share"),
        pytest.param(
            {"serves": frozenset({PLACE}), "clusters": frozenset({PLACE})},
            {Plus.LIGHT: 30, Plus.SAME_PLACE: 15},
            id="SUGGEST-4 the nearest counts alone",
        ),
        pytest.param(
            {"clusters": frozenset({PLACE[:9]})},
            {Plus.LIGHT: 30, Plus.CLUSTER: 10},
            id="SUGGEST-4 a cluster may be a street",
        ),
        pytest.param(
            {"serves": frozenset({PLACE[:9] + "002"})},
            {Plus.LIGHT: 30, Plus.SAME_STREET: 5},
            id="SUGGEST-4 same street",
        ),
    ],
)
def test_points(given: dict[str, Any], points: Mapping[Plus, int]) -> None:
    found = ranking(MATTER, [lawyer(1, **given), lawyer(2), lawyer(3)], {})
    assert dict(next(one for one in found if one.lawyer.id.int == 1).points) == points


@pytest.mark.parametrize(
    ("given", "conflict", "said_no", "block"),
    [
        pytest.param({"is_away": True}, Conflict.NONE, False, Block.AWAY, id="SUGGEST-5"),
        pytest.param({}, Conflict.POSSIBLE, False, Block.CONFLICT, id="SUGGEST-6"),
        pytest.param({}, Conflict.NONE, True, Block.SAID_NO, id="SUGGEST-7 said no"),
        pytest.param({"is_trainee": True}, Conflict.NONE, False, Block.TRAINEE, id="SUGGEST-7"),
    ],
)
def test_who_is_left_out_is_shown_with_the_reason(
    given: dict[str, Any], conflict: Conflict, said_no: bool, block: Block
) -> None:
    best = lawyer(1, knows=frozenset({LABOUR}), **given)
    no = frozenset({best.id}) if said_no else frozenset[UUID]()
    found = ranking(MATTER, [best, lawyer(2)], {best.id: conflict}, no)
    assert [one.lawyer.name for one in found] == ["律师2", "律师1"]
    assert found[1].blocks == (block,)
    assert found[0].conflict is Conflict.UNKNOWN


LAWYERS = st.lists(
    st.builds(
        lawyer,
        st.integers(1, 40),
        load=st.integers(0, 30),
        knows=st.frozensets(st.sampled_from(list(Speciality))),
        serves=st.frozensets(st.sampled_from([PLACE, PLACE[:9] + "002", "440105001001"])),
        clusters=st.frozensets(st.sampled_from([PLACE, PLACE[:9]])),
        is_away=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(LAWYERS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_and_nobody_is_hidden(
    lawyers: list[Lawyer], shuffle: Any
) -> None:
    mixed = list(lawyers)
    shuffle.shuffle(mixed)
    found = ranking(MATTER, lawyers, {})
    assert ranking(MATTER, mixed, {}) == found
    assert {one.lawyer.id for one in found} == {one.id for one in lawyers}
    assert all(0 <= one.score <= 100 for one in found)


@given(LAWYERS.filter(bool), st.integers(1, 20))
def test_more_load_never_raises_the_own_score(lawyers: list[Lawyer], more: int) -> None:
    first, *others = lawyers
    heavier = lawyer(first.id.int, **_but(first, load=first.load + more))
    assert _score(first.id, [heavier, *others]) <= _score(first.id, lawyers)


@given(LAWYERS.filter(bool))
def test_knowing_the_kind_never_lowers_the_score(lawyers: list[Lawyer]) -> None:
    first, *others = lawyers
    wiser = lawyer(first.id.int, **_but(first, knows=first.knows | {LABOUR}))
    assert _score(first.id, [wiser, *others]) >= _score(first.id, lawyers)


def _but(one: Lawyer, **given: Any) -> dict[str, Any]:
    names = ("load", "knows", "serves", "clusters", "is_away")
    return {name: getattr(one, name) for name in names} | given


def _score(who: UUID, lawyers: list[Lawyer]) -> int:
    return next(one.score for one in ranking(MATTER, lawyers, {}) if one.lawyer.id == who)


def test_the_fair_share_is_the_mean() -> None:
    assert fair_share([lawyer(1, load=5), lawyer(2, load=2)]) * 2 == 7
    assert fair_share([]) == 1


def test_the_nearest_team_that_knows_it_is_chosen() -> None:
    def team(number: int, *cluster: str, knows: Speciality = LABOUR) -> TeamFact:
        return TeamFact(UUID(int=number), f"队{number}", frozenset({knows}), frozenset(cluster))

    teams = [team(1), team(2, PLACE[:9]), team(3, PLACE), team(4, PLACE, knows=FAMILY)]
    assert best_team(MATTER, teams) == teams[2]
    assert best_team(MATTER, teams[:2]) == teams[1]
    assert best_team(MATTER, teams[3:]) is None


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of October 2026 in Shanghai; the 10th and 17th are Saturdays."""
    return datetime(2026, 10, day, hour, minute, tzinfo=clock.SHANGHAI)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("begins", "hours", "urgency", "pauses", "due"),
    [
        pytest.param(at(8, 9), 8, Urgency.NORMAL, [], at(8, 17), id="DUE-2 eight hours are a day"),
        pytest.param(at(8, 15), 4, Urgency.NORMAL, [], at(9, 11), id="DUE-2 over a night"),
        pytest.param(at(9, 16), 2, Urgency.PRESSING, [], at(12, 10), id="DUE-2 over a weekend"),
        pytest.param(at(10, 3), 1, Urgency.NORMAL, [], at(12, 10), id="DUE-2 begun on a Saturday"),
        pytest.param(at(10, 3), 2, Urgency.URGENT, [], at(10, 5), id="DUE-1 nights count"),
        pytest.param(
            at(8, 9), 8, Urgency.NORMAL, [(at(8, 10), at(8, 12))], at(9, 11), id="DUE-3 stands"
        ),
        pytest.param(
            at(8, 9), 8, Urgency.NORMAL, [(at(8, 18), at(9, 8))], at(8, 17), id="DUE-3 by night"
        ),
        pytest.param(
            at(8, 9), 4, Urgency.URGENT,
            [(at(8, 10), at(8, 12)), (at(8, 11), at(8, 13))], at(8, 16), id="DUE-3 overlapping",
        ),
        pytest.param(at(8, 9), 8, Urgency.NORMAL, [(at(8, 10), None)], None, id="DUE-4"),
    ],
)  # fmt: skip
def test_due(
    begins: datetime, hours: int, urgency: Urgency, pauses: list[Any], due: datetime | None
) -> None:
    assert due_at(begins, hours, urgency, weekdays, [Pause(*one) for one in pauses]) == due


INSTANTS = st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 1), timezones=st.just(UTC)).map(
    lambda one: one.replace(microsecond=0)
)
PAUSES = st.lists(
    st.tuples(INSTANTS, st.integers(0, 200)).map(
        lambda one: Pause(one[0], one[0] + timedelta(hours=one[1]))
    ),
    max_size=3,
)
URGENCIES = st.sampled_from(list(Urgency))


@given(INSTANTS, st.integers(1, 100), URGENCIES, PAUSES)
def test_what_is_used_up_when_it_is_due_is_the_limit(
    begins: datetime, hours: int, urgency: Urgency, pauses: list[Pause]
) -> None:
    due = due_at(begins, hours, urgency, weekdays, pauses)
    assert due is not None
    assert used(begins, due, urgency, weekdays, pauses) == timedelta(hours=hours)
    assert used(begins, due - timedelta(seconds=1), urgency, weekdays, pauses) < timedelta(
        hours=hours
    )


@given(INSTANTS, st.integers(1, 50), URGENCIES, PAUSES, PAUSES)
def test_a_further_pause_never_brings_it_nearer(
    begins: datetime, hours: int, urgency: Urgency, pauses: list[Pause], more: list[Pause]
) -> None:
    due = due_at(begins, hours, urgency, weekdays, pauses)
    later = due_at(begins, hours, urgency, weekdays, [*pauses, *more])
    assert due is not None
    assert later is not None
    assert later >= due


S = ReferralStatus


@pytest.mark.parametrize(
    ("status", "who", "may", "may_not"),
    [
        pytest.param(S.ASKED, Standing(is_desk=True), {"triage", "withdraw"}, {"form"}, id="desk"),
        pytest.param(S.ASKED, Standing(is_asker=True), {"withdraw"}, {"triage"}, id="asker"),
        pytest.param(S.FORMED, Standing(is_asked=True), {"decline"}, {"recall"}, id="asked"),
        pytest.param(
            S.ACCEPTED, Standing(is_receiver=True), {"conclude", "pause", "send_back"},
            {"ask_takeover", "resume", "close"}, id="receiver",
        ),
        pytest.param(
            S.ACCEPTED, Standing(is_helper=True), {"ask_takeover"}, {"conclude"}, id="helper"
        ),
        pytest.param(
            S.FORMED, Standing(is_desk=True, is_lawyer=False), {"recall"}, {"accept"}, id="ACT-1"
        ),
        pytest.param(S.FED_BACK, Standing(is_leader=True), {"close"}, {"triage"}, id="led"),
        pytest.param(S.CLOSED, Standing(is_receiver=True), {"rate"}, {"reopen"}, id="closed"),
    ],
)  # fmt: skip
def test_who_may(status: S, who: Standing, may: set[str], may_not: set[str]) -> None:
    found = rules.acts(status, who)
    assert may <= found
    assert not may_not & found


@pytest.mark.parametrize("status", S)
def test_a_stranger_does_nothing_and_every_act_has_words(status: S) -> None:
    """ACT-2."""
    assert rules.acts(status, Standing()) == frozenset()
    everybody = Standing(True, True, True, True, True, True, True, True)
    assert rules.acts(status, everybody) <= set(REFERRAL_ACTS) | {"ask_transfer"}


def test_the_clock_is_stopped_or_let_run_and_told_once() -> None:
    who = Standing(is_receiver=True, is_liaison=True)
    standing = rules.acts(S.ACCEPTED, who, is_paused=True, is_escalated=True)
    assert {"resume", "settle_escalation"} <= standing
    assert not {"pause", "escalate"} & standing
