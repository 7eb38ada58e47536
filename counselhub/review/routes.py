"""The office's pages: its inbox, a statement under review; and the firm's answer to a query."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging
from counselhub.core.access import Permission, current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.money import format_yuan
from counselhub.review import actions, pages, queries
from counselhub.review import inbox as waiting
from counselhub.review.actions import Accepted
from counselhub.review.filters import LineFilter
from counselhub.review.forms import AnswerForm, PaymentForm, QueryForm, ReasonForm, RevisionForm
from counselhub.statements.models import LineQuery, Statement, StatementLine
from counselhub.statements.states import QueryReason

bp = Blueprint("review", __name__)
P = Permission
ANSWER = "review/_answer.html"


@bp.get("/review")
@require(P.REVIEW_READ)
def inbox() -> ResponseReturnValue:
    """List the street's statements, those that wait for the reader first."""
    asked = waiting.InboxFilter.of(request.args)
    role = current_member().role
    return render_template(
        "review/inbox.html",
        asked=asked,
        tallies=waiting.inbox_tallies(role),
        page=paging.paged(waiting.inbox(asked, role)),
        days=lambda since: waiting.days_waiting(since, clock.today()),
        **pages.words(),
    )


@bp.get("/review/<uuid:statement_id>")
@require(P.REVIEW_READ)
def statement(statement_id: UUID) -> ResponseReturnValue:
    """Show a statement under review; on a new one the checker's page begins the review."""
    return pages.show_statement(pages.statement_page(statement_id))


@bp.post("/review/<uuid:statement_id>/opening")
@require(P.REVIEW_CHECK)
def create_opening(statement_id: UUID) -> ResponseReturnValue:
    """Begin the review: the page sends this by itself, without script its button does."""
    actions.open_review(fetch(Statement, statement_id), by=current_member())
    return htmx.gone_to(url_for(".statement", statement_id=statement_id))


