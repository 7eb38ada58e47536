"""Every template compiles, says what it needs, and obeys the content policy."""

import re
from pathlib import Path

import pytest
from flask import Flask

FOLDER = Path(__file__).resolve().parents[1] / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
INLINE = {
    "a style attribute": r"<[^>]+\sstyle\s*=",
    "an event attribute": r"<[^>{]+\s(?:on[a-z]+|hx-on[^=\s]*)\s*=",
    "a script without src": r"<script(?![^>]*\ssrc=)",
    "a style element": r"<style",
    "a script address": r"javascript:",
}


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_first_line_names_its_variables(name: str) -> None:
    first = source(name).splitlines()[0]
    assert first.startswith(f"{{# {name}: ")
    assert len(first) > len(name) + 12


@pytest.mark.parametrize("what", INLINE)
@pytest.mark.parametrize("name", TEMPLATES)
def test_it_obeys_the_content_policy(name: str, what: str) -> None:
    assert re.findall(INLINE[what], source(name)) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_form_that_posts_carries_the_token(name: str) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", source(name), re.DOTALL):
        assert "csrf_field()" in form or "_form.html" in form, form[:120]
