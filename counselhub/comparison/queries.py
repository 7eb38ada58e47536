"""What each firm of some streets did in some months: seven statements, however many firms.

Presence is judged by the statement's own rules (`reports.gather`), services are counted as the
programme's report counts them; all else is one statement.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Interval,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    union_all,
)

from counselhub.assessments.kinds import AssessmentStatus
from counselhub.assessments.models import Assessment
from counselhub.claims.models import CaseClaim
from counselhub.clawbacks.kinds import ClawbackStatus
from counselhub.clawbacks.models import Clawback
from counselhub.comparison.gaps import gap_days
from counselhub.comparison.rules import GRADE_NUMBERS, Line
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import ScopeKind
from counselhub.people.models import Firm
from counselhub.places.models import Street
from counselhub.programme import figures
from counselhub.programme.kinds import Part, Unit
from counselhub.programme.periods import Period, Span
from counselhub.programme.rules import Column, Template
from counselhub.reports.figures import Figures
from counselhub.reports.gather import Gathered, gather_months
from counselhub.services.kinds import ServiceKind, ServiceMode
from counselhub.services.models import ServiceRecord
from counselhub.spotchecks.kinds import COUNTED, Finding
from counselhub.spotchecks.models import SpotCheck
from counselhub.statements.facts import DutyRole
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month
from counselhub.statements.states import SEALED, LineReview, S
from counselhub.statements.thread_models import LineQuery

Found = dict[tuple[str, UUID], Line]
OWED = (
    "required_minutes",
    "required_visits",
    "counted_minutes",
    "counted_visits",
    "missing_minutes",
    "missing_visits",
)
BY_WIRE = frozenset({ServiceMode.PHONE, ServiceMode.WECHAT})
COUNTERS = Template(
    "comparison",
    "comparison",
    (
        Column("lectures", Unit.TIMES, kinds=frozenset({ServiceKind.LECTURE})),
        Column("opinions", Unit.TIMES, kinds=frozenset({ServiceKind.LEGAL_OPINION})),
        Column("documents", Unit.TIMES, kinds=frozenset({ServiceKind.DRAFTING})),
        Column("online", Unit.TIMES, modes=BY_WIRE, part=Part.ASIDE),
    ),
    has_total=False,
)
"""Service figures by the titles of columns, counted as in any template."""


def streets_of(member: Member) -> dict[str, str]:
    """Return the streets that a member compares firms in, name by code: one, or a district's."""
    query = select(Street.code, Street.name).order_by(Street.code)
    if member.scope.kind is ScopeKind.BUREAU:
        query = query.where(Street.district_code == member.scope.key)
    else:
        query = query.where(Street.code == member.street_code)
    return {row.code: row.name for row in db.session.execute(query)}


def compared(streets: Mapping[str, str], months: Sequence[Month]) -> list[Line]:
    """Return every firm that serves one of `streets` (names by code) or was paid there.

    months: in a row. Street by street, in no order within.
    """
    found: Found = {}
    only = next(iter(streets)) if len(streets) == 1 else ""
    _add_presence(found, gather_months(months, street=only), months)
    for street, firm_id, numbers in db.session.execute(_tallied(streets, months)):
        _line(found, street, firm_id).numbers.update(
            {name: int(number or 0) for name, number in numbers.items()}
        )
    names = {row.id: row.name for row in db.session.execute(_named(found))}
    for line in found.values():
        line.name, line.street_name = names.get(line.firm_id, "—"), streets[line.street]
    return list(found.values())


def _line(found: Found, street: str, firm_id: UUID) -> Line:
    return found.setdefault((street, firm_id), Line(street, firm_id))


def _named(found: Found) -> Select[UUID, str]:
    return select(Firm.id, Firm.name).where(Firm.id.in_({line.firm_id for line in found.values()}))


def _add_presence(found: Found, known: Gathered, months: Sequence[Month]) -> None:
    """Add what was owed and done month by month, who led, and days without a lead."""
    owed: dict[tuple[str, UUID], Figures] = {}
    for one in known.standings():
        figures_of = owed.setdefault((one.community[:9], one.firm_id), Figures())
        figures_of.owe(one.standing)
    for key, sums in owed.items():
        _line(found, *key).numbers.update({name: getattr(sums, name) for name in OWED})
    for served in known.firms[:: len(months)]:
        _add_cover(found, served.firm_id, served.contracts, served.assignments, months)


def _add_cover(
    found: Found, firm_id: UUID, contracts: Any, assignments: Any, months: Sequence[Month]
) -> None:
    first, last = months[0].first, months[-1].last
    led = [one for one in assignments if one.role is DutyRole.LEAD]
    places: Counter[str] = Counter()
    for code in {code for contract in contracts for code in contract.communities}:
        places[code[:9]] += 1
    gaps = gap_days(contracts, led, first, min(last, clock.today()))
    for street, count in places.items():
        leads = {one.adviser for one in led if one.community[:9] == street}
        _line(found, street, firm_id).numbers.update(
            communities=count,
            leads=len(leads),
            gap_days=sum(days for code, days in gaps.items() if code[:9] == street),
        )


