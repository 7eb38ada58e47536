"""What core/templates.py writes is what Jinja's own escaping would have written."""

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape
from wtforms import StringField

from counselhub.core.forms import Form
from counselhub.core.i18n import page_words
from counselhub.core.templates import written


class Told:
    """Neither a text nor a number."""

    def __str__(self) -> str:
        return "<told>"


class Posing(str):
    """A text that is not plain: what it says of itself counts."""

    __slots__ = ()

    def __html__(self) -> str:
        return "<b>own</b>"


@pytest.mark.parametrize(
    ("value", "html"),
    [
        pytest.param("咨询", "咨询", id="plain"),
        pytest.param("a<b>&\"'", "a&lt;b&gt;&amp;&#34;&#39;", id="special characters"),
        pytest.param(Markup("<i>1</i>"), "<i>1</i>", id="HTML of ours"),
        pytest.param(1200, "1200", id="a number"),
        pytest.param(True, "True", id="a truth, which is no number"),
        pytest.param(None, "None", id="nothing"),
        pytest.param(Told(), "&lt;told&gt;", id="another object"),
        pytest.param(Posing("x"), "<b>own</b>", id="a text with HTML of its own"),
    ],
)
def test_a_value_is_written(value: object, html: str) -> None:
    assert written(value) == html


@given(st.text())
def test_every_text_is_written_as_markupsafe_does(text: str) -> None:
    assert written(text) == escape(text)


def test_pages_escape_what_readers_typed(app: Flask) -> None:
    page = """{% from "core/macros.html" import icon %}
{% autoescape true %}{{ typed }}{% endautoescape %}
{%- set kept %}[{{ typed }}]{% endset %}{{ kept }}{{ icon("edit", typed) }}"""
    with app.test_request_context("/"):
        told = render_template_string(page, typed="<script>")
    assert told.count("&lt;script&gt;") == 3
    assert "<script>" not in told


def test_words_keep_their_place_when_values_are_put_in(app: Flask) -> None:
    with app.test_request_context("/"):
        for typed, shown in (("<b>", "&lt;b&gt;条"), ("二", "二条")):
            assert page_words("%(n)s条", n=typed) == shown


def test_a_field_with_an_id_of_its_own_keeps_its_label_and_help(app: Flask) -> None:
    class Words(Form):
        words = StringField("说明")

    source = (
        """{% from "core/macros.html" import field %}{{ field(form.words, help="h", id="own") }}"""
    )
    with app.test_request_context():
        page = render_template_string(source, form=Words(formdata=None))
    for part in ('for="own"', 'id="own"', 'id="own-help"', 'aria-describedby="own-help"'):
        assert page.count(part) == 1
    assert 'id="words' not in page
