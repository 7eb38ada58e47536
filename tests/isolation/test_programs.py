"""For every role a program is told what the pages show: the same rows, and no other."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from counselhub.api.operations import OPERATIONS, Operation
from counselhub.core.permissions import Role
from counselhub.policy import POLICY
from tests.counting import statements
from tests.isolation.conftest import scope_of
from tests.isolation.furnishing import DAY, MONTH
from tests.isolation.looks import given_away, state_of
from tests.isolation.world import Furnished, World
from tests.programs import Program, member, program

ROLES = [role for role in Role if role not in (Role.READER, Role.ASSESSOR, Role.OPERATOR)]
MOST_STATEMENTS = 8
DAYS = f"from={DAY}&to={DAY}"
MONTHLY = f"month={MONTH}"
ASKED = {
    "list_sessions": DAYS,
    "list_shifts": DAYS,
    "list_services": DAYS,
    "list_ledger_lines": MONTHLY,
}
"""What a list cannot be asked for without."""
NAMES = {"service_id": "record_id"}
"""Parts of paths that the pages call otherwise."""
PAGES = {
    "list_advisers": ("/advisers", r'href="/advisers/([0-9a-f-]{36})"'),
    "list_places": ("/communities", r'href="/communities/([0-9]{12})"'),
    "list_contracts": ("/contracts", r'href="/contracts/([0-9a-f-]{36})"'),
    "list_services": (f"/services/records?{DAYS}", r'href="/services/([0-9a-f-]{36})"'),
    "list_referrals": ("/referrals/list", r'href="/referrals/([0-9a-f-]{36})"'),
    "list_statements": ("/statements", r'href="/statements/([0-9a-f-]{36})"'),
}
"""The page of a firm that shows a list, and how its rows are named there."""
OF_OFFICES = {
    "list_statements": ("/review?tab=all", r'href="/review/([0-9a-f-]{36})"'),
    "list_sessions": (f"/picture/sessions?month={MONTH}", None),
    "list_ledger_lines": (
        f"/ledgers/differences?month={MONTH}&outcome=all",
        r'href="/ledgers/lines/([0-9a-f-]{36})"',
    ),
}
SignIn = Callable[[Furnished, Role], FlaskClient]


@pytest.fixture(scope="session")
def asks(app: Flask) -> Callable[[Furnished, Role], Program]:
    """Return a program of a new member of a role in a firm or its street's office."""
    made: dict[tuple[str, Role], Program] = {}

    def find(where: Furnished, role: Role) -> Program:
        if (where.token, role) not in made:
            adviser = where.tenant.backup_id if role in (Role.ADVISER, Role.TEAM_LEADER) else None
            by = member(app, scope_of(where, role), role, adviser)
            made[where.token, role] = program(app, by)
        return made[where.token, role]

    return find


def path_of(app: Flask, one: Operation, owner: Furnished) -> str:
    """Return the address of an operation with the ids of `owner`'s rows."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", one.path)
    parts: dict[str, Any] = {name: owner.ids[NAMES.get(name, name)] for name in names}
    with app.test_request_context():
        path = url_for(f"api.{one.name}", _external=False, **parts).removeprefix("/api/v1")
    return f"{path}?{ASKED[one.name]}" if one.name in ASKED else path


def may(role: Role, one: Operation) -> bool:
    """Whether a role is to be answered."""
    return bool(POLICY.roles[role] & set(one.permissions))


READING = [one for one in OPERATIONS if one.method == "GET"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("one", READING, ids=lambda one: one.name)
def test_who_may_and_who_may_not(
    app: Flask, world: World, asks: Callable[..., Program], one: Operation, role: Role
) -> None:
    """Permission and scope; a program of another firm finds nothing; few statements."""
    ours = asks(world.victim, role)
    with statements() as sent:
        answer = ours.get(path_of(app, one, world.victim))
    is_offered = role not in (Role.CHECKER, Role.APPROVER) or one.resource in (
        "duty",
        "statements",
        "ledgers",
    )
    if not may(role, one) or not is_offered:
        assert answer.status_code == 403
        return
    assert answer.status_code in (200, 404) if "<" in one.path else answer.status_code == 200
    assert len(sent) <= MOST_STATEMENTS, sent
    where = world.stranger if role in (Role.CHECKER, Role.APPROVER) else world.neighbour
    path = path_of(app, one, world.victim)
    foreign = asks(where, role).get(path)
    is_row = "<uuid:" in one.path
    assert foreign.status_code == (404 if is_row else 200)
    assert given_away(foreign, world.victim, path) == []


@pytest.mark.parametrize("role", ROLES)
def test_a_list_is_the_pages(
    world: World, sign_in: SignIn, asks: Callable[..., Program], role: Role
) -> None:
    """The same ids as the role's page links to."""
    pages = OF_OFFICES if role in (Role.CHECKER, Role.APPROVER) else PAGES
    for one in READING:
        if one.name not in pages or not may(role, one):
            continue
        page, named = pages[one.name]
        told = asks(world.victim, role).everything(_asked(one))
        shown = sign_in(world.victim, role).get(page).text
        if named is None:
            total = len(re.findall(r"<tr\b", shown)) - 1
            assert len(told) == max(0, total), (role, one.name)
            continue
        ids = {str(item.get("id") or item.get("code")) for item in told}
        assert ids == set(re.findall(named, shown)), (role, one.name)
        if role is Role.MANAGER:
            assert ids, one.name


def _asked(one: Operation) -> str:
    if one.name == "list_sessions":
        return f"{one.path}?from={MONTH}-01&to={MONTH}-28"
    return f"{one.path}?{ASKED[one.name]}" if one.name in ASKED else one.path


def test_a_lawyers_program_is_shown_the_own_records_only(
    world: World, asks: Callable[..., Program]
) -> None:
    for path in (f"/duty/sessions?{DAYS}", f"/services?{DAYS}"):
        everybody = asks(world.victim, Role.MANAGER).everything(path)
        own = asks(world.victim, Role.ADVISER).everything(path)
        assert len(everybody) > len(own)
        assert {one["adviser_id"] for one in own} <= {str(world.victim.tenant.backup_id)}


def test_only_a_checkers_program_brings_a_ledger_in(
    app: Flask, world: World, asks: Callable[..., Program]
) -> None:
    """A trial by each role; the program of another street learns nothing and changes nothing."""
    ours, town = world.victim, world.victim.tenant.town
    before = state_of(app, ours)
    row = {"community_code": town.communities[0], "amount_fen": 1}
    body = {"month": MONTH, "rows": [row], "trial": True}
    for role in ROLES:
        answer = _bring(asks(ours, role), body)
        assert answer.status_code == (200 if role is Role.CHECKER else 403), (role, answer.text)
    theirs = asks(world.stranger, Role.CHECKER)
    for more in ({}, {"firm_id": str(ours.tenant.firm_id)}):
        given = body | {"trial": False} | more
        answer = _bring(theirs, given)
        assert answer.status_code == 422
        assert given_away(answer, ours, str(given)) == []
    assert state_of(app, ours) == before


def _bring(asks: Program, body: dict[str, Any]) -> TestResponse:
    headers = {"Idempotency-Key": uuid4().hex}
    return asks.ask("POST", "/ledgers/imports", json=body, headers=headers)
