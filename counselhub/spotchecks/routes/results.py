"""The firm's side: published findings, and its answer."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import show_refusal
from counselhub.core.permissions import Permission
from counselhub.spotchecks import actions, pages, queries
from counselhub.spotchecks.forms import AnswerForm, answer_form
from counselhub.spotchecks.models import SpotCheck
from counselhub.spotchecks.routes.blueprint import bp

PAGE = "spotchecks/result.html"


@bp.get("/spot-results")
@require(Permission.FIRM_READ)
def results() -> ResponseReturnValue:
    """List what offices have published; a lawyer sees the own ones."""
    asked, sort = pages.asked("all"), sorting.asked_sort(queries.SORTS)
    return htmx.show(
        "spotchecks/results.html",
        page=paging.paged(queries.checks(asked, sort)),
        tallies=queries.tallies(),
        asked=asked,
        sort=sort,
        **pages.words(),
    )


def _fetch(spot_check_id: UUID) -> SpotCheck:
    return fetch(SpotCheck, spot_check_id, None, *queries.NAMES)


def _shown(check: SpotCheck, *, form: AnswerForm | None = None, refusal: str = "") -> Any:
    return {
        "check": check,
        "photos": queries.photos(check),
        "events": pages.happenings(check),
        "form": form or answer_form(check, fresh=True),
        "refusal": refusal,
        **pages.words(),
    }


@bp.get("/spot-results/<uuid:spot_check_id>")
@require(Permission.FIRM_READ)
def result(spot_check_id: UUID) -> ResponseReturnValue:
    """Show one published finding and what the firm may do about it."""
    return htmx.show(PAGE, **_shown(_fetch(spot_check_id)))


@bp.post("/spot-results/<uuid:spot_check_id>/answer")
@require(Permission.DUTY_MANAGE)
def create_answer(spot_check_id: UUID) -> ResponseReturnValue:
    """Agree, or disagree with words and evidence."""
    row = _fetch(spot_check_id)
    form = answer_form(row)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, form=form))
    try:
        actions.answer(row, form.reply(), by=current_member(), revision=form.seen)
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(_fetch(spot_check_id), refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.words, refusal)
        return htmx.invalid(PAGE, **_shown(_fetch(spot_check_id), form=form))
    flash(_("答复已送司法所"), "success")
    return htmx.gone_to(url_for(".result", spot_check_id=spot_check_id))
