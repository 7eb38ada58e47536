"""A visit of the platform's support, tried on every table and on every address."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import Scope, as_scope, name_visit
from counselhub.policy import OPEN_TO_VISITS
from counselhub.roles import ROLES, VISITING
from tests import visit_policies
from tests.isolation.addresses import Route, routes
from tests.isolation.looks import state_of
from tests.isolation.tables import MODELS
from tests.isolation.world import World
from tests.support.visits import visiting

ROUTES = routes()
OF_TENANTS = {
    name
    for name, model in MODELS.items()
    if model.data_class in set(DataClass) - {DataClass.REFERENCE, DataClass.PLATFORM}
}
SHOWN = set(visit_policies.SHOWN) & OF_TENANTS
TO_OFFICES = {"adviser", "assignment", "contract_community", "duty_slot"}
LEAVING = {"support.create_leaving", "people.sign_out"}


@contextmanager
def as_visit(app: Flask, scope: Scope) -> Iterator[None]:
    """Work as the requests of a visit do."""
    with app.test_request_context(), as_scope(scope):
        name_visit(True)
        try:
            yield
        finally:
            db.session.rollback()
            name_visit(False)


def seen(app: Flask, scope: Scope) -> set[str]:
    """Return the tables of tenants of which a visit sees any row, whatever is asked."""
    with as_visit(app, scope):
        return {
            name
            for name in OF_TENANTS
            if db.session.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first()
        }


def test_the_database_shows_standing_data_and_plans_alone(app: Flask, world: World) -> None:
    assert seen(app, world.victim.scope) <= SHOWN
    assert {"adviser", "assignment", "contract", "duty_slot"} <= seen(app, world.victim.scope)
    assert seen(app, world.victim.tenant.town.scope) == TO_OFFICES


def test_it_shows_them_of_the_own_place_only(app: Flask, world: World) -> None:
    query = text("SELECT DISTINCT firm_id FROM assignment")
    with as_visit(app, world.victim.scope):
        assert set(db.session.scalars(query)) == {world.victim.tenant.firm_id}
    with as_visit(app, world.stranger.tenant.town.scope):
        assert set(db.session.scalars(query)) == {world.stranger.tenant.firm_id}


def test_no_policy_lets_a_visit_see_more(owner: Connection) -> None:
    query = text(
        "SELECT tablename, policyname FROM pg_policies"
        " WHERE concat(qual, with_check) ~ 'support_(firm|street)' OR policyname LIKE 'support%'"
    )
    found = {tuple(row) for row in owner.execute(query)}
    owner.rollback()  # to read an expression locks its table, and others migrate
    due = {(name, "support_reads") for name in visit_policies.SHOWN}
    due |= {
        (name, words.split(" ON ")[0])
        for name, some in visit_policies.WRITTEN.items()
        for words in some
    }
    assert found == due


def test_what_is_open_is_there_and_asks_for_nothing_fresh(app: Flask) -> None:
    assert set(app.view_functions) >= OPEN_TO_VISITS
    views = [app.view_functions[name] for name in OPEN_TO_VISITS]
    assert [view for view in views if hasattr(view, "fresh")] == []
    assert set().union(*ROLES.values()) > VISITING


@pytest.fixture(scope="module")
def before(app: Flask, world: World) -> list[tuple[str, str]]:
    """What the victim had before anybody visited."""
    return state_of(app, world.victim)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.APPROVER])
def test_every_address_is_shut_but_those_that_are_open(
    app: Flask, world: World, before: list[tuple[str, str]], role: Role
) -> None:
    """Whatever its host may: what is not open is refused, and nothing of the place changes."""
    victim = world.victim
    scope = victim.tenant.town.scope if role is Role.APPROVER else victim.scope
    client = visiting(app, scope, role)
    wrong = [
        (str(route), status)
        for route in ROUTES
        if route.endpoint not in LEAVING
        if (status := answer(app, world, client, route)) not in allowed(route, status)
    ]
    assert wrong == []
    assert client.get("/").status_code == 303
    assert state_of(app, victim) == before


def answer(app: Flask, world: World, client: FlaskClient, route: Route) -> int:
    return client.open(route.of(app, world.victim), method=route.method).status_code


def allowed(route: Route, status: int) -> tuple[int, ...]:
    """Return the statuses that may come, of strangers' pages any but a fault."""
    if route.endpoint in OPEN_TO_VISITS:
        return 200, 303, 403, 404, 409, 422
    if not route.guarded and route.method == "GET":
        return (status,) if status < 500 or route.rule == "/health" else ()
    return (403,)


def test_the_pages_that_are_open_answer(app: Flask, world: World) -> None:
    client = visiting(app, world.victim.scope)
    for route in ROUTES:
        if route.endpoint in OPEN_TO_VISITS - {"reports.planned"} and route.method == "GET":
            got = answer(app, world, client, route)
            assert got == (303 if route.endpoint == "home" else 200), (route.rule, got)
            if route.endpoint != "home":
                assert "离开支持访问" in client.get(route.of(app, world.victim)).text
