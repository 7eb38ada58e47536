"""What the review page asks: a statement's lines, its questions, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import joinedload, selectinload

from counselhub.core import paging
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.history import Event
from counselhub.places.models import Community
from counselhub.review.filters import LineFilter, has_changed, has_warning, is_of
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview
from counselhub.statements.thread_models import LineQuery

LINES_A_PAGE = 100
HELD_BACK = (LineReview.DEFERRED, LineReview.REFUSED)
HAPPENINGS = 60
SINCE = 20
"""Acts of others that a refusal tells of."""


@dataclass(frozen=True, slots=True)
class LineTallies:
    """A statement's lines in numbers; the matching ones are those that one gesture accepts."""

    lines: int = 0
    pending: int = 0
    queried: int = 0
    accepted: int = 0
    changed: int = 0
    warned: int = 0
    held: int = 0
    held_fen: int = 0
    queried_fen: int = 0
    matching: int = 0
    matching_fen: int = 0
    last_at: datetime | None = None
    """When the reader last accepted or queried lines, which still stand so."""
    communities: Mapping[str, str] = field(default_factory=dict)
    kinds: Sequence[str] = ()


def tallies(statement: Statement, asked: LineFilter, reader: UUID | None = None) -> LineTallies:
    """Count the lines of a statement, and those of `asked` that match, with one statement.

    reader: whose last gesture is asked for.
    """
    by_code = func.jsonb_object_agg(Community.code, Community.name)
    query = (
        select(
            *_numbers(statement, asked),
            func.max(StatementLine.reviewed_at).filter(_gesture_of(reader)),
            by_code.filter(Community.code.is_not(None)),
            func.array_agg(StatementLine.kind.distinct()),
        )
        .select_from(StatementLine)
        .outerjoin(Community, Community.code == StatementLine.community_code)
        .where(is_of(statement))
    )
    *numbers, last_at, names, kinds = db.session.execute(query).one()
    counts = dict(zip(LineTallies.__slots__, map(int, numbers), strict=False))
    communities = dict(sorted((names or {}).items()))
    return LineTallies(**counts, last_at=last_at, communities=communities, kinds=kinds or ())


def _numbers(statement: Statement, asked: LineFilter) -> list[ColumnElement[int]]:
    """Return the columns of a tally in the order of LineTallies."""
    review = StatementLine.review
    is_queried, is_held = review == LineReview.QUERIED, review.in_(HELD_BACK)
    matching = and_(*asked.matching(statement))
    return [
        func.count(),
        func.count().filter(review == LineReview.PENDING),
        func.count().filter(is_queried),
        func.count().filter(review == LineReview.ACCEPTED),
        func.count().filter(has_changed(statement)),
        func.count().filter(has_warning()),
        func.count().filter(is_held),
        _sum(StatementLine.held_fen, is_held),
        _sum(StatementLine.amount_fen, is_queried),
        func.count().filter(matching),
        _sum(StatementLine.amount_fen, matching),
    ]


def _gesture_of(reader: UUID | None) -> ColumnElement[bool]:
    """Lines that the reader accepted or queried, and that still stand so."""
    return and_(
        StatementLine.reviewed_by_id == reader,
        StatementLine.review.in_((LineReview.ACCEPTED, LineReview.QUERIED)),
    )


def _sum(column: Any, which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(column).filter(which), 0)


def lines_page(statement: Statement, asked: LineFilter, page: int) -> paging.Page[StatementLine]:
    """Return a page of lines in printing order, with one statement."""
    query = (
        select(StatementLine, func.count().over())
        .where(*asked.clauses(statement))
        .options(joinedload(StatementLine.community))
        .order_by(StatementLine.position, StatementLine.id)
        .limit(LINES_A_PAGE)
        .offset((max(1, page) - 1) * LINES_A_PAGE)
    )
    rows = db.session.execute(query).all()
    total = rows[0][1] if rows else 0
    return paging.Page([line for line, _total in rows], max(1, page), LINES_A_PAGE, total)


def line_of(statement: Statement, line_id: UUID) -> StatementLine:
    """Return one line of the statement with its trace. Raises NotFoundError."""
    query = select(StatementLine).where(is_of(statement), StatementLine.id == line_id)
    line = db.session.scalar(query.options(joinedload(StatementLine.community)))
    if line is None:
        raise NotFoundError()
    return line


def next_of(lines: Sequence[StatementLine], after: int) -> StatementLine | None:
    """Return the line to look at next: a pending one behind position `after`, else before it.

    Without a pending one the first; None of none.
    """
    return min(
        lines,
        key=lambda line: (
            line.review != LineReview.PENDING,
            line.position <= after,
            line.position,
        ),
        default=None,
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A query with the line it asks about."""

    query: LineQuery
    kind: str
    place: str
    is_withdrawn: bool


def questions(statement: Statement, line: StatementLine | None = None) -> list[Question]:
    """Return the queries on a statement, or on one of its lines, oldest first."""
    withdrawn = exists().where(
        Event.firm_id == LineQuery.firm_id,
        Event.subject_id == LineQuery.line_id,
        Event.act == "withdraw_query",
        Event.detail["query"].astext == cast(LineQuery.id, Text),
    )
    query = (
        select(LineQuery, StatementLine.kind, Community, withdrawn)
        .join(
            StatementLine,
            and_(StatementLine.firm_id == LineQuery.firm_id, StatementLine.id == LineQuery.line_id),
        )
        .outerjoin(Community, Community.code == StatementLine.community_code)
        .where(LineQuery.firm_id == statement.firm_id, LineQuery.statement_id == statement.id)
        .where(LineQuery.line_id == line.id if line else true())
        .options(selectinload(LineQuery.entries), selectinload(LineQuery.files))
        .order_by(LineQuery.asked_at, LineQuery.id)
    )
    return [
        Question(asked, kind, community.short_name if community else "", is_withdrawn)
        for asked, kind, community, is_withdrawn in db.session.execute(query)
    ]


def happenings(statement: Statement) -> list[Event]:
    """Return the newest acts on the statement and its queries that the reader may see.

    Newest first, at most HAPPENINGS; what was accepted one by one stands at the lines.
    """
    lines = select(StatementLine.id).where(is_of(statement))
    query = (
        select(Event)
        .where(
            Event.firm_id == statement.firm_id,
            or_(Event.subject_id == statement.id, Event.subject_id.in_(lines)),
            Event.act.not_in(("accept", "undo_accept")),
        )
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(HAPPENINGS)
    )
    return list(db.session.scalars(query))


def since(statement: Statement, seen_at: datetime, reader: UUID | None) -> list[Event]:
    """Return what others did to the statement and its lines after `seen_at`, newest first."""
    lines = select(StatementLine.id).where(is_of(statement))
    query = select(Event).where(
        Event.firm_id == statement.firm_id,
        or_(Event.subject_id == statement.id, Event.subject_id.in_(lines)),
        Event.at > seen_at,
        Event.actor_id.is_distinct_from(reader),
    )
    newest = query.order_by(Event.at.desc(), Event.id.desc()).limit(SINCE)
    return list(db.session.scalars(newest))
