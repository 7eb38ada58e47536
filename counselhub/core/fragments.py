"""Parts of pages that many pages share: rendered once for each language, and for what they show."""

from collections.abc import Hashable
from functools import lru_cache

from flask import Flask, current_app, render_template
from markupsafe import Markup

from counselhub.core.i18n import pick_locale

KEPT = 1024
"""Parts; of more, those go first that were asked for longest ago."""


def fixed(template: str, shown: Hashable = None) -> Markup:
    """Return a part whose only variables are the language and `shown`.

    In debug it is rendered each time.
    """
    render = _rendered if current_app.debug else current_app.extensions["fragments"]
    part: Markup = render(template, pick_locale(), shown)
    return part


def _rendered(template: str, _locale: str, shown: Hashable) -> Markup:
    return Markup(render_template(template, shown=shown).strip())  # noqa: S704  # of ours


def init_app(app: Flask) -> None:
    """Give templates `fixed(name, shown)`."""
    app.extensions["fragments"] = lru_cache(maxsize=KEPT)(_rendered)
    app.jinja_env.globals["fixed"] = fixed
