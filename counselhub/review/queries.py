"""What the office's pages ask: its inbox, a statement's lines, its questions, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
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

from counselhub.core import clock, paging
from counselhub.core.access import Role, visible
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.history import Event
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.review.filters import LineFilter, has_changed, has_warning, is_of
from counselhub.statements.models import LineQuery, Statement, StatementLine
from counselhub.statements.states import SEALED, LineReview, StatementStatus

S = StatementStatus
TABS: Mapping[str, frozenset[str]] = {
    "firm": frozenset({S.QUERIED}),
    "done": SEALED,
}
MINE: Mapping[Role, frozenset[str]] = {
    Role.CHECKER: frozenset({S.SUBMITTED, S.IN_REVIEW, S.PAYABLE}),
    Role.APPROVER: frozenset({S.APPROVED, S.PAYABLE}),
}
"""Whose turn it is: the checker's or the approver's; either of them records the payment."""
LINES_A_PAGE = 100
HAPPENINGS = 60


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What the reader asked for. tab: `` (mine), `firm`, `done` or `all`; others '' for any."""

    tab: str = ""
    status: str = ""
    month: str = ""
    firm: str = ""
    q: str = ""
    sort: str = ""
    direction: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """Read the filter from an address."""
        return cls(**{name: args.get(name, "") for name in cls.__slots__})

    @property
    def is_set(self) -> bool:
        """Whether the reader narrowed the tab down."""
        return bool(self.status or self.month or self.firm or self.q)


def waiting_since() -> ColumnElement[datetime]:
    """When a statement last moved; its submission when no move is told."""
    moved = (
        select(func.max(Event.at))
        .where(
            Event.firm_id == Statement.firm_id,
            Event.subject_id == Statement.id,
            Event.to_status.is_not(None),
        )
        .scalar_subquery()
    )
    return func.coalesce(moved, Statement.submitted_at)


def in_tab(tab: str, role: Role) -> ColumnElement[bool]:
    """The statements of a tab of the inbox, as a member with `role` sees it."""
    if tab == "all":
        return true()
    return Statement.status.in_(TABS.get(tab) or MINE.get(role, frozenset()))


def inbox(asked: InboxFilter, role: Role) -> Select[Any]:
    """Select (statement, since, pending, queried, changed, warned), the longest waiting first."""
    lines = (
        select(
            func.count().filter(StatementLine.review == LineReview.PENDING).label("pending"),
            func.count().filter(StatementLine.review == LineReview.QUERIED).label("queried"),
            func.count()
            .filter(Statement.version > 1, StatementLine.version == Statement.version)
            .label("changed"),
            func.count().filter(has_warning()).label("warned"),
        )
        .where(
            StatementLine.firm_id == Statement.firm_id, StatementLine.statement_id == Statement.id
        )
        .correlate(Statement)
        .lateral()
    )
    since = waiting_since().label("since")
    columns = (lines.c.pending, lines.c.queried, lines.c.changed, lines.c.warned)
    query = visible(Statement).add_columns(since, *columns).join(lines, true())
    return (
        query.outerjoin(Firm, Firm.id == Statement.firm_id)
        .options(joinedload(Statement.firm))
        .where(in_tab(asked.tab, role), *_narrowed(asked))
        .order_by(*_order(asked, since))
    )


def _narrowed(asked: InboxFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.status:
        conditions.append(Statement.status == asked.status)
    if asked.month:
        conditions.append(func.to_char(Statement.month, "YYYY-MM") == asked.month)
    if asked.firm:
        conditions.append(Firm.code == asked.firm)
    if asked.q:
        wanted = asked.q.strip()
        conditions.append(
            or_(
                Firm.name.icontains(wanted, autoescape=True),
                Statement.number.icontains(wanted, autoescape=True),
            )
        )
    return conditions


def _order(asked: InboxFilter, since: ColumnElement[datetime]) -> list[ColumnElement[Any]]:
    keys: Mapping[str, Any] = {
        "month": Statement.month,
        "firm": Firm.name,
        "total": Statement.total_fen,
        "since": since,
    }
    key = keys.get(asked.sort, since)
    return [key.desc() if asked.direction == "desc" else key.asc(), Statement.id]


@dataclass(frozen=True, slots=True)
class InboxTallies:
    """How many statements each tab has, and what the street's statements can be narrowed by."""

    tabs: Mapping[str, int]
    firms: Mapping[str, str]
    months: Sequence[str]


def inbox_tallies(role: Role) -> InboxTallies:
    """Count the tabs with one statement; firms by code, months newest first."""
    tabs = ("", *TABS, "all")
    counts = [func.count().filter(in_tab(tab, role)) for tab in tabs]
    firms = func.jsonb_object_agg(Firm.code, Firm.name).filter(Firm.code.is_not(None))
    months = func.array_agg(func.to_char(Statement.month, "YYYY-MM").distinct())
    query = select(*counts, firms, months).select_from(Statement)
    row = db.session.execute(query.outerjoin(Firm, Firm.id == Statement.firm_id)).one()
    *numbers, by_code, all_months = row
    return InboxTallies(
        dict(zip(tabs, numbers, strict=True)),
        dict(sorted((by_code or {}).items(), key=lambda pair: pair[1])),
        sorted(all_months or (), reverse=True),
    )


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
    """Return the newest acts on the statement and its lines that the reader may see, newest first.

    At most HAPPENINGS of them.
    """
    lines = select(StatementLine.id).where(is_of(statement))
    query = (
        select(Event)
        .where(
            Event.firm_id == statement.firm_id,
            or_(Event.subject_id == statement.id, Event.subject_id.in_(lines)),
        )
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(HAPPENINGS)
    )
    return list(db.session.scalars(query))


def days_waiting(since: datetime | None, today: date) -> int:
    """Return the whole days since a statement last moved, 0 when that is not known."""
    return (today - clock.local(since).date()).days if since else 0
