"""A lawyer in a stairwell: the network is cut, comes back, flaps; nothing is lost or twice."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutyPunch, DutySession
from tests import factories
from tests.browser.conftest import Visitor, sign_in
from tests.browser.steps import button
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser
IN, OUT = "签到 · 甲社区", "签退"
LOSE_ONE_ANSWER = """() => {
  const real = window.fetch; let lost = 0;
  window.fetch = async (...asked) => {
    const answer = await real(...asked);
    if (String(asked[0]).endsWith("/punches") && !lost++) throw new TypeError("lost");
    return answer;
  };
}"""
"""The server has the tap, but the phone never hears of it."""

ODD_TAP = """() => new Promise((done) => {
  indexedDB.open("duty", 1).onsuccess = (event) => {
    const store = event.target.result.transaction("taps", "readwrite").objectStore("taps");
    const asked = store.getAll();
    asked.onsuccess = () => {
      const odd = { ...asked.result[0], key: crypto.randomUUID(), place: "nowhere", name: "某处" };
      store.put(odd).onsuccess = done;
    };
  };
})"""
"""A tap that the server cannot read, beside one that it can."""
ANSWER_TAPS = """(status) => {
  const real = window.fetch;
  window.fetch = (address, options) => String(address).endsWith("/punches")
    ? Promise.resolve(new Response("<h1>", { status })) : real(address, options);
}"""


@pytest.fixture
def email(app: Flask, tenant: Tenant) -> str:
    """The lawyer's account."""
    return factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)


@pytest.fixture
def phone(visitor: Visitor, email: str) -> Iterator[Page]:
    """The lawyer's phone on the duty page, once its worker looks after it."""
    page = visitor(email, PASSWORD, phone=True)
    page.goto("/duty")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(button(page, IN)).to_be_visible()
    yield page
    page.context.set_offline(False)


def count(app: Flask, tenant: Tenant) -> tuple[int, int]:
    """How many sessions and taps there are."""
    with app.app_context(), as_scope(tenant.scope):
        return tuple(
            len(db.session.scalars(select(model)).all()) for model in (DutySession, DutyPunch)
        )


def waits(page: Page, number: int) -> None:
    expect(page.locator("[data-part=count]")).to_have_text(f"待发送 {number} 条")


def is_sent(page: Page) -> None:
    expect(page.locator("[data-part=bar]")).to_be_hidden()


def test_a_tap_with_a_signal_arrives_at_once(app: Flask, tenant: Tenant, phone: Page) -> None:
    button(phone, IN).tap()
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    is_sent(phone)
    assert count(app, tenant) == (1, 1)


def test_without_a_signal_taps_wait_and_arrive_once(
    app: Flask, tenant: Tenant, phone: Page
) -> None:
    phone.context.set_offline(True)
    button(phone, IN).tap()
    waits(phone, 1)
    phone.reload()  # the worker answers
    waits(phone, 1)
    expect(button(phone, OUT)).to_be_visible()
    again = phone.context.new_page()  # a second tab, the first one closed
    phone.close()
    again.goto("/duty")
    waits(again, 1)
    assert count(app, tenant) == (0, 0)
    again.context.set_offline(False)
    is_sent(again)
    expect(again.locator("#on-duty")).to_contain_text("甲社区")
    assert count(app, tenant) == (1, 1)


def test_a_flapping_signal_and_an_answer_that_is_lost(
    app: Flask, tenant: Tenant, phone: Page
) -> None:
    phone.evaluate(LOSE_ONE_ANSWER)
    button(phone, IN).tap()
    expect(phone.locator("[data-part=why]")).to_contain_text("没有信号")
    waits(phone, 1)
    assert count(app, tenant) == (1, 1)
    for _again in range(3):
        phone.context.set_offline(True)
        button(phone, "立即发送").tap()
        waits(phone, 1)
    phone.context.set_offline(False)
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    is_sent(phone)
    assert count(app, tenant) == (1, 1)


def test_an_expired_session_keeps_the_queue(
    app: Flask, tenant: Tenant, phone: Page, email: str
) -> None:
    phone.context.set_offline(True)
    button(phone, IN).tap()
    waits(phone, 1)
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    expect(phone.locator("[data-part=why]")).to_contain_text("登录已过期")
    phone.get_by_role("link", name="重新登录").tap()
    sign_in(phone, email, PASSWORD)
    phone.wait_for_url("**/duty")
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    assert count(app, tenant) == (1, 1)


def test_a_refusal_stands_beside_its_tap(app: Flask, tenant: Tenant, phone: Page) -> None:
    button(phone, IN).tap()
    expect(phone.locator("#on-duty")).to_be_visible()
    button(phone, OUT).tap()
    row = phone.locator("#duty-queue .rows li")
    expect(row).to_contain_text("请过1分钟再签退")
    expect(phone.locator("#on-duty")).to_be_visible()
    button(phone, "知道了").tap()
    expect(row).to_have_count(0)


def test_an_odd_tap_takes_no_other_with_it(app: Flask, tenant: Tenant, phone: Page) -> None:
    phone.context.set_offline(True)
    button(phone, IN).tap()
    waits(phone, 1)
    phone.evaluate(ODD_TAP)
    phone.context.set_offline(False)
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    expect(phone.locator("#duty-queue .rows li")).to_have_count(1)
    expect(phone.locator("#duty-queue .rows li")).to_contain_text("这条打卡无法识别")
    assert count(app, tenant) == (1, 1)


@pytest.mark.parametrize(
    ("status", "words"), [(403, "当前账号不能打卡"), (429, "系统暂时收不下"), (401, "登录已过期")]
)
def test_an_answer_that_is_no_verdict_keeps_the_tap_and_says_why(
    app: Flask, tenant: Tenant, phone: Page, status: int, words: str
) -> None:
    phone.evaluate(ANSWER_TAPS, status)
    button(phone, IN).tap()
    expect(phone.locator("[data-part=why]")).to_contain_text(words)
    waits(phone, 1)
    phone.reload()
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    assert count(app, tenant) == (1, 1)


def test_signing_out_leaves_nothing_but_the_queue(phone: Page) -> None:
    assert phone.evaluate("localStorage.getItem('duty-state')")
    phone.locator("summary[aria-label=菜单]").tap()
    button(phone, "退出登录").tap()
    phone.wait_for_url("**/sign-in**")
    assert phone.evaluate("localStorage.getItem('duty-state')") is None
    kept = phone.evaluate(
        "caches.keys().then(async (names) => (await Promise.all(names.map(async (name) =>"
        " Promise.all((await (await caches.open(name)).matchAll()).map((one) => one.text())))))"
        ".flat().join())"
    )
    assert "待发送" in kept
    assert "甲社区" not in kept
    assert "测试员" not in kept


def test_without_script_the_page_works_as_before(
    visitor: Visitor, email: str, app: Flask, tenant: Tenant
) -> None:
    page = visitor(email, PASSWORD, phone=True, script=False)
    page.goto("/duty")
    button(page, IN).tap()
    expect(page.locator("#on-duty")).to_contain_text("甲社区")
    assert count(app, tenant) == (1, 1)


def test_it_can_be_installed(phone: Page) -> None:
    named = phone.request.get("/duty/app.webmanifest").json()
    assert (named["start_url"], named["display"]) == ("/duty", "standalone")
    for icon in named["icons"]:
        assert phone.request.get(icon["src"]).headers["content-type"] == "image/png"
