"""What the review page shows, and the answers that its acts give."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from counselhub.claims.kinds import AgreementForm, ClaimStatus, Difficulty
from counselhub.claims.wording import TONES as CLAIM_TONES
from counselhub.core import clock, htmx
from counselhub.core.access import current_member, fetch
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.money import format_yuan, in_capitals
from counselhub.duty.kinds import DutySource
from counselhub.people.models import Firm
from counselhub.review import queries, rules, wording
from counselhub.review.filters import LineFilter
from counselhub.review.forms import (
    PaymentForm,
    QueryForm,
    ReasonForm,
    RefusalForm,
    ReopenForm,
)
from counselhub.review.inbox import turn_of
from counselhub.review.line_actions import is_undoable
from counselhub.services.kinds import DisputeKind, ServiceKind
from counselhub.statements import wording as lines
from counselhub.statements.counted import counted_days
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.records import records_of
from counselhub.statements.states import (
    LineReview,
    QueryReason,
    RefusalReason,
    Side,
    StatementStatus,
)

PAGE, PART = "review/statement.html", "review/_review.html"
KEPT = ("view", "kind", "community", "warnings", "page")


def kept() -> dict[str, Any]:
    """Return the parts of the address that an act leaves as they are: the filter and its page."""
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def statement_page(statement_id: UUID) -> Statement:
    """Fetch a statement with the names that its page shows. Raises NotFoundError."""
    firm = joinedload(Statement.firm).joinedload(Firm.departure)
    options = joinedload(Statement.street), firm
    return fetch(Statement, statement_id, None, *options)


def context(
    statement: Statement, line_id: UUID | None = None, after: int = -1, **given: Any
) -> dict[str, Any]:
    """Return all variables of the review page. Raises NotFoundError.

    line_id: the selected line, None for the next to look at behind position `after`. given: a form
    that was refused, or the sentence of a refusal.
    """
    asked = LineFilter.of(request.args)
    reader = current_member().person_id
    tallies = queries.tallies(statement, asked, reader)
    page = queries.lines_page(statement, asked, request.args.get("page", 1, type=int))
    line = _selected(statement, page.items, line_id, after)
    questions = queries.questions(statement)
    return {
        **line_context(statement, line, questions),
        "asked": asked,
        "tallies": tallies,
        "page": page,
        "questions": questions,
        "happenings": [
            wording.happening(event, tallies.communities) for event in queries.happenings(statement)
        ],
        "capitals": in_capitals(statement.payable_fen),
        "undoable": rules.may_undo(tallies.last_at, reader, now=clock.now(), by=reader),
        "turn": turn_of(statement),
        "refusal": None,
        "since": [],
        **given,
    }


def _selected(
    statement: Statement, shown: Sequence[StatementLine], line_id: UUID | None, after: int
) -> StatementLine | None:
    if line_id is None:
        return queries.next_of(shown, after)
    found = next((line for line in shown if line.id == line_id), None)
    return found or queries.line_of(statement, line_id)


def line_context(
    statement: Statement, line: StatementLine | None, questions: list[queries.Question]
) -> dict[str, Any]:
    """Return the variables of a line beside its records."""
    return {
        "statement": statement,
        "kept": kept(),
        "line": line,
        "records": records_of(line) if line else None,
        "counted": counted_days([line] if line else []),
        "thread": [one for one in questions if line and one.query.line_id == line.id],
        "seen_at": clock.now().isoformat(),
        "reopenable": line is not None and is_undoable(line, current_member()),
        **words(),
        **forms(statement, line),
    }


def words() -> dict[str, Any]:
    """Return the words that several templates of the review share."""
    return {
        "wording": lines,
        "fates": wording.FATES,
        "Status": StatementStatus,
        "Review": LineReview,
        "Reason": QueryReason,
        "Refusal": RefusalReason,
        "Side": Side,
        "Source": DutySource,
        "Difficulty": Difficulty,
        "ServiceKind": ServiceKind,
        "AgreementForm": AgreementForm,
        "ClaimStage": ClaimStatus,
        "claim_tones": CLAIM_TONES,
        "Dispute": DisputeKind,
        "status_tones": wording.STATUS_TONES,
        "review_tones": wording.REVIEW_TONES,
    }


def forms(statement: Statement, line: StatementLine | None) -> dict[str, Any]:
    """Return the page's forms, empty, each with the revision of what it acts on.

    A question begins with the sentence that the address names.
    """
    revision = line.revision if line else None
    begun = {name: request.args.get(name, "") for name in ("reason", "words")}
    query = QueryForm(formdata=None, revision=revision, **begun)
    query.reason.choices = QueryReason.choices()
    refusal = RefusalForm(prefix="refusal", formdata=None, revision=revision)
    refusal.reason.choices = RefusalReason.choices()
    return {
        "query_form": query,
        "refusal_form": refusal,
        "reopen_form": ReopenForm(prefix="reopen", formdata=None, revision=revision),
        "is_begun": bool(begun["words"]),
        "reason_form": ReasonForm(formdata=None, revision=statement.revision),
        "payment_form": PaymentForm(
            formdata=None,
            revision=statement.revision,
            paid_on=clock.today(),
            amount=format_yuan(statement.payable_fen),
        ),
    }


def show_statement(statement: Statement) -> ResponseReturnValue:
    """Show the page, or for htmx all of it below the heading."""
    after = request.args.get("after", -1, type=int)
    return htmx.show(PAGE, PART, **context(statement, after=after))


def show_line(statement: Statement, line_id: UUID) -> ResponseReturnValue:
    """Show the page with a line selected, or for htmx the line alone. Raises NotFoundError."""
    if not htmx.wants_part():
        return htmx.show(PAGE, **context(statement, line_id))
    line = queries.line_of(statement, line_id)
    questions = queries.questions(statement, line)
    return htmx.show("review/_line.html", **line_context(statement, line, questions))


def acted(
    statement: Statement,
    act: Callable[[], object],
    *,
    line: StatementLine | None = None,
) -> ResponseReturnValue:
    """Do `act`, which returns a sentence for the reader, and go on to the next line.

    A conflict answers with the statement as it now is.
    """
    statement_id = statement.id
    try:
        toast = str(act())
    except ConflictError as refusal:
        return refused(statement_id, refusal)
    after = line.position if line else -1
    here = kept() | ({"after": after} if line else {})
    back_to = url_for("review.statement", statement_id=statement_id, **here)
    shown = context(statement, None, after) if htmx.wants_part() else {}
    return htmx.changed(PART, back_to, toast=toast, **shown)


def refused(statement_id: UUID, refusal: ConflictError) -> ResponseReturnValue:
    """Show the statement as it now is under the sentence of the refusal, 409."""
    message = refusal.message
    db.session.rollback()
    found = statement_page(statement_id)
    return htmx.refused(PAGE, PART, **context(found, refusal=message, since=_since(found)))


def _since(statement: Statement) -> list[wording.Happening]:
    """Return what others did since the reader opened the page, as its form says."""
    try:
        seen_at = datetime.fromisoformat(request.form.get("seen_at", ""))
    except ValueError:
        return []
    if seen_at.tzinfo is None:
        return []
    acts = queries.since(statement, seen_at, current_member().person_id)
    communities = queries.tallies(statement, LineFilter()).communities if acts else {}
    return [wording.happening(event, communities) for event in acts]


def invalid(
    statement: Statement, line: StatementLine | None = None, **given: Any
) -> ResponseReturnValue:
    """Show the page with the form as it was typed and what is wrong with it, 422."""
    return htmx.invalid(PAGE, PART, **context(statement, line.id if line else None, **given))
