"""The operator's page of banners."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.console import actions
from counselhub.console.forms import OutageForm
from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt
from counselhub.core.forms import text
from counselhub.core.outages import TONES, Level, Outage
from counselhub.core.permissions import Permission

bp = Blueprint("console_outages", __name__, url_prefix="/console/outages")
PAGE = "console/outages.html"


@bp.get("")
@require(Permission.OPERATE)
def outages() -> ResponseReturnValue:
    """List the banners, newest first, with the form for one more."""
    return htmx.show(PAGE, **_look())


def _look(form: OutageForm | None = None, refusal: str | None = None) -> dict[str, Any]:
    query = select(Outage).order_by(Outage.starts_at.desc(), Outage.id.desc())
    return {
        "page": paging.paged(query),
        "form": form or OutageForm(formdata=None),
        "refusal": refusal,
        "Level": Level,
        "tones": TONES,
        "now": clock.now(),
    }


@bp.post("")
@require(Permission.OPERATE)
def create_outage() -> ResponseReturnValue:
    """Show a banner on every page."""
    form = OutageForm()

    def act() -> ResponseReturnValue:
        span = _instant(form.starts.data), _instant(form.ends.data)
        words = text(form.words_zh), text(form.words_en)
        actions.announce(Level(form.level.data), words, span, by=current_member())
        flash(_("已发布，到时自动撤下"), "success")
        return htmx.gone_to(url_for(".outages"))

    return attempt(form, act, _look, page=PAGE, form=form)


def _instant(typed: datetime | None) -> datetime:
    """Return the instant of what was typed by Shanghai's clock; the form has asked for it."""
    if typed is None:
        raise ValueError("a required field is blank")
    return clock.instant(typed.date(), typed.time())


@bp.post("/<uuid:outage_id>/ending")
@require(Permission.OPERATE)
def create_ending(outage_id: UUID) -> ResponseReturnValue:
    """Take a banner off every page."""
    actions.end(fetch(Outage, outage_id), by=current_member())
    flash(_("已撤下"), "success")
    return htmx.gone_to(url_for(".outages"))
