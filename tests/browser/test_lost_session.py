"""A session that ends in the middle of an entry costs nobody a word."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor, sign_in
from tests.browser.steps import age_sessions, button, is_told
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser
WORDS = "邻里漏水，已告知责任划分，约定周五再谈。"


@pytest.mark.parametrize("lost", ["the cookie went", "30 minutes without an act"])
def test_the_service_entry_is_still_there(
    app: Flask, tenant: Tenant, visitor: Visitor, lost: str
) -> None:
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    page = visitor(email, PASSWORD, phone=True)
    page.goto("/services")
    page.get_by_role("radio", name="参与调解").check()
    button(page, "增加").tap()
    page.get_by_label("内容").fill(WORDS)
    if lost == "the cookie went":
        page.context.clear_cookies()
    else:
        age_sessions(app, email, minutes=31)
    button(page, "保存").tap()

    page.wait_for_url(lambda url: url.endswith("/sign-in?next=/services"))
    sign_in(page, email, PASSWORD)
    page.wait_for_url("**/services")
    expect(page.get_by_label("内容")).to_have_value(WORDS)
    expect(page.get_by_role("radio", name="参与调解")).to_be_checked()
    expect(page.get_by_label("人次")).to_have_value("2")
    button(page, "保存").tap()
    is_told(page, "已记下：参与调解")
    expect(page.locator("#day-list li")).to_contain_text(WORDS)
