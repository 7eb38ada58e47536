"""Signing in, in a real browser."""

import pytest
from flask import Flask

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_manager_signs_in_and_out(
    app: Flask, tenant: Tenant, visitor: Visitor, script: bool
) -> None:
    email = factories.account(app, tenant.scope, Role.MANAGER)
    page = visitor(email, PASSWORD, script=script)
    assert page.get_by_text("某manager").count() >= 1
    page.goto("/people")
    assert page.get_by_role("heading", name="账号").is_visible()
