"""Draws: made, listed, repeated, published as a whole."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, show_refusal
from counselhub.core.permissions import Permission
from counselhub.places.models import Community
from counselhub.spotchecks import actions, coverage, draw_actions, pages, queries
from counselhub.spotchecks.forms import DrawForm, PublishForm, seed_hint
from counselhub.spotchecks.models import SpotDraw
from counselhub.spotchecks.routes.blueprint import bp

USUAL = 3
NEW, ONE = "spotchecks/draw_new.html", "spotchecks/draw.html"


@bp.get("/spot-checks/draws")
@require(Permission.SPOT_READ)
def draws() -> ResponseReturnValue:
    """List the draws, newest first."""
    return htmx.show(
        "spotchecks/draws.html", page=paging.paged(queries.draws()), tallies=queries.tallies()
    )


@bp.get("/spot-checks/draws/new")
@require(Permission.SPOT_CHECK)
def new_draw() -> ResponseReturnValue:
    """Ask for the days and how many; from today to Sunday, or to the next one on a Sunday."""
    today = clock.today()
    sunday = today + timedelta(days=6 - today.weekday() or 7)
    data = {"first_on": today, "last_on": sunday, "count": USUAL}
    return htmx.show(NEW, **_asking(DrawForm(data=data)))


def _asking(form: DrawForm) -> dict[str, Any]:
    street, today = current_member().street_code, clock.today()
    return {"form": form, "reach": coverage.reach(street, today), "seed_hint": seed_hint()}


@bp.post("/spot-checks/draws")
@require(Permission.SPOT_CHECK)
def create_draw() -> ResponseReturnValue:
    """Draw, and keep how it was done."""
    form = DrawForm()
    if not form.validate_on_submit():
        return htmx.invalid(NEW, **_asking(form))
    try:
        made = draw_actions.draw(form.order(), by=current_member())
    except (RefusedError, ConflictError) as refusal:
        db.session.rollback()
        show_refusal(form.last_on, refusal)
        answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
        return answer(NEW, **_asking(form))
    flash(_("已抽出，律所看不到抽签，公布结果之后才知道"), "success")
    return htmx.gone_to(url_for(".draw", draw_id=made.id))


@bp.get("/spot-checks/draws/<uuid:draw_id>")
@require(Permission.SPOT_READ)
def draw(draw_id: UUID) -> ResponseReturnValue:
    """Show a draw: its checks, its seed and list, and that drawing again gives the same."""
    return htmx.show(ONE, **_shown(fetch(SpotDraw, draw_id), PublishForm(formdata=None)))


def _shown(made: SpotDraw, form: PublishForm) -> dict[str, Any]:
    codes = [one["community"] for one in made.population]
    named = db.session.scalars(db.select(Community).where(Community.code.in_(codes)))
    return {
        "draw": made,
        "checks": queries.of_draw(made),
        "repeated": draw_actions.repeat(made),
        "places": {one.code: one.short_name for one in named},
        "form": form,
        **pages.words(),
    }


@bp.post("/spot-checks/draws/<uuid:draw_id>/publication")
@require(Permission.SPOT_CHECK)
def publish_draw(draw_id: UUID) -> ResponseReturnValue:
    """Publish all findings of a draw that wait for it."""
    made, form = fetch(SpotDraw, draw_id), PublishForm()
    if not form.validate_on_submit():
        return htmx.invalid(ONE, **_shown(made, form))
    try:
        many = actions.publish_all(made, given(form.days), by=current_member())
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.days, refusal)
        return htmx.invalid(ONE, **_shown(fetch(SpotDraw, draw_id), form))
    flash(_("已公布%(many)s项结果", many=many), "success")
    return htmx.gone_to(url_for(".draw", draw_id=draw_id))
