"""A checker with the keyboard alone: accept, undo, ask, approve in part; then the signature."""

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, Tenant
from tests.review import factories as review

pytestmark = pytest.mark.browser


def test_reviewing_with_the_keyboard_to_a_part_approval_and_its_signature(
    app: Flask, visitor: Visitor, tenant: Tenant
) -> None:
    made = review.statement(app, tenant, until=("certify", "submit", "open_review"))
    page = visitor(factories.account(app, tenant.town.scope, Role.CHECKER), PASSWORD)
    page.goto(f"/review/{made.id}")
    keys, at = page.keyboard, page.locator(".line-list tr.at")
    first = at.inner_text()
    keys.press("ArrowDown")
    expect(at).not_to_have_text(first)
    keys.press("k")
    expect(page.locator("#line h2")).to_be_visible()
    keys.press("a")
    expect(page.locator(".undo button")).to_be_visible()
    expect(at.locator("a")).to_be_focused()
    keys.press("u")
    expect(page.locator(".undo button")).to_be_hidden()
    expect(at.locator("a")).to_be_focused()  # htmx listens to what it has swapped in
    keys.press("q")
    page.locator("#ask .sentence").first.click()
    words = page.locator("#ask textarea")
    expect(words).to_be_focused()
    assert (
        words.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")[0] in "{"
    )
    page.get_by_role("button", name="记下疑问").click()
    expect(page.get_by_text("还有空白没有填写").first).to_be_visible()
    words.fill("10月8日的到岗缺签退，请补签到簿。")
    page.get_by_role("button", name="记下疑问").click()
    expect(page.get_by_role("button", name="退回律所说明（1 项疑问）")).to_be_visible()
    page.locator(".accept-all button").click()
    page.get_by_role("button", name="部分通过，疑问结转下期").first.click()
    expect(page.locator("dialog[open]")).to_contain_text("1 项疑问")
    page.locator("dialog[open] [data-confirmed]").click()
    expect(page.get_by_text("不付或结转，共")).to_be_visible()
    boss = visitor(factories.account(app, tenant.town.scope, Role.APPROVER), PASSWORD)
    boss.goto(f"/review/{made.id}")
    boss.get_by_role("button", name="审定").first.click()
    expect(boss.locator("dialog[open]")).to_contain_text("结转下期，不在其内")
    boss.locator("dialog[open] [data-confirmed]").click()
    expect(boss.get_by_role("heading", name="登记支付")).to_be_visible()


def test_a_key_pressed_while_the_details_of_a_line_are_coming_is_for_that_line(
    app: Flask, visitor: Visitor, tenant: Tenant
) -> None:
    made = review.statement(app, tenant, until=("certify", "submit", "open_review"))
    page = visitor(factories.account(app, tenant.town.scope, Role.CHECKER), PASSWORD)
    page.goto(f"/review/{made.id}")
    coming: list[Route] = []
    page.route("**/lines/*", lambda route: coming.append(route))
    rows = page.locator(".line-list tbody tr")
    with page.expect_request("**/lines/*"):
        page.keyboard.press("j")
    page.keyboard.press("a")
    assert len(coming) == 1  # nothing was sent for the line that still stands there
    coming[0].continue_()
    expect(page.locator(".undo button")).to_be_visible()
    expect(rows.nth(0)).to_contain_text("待审核")
    expect(rows.nth(1)).to_contain_text("通过")
