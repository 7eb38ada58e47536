"""What a page does a thousand times, made cheap: writing a value, drawing an icon.

Jinja writes each value of a page through `markupsafe.escape`, which makes a Markup of it: an object
that is joined with the rest and gone. Here a text without special characters is written as it is.
"""

import re
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from jinja2 import Template
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.nodes import Expr
from jinja2.runtime import Context
from markupsafe import Markup, escape

ICON = '<svg class="icon" {} focusable="false"><use href="{{sprite}}#{{name}}"/></svg>'
ALONE = Markup(ICON.format('aria-hidden="true"'))  # noqa: S704  # ours
LABELLED = Markup(ICON.format('role="img" aria-label="{label}"'))  # noqa: S704  # ours
_is_special = re.compile("[&<>'\"]").search


def written(value: Any) -> str:
    """Return the HTML of a value: of a text with its special characters escaped."""
    kind = type(value)  # not what a proxy says of itself
    if kind is Markup or (kind is str and not _is_special(value)):
        text: str = value
        return text
    return str(value) if kind is int else escape(value)


class Page(Template):
    """A template whose macros are made once, wherever they are imported."""

    def _get_default_module(self, _context: Context | None = None) -> TemplateModule:
        """Return the macros; Jinja asks at each import whether the importer has other globals.

        None has: they are the application's.
        """
        return super()._get_default_module()


class PageWriter(CodeGenerator):
    """Compiles a template so that its values are written by `written`."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        """Say what stands before a value, as Jinja's own does for its `escape`."""
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.globals['written'](")
        if finalize.src is not None:
            self.write(finalize.src)


def icon(name: str, label: str | None = None) -> Markup:
    """Draw one of static/icons.svg; label only when it stands alone."""
    return _drawn(current_app.extensions["assets"].address("icons.svg"), name, label)


@lru_cache(maxsize=1024)
def _drawn(sprite: str, name: str, label: str | None) -> Markup:
    if label:
        return LABELLED.format(sprite=sprite, name=name, label=label)
    return ALONE.format(sprite=sprite, name=name)


def init_app(app: Flask) -> None:
    """Compile templates so, and give them `drawn_icon`; call it before the first is compiled."""
    app.jinja_env.cache = {}  # all of them: there are more than the 400 that Jinja would keep
    app.jinja_env.template_class = Page
    app.jinja_env.code_generator_class = PageWriter
    app.jinja_env.globals.update(written=written, drawn_icon=icon)
