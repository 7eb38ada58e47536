"""What a checker does to one line: accept, ask, refuse, and take each of them back."""

from collections.abc import Callable
from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import RefusedError
from counselhub.core.forms import RevisionForm, blamed, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.review import actions, canned, pages, queries
from counselhub.review.forms import QueryForm, RefusalForm, ReopenForm
from counselhub.review.routes.blueprint import bp
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import QueryReason, RefusalReason

P = Permission


def _line(statement_id: UUID, line_id: UUID) -> tuple[Statement, StatementLine]:
    found = fetch(Statement, statement_id)
    return found, queries.line_of(found, line_id)


def _judged(
    found: Statement, line: StatementLine, form: RevisionForm, name: str, act: Callable[[], object]
) -> ResponseReturnValue:
    """Do `act` with a form that must be right; a refusal stands at the field that it names."""
    statement_id, given = found.id, {name: form}
    if not form.validate_on_submit():
        return pages.invalid(pages.statement_page(statement_id), line, **given)
    try:
        return pages.acted(found, act, line=line)
    except RefusedError as refusal:
        field = blamed(form, refusal)
        show_refusal(form.words if field is None else field, refusal)
        return pages.invalid(pages.statement_page(statement_id), line, **given)


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
    """Take the acceptance of one line back; later than ten minutes with the reason."""
    found, chosen = _line(statement_id, line_id)
    form = ReopenForm(prefix="reopen")

    def undo() -> object:
        words, seen = text(form.words), form.seen
        actions.undo_accept(chosen, words, by=current_member(), revision=seen)
        return _("已撤回，这一项重新待审核")

    return _judged(found, chosen, form, "reopen_form", undo)


@bp.get("/review/<uuid:statement_id>/lines/<uuid:line_id>/sentences")
@require(P.REVIEW_CHECK)
def sentences(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """List the sentences that a question may begin with."""
    found, chosen = _line(statement_id, line_id)
    return htmx.show(
        "review/sentences.html",
        "review/_sentences.html",
        statement=found,
        line=chosen,
        kept=pages.kept(),
        sentences=canned.sentences(found.street_code),
        **pages.words(),
    )


@bp.post("/review/<uuid:statement_id>/lines/<uuid:line_id>/query")
@require(P.REVIEW_CHECK)
def create_query(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Ask the firm about one line and go on to the next."""
    found, chosen = _line(statement_id, line_id)
    form = QueryForm()
    form.reason.choices = QueryReason.choices()

    def ask() -> object:
        reason, words = QueryReason.of(form.reason.data), text(form.words)
        actions.query(chosen, reason, words, form.judged, by=current_member(), revision=form.seen)
        return _("已提出疑问，律所现在就能答复")

    return _judged(found, chosen, form, "query_form", ask)


@bp.post("/review/<uuid:statement_id>/lines/<uuid:line_id>/withdrawal")
@require(P.REVIEW_CHECK)
def create_withdrawal(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Take the open query of one line back."""
    found, chosen = _line(statement_id, line_id)

    def withdraw() -> object:
        actions.withdraw_query(chosen, by=current_member(), revision=RevisionForm().seen)
        return _("已撤回疑问")

    return pages.acted(found, withdraw)


@bp.post("/review/<uuid:statement_id>/lines/<uuid:line_id>/refusal")
@require(P.REVIEW_CHECK)
def create_refusal(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Refuse to pay one line; it is final with the approver's signature."""
    found, chosen = _line(statement_id, line_id)
    form = RefusalForm(prefix="refusal")
    form.reason.choices = RefusalReason.choices()

    def refuse() -> object:
        reason = RefusalReason.of(form.reason.data)
        actions.refuse(chosen, reason, text(form.words), by=current_member(), revision=form.seen)
        return _("已记为不予支付，所长审定后生效")

    return _judged(found, chosen, form, "refusal_form", refuse)


@bp.post("/review/<uuid:statement_id>/lines/<uuid:line_id>/refusal/withdrawal")
@require(P.REVIEW_CHECK)
def create_refusal_withdrawal(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Let a refused line wait for review again."""
    found, chosen = _line(statement_id, line_id)

    def withdraw() -> object:
        actions.withdraw_refusal(chosen, by=current_member(), revision=RevisionForm().seen)
        return _("已撤回，这一项重新待审核")

    return pages.acted(found, withdraw)
