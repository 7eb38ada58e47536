"""Statements and their lines: a firm's own ones, an office's those submitted to it."""

from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from pydantic import AwareDatetime, Field
from sqlalchemy import select

from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import operation
from counselhub.api.shapes import Asked, Code, Instant, Listed, Month, PageOf, Shown, first_of
from counselhub.core import clock
from counselhub.core.access import current_member, fetch
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind
from counselhub.places.models import Street
from counselhub.review import inbox
from counselhub.statements import actions, queries
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview, StatementStatus

READ, WRITE = "statements:read", "statements:write"
P = Permission


class StatementShown(Shown):
    """补贴结算单 of one firm, one street, one month; amounts in fen."""

    id: UUID
    revision: int
    firm_id: UUID
    number: str
    street_code: str
    month: date
    status: str
    version: int
    total_fen: int
    payable_fen: int
    certified_at: Instant | None
    submitted_at: Instant | None
    approved_at: Instant | None
    signed_at: Instant | None
    paid_on: date | None
    paid_fen: int | None
    turn_side: str | None
    turn_due_on: date | None


class LineShown(Shown):
    """One amount of a statement; `held_fen`: what is held back of it."""

    id: UUID
    revision: int
    position: int
    kind: str
    community_code: str | None
    amount_fen: int
    held_fen: int
    review: str
    payment: str | None


class StatementsAsked(Listed):
    """A month, a street, a state."""

    month: Month | None = None
    status: StatementStatus | None = None
    changed_since: AwareDatetime | None = None


class LinesAsked(Listed):
    """A community, and how the office judged."""

    community: Code | None = None
    review: LineReview | None = None


@operation(
    "GET",
    "/statements",
    N_("列出结算单"),
    READ,
    P.STATEMENT_READ,
    P.REVIEW_READ,
    query=StatementsAsked,
    answer=PageOf[StatementShown],
)
def list_statements(asked: StatementsAsked) -> PageOf[StatementShown]:
    """List a firm's statements, or those that firms submitted to an office."""
    query = _of_office(asked) if _is_office() else _of_firm(asked)
    if asked.changed_since:
        query = query.where(changed_since(Statement, asked.changed_since))
    return part_of(query, Statement.id, asked, _shown, PageOf[StatementShown])


def _is_office() -> bool:
    return current_member().scope.kind is ScopeKind.OFFICE


def _of_firm(asked: StatementsAsked) -> Any:
    chosen = [asked.status] if asked.status else []
    return queries.statement_list(month=first_of(asked.month), statuses=chosen)


def _of_office(asked: StatementsAsked) -> Any:
    wanted = inbox.InboxFilter(tab="all", status=asked.status or "", month=asked.month or "")
    return inbox.inbox(wanted, current_member().role)


def _shown(row: Any) -> StatementShown:
    return shown(row if isinstance(row, Statement) else row[0])


def shown(row: Statement) -> StatementShown:
    """Return what is told of a statement."""
    return StatementShown.model_validate(row)


@operation(
    "GET",
    "/statements/<uuid:statement_id>",
    N_("查看一份结算单"),
    READ,
    P.STATEMENT_READ,
    P.REVIEW_READ,
    answer=StatementShown,
)
def statement(statement_id: UUID) -> StatementShown:
    """Show one statement."""
    return shown(fetch(Statement, statement_id))


@operation(
    "GET",
    "/statements/<uuid:statement_id>/lines",
    N_("列出结算单的明细"),
    READ,
    P.STATEMENT_READ,
    P.REVIEW_READ,
    query=LinesAsked,
    answer=PageOf[LineShown],
)
def list_lines(statement_id: UUID, asked: LinesAsked) -> PageOf[LineShown]:
    """List the lines of one statement."""
    of = fetch(Statement, statement_id)
    query = select(StatementLine).where(
        StatementLine.firm_id == of.firm_id, StatementLine.statement_id == of.id
    )
    if asked.community:
        query = query.where(StatementLine.community_code == asked.community)
    if asked.review:
        query = query.where(StatementLine.review == asked.review)
    return part_of(query, StatementLine.id, asked, LineShown.model_validate, PageOf[LineShown])


class StatementGiven(Asked):
    """Which street's statement of which month is to be worked out."""

    street_code: str = Field(pattern=r"^[0-9]{9}$")
    month: Month


@operation(
    "POST",
    "/statements",
    N_("编制或重算结算单"),
    WRITE,
    P.STATEMENT_PREPARE,
    body=StatementGiven,
    answer=StatementShown,
)
def compute_statement(body: StatementGiven) -> StatementShown:
    """Make a street's statement of a month, or work a draft out again from the records of now.

    Who stands for the amounts does so on the page, which asks who is there.
    """
    if db.session.get(Street, body.street_code) is None:
        raise RefusedError(_("没有这个街道。"), at="street_code")
    month = first_of(body.month) or clock.this_month()
    made = actions.compute(body.street_code, month, current_member())
    db.session.flush()
    return shown(made)
