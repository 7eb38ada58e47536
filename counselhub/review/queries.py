"""What the review page asks: a statement's lines, its questions, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import (
    Text,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import joinedload

from counselhub.core import paging
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.history import Event
from counselhub.places.models import Community
from counselhub.review.filters import LineFilter, has_changed, has_warning, is_of
from counselhub.statements.models import LineQuery, Statement, StatementLine
from counselhub.statements.states import LineReview

LINES_A_PAGE = 100
HAPPENINGS = 60


@dataclass(frozen=True, slots=True)
class LineTallies:
    """A statement's lines in numbers; the matching ones are those that one gesture accepts."""

    lines: int = 0
    pending: int = 0
    queried: int = 0
    accepted: int = 0
    changed: int = 0
    warned: int = 0
    matching: int = 0
    matching_fen: int = 0
    communities: Mapping[str, str] = field(default_factory=dict)
    kinds: Sequence[str] = ()


def tallies(statement: Statement, asked: LineFilter) -> LineTallies:
    """Count the lines of a statement, and those of `asked` that match, with one statement."""
    review = StatementLine.review
    matching = and_(*asked.matching(statement))
    fen = func.coalesce(func.sum(StatementLine.amount_fen).filter(matching), 0)
    by_code = func.jsonb_object_agg(Community.code, Community.name)
    query = (
        select(
            func.count(),
            func.count().filter(review == LineReview.PENDING),
            func.count().filter(review == LineReview.QUERIED),
            func.count().filter(review == LineReview.ACCEPTED),
            func.count().filter(has_changed(statement)),
            func.count().filter(has_warning()),
            func.count().filter(matching),
            fen,
            by_code.filter(Community.code.is_not(None)),
            func.array_agg(StatementLine.kind.distinct()),
        )
        .select_from(StatementLine)
        .outerjoin(Community, Community.code == StatementLine.community_code)
        .where(is_of(statement))
    )
    row = db.session.execute(query).one()
    names = tuple(LineTallies.__slots__)
    counts = dict(zip(names, map(int, row[:-2]), strict=False))
    communities = dict(sorted((row[-2] or {}).items()))
    return LineTallies(**counts, communities=communities, kinds=row[-1] or ())


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
