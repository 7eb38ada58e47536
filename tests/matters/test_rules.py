"""Is there a conflict? Names, numbers and the judgement, without a database."""

from datetime import date
from uuid import UUID

import pytest

from counselhub.matters import rules
from counselhub.matters.kinds import ConflictCode, Matched, MatterStatus, PartyRole
from counselhub.matters.rules import Candidate, Finding, Known, PartyFact, judge

TODAY = date(2026, 10, 8)
A, B = UUID(int=1), UUID(int=2)
LAWYER, COLLEAGUE = UUID(int=11), UUID(int=12)
R, M, C = PartyRole, Matched, ConflictCode
NOTHING = Known()


def candidate(role: PartyRole, how: Matched = M.NAME, **more: object) -> Candidate:
    given: dict[str, object] = {
        "place": 0,
        "party_id": UUID(int=90),
        "matter_id": A,
        "status": MatterStatus.OPEN,
    }
    return Candidate(how=how, role=role, **(given | more))


def codes(found: list[Finding]) -> list[str]:
    return [one.code.value for one in found]


@pytest.mark.parametrize(
    ("here", "there", "adverse"),
    [
        pytest.param(R.CLIENT, R.OPPONENT, True, id="CONFLICT-1 ours is against us there"),
        pytest.param(R.OPPONENT, R.CLIENT, True, id="CONFLICT-1 the other side is ours there"),
        pytest.param(R.OPPONENT, R.COMMITTEE, True, id="CONFLICT-1 against who engages us"),
        pytest.param(R.CLIENT, R.THIRD, True, id="CONFLICT-1 ours is a third one there"),
        pytest.param(R.CLIENT, R.CLIENT, False, id="the same client again"),
        pytest.param(R.CLIENT, R.COMMITTEE, False, id="a committee with a case of its own"),
        pytest.param(R.OPPONENT, R.OPPONENT, False, id="the same opponent again"),
        pytest.param(R.OPPONENT, R.THIRD, False, id="neither is ours"),
        pytest.param(R.OTHER, R.CLIENT, False, id="others take no side"),
    ],
)
def test_sides(here: PartyRole, there: PartyRole, adverse: bool) -> None:
    assert rules.is_adverse(here, there) is adverse
    assert rules.is_adverse(there, here) is adverse
    found = judge([PartyFact(0, here)], [candidate(there)], NOTHING)
    assert codes(found) == (["adverse"] if adverse else [])


@pytest.mark.parametrize(
    ("one", "found"),
    [
        pytest.param(candidate(R.CLIENT), ["adverse"], id="CONFLICT-1 by name"),
        pytest.param(candidate(R.CLIENT, M.ALIAS), ["adverse"], id="CONFLICT-1 by an alias"),
        pytest.param(candidate(R.CLIENT, M.ID), ["adverse"], id="CONFLICT-1 by number"),
        pytest.param(
            candidate(R.CLIENT, status=MatterStatus.CLOSED), ["former"], id="CONFLICT-5 closed"
        ),
        pytest.param(
            candidate(R.CLIENT, status=MatterStatus.FROZEN), ["adverse"], id="frozen is live"
        ),
        pytest.param(candidate(R.CLIENT, M.PHONE), ["same_phone"], id="CONFLICT-6 phone alone"),
        pytest.param(candidate(R.CLIENT, M.SIMILAR), ["similar"], id="CONFLICT-7 nearly the name"),
        pytest.param(
            candidate(R.CLIENT, ids=frozenset({"x"})), [], id="CONFLICT-8 two numbers, two people"
        ),
        pytest.param(
            candidate(R.CLIENT, ids=frozenset({"n"})), ["adverse"], id="CONFLICT-8 one number"
        ),
        pytest.param(
            candidate(R.CLIENT, M.PHONE, ids=frozenset({"x"})),
            ["same_phone"],
            id="CONFLICT-8 a shared phone is told all the same",
        ),
    ],
)
def test_of_one_candidate(one: Candidate, found: list[str]) -> None:
    opponent = PartyFact(0, R.OPPONENT, frozenset({"n"}))
    assert codes(judge([opponent], [one], NOTHING)) == found


def test_both_sides_turned_round_are_one_dispute() -> None:
    parties = [PartyFact(0, R.CLIENT), PartyFact(1, R.OPPONENT)]
    found = judge(
        parties,
        [
            candidate(R.OPPONENT, place=0, party_id=UUID(int=91)),
            candidate(R.CLIENT, place=1, party_id=UUID(int=92)),
        ],
        NOTHING,
    )
    assert codes(found) == ["same_dispute"], "one thing to decide"
    assert rules.DECISIONS[C.SAME_DISPUTE] == {"clear"}
    apart = [candidate(R.OPPONENT, place=0), candidate(R.CLIENT, place=1, matter_id=B)]
    assert codes(judge(parties, apart, NOTHING)) == ["adverse", "adverse"]


def test_the_surest_mark_counts_and_each_finding_once() -> None:
    marks = [candidate(R.CLIENT, how) for how in (M.SIMILAR, M.PHONE, M.ALIAS, M.ID, M.NAME)]
    found = judge([PartyFact(0, R.OPPONENT)], marks, NOTHING)
    assert [(one.code, one.how) for one in found] == [(C.ADVERSE, M.ID)]


@pytest.mark.parametrize(
    ("role", "known", "found"),
    [
        pytest.param(R.OPPONENT, Known(frozenset({0})), ["committee"], id="CONFLICT-3 the trap"),
        pytest.param(R.CLIENT, Known(frozenset({0})), [], id="CONFLICT-3 on our side"),
        pytest.param(
            R.CLIENT, Known(members={0: frozenset({LAWYER})}), ["member"], id="CONFLICT-4 ours"
        ),
        pytest.param(
            R.OPPONENT, Known(members={0: frozenset({LAWYER})}), ["member"], id="CONFLICT-4 theirs"
        ),
        pytest.param(
            R.OPPONENT, Known(served=frozenset({0})), ["former"], id="CONFLICT-5 served before"
        ),
        pytest.param(R.CLIENT, Known(served=frozenset({0})), [], id="CONFLICT-5 served again"),
    ],
)
def test_of_the_firm(role: PartyRole, known: Known, found: list[str]) -> None:
    assert codes(judge([PartyFact(0, role)], [], known)) == found


def test_who_is_concerned() -> None:
    other = Finding(C.ADVERSE, 0, M.NAME, A, frozenset({LAWYER, COLLEAGUE}))
    assert rules.concerned({LAWYER}, other) == {LAWYER}
    himself = Finding(C.MEMBER, 0, M.NAME, None, frozenset({COLLEAGUE}))
    assert rules.concerned({LAWYER}, himself) == {COLLEAGUE}, "CONFLICT-10 he is the party"


def test_every_code_says_what_may_be_decided() -> None:
    assert set(rules.DECISIONS) == set(ConflictCode)
    assert all("clear" in acts for acts in rules.DECISIONS.values())
    assert "waive" not in rules.DECISIONS[C.MEMBER]
