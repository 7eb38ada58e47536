"""Interviews of a street or a firm, and who should be asked for one after a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.contracts.models import ContractCommunity
from counselhub.core import clock, pinyin
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.sorting import Sorts, ordered
from counselhub.interviews.kinds import InterviewReason, InterviewStatus
from counselhub.interviews.models import Interview
from counselhub.interviews.rules import Shortage, shortage
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.spotchecks.kinds import COUNTED, Finding
from counselhub.spotchecks.models import SpotCheck
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import StatementStatus

NAMES = (
    joinedload(Interview.adviser),
    joinedload(Interview.community),
    joinedload(Interview.firm),
    joinedload(Interview.street),
)
SORTS: Sorts = {
    "held": (Interview.held_on, Interview.id),
    "firm": (Firm.name, Interview.held_on, Interview.id),
    "due": (Interview.due_on, Interview.id),
}
OPEN = frozenset({InterviewStatus.DRAFT, InterviewStatus.PUBLISHED, InterviewStatus.ACKNOWLEDGED})
TABS: Mapping[str, frozenset[str]] = {
    "open": OPEN,
    "done": frozenset({InterviewStatus.CLOSED, InterviewStatus.WITHDRAWN}),
}


def same_draft(
    firm_id: UUID, adviser_id: UUID | None, community_code: str | None, held_on: date
) -> Interview | None:
    """Return the office's draft about one firm, lawyer, community and day."""
    query = select(Interview).where(
        Interview.status == InterviewStatus.DRAFT,
        Interview.firm_id == firm_id,
        Interview.adviser_id.is_not_distinct_from(adviser_id),
        Interview.community_code.is_not_distinct_from(community_code),
        Interview.held_on == held_on,
    )
    return db.session.scalars(query.limit(1)).first()


def interviews(tab: str, words: str, sort: str) -> Select[Any]:
    """Select the interviews that the present member sees. tab: one of TABS, else all."""
    query = visible(Interview).options(*NAMES)
    query = query.outerjoin(Firm, Firm.id == Interview.firm_id)
    query = query.outerjoin(Interview.community).outerjoin(Interview.adviser)
    asked: list[ColumnElement[bool]] = []
    if tab in TABS:
        asked.append(Interview.status.in_(TABS[tab]))
    for word in words.split():
        places = pinyin.finds(Community.search, word) | pinyin.finds(Adviser.search, word)
        asked.append(or_(places, Firm.name.contains(word, autoescape=True)))
    return ordered(query.where(*asked), SORTS, sort)


def tallies() -> Mapping[str, int]:
    """Return how many interviews of each tab the present member sees, and of `all`."""
    each = [func.count().filter(Interview.status.in_(states)) for states in TABS.values()]
    query = visible(Interview).with_only_columns(*each, func.count())
    return dict(zip((*TABS, "all"), map(int, db.session.execute(query).one()), strict=True))


def happenings(interview: Interview) -> Sequence[Event]:
    """Return what both sides may know of an interview, newest first."""
    query = select(Event).where(
        Event.firm_id == interview.firm_id, Event.subject_id == interview.id
    )
    return db.session.scalars(query.order_by(Event.at.desc(), Event.id.desc())).all()


class Lead(NamedTuple):
    """Who leads a community for a firm; nobody may."""

    id: UUID | None
    name: str


