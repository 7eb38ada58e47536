"""A lawyer on the phone: a template filled by one tap and saved by the second, one more like it."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

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


def entry(page: Page) -> dict[str, str]:
    """Whatever the form would send but token, day, community and number of persons."""
    said = page.locator("#entry").evaluate("form => Object.fromEntries(new FormData(form))")
    return {
        name: value
        for name, value in said.items()
        if value and name not in ("csrf_token", "day", "community_code", "persons", "adviser_id")
    }


def test_a_refused_entry_leaves_nothing_for_the_next_person(
    app: Flask, tenant: Tenant, visitor: Visitor
) -> None:
    """The browser goes back to what a form was shown with, which after a refusal is somebody's."""
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    page = visitor(email, PASSWORD, phone=True)
    page.goto("/services")
    page.get_by_role("radio", name="法律咨询").check()
    page.get_by_label("内容").fill("甲的事")
    page.get_by_text("服务对象（可不填）").tap()
    page.get_by_label("姓名").fill("张三示例")
    page.get_by_label("电话").fill("13800138")
    button(page, "保存").tap()
    expect(page.get_by_label("电话")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("电话").fill("13800138000")
    button(page, "保存").tap()
    expect(page.locator("#day-list li")).to_have_count(1)
    expect(page.locator("#entry [aria-invalid]")).to_have_count(0)
    assert entry(page) == {}
    expect(page.locator("#entry")).not_to_contain_text("需要改正")


def test_a_second_tap_on_save_changes_nothing(app: Flask, tenant: Tenant, visitor: Visitor) -> None:
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    page = visitor(email, PASSWORD, phone=True)
    page.goto("/services")
    page.get_by_role("radio", name="法律咨询").check()
    button(page, "保存").dblclick()
    expect(page.locator("#day-list li")).to_have_count(1)
    button(page, "保存").tap()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#entry [aria-invalid]")).to_have_count(0)


def test_the_focus_stays_on_the_row_that_was_mended(
    app: Flask, tenant: Tenant, visitor: Visitor
) -> None:
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    page = visitor(email, PASSWORD)
    page.goto("/services")
    page.get_by_role("radio", name="法律咨询").check()
    button(page, "保存").click()
    row = page.locator("#day-list li")
    row.get_by_role("link", name="改").click()
    row.get_by_label("内容").fill("改过的内容")
    row.get_by_role("button", name="保存").click()
    expect(row.get_by_role("link", name="改")).to_be_focused()
