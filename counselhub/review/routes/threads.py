"""What both sides add to a thread, and the files in it."""

from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import attachment
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.review import actions, papers, queries
from counselhub.review.forms import AnswerForm
from counselhub.review.routes.blueprint import bp
from counselhub.statements.models import Statement
from counselhub.statements.states import QueryReason
from counselhub.statements.thread_models import LineFile, LineFileContent, LineQuery

P = Permission
PAGE, PART = "review/answer.html", "review/_answer.html"


@bp.post("/review/queries/<uuid:query_id>/entries")
@require(P.STATEMENT_PREPARE, P.REVIEW_CHECK)
def create_entry(query_id: UUID) -> ResponseReturnValue:
    """Add to a thread: the firm answers, the office asks on."""
    asked = fetch(LineQuery, query_id)
    found = fetch(Statement, asked.statement_id)
    shown: dict[str, Any] = {"statement": found, "line": queries.line_of(found, asked.line_id)}
    form = answer_form(asked)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, PART, refused_form=form, **shown)
    try:
        words, seen = text(form.words), form.seen_entries
        actions.reply(asked, words, form.judged, by=current_member(), seen=seen)
    except ConflictError as refusal:
        form.entries.data = str(len(asked.entries))
        return htmx.refused(PAGE, PART, refused_answer=refusal.message, refused_form=form, **shown)
    except RefusedError as refusal:
        show_refusal(form.words, refusal)
        return htmx.invalid(PAGE, PART, refused_form=form, **shown)
    return htmx.changed(PART, _back_to(found, asked), toast=_("已发出"), **shown)


def _back_to(found: Statement, asked: LineQuery) -> str:
    """Return the page of the line: the office's, or the firm's statement at the line."""
    if current_member().scope.kind == "office":
        address = url_for("review.line", statement_id=found.id, line_id=asked.line_id)
        return f"{address}#line"
    return url_for("statements.statement", statement_id=found.id, _anchor=f"line-{asked.line_id}")


@bp.get("/review/files/<uuid:line_file_id>")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def line_file(line_file_id: UUID) -> Response:
    """Send a file of a thread. Raises NotFoundError once its term is over."""
    found = fetch(LineFile, line_file_id)
    content = db.session.get(LineFileContent, (found.firm_id, found.id))
    if content is None:
        raise NotFoundError(_("附件的保存期限已过，内容已清除。"))
    return attachment(content.content, found.name, papers.TYPES[found.ending])


@bp.app_template_global()
def answer_form(asked: LineQuery) -> AnswerForm:
    """Return the form for one thread; its names carry the question's, for many on a page."""
    return AnswerForm(prefix=asked.id.hex, entries=str(len(asked.entries)))


@bp.app_template_global()
def query_reason(code: str) -> str:
    """Word why the office asked, also on the firm's pages."""
    return QueryReason.of(code).label
