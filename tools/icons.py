"""The icons of the installed application, drawn from favicon.svg: `python -m tools.icons`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import chromium_launch_options

STATIC = Path(__file__).resolve().parents[1] / "static"
BLUE = "#163d73"
DRAWN = {"icon-192.png": (192, 0), "icon-512.png": (512, 0), "icon-maskable.png": (512, 64)}
"""File: pixels of a side, and of the margin that a phone may cut away."""


def main() -> int:
    """Draw every icon; return the exit code."""
    with sync_playwright() as play:
        browser = play.chromium.launch(**chromium_launch_options())
        for name, (side, margin) in DRAWN.items():
            _draw(browser, STATIC / name, side, margin)
        browser.close()
    return 0


def _draw(browser: Browser, file: Path, side: int, margin: int) -> None:
    page = browser.new_page(viewport={"width": side, "height": side})
    ground = BLUE if margin else "transparent"
    drawing = (STATIC / "favicon.svg").read_text()
    page.set_content(
        f"<style>body{{margin:0;background:{ground}}}svg{{display:block;margin:{margin}px;"
        f"width:{side - 2 * margin}px}}</style>{drawing}"
    )
    page.screenshot(path=file, omit_background=True)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
