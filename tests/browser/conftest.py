"""A real server on this worker's database, and a real browser."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    sync_playwright,
)

from counselhub.core.postgres import DatabaseUrls
from tests.browser.chromium import chromium_launch_options
from tests.browser.serving import served

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
Visitor = Callable[..., Page]


@pytest.fixture(scope="session")
def server(urls: DatabaseUrls, app: Flask) -> Iterator[str]:
    """The address of gunicorn serving this worker's database as `make run` would."""
    with served(urls) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys of this worker."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**chromium_launch_options())
        yield chromium
        chromium.close()


@pytest.fixture
def stranger(browser: Browser, server: str) -> Iterator[Visitor]:
    """Make a browser of somebody who has not signed in: stranger(phone=…, script=…) gives a page.

    A fault in the browser's console or a page that answers 500 fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def come(*, phone: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=server,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: _note_console(said, faults))
        page.on("response", lambda answer: _note(answer.status, answer.url, faults))
        return page

    yield come
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def visitor(stranger: Visitor) -> Visitor:
    """Make a person's own browser: visitor(email, password, phone=…, script=…) gives a page."""

    def visit(email: str, password: str, *, phone: bool = False, script: bool = True) -> Page:
        page = stranger(phone=phone, script=script)
        page.goto("/sign-in")
        sign_in(page, email, password)
        return page

    return visit


def sign_in(page: Page, email: str, password: str) -> None:
    """Fill in the sign-in page that is open."""
    page.get_by_label("邮箱").fill(email)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _note(status: int, url: str, faults: list[str]) -> None:
    if status >= 500:
        faults.append(f"{status} {url}")


def _note_console(said: ConsoleMessage, faults: list[str]) -> None:
    """Note an error; what the browser calls one too is let pass.

    An answer of 4xx is a refusal that its page words, an abort makes way for a newer request, and
    without a signal nothing is sent.
    """
    usual = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")
    if said.type == "error" and not said.text.startswith(usual):
        faults.append(said.text)