NOBODY = Lead(None, "")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Why a firm should be asked: short of hours (shortage) or not there when it was checked.

    interview_id: the one that was held about it already.
    """

    reason: InterviewReason
    firm_id: UUID
    firm: str
    community: Community
    lead: Lead
    month: date
    shortage: Shortage | None
    absences: int
    interview_id: UUID | None


def proposals(street_code: str, month: date) -> list[Proposal]:
    """Return whom to ask after `month` (its first day), with four statements.

    Below hours: by the shortfall lines of the statements that firms have submitted and not voided.
    """
    held = _held(street_code, month)
    leads = _leads(street_code, clock.last_day(month))
    found = [
        Proposal(
            InterviewReason.HOURS,
            line.firm_id,
            firm or "",
            community,
            leads.get((line.firm_id, community.code), NOBODY),
            month,
            short,
            0,
            held.get((line.firm_id, community.code, InterviewReason.HOURS)),
        )
        for line, community, firm in _lines(street_code, month)
        if (short := shortage(line.trace)) is not None
    ]
    return found + _absent(street_code, month, held, leads)


def _lines(street_code: str, month: date) -> Sequence[Any]:
    query = (
        select(StatementLine, Community, Firm.name)
        .join(Community, Community.code == StatementLine.community_code)
        .join(
            Statement,
            and_(
                Statement.firm_id == StatementLine.firm_id,
                Statement.id == StatementLine.statement_id,
            ),
        )
        .outerjoin(Firm, Firm.id == StatementLine.firm_id)
        .where(
            Statement.status != StatementStatus.VOID,
            StatementLine.street_code == street_code,
            StatementLine.kind == LineKind.SHORTFALL,
            StatementLine.month == month,
        )
        .order_by(Community.pinyin, Community.code, StatementLine.contract_number)
    )
    return db.session.execute(query).all()


Held = Mapping[tuple[UUID, str, str], UUID]
Leads = Mapping[tuple[UUID, str], Lead]


def _absent(street_code: str, month: date, held: Held, leads: Leads) -> list[Proposal]:
    count = func.count()
    query = (
        select(SpotCheck.firm_id, Community, Firm.name, count)
        .join(SpotCheck.community)
        .outerjoin(Firm, Firm.id == SpotCheck.firm_id)
        .where(
            SpotCheck.street_code == street_code,
            SpotCheck.day.between(month, clock.last_day(month)),
            SpotCheck.finding == Finding.ABSENT,
            SpotCheck.status.in_(COUNTED),
            SpotCheck.published_at.is_not(None),
        )
        .group_by(SpotCheck.firm_id, Community.code, Firm.name)
        .order_by(Community.pinyin, Community.code)
    )
    return [
        Proposal(
            InterviewReason.ABSENCE,
            firm_id,
            firm or "",
            community,
            leads.get((firm_id, community.code), NOBODY),
            month,
            None,
            absences,
            held.get((firm_id, community.code, InterviewReason.ABSENCE)),
        )
        for firm_id, community, firm, absences in db.session.execute(query)
    ]


def _held(street_code: str, month: date) -> Held:
    query = select(Interview.firm_id, Interview.community_code, Interview.reason, Interview.id)
    rows = db.session.execute(
        query.where(
            Interview.street_code == street_code,
            Interview.month == month,
            Interview.status != InterviewStatus.WITHDRAWN,
        )
    )
    return {(firm, code or "", reason): row for firm, code, reason, row in rows}


def _leads(street_code: str, day: date) -> Leads:
    query = (
        select(Assignment.firm_id, Assignment.community_code, Adviser.id, Adviser.name)
        .join(
            Adviser,
            and_(Adviser.firm_id == Assignment.firm_id, Adviser.id == Assignment.adviser_id),
        )
        .where(
            Assignment.street_code == street_code,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.starts_on <= day,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
        )
    )
    rows = db.session.execute(query)
    return {(firm, code): Lead(lead, name) for firm, code, lead, name in rows}


@dataclass(frozen=True, slots=True)
class Choices:
    """Whom an office may ask. advisers: (id, name, firm's id)."""

    firms: list[tuple[UUID, str]]
    communities: list[Community]
    advisers: list[tuple[UUID, str, UUID]]


def choices(street_code: str) -> Choices:
    """Return the firms, communities and lawyers of a street, with three statements."""
    serving = select(ContractCommunity.firm_id).where(ContractCommunity.street_code == street_code)
    firms = db.session.execute(
        select(Firm.id, Firm.name).where(Firm.id.in_(serving)).order_by(Firm.name)
    )
    places = db.session.scalars(
        select(Community).where(Community.street_code == street_code).order_by(Community.pinyin)
    )
    posted = select(Assignment.adviser_id).where(Assignment.street_code == street_code)
    lawyers = db.session.execute(
        select(Adviser.id, Adviser.name, Adviser.firm_id)
        .where(Adviser.id.in_(posted))
        .order_by(Adviser.pinyin)
    )
    return Choices(
        [(row, name) for row, name in firms],
        list(places),
        [(row, name, firm) for row, name, firm in lawyers],
    )
