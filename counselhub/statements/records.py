"""The very records that made a line: what counted, what did not, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from counselhub.assignments.models import Assignment
from counselhub.claims.models import CaseClaim
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.duty import evidence
from counselhub.duty.grades import Graded
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.services.kinds import ServiceKind
from counselhub.services.log_models import ServiceFile
from counselhub.services.log_queries import shared_files
from counselhub.services.models import ServiceRecord
from counselhub.statements import codes, pack_codes
from counselhub.statements.facts import AssignmentFact
from counselhub.statements.lines import LineKind
from counselhub.statements.models import StatementLine
from counselhub.statements.proven import fact_of
from counselhub.statements.rules.presence import minutes_by_day, stints_by_community
from counselhub.statements.rules.warnings import Mark, fate_of


@dataclass(frozen=True, slots=True)
class JudgedSession:
    """A session with what became of it: `counted`, `voided`, or why it counts for nothing."""

    session: DutySession
    fate: str
    graded: Graded


@dataclass(frozen=True, slots=True)
class Records:
    """What a line rests on, oldest first; only the kinds that concern it are filled."""

    sessions: Sequence[JudgedSession] = field(default_factory=list)
    lectures: Sequence[ServiceRecord] = field(default_factory=list)
    files: Mapping[UUID, Sequence[ServiceFile]] = field(default_factory=dict)
    """Photos and drafts of the lectures that the firm lets the office see, by lecture."""
    claims: Sequence[CaseClaim] = field(default_factory=list)
    services: Sequence[ServiceRecord] = field(default_factory=list)
    """Of the kinds that a rule pack pays."""
    shifts: Sequence[OnlineShift] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is no record at all."""
        rows = (self.sessions, self.lectures, self.claims, self.shifts, self.services)
        return not any(rows)


def records_of(line: StatementLine) -> Records:
    """Return the records of a line under the present scope; none for what is only reckoned."""
    match line.kind:
        case LineKind.BASE | LineKind.SHORTFALL | LineKind.ATTENDANCE:
            return Records(sessions=_sessions(line))
        case LineKind.LECTURE:
            lectures = _services(line, [ServiceKind.LECTURE])
            return Records(lectures=lectures, files=shared_files([one.id for one in lectures]))
        case LineKind.ACTIVITY:
            return Records(services=_services(line, _paid_kinds(line)))
        case LineKind.CASE:
            return Records(claims=_claims(line))
        case LineKind.ONLINE:
            return Records(shifts=_shifts(line))
    return Records()


def span_of(line: StatementLine) -> tuple[date, date]:
    """Return first and last day of what a line rests on: its month, a base line's period."""
    for step in line.trace:
        if step["name"] == "period":
            given = step["inputs"]
            return date.fromisoformat(given["first"]), date.fromisoformat(given["last"])
    return line.month, clock.last_day(line.month)


def _sessions(line: StatementLine) -> list[JudgedSession]:
    first, last = span_of(line)
    place = line.community_code
    rows = db.session.scalars(
        select(DutySession)
        .where(
            DutySession.firm_id == line.firm_id,
            DutySession.community_code == place,
            DutySession.day.between(first, last),
        )
        .options(joinedload(DutySession.adviser), joinedload(DutySession.substitute_for))
        .order_by(DutySession.signed_in_at, DutySession.id)
    ).all()
    stints = stints_by_community(_assignments(line, first, last)).get(place or "", {})
    graded = evidence.of(rows)
    facts = [fact_of(row, graded[row.id].grade) for row in rows]
    shortest, lowest = _asked(line)
    minutes = minutes_by_day(facts, stints, lowest)
    judged = []
    for row, fact in zip(rows, facts, strict=True):
        fate = fate_of(fact, stints, lowest)
        if fact.is_voided:
            verdict = "voided"
        elif fate is not None:
            verdict = fate.value
        else:
            is_short = minutes[fact.day] < shortest
            verdict = Mark.SHORT_DAY.value if is_short else "counted"
        judged.append(JudgedSession(row, verdict, graded[row.id]))
    return judged


def _assignments(line: StatementLine, first: date, last: date) -> list[AssignmentFact]:
    rows = db.session.scalars(
        select(Assignment).where(
            Assignment.firm_id == line.firm_id,
            Assignment.community_code == line.community_code,
            Assignment.starts_on <= last,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= first),
        )
    )
    return [
        AssignmentFact(
            str(row.adviser_id),
            row.community_code,
            row.starts_on,
            row.ends_on,
            codes.ROLES[row.role],
        )
        for row in rows
    ]


def _asked(line: StatementLine) -> tuple[int, str]:
    """Return the shortest visit and lowest grade it was reckoned with; a base line asks nothing."""
    for step in line.trace:
        if step["name"] == "presence":
            given = step["inputs"]
            return int(given["shortest_visit_minutes"]), given.get("lowest_grade", "D")
    return 0, "D"


def _paid_kinds(line: StatementLine) -> list[str]:
    """Return the codes of the kinds of service that the line pays (M16)."""
    words = {step["inputs"]["kind"] for step in line.trace if step["name"] == "activity"}
    return [code for code, word in pack_codes.ACTIVITIES.items() if word in words]


def _services(line: StatementLine, kinds: Sequence[str]) -> Sequence[ServiceRecord]:
    return db.session.scalars(
        select(ServiceRecord)
        .where(
            ServiceRecord.firm_id == line.firm_id,
            ServiceRecord.community_code == line.community_code,
            ServiceRecord.kind.in_(kinds),
            ServiceRecord.day.between(line.month, clock.last_day(line.month)),
        )
        .options(joinedload(ServiceRecord.adviser))
        .order_by(ServiceRecord.day, ServiceRecord.id)
    ).all()


def _claims(line: StatementLine) -> Sequence[CaseClaim]:
    return db.session.scalars(
        select(CaseClaim)
        .where(
            CaseClaim.firm_id == line.firm_id,
            CaseClaim.community_code == line.community_code,
            CaseClaim.closed_on.between(line.month, clock.last_day(line.month)),
        )
        .options(joinedload(CaseClaim.adviser))
        .order_by(CaseClaim.closed_on, CaseClaim.number)
    ).all()


def _shifts(line: StatementLine) -> Sequence[OnlineShift]:
    opens = clock.instant(line.month, time())
    closes = clock.instant(clock.next_month(line.month), time())
    return db.session.scalars(
        select(OnlineShift)
        .where(
            OnlineShift.firm_id == line.firm_id,
            OnlineShift.street_code == line.street_code,
            OnlineShift.starts_at < closes,
            OnlineShift.ends_at > opens,
        )
        .options(joinedload(OnlineShift.adviser))
        .order_by(OnlineShift.starts_at)
    ).all()
