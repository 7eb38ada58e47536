"""The browser of the tests starts, and draws."""

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_it_draws_chinese(browser: Browser) -> None:
    """Characters of a font differ from one another; the boxes of a missing font do not."""
    page = browser.new_page(viewport={"width": 60, "height": 60})
    shots = []
    for text in ("村", "居"):
        page.set_content(f"<body style='font-size:40px'>{text}")
        shots.append(page.screenshot())
    page.close()
    assert shots[0] != shots[1]
