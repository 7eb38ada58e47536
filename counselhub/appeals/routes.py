"""Appeals: the firm makes them, the bureau decides them, the office reads them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.appeals import actions, queries
from counselhub.appeals.forms import OUTCOMES, AppealForm, decision_form
from counselhub.appeals.models import LineAppeal
from counselhub.appeals.states import AppealStatus
from counselhub.core import htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.statements import wording
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import RefusalReason

bp = Blueprint("appeals", __name__)
P = Permission
TONES = {"open": "info", "upheld": "success", "partly": "warning", "dismissed": "neutral"}
READERS = (P.BUREAU_READ, P.REVIEW_READ, P.STATEMENT_READ)


def _words() -> dict[str, Any]:
    return {"Status": AppealStatus, "tones": TONES, "Refusal": RefusalReason, "wording": wording}


@bp.get("/appeals")
@require(*READERS)
def appeals() -> ResponseReturnValue:
    """List the appeals in sight, those that wait for a decision first."""
    asked = queries.Asked.of(request.args)
    return htmx.show(
        "appeals/appeals.html",
        asked=asked,
        tallies=queries.tallies(),
        page=paging.paged(queries.appeals(asked)),
        **_words(),
    )


@bp.get("/appeals/<uuid:appeal_id>")
@require(*READERS)
def appeal(appeal_id: UUID) -> ResponseReturnValue:
    """Show an appeal: what was refused, why, what the firm says, and the decision."""
    return htmx.show("appeals/appeal.html", **_shown(_fetch(appeal_id)))


def _fetch(appeal_id: UUID) -> LineAppeal:
    return fetch(LineAppeal, appeal_id, None, *queries.NAMES)


def _shown(row: LineAppeal, **given: Any) -> dict[str, Any]:
    form = decision_form(row.revision)
    return {"appeal": row, "form": form, "refusal": None, **_words(), **given}


def _refused_line(line_id: UUID) -> tuple[StatementLine, Statement]:
    """Return a line of the firm and its statement. Raises NotFoundError."""
    line = queries.line_in_sight(line_id)
    if line is None:
        raise NotFoundError()
    return line, fetch(Statement, line.statement_id)


@bp.get("/statements/refused/<uuid:line_id>/appeal")
@require(P.STATEMENT_CERTIFY)
@fresh
def new_appeal(line_id: UUID) -> ResponseReturnValue:
    """Ask for the reasons of an appeal; one that was made is shown."""
    line, statement = _refused_line(line_id)
    if (made := queries.of_line(line)) is not None:
        return htmx.gone_to(url_for(".appeal", appeal_id=made.id))
    return htmx.show("appeals/new.html", **_asking(line, statement, AppealForm(formdata=None)))


def _asking(
    line: StatementLine, statement: Statement, form: AppealForm, refusal: str | None = None
) -> dict[str, Any]:
    return {
        "line": line,
        "statement": statement,
        "form": form,
        "due_on": actions.due_on(statement),
        "refusal": refusal,
        **_words(),
    }


@bp.post("/statements/refused/<uuid:line_id>/appeal")
@require(P.STATEMENT_CERTIFY)
@fresh
def create_appeal(line_id: UUID) -> ResponseReturnValue:
    """Appeal to the bureau."""
    line, statement = _refused_line(line_id)
    form = AppealForm()
    if not form.validate_on_submit():
        return htmx.invalid("appeals/new.html", **_asking(line, statement, form))
    try:
        made = actions.appeal(line, text(form.words), form.judged, by=current_member())
    except ConflictError as refusal:
        shown = _asking(line, statement, form, refusal.message)
        return htmx.refused("appeals/new.html", **shown)
    except RefusedError as refusal:
        show_refusal(form.words, refusal)
        return htmx.invalid("appeals/new.html", **_asking(line, statement, form))
    flash(_("已向区司法局提出申诉"), "success")
    return htmx.gone_to(url_for(".appeal", appeal_id=made.id))


@bp.post("/appeals/<uuid:appeal_id>/decision")
@require(P.APPEAL_DECIDE)
@fresh
def create_decision(appeal_id: UUID) -> ResponseReturnValue:
    """Decide an appeal for good."""
    row, form = _fetch(appeal_id), decision_form()
    if not form.validate_on_submit():
        return htmx.invalid("appeals/appeal.html", **_shown(row, form=form))
    outcome = next(one for one in OUTCOMES if one.value == form.outcome.data)
    try:
        actions.decide(
            row,
            outcome,
            text(form.words),
            by=current_member(),
            part_fen=form.amount_fen,
            revision=form.seen,
        )
    except ConflictError as refusal:
        message = refusal.message
        db.session.rollback()
        return htmx.refused("appeals/appeal.html", **_shown(_fetch(appeal_id), refusal=message))
    except RefusedError as refusal:
        show_refusal(form.words, refusal)
        return htmx.invalid("appeals/appeal.html", **_shown(row, form=form))
    flash(_("已裁定，律所和司法所都会看到"), "success")
    return htmx.gone_to(url_for(".appeal", appeal_id=row.id))
