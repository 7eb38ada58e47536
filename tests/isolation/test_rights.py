"""The policy is the one that was written down; conditions on rows hold whatever the role."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from counselhub.core.access import allowed
from counselhub.core.members import Member
from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.duty.models import DutySession
from counselhub.handovers.models import HandoverPack
from counselhub.packs.models import PackVersion
from counselhub.policy import MAY
from counselhub.roles import DUTIES, ROLES
from counselhub.services.models import ServiceRecord
from counselhub.statements.models import Statement
from counselhub.tokens.models import ApiToken
from tests.isolation import rights

P = Permission
ME, ANOTHER = uuid4(), uuid4()
MY_DUTY, A_DUTY = (DutySession(adviser_id=who) for who in (ME, ANOTHER))
MY_SERVICE, A_SERVICE = (ServiceRecord(adviser_id=who) for who in (ME, ANOTHER))
MY_PACK, A_PACK = (HandoverPack(to_adviser_id=who) for who in (ME, ANOTHER))
MY_TOKEN, A_TOKEN = (ApiToken(membership_id=who) for who in (ME, ANOTHER))
MY_STATEMENT, A_STATEMENT = (Statement(approved_by_id=who) for who in (ME, ANOTHER))
FIRM = Scope(ScopeKind.FIRM, str(uuid4()))
OFFICE = Scope(ScopeKind.OFFICE, "440307012")
A_PACK_OF_THE_OFFICE, A_PACK_OF_THE_BUREAU, MY_PROPOSAL = (
    PackVersion(district_code=OFFICE.key[:6], street_code=street, proposed_by_id=who)
    for street, who in ((OFFICE.key, ANOTHER), (None, ANOTHER), (OFFICE.key, ME))
)


def member(role: Role, scope: Scope = FIRM, adviser_id: UUID | None = ME) -> Member:
    return Member(ME, "某某", role, scope, "某所", membership_id=ME, adviser_id=adviser_id)


def test_roles_and_routes_are_as_written_down() -> None:
    assert rights.in_code() == rights.written(), "python -m tests.isolation.rights writes it anew"


def test_no_role_gives_what_is_written_down_as_a_duty() -> None:
    duties = set[Permission]().union(*(held for of in DUTIES.values() for held in of.values()))
    assert not {role: held & duties for role, held in ROLES.items() if held & duties}


def test_no_role_crosses_from_one_side_to_the_other() -> None:
    """What an office may do no firm may, and the other way round."""
    sides = {
        ScopeKind.OFFICE: {Role.CHECKER, Role.APPROVER},
        ScopeKind.BUREAU: {Role.READER, Role.ASSESSOR},
        ScopeKind.PLATFORM: {Role.OPERATOR},
    }
    sides[ScopeKind.FIRM] = set(Role) - set.union(*sides.values())
    held = {side: set[Permission]().union(*map(ROLES.get, of)) for side, of in sides.items()}
    for one in sides:
        for other in set(sides) - {one}:
            assert held[one] & held[other] <= shared(one, other), (one, other)


def shared(*sides: ScopeKind) -> frozenset[Permission]:
    """What both sides may do, each with its own rows: a rule pack is its owner's (MAY), a token
    its place's, and so is the consent to a visit.
    """
    packs = frozenset({P.PACK_READ, P.PACK_EDIT, P.PACK_ACTIVATE})
    own = frozenset({P.PROGRAM_MANAGE, P.PROGRAM_OVERSEE, P.ROBOT_MANAGE, P.SUPPORT_GRANT})
    return {
        frozenset({ScopeKind.OFFICE, ScopeKind.BUREAU}): packs,
        frozenset({ScopeKind.FIRM, ScopeKind.OFFICE}): own,
    }.get(frozenset(sides), frozenset())


@pytest.mark.parametrize(
    ("permission", "who", "row", "may"),
    [
        pytest.param(P.DUTY_LOG, Role.ADVISER, MY_DUTY, True, id="own duty"),
        pytest.param(P.DUTY_LOG, Role.ADVISER, A_DUTY, False, id="another's duty"),
        pytest.param(P.DUTY_LOG, Role.MANAGER, A_DUTY, False, id="even a manager"),
        pytest.param(P.SERVICE_LOG, Role.ADVISER, MY_SERVICE, True, id="own service"),
        pytest.param(P.SERVICE_LOG, Role.ADVISER, A_SERVICE, False, id="another's service"),
        pytest.param(P.SERVICE_LOG, Role.CLERK, A_SERVICE, True, id="a clerk mends services"),
        pytest.param(P.HANDOVER_TAKE, Role.ADVISER, MY_PACK, True, id="what one takes over"),
        pytest.param(P.HANDOVER_TAKE, Role.ADVISER, A_PACK, False, id="another takes over"),
        pytest.param(P.HANDOVER_TAKE, Role.CLERK, A_PACK, True, id="the desk in his name"),
        pytest.param(P.REVIEW_SIGN, Role.APPROVER, A_STATEMENT, True, id="four eyes sign"),
        pytest.param(P.REVIEW_SIGN, Role.APPROVER, MY_STATEMENT, False, id="two eyes do not sign"),
        pytest.param(P.PACK_EDIT, Role.APPROVER, A_PACK_OF_THE_OFFICE, True, id="the own pack"),
        pytest.param(P.PACK_EDIT, Role.APPROVER, A_PACK_OF_THE_BUREAU, False, id="the bureau's"),
        pytest.param(P.PACK_ACTIVATE, Role.APPROVER, A_PACK_OF_THE_OFFICE, True, id="a pack"),
        pytest.param(P.PACK_ACTIVATE, Role.APPROVER, MY_PROPOSAL, False, id="one's own proposal"),
        pytest.param(P.PROGRAM_MANAGE, Role.CHECKER, MY_TOKEN, True, id="the own token"),
        pytest.param(P.PROGRAM_MANAGE, Role.CHECKER, A_TOKEN, False, id="another's token"),
        pytest.param(P.PROGRAM_MANAGE, Role.APPROVER, A_TOKEN, True, id="an approver any token"),
        pytest.param(P.PROGRAM_MANAGE, Role.MANAGER, A_TOKEN, True, id="a manager any token"),
    ],
)
def test_a_condition_on_the_row(
    app: Flask, permission: Permission, who: Role, row: Any, may: bool
) -> None:
    scope = OFFICE if who is Role.APPROVER else FIRM
    with app.app_context():
        assert allowed(member(who, scope), permission, row) is may


def test_every_condition_is_tried_above() -> None:
    assert set(MAY) == {
        P.DUTY_LOG,
        P.SERVICE_LOG,
        P.REVIEW_SIGN,
        P.HANDOVER_TAKE,
        P.PACK_EDIT,
        P.PACK_ACTIVATE,
        P.PROGRAM_MANAGE,
    }
