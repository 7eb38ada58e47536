"""Every route, tried by everybody who has no business there, with the ids of real rows."""

from collections.abc import Iterable, Iterator
from itertools import cycle

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from counselhub.core.db import db
from counselhub.core.permissions import Role
from tests.isolation.addresses import RULES, Kind, Route, kind_of, routes
from tests.isolation.conftest import SignIn
from tests.isolation.looks import body_of, given_away, state_of
from tests.isolation.world import Furnished, World
from tests.world import Watch

ROUTES = routes()
HTMX = {"HX-Request": "true"}
GOVERNMENT = (Role.CHECKER, Role.APPROVER, Role.READER, Role.ASSESSOR)

MEMBERS_OWN = {"template_id", "year_file_id", "archive_id", "work_id"}
"""Rows of one member that no colleague finds, and files that no worker has made here; the tests of
whoever does find them stand with their part."""

each_route = pytest.mark.parametrize("route", ROUTES, ids=str)
each_guarded = pytest.mark.parametrize("route", [r for r in ROUTES if r.guarded], ids=str)
each_permitted = pytest.mark.parametrize("route", [r for r in ROUTES if r.required], ids=str)


@pytest.fixture(scope="module")
def before(app: Flask, world: World) -> list[tuple[str, str]]:
    """What the victim had before anybody tried."""
    return state_of(app, world.victim)


@pytest.fixture(scope="module")
def watch(app: Flask, world: World, before: list[tuple[str, str]]) -> Iterator[Watch]:
    """What is written; at the end, whatever was seen of it, the victim has what it had."""
    with app.app_context():
        engine = db.engine
    with Watch().on(engine) as made:
        yield made
    assert state_of(app, world.victim) == before


@pytest.fixture(autouse=True)
def unchanged(
    app: Flask, world: World, before: list[tuple[str, str]], watch: Watch
) -> Iterator[None]:
    """Whatever a test tries, the victim has exactly the rows it had.

    To compare them all takes longer than most tests: it is done when anything was written.
    """
    watch.taken()
    yield
    if watch.taken():
        assert state_of(app, world.victim) == before


Ways = tuple[dict[str, str], ...]
BOTH: Ways = ({}, HTMX)
"""As a browser asks, and as htmx does."""


def tries(
    client: FlaskClient, route: Route, address: str, ways: Ways = BOTH
) -> Iterator[tuple[TestResponse, dict[str, str]]]:
    """Ask in each way."""
    for headers in ways:
        yield client.open(address, method=route.method, headers=headers), headers


def in_turns(route: Route, roles: Iterable[Role]) -> Iterator[tuple[Role, Ways]]:
    """Give each role a way of asking, in turns; a lone one both.

    How a refusal is answered does not depend on the role: over all routes each has had both.
    """
    found = sorted(roles)
    turns = cycle([BOTH[:1], BOTH[1:]])
    if len(str(route)) % 2:
        next(turns)
    for role in found:
        yield role, next(turns) if len(found) > 1 else BOTH


@each_route
def test_every_parameter_is_known(route: Route, world: World) -> None:
    assert all(isinstance(kind_of(name), Kind) for name in route.arguments)
    assert {name for name in route.arguments if name not in world.victim.ids} == set()


def test_no_parameter_is_left_over() -> None:
    assert set(RULES) == {name for route in ROUTES for name in route.arguments}


@each_guarded
def test_a_stranger_is_sent_to_sign_in(app: Flask, world: World, route: Route) -> None:
    address = route.of(app, world.victim)
    for answer, headers in tries(app.test_client(), route, address):
        target = answer.headers.get("HX-Redirect") if headers else answer.location
        assert answer.status_code == (401 if headers else 303)
        assert str(target).startswith("/sign-in")
        assert given_away(answer, world.victim, address) == []


