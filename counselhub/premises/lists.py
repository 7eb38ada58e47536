"""Lists of premises: rooms of the street, issues as a bureau asks for them, reports, counts."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from counselhub.core import clock, pinyin
from counselhub.core.access import visible
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.core.sorting import Sorts, ordered
from counselhub.places.models import Community, Street
from counselhub.places.queries import served
from counselhub.premises import rules
from counselhub.premises.kinds import OPEN, IssueKind, IssueStatus, ReportStatus
from counselhub.premises.models import Premises, PremisesIssue, PremisesReport, PremisesStep
from counselhub.premises.queries import NAMES, REPORT_NAMES, is_open, stands

Issue = PremisesIssue
MOST_EXPORTED = 5_000
"""Issues in one file: more than a district has in years."""
KINDS = frozenset(IssueKind)
STATUSES = frozenset({"open", "letter", *OPEN, IssueStatus.SOLVED, IssueStatus.WITHDRAWN})
_OPEN_THERE = (
    select(func.count())
    .select_from(Issue)
    .where(Issue.community_code == Community.code, is_open)
    .correlate(Community)
    .scalar_subquery()
)
ROOM_SORTS: Sorts = {
    "inspected": (func.coalesce(Premises.inspected_on, date.min), Community.pinyin),
    "community": (Community.pinyin, Community.code),
    "issues": (_OPEN_THERE, Community.pinyin),
    "board": (func.coalesce(Premises.board_current_on, date.min), Community.pinyin),
}
ISSUE_SORTS: Sorts = {
    "reported": (Issue.reported_on, Issue.id),
    "community": (Community.pinyin, Issue.id),
    "letter": (Issue.letter_due_on, Issue.id),
    "planned": (func.coalesce(Issue.planned_on, date.max), Issue.id),
}


def rooms(street_code: str, words: str, sort: str) -> Select[Any]:
    """Select (community, its room or None, open issues) of a street."""
    query = _rooms(words).where(Community.street_code == street_code)
    return ordered(query, ROOM_SORTS, sort)


def served_rooms(words: str) -> Select[Any]:
    """Select (community, its room or None, open issues) of what the firm serves, by pinyin."""
    return _rooms(words).where(served()).order_by(Community.pinyin, Community.code)


def _rooms(words: str) -> Select[Any]:
    query = (
        select(Community, Premises, _OPEN_THERE.label("issues"))
        .outerjoin(Premises, Premises.community_code == Community.code)
        .options(joinedload(Community.street))
    )
    return query.where(*(pinyin.finds(Community.search, word) for word in words.split()))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the list of issues; blank is all. Days of the report, inclusive."""

    status: str = ""
    kind: str = ""
    street: str = ""
    words: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def address(self) -> dict[str, str]:
        """What an address needs to ask for the same."""
        days = {"first": self.first and f"{self.first}", "last": self.last and f"{self.last}"}
        of = {"kind": self.kind, "street": self.street, "q": self.words, **days}
        return {"status": self.status or "all"} | {key: value for key, value in of.items() if value}

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the tab is asked for."""
        return any((self.kind, self.street, self.words, self.first, self.last))


def issues(asked: Asked, sort: str) -> Select[Any]:
    """Select the issues in sight that are asked for. status: `open`, `done` or one of them."""
    query = visible(Issue).join(Issue.community).options(*NAMES)
    return ordered(query.where(*_conditions(asked)), ISSUE_SORTS, sort)


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    today = clock.today()
    found = [pinyin.finds(Community.search, word) for word in asked.words.split()]
    match asked.status:
        case "open":
            found.append(is_open)
        case "letter":
            found.append(and_(Issue.status == IssueStatus.REPORTED, Issue.letter_due_on < today))
        case "":
            found.append(Issue.status != IssueStatus.WITHDRAWN)
        case status:
            found.append(stands(today) == status)
    if asked.kind:
        found.append(Issue.kind == asked.kind)
    if asked.street:
        found.append(Issue.street_code == asked.street)
    if asked.first:
        found.append(Issue.reported_on >= asked.first)
    if asked.last:
        found.append(Issue.reported_on <= asked.last)
    return found


def exported(asked: Asked) -> list[PremisesIssue]:
    """Return what is asked for as a file has it: by street and community, at most 5,000."""
    query = visible(Issue).join(Issue.community).options(*NAMES).where(*_conditions(asked))
    query = query.order_by(Issue.street_code, Community.pinyin, Issue.reported_on, Issue.id)
    return list(db.session.scalars(query.limit(MOST_EXPORTED)))


def streets() -> list[Row[str, str]]:
    """Return (code, name) of the streets that have issues in sight."""
    here = visible(Issue).with_only_columns(Issue.street_code).distinct()
    query = select(Street.code, Street.name).where(Street.code.in_(here)).order_by(Street.code)
    return list(db.session.execute(query))


@dataclass(frozen=True, slots=True)
class Tallies:
    """What waits in the sight of the present member.

    letters: due within a week or late; late: of those the late ones; due, overdue: repairs.
    """

    open: int
    letters: int
    late: int
    due: int
    overdue: int
    solved: int


def tallies() -> Tallies:
    """Count the issues in sight, with one statement."""
    today = clock.today()
    now, waits = stands(today), Issue.status == IssueStatus.REPORTED
    soon = today + timedelta(days=rules.SOON_DAYS)
    each: list[ColumnElement[bool]] = [
        is_open,
        and_(waits, Issue.letter_due_on <= soon),
        and_(waits, Issue.letter_due_on < today),
        now == IssueStatus.DUE.value,
        now == IssueStatus.OVERDUE.value,
        Issue.status == IssueStatus.SOLVED,
    ]
    query = visible(Issue).with_only_columns(*(func.count().filter(one) for one in each))
    return Tallies(*map(int, db.session.execute(query).one()))


def reminders(street_code: str) -> list[PremisesIssue]:
    """Return the ten open issues whose next day comes first: that of the letter or the repair."""
    awaited = case(
        (Issue.status == IssueStatus.REPORTED, Issue.letter_due_on), else_=Issue.planned_on
    )
    soon = clock.today() + timedelta(days=rules.SOON_DAYS)
    query = (
        select(Issue)
        .join(Issue.community)
        .options(*NAMES)
        .where(Issue.street_code == street_code, is_open, awaited <= soon)
        .order_by(awaited, Community.pinyin, Issue.id)
        .limit(10)
    )
    return list(db.session.scalars(query))


def unseen(street_code: str) -> int:
    """Return how many communities of a street nobody has looked at for a quarter, or ever."""
    limit = clock.today() - timedelta(days=rules.INSPECTION_DAYS)
    query = (
        select(func.count())
        .select_from(Community)
        .outerjoin(Premises, Premises.community_code == Community.code)
        .where(
            Community.street_code == street_code,
            or_(Premises.inspected_on.is_(None), Premises.inspected_on < limit),
        )
    )
    return db.session.scalar(query) or 0


def reports(*, waiting: bool) -> Select[Any]:
    """Select the reports in sight, the newest first; only those not answered when `waiting`."""
    query = visible(PremisesReport).options(*REPORT_NAMES)
    if waiting:
        query = query.where(PremisesReport.status == ReportStatus.SENT)
    return query.order_by(PremisesReport.sent_at.desc(), PremisesReport.id.desc())


def reports_of(code: str) -> list[PremisesReport]:
    """Return the twenty latest reports of a community in sight."""
    query = reports(waiting=False).where(PremisesReport.community_code == code)
    return list(db.session.scalars(query.limit(20)))


def waiting() -> int:
    """Return how many reports in sight nobody has answered."""
    query = visible(PremisesReport).where(PremisesReport.status == ReportStatus.SENT)
    return db.session.scalar(query.with_only_columns(func.count())) or 0


def progress(found: list[PremisesIssue]) -> dict[UUID, str]:
    """Return the latest note of each of these issues that has one, with one statement."""
    query = (
        select(PremisesStep.issue_id, PremisesStep.words)
        .where(PremisesStep.act == "note_issue", among(PremisesStep.issue_id, map(_id, found)))
        .ext(distinct_on(PremisesStep.issue_id))
        .order_by(PremisesStep.issue_id, PremisesStep.at.desc(), PremisesStep.id.desc())
    )
    return {issue_id: words or "" for issue_id, words in db.session.execute(query)}


def _id(issue: PremisesIssue) -> UUID:
    return issue.id
