"""Parts of pages that are the same on every page: rendered once for each language."""

from flask import Flask, current_app, render_template
from markupsafe import Markup

from counselhub.core.i18n import pick_locale


def fixed(template: str) -> Markup:
    """Return a part that has no variables but the language; in debug it is rendered each time."""
    kept: dict[tuple[str, str], Markup] = current_app.extensions["fragments"]
    key = template, pick_locale()
    if key not in kept or current_app.debug:
        kept[key] = Markup(render_template(template).strip())  # noqa: S704  # of ours
    return kept[key]


def init_app(app: Flask) -> None:
    """Give templates `fixed(name)`."""
    app.extensions["fragments"] = {}
    app.jinja_env.globals["fixed"] = fixed
