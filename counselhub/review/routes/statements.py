"""The office's inbox, a statement under review, and the acts on the whole of it."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import RefusedError
from counselhub.core.forms import RevisionForm, show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.money import format_yuan
from counselhub.core.permissions import Permission
from counselhub.review import actions, pages
from counselhub.review import inbox as waiting
from counselhub.review.actions import Moved
from counselhub.review.filters import LineFilter
from counselhub.review.forms import PaymentForm, ReasonForm
from counselhub.review.routes.blueprint import bp
from counselhub.statements.models import Statement

P = Permission
bp.add_app_template_global(waiting.turn_of, "turn_of")


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


def _accept(found: Statement) -> Moved:
    if request.form.get("act") == "selected":
        ids = request.form.getlist("line", type=UUID)
        return actions.accept_selected(found, ids, by=current_member())
    expected = Moved(
        request.form.get("lines", 0, type=int), request.form.get("amount_fen", 0, type=int)
    )
    asked = LineFilter.of(request.args)
    return actions.accept_matching(found, asked, by=current_member(), expected=expected)


@bp.post("/review/<uuid:statement_id>/undoing")
@require(P.REVIEW_CHECK)
def create_undoing(statement_id: UUID) -> ResponseReturnValue:
    """Take the reader's own last gesture on lines back, within ten minutes."""
    found = fetch(Statement, statement_id)

    def undo() -> object:
        undone = actions.undo(found, by=current_member())
        return _("已撤销，%(count)s 项重新待审核", count=undone.lines)

    return pages.acted(found, undo)


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
    """Pass the statement to the approver; lines with open questions go to the next one."""
    found = fetch(Statement, statement_id)
    carrying = Moved(
        request.form.get("lines", 0, type=int), request.form.get("amount_fen", 0, type=int)
    )

    def approve() -> object:
        seen = RevisionForm().seen
        actions.approve(found, by=current_member(), revision=seen, carrying=carrying)
        if not carrying.lines:
            return _("初审通过，已提交审定")
        return _("部分通过，%(count)s 项结转下期，其余已提交审定", count=carrying.lines)

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
