"""Rounds of two-way choice, their wishes and proposals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.advisers.queries import here
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.assignments.queries import running
from counselhub.choosing.kinds import Side
from counselhub.choosing.models import ChoiceProposal, ChoiceRound, ChoiceWish
from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core.db import db
from counselhub.core.markers import not_our_honey
from counselhub.places.models import Community, Street
from counselhub.referrals.team_models import CommunityNeed


def rounds() -> Select[ChoiceRound]:
    """Select the rounds, the latest first."""
    query = select(ChoiceRound).options(joinedload(ChoiceRound.street))
    return query.order_by(ChoiceRound.starts_on.desc(), ChoiceRound.id.desc())


def communities(row: ChoiceRound) -> list[Community]:
    """Return the communities that a round is about: under contract on its first day."""
    covered = exists().where(
        ContractCommunity.community_code == Community.code,
        ContractCommunity.firm_id == Contract.firm_id,
        ContractCommunity.contract_id == Contract.id,
        Contract.status.in_(AGREED),
        ContractCommunity.starts_on <= row.starts_on,
        ContractCommunity.last_on >= row.starts_on,
    )
    query = select(Community).where(covered)
    if row.street_code:
        query = query.where(Community.street_code == row.street_code)
    order = (Community.street_code, Community.pinyin, Community.code)
    return list(db.session.scalars(query.order_by(*order)))


def lawyers(day: date) -> list[Adviser]:
    """Return who is there on a day, by name."""
    query = select(Adviser).where(here(day), not_our_honey(Adviser, Adviser.licence_number))
    return list(db.session.scalars(query.order_by(Adviser.pinyin, Adviser.id)))


def leads(day: date) -> dict[UUID, set[str]]:
    """Return the codes of the communities that each lawyer leads on a day."""
    query = select(Assignment.adviser_id, Assignment.community_code).where(
        Assignment.role == AssignmentRole.LEAD, running(day, day)
    )
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for adviser_id, code in db.session.execute(query):
        found[adviser_id].add(code)
    return found


def needs() -> Mapping[str, frozenset[str]]:
    """Return the codes of each community's list of needs."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    query = select(CommunityNeed.community_code, CommunityNeed.speciality)
    for code, speciality in db.session.execute(query):
        found[code].add(speciality)
    return {code: frozenset(kinds) for code, kinds in found.items()}


def wishes(row: ChoiceRound) -> Sequence[ChoiceWish]:
    """Return every wish of a round, by rank."""
    query = select(ChoiceWish).where(ChoiceWish.round_id == row.id)
    return db.session.scalars(query.order_by(ChoiceWish.rank, ChoiceWish.id)).all()


def wishes_of(row: ChoiceRound, adviser_id: UUID) -> list[str]:
    """Return the codes that one lawyer wishes, the first first."""
    query = select(ChoiceWish.community_code).where(
        ChoiceWish.round_id == row.id,
        ChoiceWish.side == Side.LAWYER,
        ChoiceWish.adviser_id == adviser_id,
    )
    return list(db.session.scalars(query.order_by(ChoiceWish.rank)))


def proposals(row: ChoiceRound) -> list[ChoiceProposal]:
    """Return the proposals of a round, by community."""
    query = (
        select(ChoiceProposal)
        .join(ChoiceProposal.community)
        .options(joinedload(ChoiceProposal.community), joinedload(ChoiceProposal.adviser))
        .where(ChoiceProposal.round_id == row.id)
        .order_by(Community.street_code, Community.pinyin, Community.code)
    )
    return list(db.session.scalars(query))


def counted() -> Mapping[UUID, int]:
    """Return how many lawyers have stated wishes in each round."""
    query = (
        select(ChoiceWish.round_id, func.count(ChoiceWish.adviser_id.distinct()))
        .where(ChoiceWish.side == Side.LAWYER)
        .group_by(ChoiceWish.round_id)
    )
    return dict(db.session.execute(query).all())


def streets() -> list[tuple[str, str]]:
    """Return (code, name) of the streets in which the firm has contracts."""
    served = select(ContractCommunity.street_code)
    query = select(Street.code, Street.name).where(Street.code.in_(served)).order_by(Street.code)
    return [(code, name) for code, name in db.session.execute(query)]
