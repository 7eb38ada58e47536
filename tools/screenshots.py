"""The pictures of the README, taken from the demonstration: `make screenshots`."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from counselhub.core import migrations
from counselhub.core.scratch import scratch_database
from counselhub.demo import load_once
from counselhub.demo.cast import PASSWORD
from tests.browser.chromium import chromium_launch_options
from tests.browser.serving import served

CHECKOUT = Path(__file__).resolve().parents[1]
IMAGES = CHECKOUT / "docs" / "images"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def main() -> int:
    """Take both pictures; return the exit code."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with scratch_database("screenshots") as urls:
        migrations.upgrade(urls.owner)
        load_once(urls)
        with served(urls) as address, sync_playwright() as play:
            browser = play.chromium.launch(**chromium_launch_options())
            _take("review.png", _review(browser, address))
            _take("phone.png", _phone(browser, address))
            browser.close()
    return 0


def _signed_in(browser: Browser, address: str, email: str, size: dict[str, int]) -> Page:
    context = browser.new_context(
        base_url=address,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": size["width"], "height": size["height"]},
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("邮箱").fill(email)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def _review(browser: Browser, address: str) -> Page:
    """The checker looks at a line with a warning, its working and its records beside it."""
    page = _signed_in(browser, address, "checker@nanwan.example", DESK)
    page.goto("/review?status=submitted")
    page.locator(".cell-title a").first.click()
    page.locator(".lead", has_text="审核中").wait_for()
    page.locator(".line-list tr", has_text="提示").first.locator("a").click()
    page.locator("#line", has_text="到岗扣减").wait_for()
    return page


def _phone(browser: Browser, address: str) -> Page:
    """The lawyer is on site."""
    page = _signed_in(browser, address, "lawyer1@nanwan-a.example", PHONE)
    page.locator(".tap").first.click()
    page.locator(".on-duty").wait_for()
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(minutes=95))
    page.goto("/duty")  # the toast is gone
    return page


def _take(name: str, page: Page) -> None:
    page.screenshot(path=IMAGES / name, animations="disabled")
    print(f"docs/images/{name}: {(IMAGES / name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