@bp.get("/review/<uuid:statement_id>/lines/<uuid:line_id>")
@require(P.REVIEW_READ)
def line(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Show one line with its working and the very records behind it."""
    return pages.show_line(pages.statement_page(statement_id), line_id)


@bp.post("/review/<uuid:statement_id>/acceptance")
@require(P.REVIEW_CHECK)
def create_acceptance(statement_id: UUID) -> ResponseReturnValue:
    """Accept all matching lines of the filter, or the ones that were ticked."""
    found = fetch(Statement, statement_id)

    def accept() -> object:
        accepted = _accept(found)
        return _(
            "已通过 %(count)s 项，合计 %(amount)s 元",
            count=accepted.lines,
            amount=format_yuan(accepted.amount_fen),
        )

    return pages.acted(found, accept)


def _accept(found: Statement) -> Accepted:
    if request.form.get("act") == "selected":
        ids = request.form.getlist("line", type=UUID)
        return actions.accept_selected(found, ids, by=current_member())
    expected = Accepted(
        request.form.get("lines", 0, type=int), request.form.get("amount_fen", 0, type=int)
    )
    asked = LineFilter.of(request.args)
    return actions.accept_matching(found, asked, by=current_member(), expected=expected)


def _line(statement_id: UUID, line_id: UUID) -> tuple[Statement, StatementLine]:
    found = fetch(Statement, statement_id)
    return found, queries.line_of(found, line_id)


@bp.post("/review/<uuid:statement_id>/lines/<uuid:line_id>/acceptance")
@require(P.REVIEW_CHECK)
def create_line_acceptance(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Accept one line and go on to the next."""
    found, chosen = _line(statement_id, line_id)

    def accept() -> object:
        actions.accept(chosen, by=current_member(), revision=RevisionForm().seen)
        return _("已通过")

    return pages.acted(found, accept, line=chosen)


@bp.post("/review/<uuid:statement_id>/lines/<uuid:line_id>/reopening")
@require(P.REVIEW_CHECK)
def create_line_reopening(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Take the acceptance of one line back."""
    found, chosen = _line(statement_id, line_id)

    def undo() -> object:
        actions.undo_accept(chosen, by=current_member(), revision=RevisionForm().seen)
        return _("已撤回，这一项重新待审核")

    return pages.acted(found, undo)


@bp.post("/review/<uuid:statement_id>/lines/<uuid:line_id>/query")
@require(P.REVIEW_CHECK)
def create_query(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Ask the firm about one line and go on to the next."""
    found, chosen = _line(statement_id, line_id)
    form = QueryForm()
    form.reason.choices = QueryReason.choices()
    if not form.validate_on_submit():
        return pages.invalid(pages.statement_page(statement_id), chosen, query_form=form)

    def ask() -> object:
        reason = QueryReason.of(form.reason.data)
        actions.query(chosen, reason, text(form.words), by=current_member(), revision=form.seen)
        return _("已记下疑问，退回律所时一并发出")

    return pages.acted(found, ask, line=chosen)


@bp.post("/review/<uuid:statement_id>/lines/<uuid:line_id>/withdrawal")
@require(P.REVIEW_CHECK)
def create_withdrawal(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Take the open query of one line back."""
    found, chosen = _line(statement_id, line_id)

    def withdraw() -> object:
        actions.withdraw_query(chosen, by=current_member(), revision=RevisionForm().seen)
        return _("已撤回疑问")

    return pages.acted(found, withdraw)


@bp.post("/review/<uuid:statement_id>/return")
@require(P.REVIEW_CHECK)
def create_return(statement_id: UUID) -> ResponseReturnValue:
    """Give the queried lines back to the firm."""
    found = fetch(Statement, statement_id)

    def give_back() -> object:
        count = actions.return_queried(found, by=current_member(), revision=RevisionForm().seen)
        return _("已把 %(count)s 项疑问退回律所", count=count)

    return pages.acted(found, give_back)


@bp.post("/review/<uuid:statement_id>/approval")
@require(P.REVIEW_CHECK)
@fresh
def create_approval(statement_id: UUID) -> ResponseReturnValue:
    """Pass the statement to the approver."""
    found = fetch(Statement, statement_id)

    def approve() -> object:
        actions.approve(found, by=current_member(), revision=RevisionForm().seen)
        return _("初审通过，已提交审定")

    return pages.acted(found, approve)


@bp.post("/review/<uuid:statement_id>/sending-back")
@require(P.REVIEW_SIGN)
@fresh
def create_sending_back(statement_id: UUID) -> ResponseReturnValue:
    """Give the statement back to the checker, with words."""
    found = pages.statement_page(statement_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return pages.invalid(found, reason_form=form)

    def send_back() -> object:
        actions.send_back(found, text(form.words), by=current_member(), revision=form.seen)
        return _("已退回经办复核")

    return pages.acted(found, send_back)


@bp.post("/review/<uuid:statement_id>/signature")
@require(P.REVIEW_SIGN)
@fresh
def create_signature(statement_id: UUID) -> ResponseReturnValue:
    """Sign what another person approved."""
    found = fetch(Statement, statement_id, P.REVIEW_SIGN)

    def sign() -> object:
        actions.sign(found, by=current_member(), revision=RevisionForm().seen)
        return _("已审定，可以支付")

    return pages.acted(found, sign)


@bp.post("/review/<uuid:statement_id>/payment")
@require(P.PAYMENT_RECORD)
@fresh
def create_payment(statement_id: UUID) -> ResponseReturnValue:
    """Record the payment."""
    found = pages.statement_page(statement_id)
    form = PaymentForm()
    if not form.validate_on_submit():
        return pages.invalid(found, payment_form=form)

    def pay() -> object:
        actions.pay(
            found,
            paid_on=form.day,
            amount_fen=form.amount_fen,
            reference=text(form.reference),
            by=current_member(),
            revision=form.seen,
        )
        return _("已登记支付")

    try:
        return pages.acted(found, pay)
    except RefusedError as refusal:
        show_refusal(form.amount, refusal)
        return pages.invalid(found, payment_form=form)


@bp.post("/review/queries/<uuid:query_id>/answer")
@require(P.STATEMENT_PREPARE)
def create_answer(query_id: UUID) -> ResponseReturnValue:
    """Give the firm's answer to a query of the office."""
    asked = fetch(LineQuery, query_id)
    found = fetch(Statement, asked.statement_id)
    shown: dict[str, Any] = {"statement": found, "line": queries.line_of(found, asked.line_id)}
    form = answer_form(asked)
    if not form.validate_on_submit():
        return htmx.invalid("review/answer.html", ANSWER, refused_form=form, **shown)
    try:
        actions.answer(asked, text(form.words), by=current_member())
    except ConflictError as refusal:
        return htmx.refused("review/answer.html", ANSWER, refused_answer=refusal.message, **shown)
    back_to = url_for(
        "statements.statement", statement_id=found.id, _anchor=f"line-{asked.line_id}"
    )
    return htmx.changed(ANSWER, back_to, toast=_("已答复"), answered=asked, **shown)


@bp.app_template_global()
def answer_form(asked: LineQuery) -> AnswerForm:
    """Return the form that answers one query; its names carry the query's, for many on a page."""
    return AnswerForm(prefix=asked.id.hex)


@bp.app_template_global()
def query_reason(code: str) -> str:
    """Word why the office asked, also on the firm's pages."""
    return QueryReason.of(code).label
