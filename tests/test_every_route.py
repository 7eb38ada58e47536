"""Every route names who may reach it and answers each role; tests/isolation has the refusals."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from counselhub import create_app
from counselhub.admins.rules import duties_of
from counselhub.core.db import db
from counselhub.core.permissions import Duty, Permission, Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import PLATFORM, ScopeKind
from counselhub.policy import POLICY
from tests import factories
from tests.factories import Tenant
from tests.programs import is_for_programs

ROLES = {
    "as_manager": Role.MANAGER,
    "as_adviser": Role.ADVISER,
    "as_checker": Role.CHECKER,
    "as_approver": Role.APPROVER,
}
HEALTH = "/health"
"""It says 503 where no worker lives, as in most tests."""


def rules(app: Flask) -> Iterator[Rule]:
    """Every address of a page: all but the static files and what programs ask for."""
    return (
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not is_for_programs(rule)
    )


def held_by(role: Role) -> frozenset[Permission]:
    """What a role may do in a place that has named no administrator yet."""
    kind = ScopeKind.OFFICE if role in (Role.CHECKER, Role.APPROVER) else ScopeKind.FIRM
    return POLICY.held(role, kind, duties_of(role, None, system_is_named=False))


def may_reach(app: Flask, rule: str, role: Role) -> bool:
    """Whether every view behind an address is open to the role."""
    views = [app.view_functions[one.endpoint] for one in rules(app) if one.rule == rule]
    held = held_by(role)
    asked = [{view.required, *getattr(view, "or_required", ())} for view in views]
    return all(None in one or one & held for one in asked)


def test_every_view_names_a_permission_or_is_public(app: Flask) -> None:
    nameless = [
        rule.endpoint
        for rule in rules(app)
        if not hasattr(app.view_functions[rule.endpoint], "required")
    ]
    assert nameless == []
    required = {app.view_functions[rule.endpoint].required for rule in rules(app)}
    assert all(one is None or isinstance(one, Permission) for one in required)


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        pytest.param("", {}, id="as it is"),
        pytest.param("?q=nl", {"HX-Request": "true"}, id="searched while typing"),
        pytest.param("?month=9999-12", {}, id="the last month there is"),
        pytest.param("?month=0001-01", {}, id="the first month there is"),
        pytest.param("?month=x&page=x&sort=x&street=x", {}, id="nonsense"),
    ],
)
def test_every_page_without_arguments_answers_every_role(
    app: Flask, request: pytest.FixtureRequest, query: str, headers: dict[str, str]
) -> None:
    pages = [rule for rule in rules(app) if "GET" in (rule.methods or ()) and not rule.arguments]
    assert len(pages) >= 10
    wrong = []
    for name, role in ROLES.items():
        client: FlaskClient = request.getfixturevalue(name)
        for rule in pages:
            if query and not may_reach(app, rule.rule, role):
                continue  # refused whatever is asked: that is seen as it is
            status = client.get(rule.rule + query, headers=headers).status_code
            if status not in (200, 303, 403) and rule.rule != HEALTH:
                wrong.append((name, rule.rule, status))
    assert wrong == []


@pytest.fixture
def strict(urls: DatabaseUrls) -> Iterator[Flask]:
    """An application of its own that asks for tokens; its connections go with it."""
    made = create_app(urls)
    made.config.update(TESTING=True, SERVER_NAME="localhost")
    yield made
    with made.app_context():
        db.engine.dispose()


def test_every_form_needs_its_token(strict: Flask, tenant: Tenant) -> None:
    app = strict
    app.config["WTF_CSRF_ENABLED"] = False
    guards = [
        factories.named(app, tenant.scope, Role.CLERK, duty) for duty in (Duty.SECURITY, Duty.AUDIT)
    ]
    guards += [
        factories.signed_in(app, tenant.town.scope, role) for role in (Role.CHECKER, Role.APPROVER)
    ]
    guards.append(factories.signed_in(app, PLATFORM, Role.OPERATOR))
    app.config["WTF_CSRF_ENABLED"] = True
    forms = {r.rule for r in rules(app) if "POST" in (r.methods or ()) and not r.arguments}
    email = factories.account(app, tenant.scope, Role.MANAGER)
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    given = {"email": email, "password": factories.PASSWORD, "csrf_token": token[1]}
    assert client.post("/sign-in", data=given).status_code == 303
    beyond = {rule for rule in forms if not may_reach(app, rule, Role.MANAGER)}
    told = {rule: client.post(rule).status_code for rule in forms - beyond}
    for rule in beyond:
        told[rule] = min(guard.post(rule).status_code for guard in guards)  # 400 before 403
    assert told == dict.fromkeys(forms, 400)


def test_a_lost_session_signs_in_before_its_token_is_looked_at(strict: Flask) -> None:
    client = strict.test_client()
    answer = client.post("/services", headers={"HX-Request": "true", "HX-Current-URL": "/services"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/services"
    assert client.post("/services").location.startswith("/sign-in")
    assert client.post("/sign-in").status_code == 400
