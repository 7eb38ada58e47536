"""Referrals as pages show them: the board, the list, what waits for a reader, the whole way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from counselhub.core import sorting
from counselhub.core.access import in_sight
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.members import Member
from counselhub.referrals.kinds import (
    LIVE,
    OfferState,
    ReferralStatus,
    TeamRole,
)
from counselhub.referrals.models import (
    Referral,
    ReferralHandover,
    ReferralMember,
    ReferralOffer,
)
from counselhub.referrals.rules import Standing
from counselhub.referrals.team_models import ReferralRule, TeamMember

MOST_WORDS = 5
"""Words of a search; what comes after is not looked at."""
CARDS = 12
"""How many a column of the board shows; what is due first comes first."""
SORTS: sorting.Sorts = {
    "asked": (Referral.asked_at, Referral.id),
    "due": (Referral.due_at, Referral.id),
}


def names() -> tuple[ExecutableOption, ...]:
    """Return what to load with a referral: the names that pages show."""
    return (
        joinedload(Referral.community),
        joinedload(Referral.asker),
        joinedload(Referral.receiver),
        joinedload(Referral.team),
        joinedload(Referral.service),
    )


def taking_part(adviser_id: UUID | None) -> ColumnElement[bool]:
    """Return the condition of referrals that a lawyer asked for, has, was offered or helps with.

    Each part is read from an index of its own; his teams' are those of whose team he is in.
    """
    of_teams = select(TeamMember.team_id).where(
        TeamMember.adviser_id == adviser_id, TeamMember.left_on.is_(None)
    )
    parts = union_all(
        select(Referral.id).where(Referral.asker_id == adviser_id),
        select(Referral.id).where(Referral.receiver_id == adviser_id),
        select(Referral.id).where(Referral.team_id.in_(of_teams), Referral.status.in_(LIVE)),
        select(ReferralOffer.referral_id).where(
            ReferralOffer.adviser_id == adviser_id, ReferralOffer.state != OfferState.QUEUED
        ),
        select(ReferralMember.referral_id).where(ReferralMember.adviser_id == adviser_id),
        select(ReferralHandover.referral_id).where(ReferralHandover.to_id == adviser_id),
        select(Referral.id).where(Referral.escalated_at.is_not(None), is_liaison(adviser_id)),
    )
    return Referral.id.in_(select(parts.subquery().c[0]))


def is_liaison(adviser_id: UUID | None) -> ColumnElement[bool]:
    """Return the condition that the firm named this lawyer its emergency liaison."""
    return (
        select(ReferralRule.id)
        .where(ReferralRule.liaison_id == adviser_id, ReferralRule.firm_id == Referral.firm_id)
        .correlate(Referral)
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board."""

    status: ReferralStatus
    count: int
    cards: Sequence[Referral]


BOARD = tuple(one for one in ReferralStatus if one in LIVE)


def counts() -> Mapping[ReferralStatus, int]:
    """Return how many referrals in sight there are by state."""
    query = (
        select(Referral.status, func.count())
        .where(in_sight(Referral), Referral.status.in_(LIVE))
        .group_by(Referral.status)
    )
    return {ReferralStatus.of(status): count for status, count in db.session.execute(query)}


def board(counted: Mapping[ReferralStatus, int]) -> list[Column]:
    """Return the columns with their first cards; one statement for all of them."""
    place = (
        func.row_number()
        .over(partition_by=Referral.status, order_by=(Referral.due_at.nulls_last(), Referral.id))
        .label("place")
    )
    ranked = (
        select(Referral.id, place).where(in_sight(Referral), Referral.status.in_(LIVE)).subquery()
    )
    query = (
        select(Referral)
        .join(ranked, ranked.c.id == Referral.id)
        .options(*names())
        .where(ranked.c.place <= CARDS)
        .order_by(Referral.due_at.nulls_last(), Referral.id)
    )
    cards: dict[str, list[Referral]] = {}
    for row in db.session.scalars(query):
        cards.setdefault(row.status, []).append(row)
    return [Column(one, counted.get(one, 0), cards.get(one, [])) for one in BOARD]


def listed(asked: Mapping[str, str], sort: str) -> Select[Referral]:
    """Select the referrals in sight with the names that a list shows.

    asked: state, urgency, community and q (words of the matter or a number), '' for all.
    """
    return filtered(asked, sort).options(*names()).where(in_sight(Referral))


def filtered(asked: Mapping[str, str], sort: str) -> Select[Referral]:
    """Select what `listed` does, of everybody's."""
    query = select(Referral).where(*_asked(asked))
    return sorting.ordered(query, SORTS, sort)


def total(asked: Mapping[str, str]) -> int:
    """Return how many `listed` has."""
    query = select(func.count()).select_from(Referral)
    return db.session.scalar(query.where(in_sight(Referral), *_asked(asked))) or 0


def _asked(asked: Mapping[str, str]) -> Iterable[ColumnElement[bool]]:
    if state := asked["state"]:
        yield Referral.status.in_(LIVE) if state == "live" else Referral.status == state
    if urgency := asked["urgency"]:
        yield Referral.urgency == urgency
    if community := asked["community"]:
        yield Referral.community_code == community
    for word in asked["q"].split()[:MOST_WORDS]:
        plain = word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        found = func.referrals_matching(f"%{plain}%").column_valued("found")
        yield or_(Referral.id.in_(select(found)), Referral.number == word.upper())


def standing(referral: Referral, member: Member, *, is_desk: bool) -> Standing:
    """Return what a member is to a referral; one statement."""
    who = member.adviser_id
    if who is None:
        return Standing(is_desk=is_desk, is_lawyer=False)
    helps = select(ReferralMember.id).where(
        ReferralMember.referral_id == referral.id, ReferralMember.adviser_id == who
    )
    leads = or_(
        helps.where(ReferralMember.role == TeamRole.LEADER).exists(),
        _leads_team(referral.team_id, who),
    )
    liaison = select(ReferralRule.id).where(ReferralRule.liaison_id == who).exists()
    parts = (leads, helps.exists(), _is_asked(referral, who), liaison)
    is_leader, is_helper, is_asked, is_named = db.session.execute(select(*parts)).one()
    return Standing(
        is_desk=is_desk,
        is_asker=referral.asker_id == who,
        is_receiver=referral.receiver_id == who,
        is_leader=is_leader,
        is_helper=is_helper,
        is_asked=is_asked,
        is_liaison=is_named,
    )


def _leads_team(team_id: UUID | None, who: UUID) -> ColumnElement[bool]:
    query = select(TeamMember.id).where(
        TeamMember.team_id == team_id,
        TeamMember.adviser_id == who,
        TeamMember.role == TeamRole.LEADER,
        TeamMember.left_on.is_(None),
    )
    return query.exists()


def _is_asked(referral: Referral, who: UUID) -> ColumnElement[bool]:
    query = select(ReferralOffer.id).where(
        ReferralOffer.referral_id == referral.id,
        ReferralOffer.adviser_id == who,
        ReferralOffer.state == OfferState.OPEN,
    )
    return query.exists()


def whole_way(referral: Referral) -> list[Event]:
    """Return every act on a referral, newest first."""
    query = select(Event).where(
        Event.subject_id == referral.id, Event.subject == Referral.__tablename__
    )
    return list(db.session.scalars(query.order_by(Event.at.desc(), Event.id.desc())))


def of_service(service_id: UUID) -> Sequence[Referral]:
    """Return the referrals of a service that the reader sees, newest first."""
    query = select(Referral).where(in_sight(Referral), Referral.service_id == service_id)
    return db.session.scalars(query.order_by(Referral.asked_at.desc())).all()
