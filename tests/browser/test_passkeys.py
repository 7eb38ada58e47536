"""Passkeys with Chromium's own virtual authenticator, and one-time codes, in a real browser."""

from http.client import HTTPConnection
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect
from pyotp import TOTP

from counselhub.core import clock
from counselhub.core.permissions import Role
from counselhub.factors.rules import STEP_SECONDS
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import age_sessions, button
from tests.factories import PASSWORD, Tenant
from tests.factors.people import acts

FORM = "application/x-www-form-urlencoded"
pytestmark = pytest.mark.browser


class Authenticator:
    """A security key in the browser of one page: it signs for real, and counts."""

    def __init__(self, page: Page) -> None:
        self.devtools: CDPSession = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = made["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        given = {"authenticatorId": self.id}
        kept: list[dict[str, Any]] = self.devtools.send("WebAuthn.getCredentials", given)[
            "credentials"
        ]
        return kept

    def add(self, credential: dict[str, Any]) -> None:
        given = {"authenticatorId": self.id, "credential": credential}
        self.devtools.send("WebAuthn.addCredential", given)

    def verify_owner(self, verified: bool) -> None:
        given = {"authenticatorId": self.id, "isUserVerified": verified}
        self.devtools.send("WebAuthn.setUserVerified", given)


@pytest.fixture
def desk(stranger: Visitor, server: str) -> tuple[Page, str]:
    """A browser that came by the name of this machine, not by its address."""
    return stranger(), server.replace("127.0.0.1", "localhost")


def enter_password(page: Page, home: str, email: str) -> None:
    page.goto(f"{home}/sign-in")
    page.get_by_label("邮箱").fill(email)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def sign_out(page: Page) -> None:
    page.locator("summary", has_text="某clerk").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in")


def add_passkey(page: Page, home: str, name: str) -> list[str]:
    """Register a passkey; return the recovery codes when it is the first factor."""
    page.goto(f"{home}/factors")
    page.get_by_label("给这个通行密钥起个名字").fill(name)
    page.get_by_role("button", name="添加通行密钥").click()
    expect(page.get_by_text(f"通行密钥“{name}”已添加")).to_be_visible()
    return page.locator(".recovery code").all_inner_texts()


def test_a_passkey_from_first_to_last(app: Flask, tenant: Tenant, desk: tuple[Page, str]) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    page, home = desk
    device = Authenticator(page)
    enter_password(page, home, email)
    page.wait_for_url(lambda url: "/sign-in" not in url)

    codes = add_passkey(page, home, "办公室电脑")
    assert len(codes) == 10
    assert len(device.credentials()) == 1
    page.get_by_role("link", name="我已保存，继续").click()
    expect(page.get_by_text("还没有用过")).to_be_visible()

    # The second step
    sign_out(page)
    enter_password(page, home, email)
    page.wait_for_url("**/sign-in/second")
    page.get_by_role("button", name="用通行密钥确认").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{home}/factors")
    expect(page.get_by_text("最近使用")).to_be_visible()

    # Without a password at all
    sign_out(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    expect(page.get_by_text("某clerk").first).to_be_visible()

    # Removed, after password and passkey: it opens nothing any more
    page.goto(f"{home}/factors")
    page.get_by_role("link", name="删除办公室电脑").click()
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_role("button", name="不输验证码，用通行密钥确认").click()
    expect(page.get_by_text("通行密钥“办公室电脑”已删除")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_text("没有在您的账号下登记")).to_be_visible()


def test_a_copied_passkey_is_noticed_by_its_counter(
    app: Flask, tenant: Tenant, desk: tuple[Page, str]
) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    page, home = desk
    device = Authenticator(page)
    enter_password(page, home, email)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    add_passkey(page, home, "钥匙")
    copy = device.credentials()[0]
    for _time in range(2):  # the true one counts on
        sign_out(page)
        page.get_by_role("button", name="用通行密钥登录").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
    assert device.credentials()[0]["signCount"] > copy["signCount"]
    sign_out(page)
    device.devtools.send("WebAuthn.clearCredentials", {"authenticatorId": device.id})
    device.add(copy)
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_text("通行密钥验证没有通过")).to_be_visible()
    assert acts(app, tenant.scope, "passkey_sign_in", "refused") == 1


@pytest.mark.parametrize("swapped", [False, True], ids=["page", "part"])
def test_a_passkey_confirms_instead_of_the_password(
    app: Flask, tenant: Tenant, desk: tuple[Page, str], swapped: bool
) -> None:
    """Asked on a page of its own, and where htmx swaps the question into the page."""
    email = factories.account(app, tenant.scope, Role.MANAGER)
    page, home = desk
    Authenticator(page)
    enter_password(page, home, email)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    add_passkey(page, home, "钥匙")
    page.goto(f"{home}/people")
    page.get_by_label("姓名").fill("王五")
    page.get_by_label("邮箱").fill(f"w5-{factories.number()}@example.test")
    page.get_by_label("角色").select_option(label="内勤")
    age_sessions(app, email, minutes=11)
    if swapped:
        form = page.locator('form[action="/people"]')
        form.evaluate("form => { form.setAttribute('hx-post', '/people'); htmx.process(form); }")
    button(page, "生成邀请链接").click()
    button(page, "用通行密钥确认").click()
    expect(page.get_by_label("邀请链接")).to_be_visible()
    assert acts(app, tenant.scope, "confirm") == 1


def test_the_owner_is_looked_at_before_the_password_is_spared(
    app: Flask, tenant: Tenant, desk: tuple[Page, str]
) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    page, home = desk
    device = Authenticator(page)
    enter_password(page, home, email)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    add_passkey(page, home, "钥匙")
    sign_out(page)
    device.verify_owner(False)
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator("[data-passkey-said]:visible")).to_contain_text("已取消")


