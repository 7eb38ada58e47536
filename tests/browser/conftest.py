"""A real server on this worker's database, and a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from counselhub.core.postgres import DatabaseUrls
from tests.browser.chromium import chromium_launch_options

CHECKOUT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
SECONDS_TO_START = 60
Visitor = Callable[..., Page]


@pytest.fixture(scope="session")
def server(urls: DatabaseUrls, app: Flask) -> Iterator[str]:
    """The address of gunicorn serving this worker's database as `make run` would."""
    port = _free_port()
    environ = os.environ | {
        "DATABASE_URL": urls.app,
        "DATABASE_APP_URL": urls.app,
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--workers", "1"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environ)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    """Below the range that outgoing connections take theirs from."""
    for port in range(8300 + os.getpid() % 400, 9000):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no free port between 8300 and 9000")


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"gunicorn ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/sign-in", timeout=5):  # noqa: S310  ours
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{address} did not answer in {SECONDS_TO_START} s")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys of this worker."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**chromium_launch_options())
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser: Browser, server: str) -> Iterator[Visitor]:
    """Make a person's own browser: visitor(email, password, phone=…, script=…) gives a page.

    A fault in the browser's console or a page that answers 500 fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def visit(email: str, password: str, *, phone: bool = False, script: bool = True) -> Page:
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
        page.on("response", lambda answer: _note(answer.status, answer.url, faults))
        page.goto("/sign-in")
        page.get_by_label("邮箱").fill(email)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert faults == []


def _note(status: int, url: str, faults: list[str]) -> None:
    if status >= 500:
        faults.append(f"{status} {url}")