@each_permitted
def test_a_role_without_the_permission_is_refused(
    app: Flask, world: World, sign_in: SignIn, route: Route
) -> None:
    address = route.of(app, world.victim)
    for role, ways in in_turns(route, (role for role in Role if not route.may(role))):
        client = sign_in(world.victim, role)
        for answer, _headers in tries(client, route, address, ways):
            assert answer.status_code == 403, role
            assert given_away(answer, world.victim, address) == [], role


@each_permitted
def test_the_same_role_elsewhere_finds_nothing(
    app: Flask, world: World, sign_in: SignIn, route: Route
) -> None:
    address = route.of(app, world.victim)
    others = set(Role) - {Role.OPERATOR}  # there is one platform: it has no elsewhere
    for role, ways in in_turns(route, (role for role in others if route.may(role))):
        client = sign_in(elsewhere(world, role), role)
        for answer, _headers in tries(client, route, address, ways):
            assert answer.status_code == 404 if route.has_row else answer.status_code < 500
            assert given_away(answer, world.victim, address) == [], role


def elsewhere(world: World, role: Role) -> Furnished:
    """Return where somebody of the same role is a stranger: another firm, street or district."""
    return world.stranger if role in GOVERNMENT else world.neighbour


@each_guarded
def test_a_permission_is_asked_for_or_only_oneself_is_shown(
    app: Flask, world: World, sign_in: SignIn, route: Route
) -> None:
    """Routes for whoever is signed in find only the own rows and show nothing of a firm."""
    if not route.required:
        address = route.of(app, world.victim)
        for role in Role:
            client = sign_in(world.neighbour, role)
            for answer, _headers in tries(client, route, address):
                assert answer.status_code == 404 if route.has_row else answer.status_code < 500
                assert given_away(answer, world.victim, address) == []


OWN_ONLY = {
    "attachment_id",
    "client_id",
    "correction_id",
    "cover_id",
    "late_entry_id",
    "late_file_id",
    "leave_id",
    "photo_id",
    "record_id",
    "session_id",
    "shift_id",
    "spot_check_id",
    "spot_photo_id",
}
"""An adviser and the party secretary see of these only what an adviser did, and for whom."""


@each_permitted
def test_a_colleagues_record_is_not_an_advisers(
    app: Flask, world: World, sign_in: SignIn, route: Route
) -> None:
    if route.arguments & OWN_ONLY:
        address = route.of(app, world.victim)
        for role in (Role.ADVISER, Role.PARTY_SECRETARY):
            if route.may(role):
                for answer, _headers in tries(sign_in(world.victim, role), route, address):
                    assert answer.status_code == 404, role
                    assert given_away(answer, world.victim, address) == [], role


ACCOUNTS = [route for route in ROUTES if "membership_id" in route.arguments]


@pytest.mark.parametrize("route", ACCOUNTS, ids=str)
def test_an_office_finds_its_own_people_only(
    app: Flask, world: World, sign_in: SignIn, route: Route
) -> None:
    """Neither the people of a firm in its own street nor those of another office."""
    here, there = world.victim, world.stranger
    client = sign_in(there, Role.APPROVER)
    for membership_id in (there.ids["membership_id"], here.ids["office_membership"]):
        with app.test_request_context():
            address = url_for(route.endpoint, _external=False, membership_id=membership_id)
        for answer, _headers in tries(client, route, address):
            assert answer.status_code in (403, 404)
            assert answer.status_code == 404 or not route.may(Role.APPROVER)
            assert given_away(answer, here, address) == []


@each_permitted
def test_the_owner_does_find_it(app: Flask, world: World, sign_in: SignIn, route: Route) -> None:
    """What the tests above find missing is there for whoever may see it, and for nobody else."""
    if route.method == "GET" and route.has_row and route.endpoint != "review.statement":
        allowed = [role for role in Role if route.may(role)]
        answer = sign_in(world.victim, allowed[0]).get(route.of(app, world.victim))
        found = answer.status_code == 200 and world.victim.token in body_of(answer)
        assert found or (answer.status_code == 404 and route.arguments & MEMBERS_OWN)
