"""The office's page under quick hands."""

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, Tenant
from tests.review import factories as review

pytestmark = pytest.mark.browser


def test_a_slow_answer_never_hides_a_later_line(
    app: Flask, visitor: Visitor, tenant: Tenant
) -> None:
    made = review.statement(app, tenant, until=("certify", "submit", "open_review"))
    page = visitor(factories.account(app, tenant.town.scope, Role.CHECKER), PASSWORD)
    page.goto(f"/review/{made.id}")
    held: list[Route] = []
    slow, quick = (page.locator(".line-list a").nth(place) for place in (2, 3))
    page.route(
        f"**{slow.get_attribute('href')}".partition("#")[0] + "*", lambda route: held.append(route)
    )
    slow.click()
    with page.expect_event("requestfailed") as given_up:
        quick.click()
    assert given_up.value.url == held[0].request.url
    expect(page.locator("#line h2")).to_have_text(quick.inner_text())