@pytest.mark.parametrize("port", ["", "1"], ids=["where it was asked", "at another origin"])
def test_a_genuine_answer_counts_only_at_the_origin_it_was_made_at(
    app: Flask, tenant: Tenant, desk: tuple[Page, str], port: str
) -> None:
    """The signature is the device's own; only the address that the server answers at differs."""
    email = factories.account(app, tenant.scope, Role.CLERK)
    page, home = desk
    Authenticator(page)
    enter_password(page, home, email)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    add_passkey(page, home, "钥匙")
    sign_out(page)
    page.evaluate(
        "() => { HTMLFormElement.prototype.submit = function () {"
        " document.body.dataset.held = new URLSearchParams(new FormData(this)).toString(); }; }"
    )
    page.get_by_role("button", name="用通行密钥登录").click()
    sent = page.locator("body[data-held]").get_attribute("data-held")
    server = home.partition("//")[2]
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    host = f"localhost:{port}" if port else server
    connection = HTTPConnection("127.0.0.1", int(server.partition(":")[2]))
    headers = {"Host": host, "Cookie": cookies, "Content-Type": FORM}
    connection.request("POST", "/sign-in/passkey", sent, headers)
    answer = connection.getresponse()
    connection.close()
    assert answer.status == 303
    assert answer.getheader("Location") == ("/sign-in" if port else "/")
    assert acts(app, tenant.scope, "passkey_sign_in", "refused") == (1 if port else 0)


def test_on_an_address_the_page_says_why_there_are_no_passkeys(
    app: Flask, tenant: Tenant, visitor: Visitor
) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    page = visitor(email, PASSWORD, phone=True)
    page.goto("/factors")
    expect(page.get_by_text("在这个网址上不能使用通行密钥")).to_be_visible()
    expect(page.get_by_role("button", name="添加通行密钥")).to_have_count(0)


def early_in_a_step(page: Page) -> int:
    """Return the time in seconds, once the step before stays good for a while."""
    while (now := int(clock.now().timestamp())) % STEP_SECONDS > STEP_SECONDS // 2:
        page.wait_for_timeout(1000)
    return now


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_one_time_codes_with_and_without_script(
    app: Flask, tenant: Tenant, visitor: Visitor, stranger: Visitor, script: bool
) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    page = visitor(email, PASSWORD, phone=True, script=script)
    page.goto("/factors")
    page.get_by_role("button", name="开始设置").click()
    assert page.locator(".qr").evaluate("image => image.naturalWidth") if script else True
    secret = page.locator("#secret").get_attribute("data-plain")
    assert secret is not None
    first = TOTP(secret).at(early_in_a_step(page) - STEP_SECONDS)
    page.get_by_label("应用里显示的6位验证码").fill(first)
    page.get_by_role("button", name="启用").click()
    codes = page.locator(".recovery code").all_inner_texts()
    assert len(codes) == 10
    if script:
        with page.expect_download() as saved:
            page.get_by_role("link", name="下载").click()
        assert all(code in saved.value.path().read_text() for code in codes)
    back = stranger(phone=True, script=script)
    back.goto("/sign-in?next=/services")
    back.get_by_label("邮箱").fill(email)
    back.get_by_label("密码").fill(PASSWORD)
    back.get_by_role("button", name="登录", exact=True).click()
    back.wait_for_url("**/sign-in/second")
    back.get_by_label("6位验证码").fill(TOTP(secret).at(int(clock.now().timestamp())))
    back.get_by_role("button", name="继续登录").click()
    back.wait_for_url("**/services")
