"""Pages of claw-backs, to the office that asks and to the firm that objects."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.clawbacks import actions, queries
from counselhub.clawbacks.forms import ClawbackForm, WordsForm, clawback_form
from counselhub.clawbacks.kinds import ACTS, TONES, ClawbackReason, ClawbackStatus
from counselhub.clawbacks.models import Clawback
from counselhub.core import history, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import blamed, show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.i18n import page_text
from counselhub.core.money import format_yuan
from counselhub.core.permissions import Permission
from counselhub.statements import wording
from counselhub.statements.models import Statement, StatementLine

bp = Blueprint("clawbacks", __name__)
P = Permission
FORM, PAGE = "clawbacks/new.html", "clawbacks/clawback.html"


@bp.get("/clawbacks")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def clawbacks() -> ResponseReturnValue:
    """List the claw-backs in sight."""
    asked = {name: request.args.get(name, "").strip() for name in ("status", "q")}
    sort = sorting.asked_sort(queries.SORTS)
    return htmx.show(
        "clawbacks/clawbacks.html",
        page=paging.paged(queries.listed(asked, sort)),
        asked=asked,
        sort=sort,
        reasons=ClawbackReason,
        statuses=ClawbackStatus,
        tones=TONES,
        wording=wording,
    )


@bp.get("/review/<uuid:statement_id>/lines/<uuid:line_id>/clawback")
@require(P.PAYMENT_RECORD)
@fresh
def new_clawback(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Ask what to take back of a paid line."""
    statement, line = _line(statement_id, line_id)
    form = clawback_form(
        formdata=None, revision=line.revision, amount=format_yuan(max(0, line.amount_fen))
    )
    return _show(htmx.show, statement, line, form)


def _line(statement_id: UUID, line_id: UUID) -> tuple[Statement, StatementLine]:
    statement = fetch(Statement, statement_id)
    query = select(StatementLine).where(
        StatementLine.firm_id == statement.firm_id,
        StatementLine.statement_id == statement.id,
        StatementLine.id == line_id,
    )
    line = db.session.scalar(query)
    if line is None:
        raise NotFoundError()
    return statement, line


def _show(
    answer: Callable[..., Any],
    statement: Statement,
    line: StatementLine,
    form: ClawbackForm,
    refusal: str = "",
) -> ResponseReturnValue:
    shown: ResponseReturnValue = answer(
        FORM, statement=statement, line=line, form=form, refusal=refusal, wording=wording
    )
    return shown


@bp.post("/review/<uuid:statement_id>/lines/<uuid:line_id>/clawback")
@require(P.PAYMENT_RECORD)
@fresh
def create_clawback(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Take it back by a later statement."""
    statement, line = _line(statement_id, line_id)
    form, by = clawback_form(), current_member()
    if not form.validate_on_submit():
        return _show(htmx.invalid, statement, line, form)
    reason = ClawbackReason.of(form.reason.data)
    try:
        row = actions.claw_back(
            line, reason, text(form.words), form.amount_fen, by=by, revision=form.seen
        )
    except (ConflictError, RefusedError) as refusal:
        return _refused(statement_id, line_id, form, refusal)
    flash(_("已要求追回，由律所下一份结算单扣回"), "success")
    return htmx.gone_to(url_for(".clawback", clawback_id=row.id))


def _refused(
    statement_id: UUID, line_id: UUID, form: ClawbackForm, refusal: ConflictError | RefusedError
) -> ResponseReturnValue:
    message, is_stale = refusal.message, isinstance(refusal, ConflictError)
    db.session.rollback()
    statement, line = _line(statement_id, line_id)
    field = blamed(form, refusal)
    if field is not None:
        show_refusal(field, refusal)
        message = ""
    return _show(htmx.refused if is_stale else htmx.invalid, statement, line, form, message)


@bp.get("/clawbacks/<uuid:clawback_id>")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def clawback(clawback_id: UUID) -> ResponseReturnValue:
    """Show one: what is taken back, why, what the firm says, what settles it."""
    return htmx.show(PAGE, **_shown(fetch(Clawback, clawback_id)))


def _shown(row: Clawback, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    is_awaiting = row.status == ClawbackStatus.AWAITING
    return {
        "clawback": row,
        "reason": ClawbackReason.of(row.reason),
        "status": ClawbackStatus.of(row.status),
        "tone": TONES[row.status],
        "wording": wording,
        "line_page": "review.line" if can(P.REVIEW_READ) else "statements.line",
        "may_object": is_awaiting and row.objection is None and can(P.STATEMENT_PREPARE),
        "may_withdraw": is_awaiting
        and row.adjustment.handed_in_at is None
        and actions.is_alone(row, row.adjustment)
        and can(P.PAYMENT_RECORD),
        "form": WordsForm(formdata=None, revision=row.revision),
        "events": [
            {"at": one.at, "who": one.who, "what": page_text(ACTS.get(one.act, one.act))}
            for one in reversed(history.of(row))
        ],
        "refusal": refusal,
    } | forms


@bp.post("/clawbacks/<uuid:clawback_id>/objection")
@require(P.STATEMENT_PREPARE)
def create_objection(clawback_id: UUID) -> ResponseReturnValue:
    """Object to it, with words."""

    def act(row: Clawback, form: WordsForm) -> str:
        actions.object_to(row, text(form.words), by=current_member(), revision=form.seen)
        return str(_("已提出异议，司法所会看到"))

    return _done(clawback_id, act)


@bp.post("/clawbacks/<uuid:clawback_id>/withdrawal")
@require(P.PAYMENT_RECORD)
@fresh
def create_withdrawal(clawback_id: UUID) -> ResponseReturnValue:
    """Give it up, with words."""

    def act(row: Clawback, form: WordsForm) -> str:
        actions.withdraw(row, text(form.words), by=current_member(), revision=form.seen)
        return str(_("已撤回追回，这一项恢复为已支付"))

    return _done(clawback_id, act)


def _done(clawback_id: UUID, act: Callable[[Clawback, WordsForm], str]) -> ResponseReturnValue:
    """Do it to the claw-back as the page showed it; a refusal is told on it as it now is."""
    row, form = fetch(Clawback, clawback_id), WordsForm()

    def done() -> ResponseReturnValue:
        return told(act(row, form), url_for(".clawback", clawback_id=clawback_id))

    def look(**kept: Any) -> dict[str, Any]:
        return _shown(fetch(Clawback, clawback_id), **kept)

    return attempt(form, done, look, page=PAGE, form=form)
