"""Who holds which administrator's duty."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.admins.rules import (
    Colleague,
    Objection,
    duties_of,
    objection_to_naming,
    objection_to_vacating,
)
from counselhub.core.permissions import Duty, Role

A, B, C = (UUID(int=place) for place in (1, 2, 3))
HEAD = Colleague(A, Role.MANAGER)
CLERK = Colleague(B, Role.CLERK)
LAWYER = Colleague(C, Role.ADVISER)


def named(who: Colleague, duty: Duty) -> Colleague:
    return Colleague(who.person_id, who.role, duty)


@pytest.mark.parametrize(
    ("role", "named_to", "is_named", "held"),
    [
        pytest.param(Role.MANAGER, None, False, {Duty.SYSTEM}, id="ADM-3 the head stands in"),
        pytest.param(Role.APPROVER, None, False, {Duty.SYSTEM}, id="ADM-3 the office's head too"),
        pytest.param(Role.MANAGER, None, True, set(), id="ADM-3 until somebody is named"),
        pytest.param(Role.CLERK, None, False, set(), id="ADM-3 nobody else"),
        pytest.param(Role.CHECKER, None, False, set(), id="ADM-3 nor the checker"),
        pytest.param(Role.MANAGER, Duty.AUDIT, False, {Duty.AUDIT}, id="ADM-1 not two at once"),
        pytest.param(Role.ADVISER, Duty.SECURITY, True, {Duty.SECURITY}, id="any role"),
    ],
)
def test_duties(role: Role, named_to: Duty | None, is_named: bool, held: set[Duty]) -> None:
    assert duties_of(role, named_to, system_is_named=is_named) == held


@pytest.mark.parametrize(
    ("duty", "whom", "others", "by", "objection"),
    [
        pytest.param(Duty.SECURITY, CLERK, [HEAD], A, None, id="the head names the clerk"),
        pytest.param(Duty.SYSTEM, CLERK, [HEAD], A, None, id="and hands the accounts over"),
        pytest.param(Duty.SECURITY, HEAD, [CLERK], A, Objection.SELF, id="ADM-2 not himself"),
        pytest.param(Duty.SYSTEM, HEAD, [CLERK], A, Objection.SELF, id="ADM-2 to nothing"),
        pytest.param(
            Duty.AUDIT,
            named(CLERK, Duty.SECURITY),
            [HEAD],
            A,
            Objection.HOLDS_ANOTHER,
            id="ADM-1 not two",
        ),
        pytest.param(
            Duty.AUDIT, named(CLERK, Duty.AUDIT), [HEAD], A, Objection.HOLDS_IT, id="held already"
        ),
        pytest.param(
            Duty.AUDIT, HEAD, [CLERK], None, Objection.NOBODY_LEFT, id="ADM-4 the only head"
        ),
        pytest.param(
            Duty.AUDIT,
            HEAD,
            [named(CLERK, Duty.SYSTEM), LAWYER],
            B,
            None,
            id="ADM-4 once somebody else is named",
        ),
        pytest.param(
            Duty.SECURITY, CLERK, [LAWYER], None, None, id="ADM-4 where there was none before"
        ),
    ],
)
def test_naming(
    duty: Duty,
    whom: Colleague,
    others: list[Colleague],
    by: UUID | None,
    objection: Objection | None,
) -> None:
    assert objection_to_naming(duty, whom, [whom, *others], by=by) is objection


@pytest.mark.parametrize(
    ("duty", "everybody", "objection"),
    [
        pytest.param(Duty.AUDIT, [HEAD, named(CLERK, Duty.AUDIT)], None, id="audit"),
        pytest.param(Duty.SYSTEM, [HEAD, named(CLERK, Duty.SYSTEM)], None, id="ADM-3 back"),
        pytest.param(
            Duty.SYSTEM,
            [named(HEAD, Duty.AUDIT), named(CLERK, Duty.SYSTEM)],
            Objection.NOBODY_LEFT,
            id="ADM-4 the head has another",
        ),
    ],
)
def test_vacating(duty: Duty, everybody: list[Colleague], objection: Objection | None) -> None:
    assert objection_to_vacating(duty, everybody) is objection


@given(
    roles=st.lists(st.sampled_from([Role.MANAGER, Role.CLERK, Role.ADVISER]), max_size=5),
    moves=st.lists(st.tuples(st.sampled_from(Duty), st.integers(0, 5), st.integers(0, 5))),
)
def test_whatever_is_named_somebody_keeps_the_accounts(
    roles: list[Role], moves: list[tuple[Duty, int, int]]
) -> None:
    """Every history of accepted namings: one duty each, one holder each, never without system."""
    people = [Colleague(UUID(int=at), role) for at, role in enumerate([Role.MANAGER, *roles])]
    for duty, whom_at, by_at in moves:
        whom, by = people[whom_at % len(people)], people[by_at % len(people)]
        if objection_to_naming(duty, whom, people, by=by.person_id) is None:
            people = [
                named(one, duty)
                if one == whom
                else Colleague(one.person_id, one.role, None if one.duty is duty else one.duty)
                for one in people
            ]
    given_out = [one.duty for one in people if one.duty]
    assert len(given_out) == len(set(given_out))
    is_named = Duty.SYSTEM in given_out
    held = [duties_of(one.role, one.duty, system_is_named=is_named) for one in people]
    assert any(Duty.SYSTEM in one for one in held)
    assert all(len(one) <= 1 for one in held)
