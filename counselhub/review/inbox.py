"""The office's inbox: which statements wait for whom, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import joinedload

from counselhub.core import clock
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.permissions import Role
from counselhub.people.models import Firm
from counselhub.review.filters import has_warning
from counselhub.statements.models import Statement, StatementLine
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
    """Select (statement, since, pending, queried, changed, warned).

    Unless asked otherwise the longest waiting comes first; of the settled ones the newest month.
    """
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


def _order(asked: InboxFilter, since: ColumnElement[datetime]) -> list[Any]:
    keys: Mapping[str, Any] = {
        "month": Statement.month,
        "firm": Firm.name,
        "total": Statement.total_fen,
        "since": since,
        "due": Statement.turn_due_on,
    }
    if asked.sort not in keys and asked.tab in ("done", "all"):
        return [Statement.month.desc(), Firm.name, Statement.id]
    key = keys.get(asked.sort, since)
    ordered = key.desc() if asked.direction == "desc" else key.asc()
    return [ordered.nulls_last(), Statement.id]


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


def days_waiting(since: datetime | None, today: date) -> int:
    """Return the whole days since a statement last moved, 0 when that is not known."""
    return (today - clock.local(since).date()).days if since else 0


class Turn(NamedTuple):
    """Whose turn a statement is. side: '' for nobody's; overdue_days: calendar days too late."""

    side: str
    due_on: date | None
    overdue_days: int


def turn_of(statement: Statement) -> Turn:
    """Return whose turn it is, and whether that side is late (REV-3)."""
    due_on = statement.turn_due_on
    late = (clock.today() - due_on).days if due_on else 0
    return Turn(statement.turn_side or "", due_on, max(0, late))
