"""What the office's first page shows: five statements, whatever the street's size."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.interviews.kinds import InterviewStatus
from counselhub.interviews.models import Interview
from counselhub.officeday.models import Appropriation
from counselhub.officeday.rules import FIXED_KINDS, BaseFact, SignedFact
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.reports.gather import contracts_between
from counselhub.spotchecks.kinds import CheckStatus
from counselhub.spotchecks.models import SpotCheck
from counselhub.statements.facts import ContractFact
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month, months_between
from counselhub.statements.rules.base import monthly_base
from counselhub.statements.rules.periods import settlement_of, version_on
from counselhub.statements.states import AT_OFFICE, SEALED, S, StatementStatus
from counselhub.statements.terms import Source

SIGNED = SEALED - {S.APPROVED}
UNSETTLED = (*AT_OFFICE, S.QUERIED, S.APPROVED, S.SIGNED, S.PAYABLE)


@dataclass(frozen=True, slots=True)
class Standing:
    """One statement of the street, as far as the day's page asks. funding: fen by source."""

    firm: str
    firm_id: str
    month: date
    status: StatementStatus
    payable_fen: int
    variable_fen: int
    funding: Mapping[str, int]
    since: datetime | None

    def age_days(self, today: date) -> int:
        """For how many days it stands where it stands."""
        return (today - clock.local(self.since).date()).days if self.since else 0


def statements(street: str, year: int) -> list[Standing]:
    """Return the year's statements and all that are not settled, of any year."""
    line = aliased(StatementLine)
    varied = (
        select(func.coalesce(func.sum(line.amount_fen), 0))
        .where(
            line.firm_id == Statement.firm_id,
            line.statement_id == Statement.id,
            line.kind.not_in(FIXED_KINDS),
        )
        .correlate(Statement)
        .scalar_subquery()
    )
    since = func.greatest(Statement.submitted_at, Statement.approved_at, Statement.signed_at)
    of_year = Statement.month.between(date(year, 1, 1), date(year, 12, 31))
    query = (
        select(Firm.name, Statement, varied.label("varied"), since.label("since"))
        .join(Firm, Firm.id == Statement.firm_id)
        .where(
            Statement.street_code == street,
            Statement.submitted_at.is_not(None),
            Statement.status != S.VOID,
            or_(of_year, Statement.status.in_(UNSETTLED)),
        )
        .order_by(Statement.month, Firm.name)
    )
    return [_standing(*row) for row in db.session.execute(query)]


def _standing(firm: str, row: Statement, varied: Any, since: datetime | None) -> Standing:
    is_owed = row.total_fen > 0
    return Standing(
        firm=firm,
        firm_id=str(row.firm_id),
        month=row.month,
        status=StatementStatus(row.status),
        payable_fen=row.payable_fen,
        variable_fen=int(varied),
        funding=dict(row.funding) if is_owed else {},
        since=since,
    )


def signed_facts(found: Sequence[Standing], year: int) -> list[SignedFact]:
    """Return the year's signed statements as the forecast takes them."""
    return [
        SignedFact(one.firm_id, Month.of(one.month), one.payable_fen, one.variable_fen)
        for one in found
        if one.status in SIGNED and one.month.year == year
    ]


def used(found: Sequence[Standing], year: int) -> dict[str, int]:
    """Return what the year's signed statements take of each source."""
    spent: Counter[str] = Counter()
    for one in found:
        if one.status in SIGNED and one.month.year == year:
            spent.update(one.funding)
    return dict(spent)


def bases(street: str, year: int) -> list[BaseFact]:
    """Return the base of every month of the year, of every contract and community."""
    held, _unclear = contracts_between(date(year, 1, 1), date(year, 12, 31), street=street)
    months = months_between(Month(year, 1), Month(year, 12))
    return [
        fact
        for firm, contracts in held.items()
        for contract in contracts
        for month in months
        for fact in _month_bases(firm, contract, month)
    ]


def _month_bases(firm: str, contract: ContractFact, month: Month) -> list[BaseFact]:
    settlement = settlement_of(contract, month)
    if settlement is None or contract.starts_on > month.last or contract.last_day < month.first:
        return []
    terms = version_on(contract, month.first)
    return [
        BaseFact(firm, month, settlement.last, monthly_base(contract, terms, month, code))
        for code in contract.communities
    ]


class Place(NamedTuple):
    """A community of the street, and whether somebody is bound to serve it today."""

    code: str
    name: str
    has_contract: bool
    has_lead: bool


def places(street: str, today: date) -> list[Place]:
    """Return the street's communities in the order of lists."""
    bound = (
        select(ContractCommunity.id)
        .join(
            Contract,
            and_(
                Contract.firm_id == ContractCommunity.firm_id,
                Contract.id == ContractCommunity.contract_id,
            ),
        )
        .where(
            ContractCommunity.community_code == Community.code,
            ContractCommunity.starts_on <= today,
            ContractCommunity.last_on >= today,
            Contract.status.in_(AGREED),
        )
    )
    led = select(Assignment.id).where(
        Assignment.community_code == Community.code,
        Assignment.role == AssignmentRole.LEAD,
        Assignment.starts_on <= today,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today),
    )
    query = (
        select(
            Community,
            bound.correlate(Community).exists().label("bound"),
            led.correlate(Community).exists().label("led"),
        )
        .where(Community.street_code == street)
        .order_by(Community.pinyin)
    )
    return [
        Place(one.code, one.short_name, is_bound, is_led)
        for one, is_bound, is_led in db.session.execute(query)
    ]


class Due(NamedTuple):
    """What the office itself has to do: numbers."""

    to_check: int
    to_settle: int
    interviews: int


SOON = timedelta(days=7)


def due(street: str, today: date) -> Due:
    """Count checks that are due, answers to settle, and interviews whose term ends soon."""
    check, talk = SpotCheck, Interview
    here = check.street_code == street
    drawn = select(func.count()).where(here, check.status == CheckStatus.DRAWN, check.day <= today)
    answered = select(func.count()).where(here, check.status == CheckStatus.ANSWERED)
    open_talks = (InterviewStatus.PUBLISHED, InterviewStatus.ACKNOWLEDGED)
    talks = select(func.count()).where(
        talk.street_code == street, talk.status.in_(open_talks), talk.due_on <= today + SOON
    )
    counts = [one.scalar_subquery() for one in (drawn, answered, talks)]
    return Due(*db.session.execute(select(*counts)).one())


def appropriation(street: str, year: int) -> Appropriation | None:
    """Return what the office has entered for a year, None for nothing."""
    query = select(Appropriation).where(
        Appropriation.street_code == street, Appropriation.year == year
    )
    return db.session.scalars(query).one_or_none()


def granted(row: Appropriation | None) -> dict[str, int | None]:
    """Return the sources in their order with what each grants."""
    return {
        Source.CITY.value: row.city_fen if row else None,
        Source.DISTRICT.value: row.district_fen if row else None,
        Source.STREET.value: row.street_fen if row else None,
    }
