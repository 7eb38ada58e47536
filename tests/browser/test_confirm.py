"""Who is asked again before an act loses nothing: it is carried on, or the form is as it was."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import age_sessions, button, is_told
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser
BANK = "某某银行某某支行"


def answer(page: Page) -> None:
    """Give the password where it is asked for."""
    expect(page.get_by_role("heading", name="请确认是您本人")).to_be_visible()
    page.get_by_label("登录密码").fill(PASSWORD)
    button(page, "确认并继续").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_an_invitation_is_carried_on(
    app: Flask, tenant: Tenant, visitor: Visitor, script: bool
) -> None:
    email = factories.account(app, tenant.scope, Role.MANAGER)
    page = visitor(email, PASSWORD, script=script)
    page.goto("/people")
    page.get_by_label("姓名").fill("王五")
    page.get_by_label("邮箱").fill(f"w5-{tenant.code}@example.test")
    page.get_by_label("角色").select_option(label="内勤")
    age_sessions(app, email, minutes=11)
    button(page, "生成邀请链接").click()
    answer(page)
    expect(page.get_by_label("邀请链接")).to_be_visible()
    page.goto("/people")
    expect(page.get_by_role("cell", name="王五")).to_be_visible()
    expect(page.get_by_label("姓名")).to_have_value("")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_swapped_form_is_carried_on(
    app: Flask, tenant: Tenant, visitor: Visitor, script: bool
) -> None:
    email = factories.account(app, tenant.scope, Role.MANAGER)
    page = visitor(email, PASSWORD, phone=True, script=script)
    name_the_bank(page)
    age_sessions(app, email, minutes=11)
    button(page, "保存").click()
    answer(page)
    is_told(page, "收款账户已保存")
    page.goto("/account-for-payment")
    expect(page.get_by_label("开户行")).to_have_value(BANK)
    expect(page.locator("#toasts")).not_to_contain_text("恢复")


@pytest.mark.parametrize("way", ["the link", "the browser's button"])
def test_who_turns_back_finds_the_form_as_it_was(
    app: Flask, tenant: Tenant, visitor: Visitor, way: str
) -> None:
    email = factories.account(app, tenant.scope, Role.MANAGER)
    page = visitor(email, PASSWORD)
    page.goto("/people")
    page.get_by_label("姓名").fill("赵六")
    age_sessions(app, email, minutes=11)
    button(page, "生成邀请链接").click()
    expect(page.locator("#confirming")).to_be_visible()
    if way == "the link":
        page.get_by_role("link", name="取消").click()
    else:
        page.go_back()
    expect(page.get_by_label("姓名")).to_have_value("赵六")


def test_a_download_begins_after_the_password(app: Flask, tenant: Tenant, visitor: Visitor) -> None:
    email = factories.account(app, tenant.scope, Role.MANAGER)
    page = visitor(email, PASSWORD)
    page.goto("/workbook")
    age_sessions(app, email, minutes=11)
    page.locator("a[href='/workbook/export.xlsx']").click()
    with page.expect_download() as download:
        answer(page)
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("link", name="返回").click()
    page.wait_for_url("**/workbook")


def name_the_bank(page: Page) -> None:
    page.goto("/account-for-payment")
    page.get_by_label("开户行").fill(BANK)
    page.get_by_label("账号").fill("6200000000000001")
