"""What firms report: the office makes an issue of it, or says why not."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.forms import text
from counselhub.core.permissions import Permission
from counselhub.premises import lists, pages, report_actions
from counselhub.premises.forms import TakingForm, WordsForm
from counselhub.premises.models import PremisesReport
from counselhub.premises.queries import REPORT_NAMES
from counselhub.premises.routes.blueprint import bp

P = Permission
PAGE = "premises/reports.html"


def _shown(*, refusal: str = "", declining: WordsForm | None = None) -> dict[str, Any]:
    waits = request.args.get("tab") != "all"
    return {
        "page": paging.paged(lists.reports(waiting=waits)),
        "tallies": lists.tallies(),
        "waiting": lists.waiting(),
        "waits": waits,
        "refusal": refusal,
        "declining": declining or WordsForm(formdata=None),
        **pages.words(),
    }


@bp.get("/premises/reports")
@require(P.PREMISES_READ)
def reports() -> ResponseReturnValue:
    """List what firms have reported, what waits first."""
    return htmx.show(PAGE, **_shown())


def _fetch(report_id: UUID) -> PremisesReport:
    return fetch(PremisesReport, report_id, None, *REPORT_NAMES)


@bp.post("/premises/reports/<uuid:report_id>/taking")
@require(P.PREMISES_KEEP)
def create_taking(report_id: UUID) -> ResponseReturnValue:
    """Make an issue of a report, or join it to the same one."""
    row, form = _fetch(report_id), TakingForm()

    def act() -> str:
        issue = report_actions.take(row, by=current_member(), revision=form.seen)
        flash(_("已列入整改，%(day)s前交盖章说明", day=issue.letter_due_on), "success")
        return url_for(".issue", issue_id=issue.id)

    return _done(form, act)


@bp.post("/premises/reports/<uuid:report_id>/refusal")
@require(P.PREMISES_KEEP)
def create_refusal(report_id: UUID) -> ResponseReturnValue:
    """Make no issue of it, and tell the firm why."""
    row, form = _fetch(report_id), WordsForm()

    def act() -> str:
        report_actions.decline(row, text(form.words), by=current_member(), revision=form.seen)
        flash(_("律所会看到没有列入的原因"), "success")
        return url_for(".reports")

    return _done(form, act)


def _done(form: Any, act: Callable[[], str]) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(declining=form))
    try:
        return htmx.gone_to(act())
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(refusal=conflict.message))
