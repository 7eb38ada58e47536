"""What the interface says of itself is OpenAPI 3.1, whole, and true to the routes."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from counselhub.api.operations import OPERATIONS
from counselhub.api.spec import address_of
from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import ScopeKind
from counselhub.roles import ROLES
from counselhub.tokens import rules
from counselhub.tokens.kinds import Resource
from tests.programs import is_for_programs


@pytest.fixture
def described(app: Flask) -> dict[str, Any]:
    told = app.test_client().get("/api/v1/openapi.json").json
    assert told is not None
    return dict(told)


def test_it_is_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(described).validate()


def test_every_address_for_programs_is_in_it(app: Flask, described: dict[str, Any]) -> None:
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if is_for_programs(rule) and rule.endpoint != "api.openapi"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = {(one.method, f"/api/v1{one.path}") for one in OPERATIONS}
    assert routes == told
    written = {
        (method.upper(), path) for path, methods in described["paths"].items() for method in methods
    }
    assert len(written) == len(routes) > 15


def test_every_operation_has_scope_and_permission() -> None:
    sides = {ScopeKind.FIRM: Role.MANAGER, ScopeKind.OFFICE: Role.CHECKER}
    scopes = {one for side, role in sides.items() for one in rules.scopes_of(side, ROLES[role])}
    assert {one.scope for one in OPERATIONS} == scopes, "a scope that nothing asks for"
    assert {one.resource for one in OPERATIONS} == {one.value for one in Resource}
    for one in OPERATIONS:
        assert one.permissions
        assert all(isinstance(permission, Permission) for permission in one.permissions)
        assert one.scope.endswith(":read") is (one.method == "GET"), one.name
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)


def test_it_is_told_in_the_language_asked_for(app: Flask) -> None:
    english = app.test_client().get("/api/v1/openapi.json", headers={"Accept-Language": "en"})
    assert "List communities" in english.text
    assert (
        english.data
        == app.test_client().get("/api/v1/openapi.json", headers={"Accept-Language": "en"}).data
    )


def test_a_firms_and_an_offices_page_name_every_operation_once(
    as_manager: FlaskClient, as_checker: FlaskClient
) -> None:
    pages = [reader.get("/api/v1/docs").text for reader in (as_manager, as_checker)]
    for one in OPERATIONS:
        named = f'<code class="any-break">{one.method} {address_of(one)}</code>'
        assert max(page.count(named) for page in pages) == 1, named
