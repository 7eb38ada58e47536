"""A lawyer on the phone looks a company over: each tap is saved, the report follows."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser


def test_a_check_up_is_saved_tap_by_tap(app: Flask, tenant: Tenant, visitor: Visitor) -> None:
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    page = visitor(email, PASSWORD, phone=True)
    page.goto("/products/checkups/new")
    page.get_by_label("企业名称").fill("某某食品有限公司")
    page.get_by_label("社区").select_option(tenant.town.communities[0])
    button(page, "开始逐项填写").tap()
    first, second = page.locator("#item-1\\.1"), page.locator("#item-1\\.2")
    first.locator("input[value=ok]").check()
    expect(first.locator(".pill")).to_have_text("合规")
    second.locator("input[value=bad]").check()
    expect(second.locator(".pill")).to_have_text("不合规")
    second.get_by_label("情况", exact=True).fill("缺一张许可证")
    second.get_by_label("建议", exact=True).fill("一个月内补办")
    second.get_by_role("button", name="保存这一项").last.tap()
    expect(second.locator("[name=revision]")).to_have_value("2")
    expect(page.locator("#progress")).to_contain_text("已填 2")
    page.reload()
    expect(second.get_by_label("情况", exact=True)).to_have_value("缺一张许可证")
    expect(page.locator("#problems")).to_contain_text("缺一张许可证")
