"""A bar of tabs that is wider than a phone."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, Town

pytestmark = pytest.mark.browser


def test_the_open_tab_is_in_sight(app: Flask, town: Town, visitor: Visitor) -> None:
    email = factories.account(app, town.scope, Role.CHECKER)
    page = visitor(email, PASSWORD, phone=True)
    page.goto("/interviews/proposals")
    tab = page.locator(".tabs [aria-current]")
    expect(tab).to_have_text("建议约谈")
    expect(tab).to_be_in_viewport(ratio=1)