def _tallied(streets: Collection[str], months: Sequence[Month]) -> Any:
    """Select (street, firm, numbers by name) of every kind of record, one row of each."""
    first, last = months[0].first, months[-1].last
    return union_all(
        *_services(streets, first, last),
        _cases(streets, first, last),
        _statements(streets, first, last),
        _lines(streets, first, last),
        _clawbacks(streets, first, last),
        _grades(streets, first, last),
        _spots(streets, first, last),
    )


def _sums(model: Any, streets: Collection[str], **numbers: ColumnElement[Any]) -> Select[Any]:
    """Select the numbers of each street and firm as one document."""
    said = [part for name, number in numbers.items() for part in (literal(name, String), number)]
    return (
        select(model.street_code, model.firm_id, func.jsonb_build_object(*said).label("numbers"))
        .where(model.street_code.in_(streets))
        .group_by(model.street_code, model.firm_id)
    )


def _services(streets: Collection[str], first: date, last: date) -> list[Select[Any]]:
    """Count the log as the programme's report does, follow-ups on their own day."""
    period = Period(Span.FREE, first, last)
    told = []
    for model in figures.LOG:
        numbers: dict[str, ColumnElement[Any]] = {
            one.title: func.sum(figures.measured(one, model)).filter(figures.feeding(COUNTERS, one))
            for one in COUNTERS.columns
        }
        if model is ServiceRecord:
            by_wire = ServiceRecord.mode.in_(BY_WIRE)
            numbers["online_minutes"] = func.sum(ServiceRecord.minutes).filter(by_wire)
        told.append(figures.logged(_sums(ServiceRecord, streets, **numbers), period, model))
    return told


def _cases(streets: Collection[str], first: date, last: date) -> Select[Any]:
    counted = and_(CaseClaim.fulfilled, CaseClaim.dossier_complete)
    return _sums(
        CaseClaim, streets, cases=func.count(), cases_counted=func.count().filter(counted)
    ).where(CaseClaim.closed_on.between(first, last))


def _handed_in(first: date, last: date) -> ColumnElement[bool]:
    """Statements of the months that the office has seen and that stand."""
    return and_(
        Statement.submitted_at.is_not(None),
        Statement.status != S.VOID,
        Statement.month.between(first, last),
    )


def _statements(streets: Collection[str], first: date, last: date) -> Select[Any]:
    asked = exists().where(
        LineQuery.firm_id == Statement.firm_id, LineQuery.statement_id == Statement.id
    )
    ended = cast(Statement.month + func.make_interval(0, 1, type_=Interval), Date)
    handed_in = cast(func.timezone(clock.SHANGHAI.key, Statement.submitted_at), Date)
    is_signed = Statement.status.in_(SEALED - {S.APPROVED})
    return _sums(
        Statement,
        streets,
        statements=func.count(),
        approved_fen=func.sum(func.greatest(Statement.total_fen, 0)).filter(is_signed),
        returned=func.count().filter(asked),
        firm_days=func.sum(Statement.firm_days).filter(asked),
        submit_days=func.sum(handed_in - ended + 1),
    ).where(_handed_in(first, last))


def _lines(streets: Collection[str], first: date, last: date) -> Select[Any]:
    line = StatementLine
    asked = exists().where(LineQuery.firm_id == line.firm_id, LineQuery.line_id == line.id)
    refused_fen = case((line.review == LineReview.REFUSED, line.held_fen), else_=0)
    lacking = line.kind == LineKind.SHORTFALL
    return (
        _sums(
            line,
            streets,
            lines=func.count(),
            queried=func.count().filter(asked),
            claimed_fen=func.sum(line.amount_fen + refused_fen),
            shortfall_fen=func.sum(line.amount_fen).filter(lacking),
        )
        .join(
            Statement,
            and_(Statement.firm_id == line.firm_id, Statement.id == line.statement_id),
        )
        .where(_handed_in(first, last), Statement.street_code.in_(streets))
    )


def _clawbacks(streets: Collection[str], first: date, last: date) -> Select[Any]:
    return _sums(Clawback, streets, clawed_fen=func.sum(Clawback.amount_fen)).where(
        Clawback.status != ClawbackStatus.WITHDRAWN,
        Clawback.asked_at >= clock.instant(first, time()),
        Clawback.asked_at < clock.instant(last + timedelta(days=1), time()),
    )


def _grades(streets: Collection[str], first: date, last: date) -> Select[Any]:
    numbers = {
        name: func.count().filter(Assessment.grade == grade)
        for grade, name in GRADE_NUMBERS.items()
    }
    return _sums(Assessment, streets, **numbers).where(
        Assessment.status == AssessmentStatus.CONFIRMED,
        Assessment.year.between(first.year, last.year),
    )


def _spots(streets: Collection[str], first: date, last: date) -> Select[Any]:
    manned = SpotCheck.finding.in_((Finding.PRESENT, Finding.SUBSTITUTE))
    return _sums(
        SpotCheck,
        streets,
        spot_checks=func.count(),
        spot_present=func.count().filter(manned),
    ).where(SpotCheck.status.in_(COUNTED), SpotCheck.day.between(first, last))
