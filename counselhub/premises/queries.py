"""One community's room and issues, and what each of them brings along."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import joinedload

from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.places.models import Community
from counselhub.premises import rules
from counselhub.premises.kinds import CLOSED, OPEN, PLANNED, IssueKind, IssueStatus
from counselhub.premises.models import (
    Premises,
    PremisesFile,
    PremisesIssue,
    PremisesReport,
    PremisesRule,
    PremisesStep,
)

Issue = PremisesIssue
NAMES = (joinedload(Issue.community).joinedload(Community.street),)
REPORT_NAMES = (
    joinedload(PremisesReport.community),
    joinedload(PremisesReport.firm),
    joinedload(PremisesReport.adviser),
)
is_open = Issue.status.not_in(CLOSED)


def room_of(code: str) -> Premises | None:
    """Return what is known of a community's room, None when nothing is or it is not in sight."""
    return db.session.scalar(select(Premises).where(Premises.community_code == code))


def is_served(code: str) -> bool:
    """Whether a contract in sight covers a community this month: then its notice can be printed."""
    month = clock.this_month()
    covered = (
        select(ContractCommunity.id)
        .join(ContractCommunity.contract)
        .where(
            ContractCommunity.community_code == code,
            Contract.status.in_(AGREED),
            ContractCommunity.starts_on <= clock.last_day(month),
            ContractCommunity.last_on >= month,
        )
    )
    return db.session.scalar(covered.limit(1)) is not None


def letter_weekday(street_code: str) -> int:
    """Return the weekday (0 is Monday) on which an office wants its letters: Friday unless set."""
    row = db.session.get(PremisesRule, street_code)
    return rules.FRIDAY if row is None else row.letter_weekday


def open_issue(code: str, kind: IssueKind) -> PremisesIssue | None:
    """Return the open issue of a kind in a community, None for none."""
    return db.session.scalar(
        select(Issue).where(Issue.community_code == code, Issue.kind == kind, is_open)
    )


def issues_of(code: str) -> Sequence[PremisesIssue]:
    """Return the issues of a community in sight, open ones first, then the newest."""
    query = select(Issue).where(Issue.community_code == code, Issue.status != IssueStatus.WITHDRAWN)
    ended = case((is_open, 0), else_=1)
    return db.session.scalars(
        query.order_by(ended, Issue.reported_on.desc(), Issue.id.desc())
    ).all()


def standing_of(issue: PremisesIssue, today: date) -> IssueStatus:
    """Return where an issue stands today (PREM-2)."""
    return rules.standing(IssueStatus.of(issue.status), issue.planned_on, today)


def stands(today: date) -> ColumnElement[str]:
    """Return PREM-2 as SQL, for lists and counts that the database makes."""
    soon = today + timedelta(days=rules.SOON_DAYS)
    planned = Issue.status.in_(PLANNED)
    return case(
        (and_(planned, Issue.planned_on < today), IssueStatus.OVERDUE.value),
        (and_(planned, Issue.planned_on <= soon), IssueStatus.DUE.value),
        (planned, IssueStatus.EXPLAINED.value),
        else_=Issue.status,
    )


def moving(today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of issues whose status is behind the calendar."""
    soon = today + timedelta(days=rules.SOON_DAYS)
    return (
        Issue.status.in_((IssueStatus.EXPLAINED, IssueStatus.DUE)),
        or_(
            Issue.planned_on < today,
            and_(Issue.status == IssueStatus.EXPLAINED, Issue.planned_on <= soon),
        ),
    )


def files_of_room(room: Premises) -> Sequence[PremisesFile]:
    """Return the photos of a room, newest first, without their content."""
    query = select(PremisesFile).where(PremisesFile.premises_id == room.id)
    return db.session.scalars(query.order_by(PremisesFile.arrived_at.desc())).all()


def files_of_issue(issue: PremisesIssue) -> Sequence[PremisesFile]:
    """Return letters and photos of an issue, newest first, without their content."""
    query = select(PremisesFile).where(PremisesFile.issue_id == issue.id)
    return db.session.scalars(query.order_by(PremisesFile.arrived_at.desc())).all()


def steps_of(issue: PremisesIssue) -> Sequence[PremisesStep]:
    """Return what was done about an issue, newest first."""
    query = select(PremisesStep).where(PremisesStep.issue_id == issue.id)
    newest = (PremisesStep.at.desc(), PremisesStep.id.desc())
    return db.session.scalars(query.order_by(*newest)).all()


def fact_of(room: Premises | None) -> rules.RoomFact:
    """Return what is known of a room for the rules; nothing when there is no record."""
    if room is None:
        return rules.RoomFact(None, (), None, None)
    return rules.RoomFact(room.has_room, room.conditions, room.has_board, room.board_current_on)


def lacking(room: Premises | None, issues: Sequence[PremisesIssue]) -> list[IssueKind]:
    """Return what a room lacks and no open issue is about (PREM-3)."""
    known = {one.kind for one in issues if one.status in OPEN}
    found = rules.lacking(fact_of(room), clock.today())
    return [kind for kind in found if kind not in known]
