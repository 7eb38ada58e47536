"""A lawyer on the phone: a template filled by one tap and saved by the second, one more like it."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser


def test_two_taps_write_a_record(app: Flask, tenant: Tenant, visitor: Visitor) -> None:
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    page = visitor(email, PASSWORD, phone=True)
    page.goto("/services/templates")
    page.get_by_label("名称").fill("电话欠薪")
    page.get_by_label("服务方式").select_option("phone")
    page.get_by_label("内容").fill("欠薪咨询，告知向劳动监察投诉")
    button(page, "保存模板").click()
    expect(page.locator(".rows strong")).to_have_text("电话欠薪")
    page.goto("/services")
    page.get_by_role("link", name="电话欠薪").tap()
    expect(page.get_by_label("内容")).to_have_value("欠薪咨询，告知向劳动监察投诉")
    button(page, "保存").tap()
    rows = page.locator("#day-list li")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("电话")
    rows.first.get_by_role("link", name="再记一条").tap()
    expect(page.get_by_label("内容")).to_have_value("欠薪咨询，告知向劳动监察投诉")
    button(page, "保存").tap()
    expect(rows).to_have_count(2)
