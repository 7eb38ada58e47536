"""What the firm in scope is to be reminded of; each kind with a fixed number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from counselhub.assignments import queries as assignments
from counselhub.assignments.rules import Days, Lead, coverage
from counselhub.contracts.kinds import ContractStatus
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.contracts.queries import continued
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.pairings.models import Pairing
from counselhub.pairings.queries import wanting_renewal
from counselhub.places.models import Community
from counselhub.referrals.kinds import LIVE
from counselhub.referrals.models import Referral
from counselhub.reminders import rules
from counselhub.statements.gather import gather
from counselhub.statements.models import Statement
from counselhub.statements.months import Month
from counselhub.statements.rules.outlook import outlooks

LOOK_BACK = timedelta(days=366)
"""How far back the beginning of a gap is looked for, so that it keeps its key while it lasts."""


def contracts(today: date) -> Sequence[Contract]:
    """Return the contracts of NOTE-1 with their communities, by last day; none without any."""
    last = today + timedelta(days=max(rules.CONTRACT_DAYS))
    query = (
        select(Contract)
        .options(selectinload(Contract.communities).joinedload(ContractCommunity.community))
        .where(
            Contract.communities.any(),
            Contract.status == ContractStatus.ACTIVE,
            Contract.ends_on.between(today, last),
            ~continued(),
        )
        .order_by(Contract.ends_on, Contract.id)
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A community and the days on which nobody leads it."""

    community: Community
    gap: Days


def uncovered(today: date) -> list[Uncovered]:
    """Return the communities of NOTE-2 with the first gap that is not over."""
    ahead = today + timedelta(days=max(rules.COVERAGE_DAYS))
    window = Days(today - LOOK_BACK, ahead)
    near = assignments.under_contract(Days(today, ahead), None, None)
    places = db.session.scalars(near).all()
    codes = [place.code for place in places]
    agreed: defaultdict[str, list[Days]] = defaultdict(list)
    for code, first, last in assignments.contract_days(codes, window):
        agreed[code].append(Days(first, last))
    leads: defaultdict[str, list[Lead]] = defaultdict(list)
    for code, name, first, until in assignments.leads(codes, window):
        leads[code].append(Lead(name, first, until))
    found = (
        (
            place,
            rules.gap_ahead(coverage(agreed[place.code], leads[place.code], window).gaps, today),
        )
        for place in places
    )
    return [Uncovered(place, gap) for place, gap in found if gap is not None]


@dataclass(frozen=True, slots=True)
class Short:
    """What the communities that a lawyer leads still lack of a month's hours."""

    adviser_id: UUID
    name: str
    minutes: int


def short(month: date, today: date) -> list[Short]:
    """Return the lawyers of NOTE-4, by name."""
    missing: defaultdict[str, int] = defaultdict(int)
    for each in gather(Month.of(month), live=True):
        for outlook in outlooks(each.facts, today):
            missing[outlook.community] += outlook.missing_minutes
    lacking = {code: minutes for code, minutes in missing.items() if minutes}
    sums: defaultdict[tuple[str, UUID], int] = defaultdict(int)
    for code, lead in assignments.leads_on(list(lacking), today).items():
        sums[lead.adviser.name, lead.adviser_id] += lacking[code]
    return [Short(one, name, minutes) for (name, one), minutes in sorted(sums.items())]


def waiting(today: date) -> Sequence[Statement]:
    """Return the statements of NOTE-6 and NOTE-7 with their street and firm, oldest first.

    Those on the office's side only once they have come back: a first submission is no answer.
    """
    latest = today - timedelta(days=min(rules.WAITING_DAYS))
    query = (
        select(Statement)
        .options(joinedload(Statement.street), joinedload(Statement.firm))
        .where(Statement.turn_side.is_not(None), Statement.turn_since <= latest)
        .order_by(Statement.turn_since, Statement.id)
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Steps:
    """How many steps of referrals end soon, and the first limit. adviser_id: of whom, if any."""

    adviser_id: UUID | None
    count: int
    first: datetime


def referrals(now: datetime) -> list[Steps]:
    """Return the steps of NOTE-8 by the lawyer who has taken the referral."""
    until = now + timedelta(hours=rules.REFERRAL_HOURS)
    query = (
        select(Referral.receiver_id, func.count(), func.min(Referral.due_at))
        .where(Referral.status.in_(LIVE), Referral.due_at > now, Referral.due_at <= until)
        .group_by(Referral.receiver_id)
        .order_by(Referral.receiver_id)
    )
    rows = db.session.execute(query)
    return [Steps(who, count, first) for who, count, first in rows if first is not None]


def pairings(today: date) -> Sequence[Pairing]:
    """Return the pairings of NOTE-9 with their community, by last day."""
    query = (
        select(Pairing)
        .options(joinedload(Pairing.community))
        .where(wanting_renewal(today, max(rules.PAIRING_DAYS)))
        .order_by(Pairing.valid_until, Pairing.id)
    )
    return db.session.scalars(query).all()


def last_month() -> date:
    """Return the first day of the month before the present one."""
    return clock.previous_month(clock.this_month())
