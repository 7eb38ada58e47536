"""Schemathesis asks everything that the description allows, and what it does not."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from counselhub.api.operations import OPERATIONS
from counselhub.core.permissions import Role
from tests.factories import Tenant
from tests.programs import member, program

EXAMPLES = 6
load_all_checks()
HELD: list[CheckFunction] = list(
    CHECKS.get_by_names(
        [
            "not_a_server_error",
            "status_code_conformance",
            "content_type_conformance",
            "response_headers_conformance",
            "response_schema_conformance",
        ]
    )
)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("role", [Role.MANAGER, Role.CHECKER])
def test_every_answer_is_as_described(
    app: Flask, tenant: Tenant, role: Role, mode: GenerationMode
) -> None:
    """With a firm's token and an office's; what the description allows, and what it does not."""
    scope = tenant.scope if role is Role.MANAGER else tenant.town.scope
    secret = program(app, member(app, scope, role)).secret
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
    asked = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            case.call_and_validate(headers=headers, checks=HELD)

        try:
            ask()
        except Unsatisfiable:  # nothing that it could be sent is wrong
            assert mode is GenerationMode.NEGATIVE
        asked.add((operation.method.upper(), operation.path))
    assert len(asked) == len(OPERATIONS)
