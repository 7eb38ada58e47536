"""The browser of the tests starts, and draws."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import chromium_launch_options

pytestmark = pytest.mark.browser


def test_it_draws_chinese() -> None:
    """Characters of a font differ from one another; the boxes of a missing font do not."""
    with sync_playwright() as play, play.chromium.launch(**chromium_launch_options()) as browser:
        page = browser.new_page(viewport={"width": 60, "height": 60})
        shots = []
        for text in ("村", "居"):
            page.set_content(f"<body style='font-size:40px'>{text}")
            shots.append(page.screenshot())
    assert shots[0] != shots[1]
