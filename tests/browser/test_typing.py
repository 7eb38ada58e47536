"""What typing does: it searches lists, finds places, and is kept for the form it was meant for."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser


@pytest.fixture
def page(app: Flask, tenant: Tenant, visitor: Visitor) -> Page:
    """A manager at the desk."""
    return visitor(factories.account(app, tenant.scope, Role.MANAGER), PASSWORD)


def test_a_list_is_searched_while_typing(page: Page) -> None:
    page.goto("/advisers")
    rows = page.locator("#rows tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_role("searchbox").press_sequentially("没有这个人")
    expect(page.locator("#rows .blank")).to_be_visible()
    expect(page).to_have_url(re.compile("[?]q="))
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_enter_finds_a_community_and_saves_nothing(page: Page, tenant: Tenant) -> None:
    page.goto("/contracts/new")
    find = page.get_by_label("查找社区")
    place = tenant.town.communities[3]
    find.fill(place)
    find.press("Enter")
    expect(page.locator(f"#place-{place}")).to_be_visible()
    expect(page.get_by_label("合同编号")).not_to_have_attribute("aria-invalid", "true")
    expect(page).to_have_url(re.compile("/contracts/new$"))


def test_what_was_typed_stays_with_its_own_form(page: Page, tenant: Tenant) -> None:
    page.goto("/contracts/new")
    page.get_by_label("合同编号").press_sequentially("新合同一号")
    page.goto(f"/contracts/new?renews={tenant.contract_id}")
    expect(page.get_by_label("合同编号")).not_to_have_value("新合同一号")
    expect(page.get_by_label("开始日期")).to_have_value("2027-01-01")
    page.goto("/contracts/new")
    expect(page.get_by_label("合同编号")).to_have_value("新合同一号")


def both_write(page: Page, tenant: Tenant) -> str:
    """Let somebody else save the form between this page's opening and its saving."""
    address = f"/advisers/{tenant.adviser_id}/edit"
    page.goto(address)
    page.get_by_label("专长").fill("我写的")
    other = page.context.new_page()
    other.goto(address)
    other.get_by_label("执业证号").fill("14403202012345678")
    other.get_by_label("专长").fill("别人写的")
    button(other, "保存").click()
    expect(other.locator("#flashes")).to_contain_text("已保存")
    button(page, "保存").click()
    expect(page.locator("#refusal")).to_contain_text("别人已经改动了它")
    return address


def test_a_stale_page_shows_what_is_there_and_keeps_what_was_typed(
    page: Page, tenant: Tenant
) -> None:
    both_write(page, tenant)
    expect(page.get_by_label("专长")).to_have_value("别人写的")
    button(page, "填回去").click()
    expect(page.get_by_label("专长")).to_have_value("我写的")


def test_what_was_refused_is_put_back_only_when_asked_for(page: Page, tenant: Tenant) -> None:
    address = both_write(page, tenant)
    page.goto(address)
    expect(page.get_by_label("专长")).to_have_value("别人写的")
    expect(button(page, "填回去")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="关闭").click()
    page.goto(address)
    expect(button(page, "填回去")).to_have_count(0)


def test_what_lacks_a_field_is_refused_before_it_is_confirmed(page: Page, tenant: Tenant) -> None:
    page.goto(f"/contracts/{tenant.contract_id}")
    button(page, "提前终止").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("[aria-invalid='true']").first).to_be_visible()
