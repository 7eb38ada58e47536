"""What contracts ask for."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core.db import db
from counselhub.places.models import Community
from counselhub.roster.models import (
    ABSENCE_LIMIT,
    LATE_MINUTES,
    TOLERANCE_MINUTES,
    DutySlot,
    DutyTerm,
    RosterRule,
)
from counselhub.roster.quotas import Span

SAME_STREET_MINUTES = 30
OTHER_STREET_MINUTES = 60


def terms_of(contract_id: UUID) -> list[DutyTerm]:
    """Return the terms of a contract, in the order they were written."""
    query = select(DutyTerm).where(DutyTerm.contract_id == contract_id).order_by(DutyTerm.id)
    return list(db.session.scalars(query))


def places_of(contract_id: UUID) -> list[Community]:
    """Return the communities of a contract, by pinyin."""
    query = (
        select(Community)
        .join(ContractCommunity, ContractCommunity.community_code == Community.code)
        .where(ContractCommunity.contract_id == contract_id)
        .order_by(Community.pinyin, Community.code)
    )
    return list(db.session.scalars(query))


def served(today: date) -> list[Community]:
    """Return the communities that an agreed contract has today or later, by pinyin."""
    ahead = (
        select(ContractCommunity.community_code)
        .join(
            Contract,
            (Contract.firm_id == ContractCommunity.firm_id)
            & (Contract.id == ContractCommunity.contract_id),
        )
        .where(ContractCommunity.last_on >= today, Contract.status.in_(AGREED))
    )
    query = select(Community).where(Community.code.in_(ahead))
    return list(db.session.scalars(query.order_by(Community.pinyin, Community.code)))


def slots_of(term_id: UUID) -> int:
    """Return how many slots were ever planned by a term."""
    query = select(func.count()).select_from(DutySlot).where(DutySlot.term_id == term_id)
    return db.session.scalar(query) or 0


def terms_for(code: str, day: date) -> list[DutyTerm]:
    """Return the terms that ask something of a community on `day`; one statement."""
    covered = exists().where(
        ContractCommunity.firm_id == DutyTerm.firm_id,
        ContractCommunity.contract_id == DutyTerm.contract_id,
        ContractCommunity.community_code == code,
        ContractCommunity.starts_on <= day,
        ContractCommunity.last_on >= day,
    )
    query = (
        select(DutyTerm)
        .join(DutyTerm.contract)
        .where(
            covered,
            Contract.status.in_(AGREED),
            or_(DutyTerm.last_on.is_(None), DutyTerm.last_on >= day),
        )
        .order_by(DutyTerm.contract_id, DutyTerm.id)
    )
    terms = list(db.session.scalars(query))
    return [one for one in terms if applies(one, code, _named(terms, one.contract_id))]


def in_force(span: Span) -> list[tuple[DutyTerm, ContractCommunity]]:
    """Return (term, community it asks something of) with a day in the month; one statement."""
    query = (
        select(DutyTerm, ContractCommunity)
        .join(DutyTerm.contract)
        .join(Contract.communities)
        .where(
            Contract.status.in_(AGREED),
            ContractCommunity.starts_on <= span.last,
            ContractCommunity.last_on >= span.first,
            or_(DutyTerm.last_on.is_(None), DutyTerm.last_on >= span.first),
        )
        .order_by(DutyTerm.id, ContractCommunity.community_code)
    )
    pairs = [(term, place) for term, place in db.session.execute(query)]
    named: dict[UUID, set[str]] = {}
    for term, _place in pairs:
        named.setdefault(term.contract_id, set()).update(term.communities)
    return [
        (term, place)
        for term, place in pairs
        if applies(term, place.community_code, named[term.contract_id])
    ]


def _named(terms: Iterable[DutyTerm], contract_id: UUID) -> set[str]:
    own = (one for one in terms if one.contract_id == contract_id)
    return {code for one in own for code in one.communities}


def applies(term: DutyTerm, code: str, named: Sequence[str] | set[str]) -> bool:
    """Whether a term asks something of a community: it names it, or nobody does.

    named: what all terms of the same contract name.
    """
    return code in term.communities if term.communities else code not in named


def rule() -> RosterRule | None:
    """Return the firm's own rules of planning, None while it has the defaults."""
    return db.session.scalar(select(RosterRule))


def default_rule() -> RosterRule:
    """Return what holds for a firm without rules of its own; it is not stored."""
    return RosterRule(
        same_street_minutes=SAME_STREET_MINUTES,
        other_street_minutes=OTHER_STREET_MINUTES,
        tolerance_minutes=TOLERANCE_MINUTES,
        late_minutes=LATE_MINUTES,
        absence_limit=ABSENCE_LIMIT,
        approves_cover=True,
        trainees_cover=False,
    )
