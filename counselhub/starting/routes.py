"""The page of a firm's first path."""

from typing import Any

from flask import Blueprint, Flask, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import allowed, current_member, require
from counselhub.core.acting import attempt
from counselhub.core.forms import text
from counselhub.core.permissions import Permission
from counselhub.starting import actions, queries
from counselhub.starting.forms import StepForm, StreetForm, StreetsForm
from counselhub.starting.kinds import Step

bp = Blueprint("starting", __name__, url_prefix="/start")
PAGE = "starting/start.html"


@bp.get("")
@require(Permission.FIRM_KEEP)
def start() -> ResponseReturnValue:
    """Show what is done of the first path, and what is left."""
    return htmx.show(PAGE, **_look())


def _look(form: StreetsForm | None = None, refusal: str | None = None) -> dict[str, Any]:
    words = request.args.get("q", "").strip()
    return {
        "path": queries.path(),
        "chosen": queries.chosen(),
        "found": queries.find(words),
        "words": words,
        "form": form or _streets_form(words),
        "refusal": refusal,
        "Step": Step,
    }


def _streets_form(words: str) -> StreetsForm:
    form = StreetsForm()
    form.streets.id = "found-streets"  # the step's heading is `streets`
    form.streets.choices = [
        (one.code, f"{one.district.city_name}{one.district.name}{one.name}（{one.code}）")
        for one in queries.find(words)
    ]
    return form


@bp.post("/streets")
@require(Permission.FIRM_KEEP)
def create_streets() -> ResponseReturnValue:
    """Add the streets that were ticked."""
    form = _streets_form(request.args.get("q", ""))

    def act() -> ResponseReturnValue:
        count = actions.choose(form.streets.data or [], by=current_member())
        flash(_("已加入%(count)d个街道", count=count), "success")
        return htmx.gone_to(url_for(".start", _anchor="streets"))

    return attempt(form, act, _look, page=PAGE, field=form.streets, form=form)


@bp.post("/streets/removal")
@require(Permission.FIRM_KEEP)
def create_removal() -> ResponseReturnValue:
    """Take a street away again."""
    form = StreetForm()

    def act() -> ResponseReturnValue:
        actions.drop(text(form.street), by=current_member())
        return htmx.gone_to(url_for(".start", _anchor="streets"))

    return attempt(form, act, _look, page=PAGE)


@bp.post("/skipping")
@require(Permission.FIRM_KEEP)
def create_skipping() -> ResponseReturnValue:
    """Leave a step out."""
    form = StepForm()

    def act() -> ResponseReturnValue:
        actions.skip(Step(form.step.data), by=current_member())
        return htmx.gone_to(url_for(".start"))

    return attempt(form, act, _look, page=PAGE)


@bp.post("/resuming")
@require(Permission.FIRM_KEEP)
def create_resuming() -> ResponseReturnValue:
    """Take a step up again."""
    form = StepForm()

    def act() -> ResponseReturnValue:
        actions.take_up(Step(form.step.data), by=current_member())
        return htmx.gone_to(url_for(".start"))

    return attempt(form, act, _look, page=PAGE)


def left() -> list[Step]:
    """Return what is left of the first path, nothing for who is not led along it."""
    return queries.path().left if allowed(current_member(), Permission.FIRM_KEEP) else []


def init_app(app: Flask) -> None:
    """Let the first page ask what is left."""
    app.jinja_env.globals.update(start_left=left)
