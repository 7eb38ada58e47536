"""From rows to facts: what the rules know of lawyers, teams, days and limits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Subquery, and_, func, or_, select

from counselhub.advisers.kinds import AdviserCategory
from counselhub.advisers.models import Adviser
from counselhub.advisers.queries import here
from counselhub.assignments.models import Assignment
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.markers import not_our_honey
from counselhub.leave import queries as leave
from counselhub.referrals import conflicts
from counselhub.referrals.clocks import IsWorked
from counselhub.referrals.kinds import Block, OfferState, Speciality
from counselhub.referrals.models import Referral, ReferralOffer
from counselhub.referrals.suggesting import (
    LOAD_DAYS,
    Candidate,
    Lawyer,
    Matter,
    TeamFact,
    best_team,
    ranking,
)
from counselhub.referrals.team_models import CommunityNeed, ReferralRule, Team, TeamMember
from counselhub.roster.holiday_queries import calendar

AHEAD = timedelta(days=400)
"""How far limits are looked up in the calendar."""


def rule() -> ReferralRule:
    """Return the firm's rules; the usual ones, not yet written, when it has set none."""
    found = db.session.scalar(select(ReferralRule))
    return found or usual_rule()


def usual_rule() -> ReferralRule:
    """Return the rules of a firm that has set none, as a row that is not in the session."""
    columns = ReferralRule.__table__.columns
    usual = {c.name: c.default.arg for c in columns if c.default and c.default.is_scalar}
    return ReferralRule(**usual)


def is_worked() -> IsWorked:
    """Return what tells worked days of the next year; one statement."""
    today = clock.today()
    return calendar(today - AHEAD, today + AHEAD).is_worked


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Everybody as the rules rank them, the active teams by id, and the one that fits best.

    found: what the check for conflicts says, with why a lawyer is left out for one.
    """

    ranked: list[Candidate]
    teams: Mapping[UUID, TeamFact]
    team: TeamFact | None
    found: conflicts.Found

    def why_not(self, one: Candidate) -> str:
        """Return why a lawyer is left out, "" for who may be asked."""
        return blocked(one.blocks, self.found.why(one.lawyer.id))


def blocked(blocks: Iterable[Block], why: str) -> str:
    """Return what is in the way as one line; why: the reasons of a conflict."""
    said = [
        str(_("%(block)s（%(why)s）", block=one.label, why=why))
        if one is Block.CONFLICT and why
        else one.label
        for one in blocks
    ]
    return str(_("、")).join(said)


def suggestion(referral: Referral) -> Suggestion:
    """Return whom and which team the rules suggest for a referral; six statements at most."""
    matter = matter_of(referral)
    teams = _teams()
    people, said_no = _lawyers(referral, teams)
    found = conflicts.found(referral)
    known = {one.id: found.of(one.id) for one in people}
    ranked = ranking(matter, people, known, said_no)
    facts = {team.id: team for team, _members in teams}
    return Suggestion(ranked, facts, best_team(matter, facts.values()), found)


def candidates(referral: Referral) -> list[Candidate]:
    """Return everybody of the firm as the rules rank them for a referral."""
    return suggestion(referral).ranked


def matter_of(referral: Referral) -> Matter:
    """Return what is referred as the rules know it."""
    query = select(CommunityNeed.speciality).where(
        CommunityNeed.community_code == referral.community_code
    )
    needs = frozenset(Speciality.of(code) for code in db.session.scalars(query))
    return Matter(
        Speciality.of(referral.speciality), referral.community_code, referral.asker_id, needs
    )


def _lawyers(
    referral: Referral, teams: Iterable[tuple[TeamFact, list[UUID]]]
) -> tuple[list[Lawyer], frozenset[UUID]]:
    """Return everybody who has not left, and who has said no to it; two statements."""
    today = clock.today()
    people = _people(referral)
    own = defaultdict[UUID, list[TeamFact]](list)
    for team, members in teams:
        for adviser_id in members:
            own[adviser_id].append(team)
    found = leave.away(today, today, [row.id for row in people])
    away = {who for who, absence in found if absence.is_whole}
    lawyers = [_lawyer(row, own[row.id], row.id in away) for row in people]
    return lawyers, frozenset(row.id for row in people if row.has_declined)


def roll() -> set[UUID]:
    """Return the ids of the lawyers who have not left."""
    return {row.id for row in leave.present_advisers(clock.today())}


def _lawyer(row: Any, teams: Sequence[TeamFact], is_away: bool) -> Lawyer:
    words = set(row.specialties)
    own = {one for one in Speciality if one.word in words and one is not Speciality.OTHER}
    return Lawyer(
        id=row.id,
        name=row.name,
        order=row.pinyin,
        load=row.load,
        knows=frozenset(own).union(*(team.knows for team in teams)),
        serves=frozenset(row.serves or ()),
        clusters=frozenset[str]().union(*(team.cluster for team in teams)),
        team_ids=tuple(sorted(team.id for team in teams)),
        is_away=is_away,
        is_trainee=row.category == AdviserCategory.TRAINEE,
    )


def _people(referral: Referral) -> Sequence[Any]:
    """Return who has not left: name, kind, load of 90 days, places, whether he has said no."""
    since = clock.now() - timedelta(days=LOAD_DAYS)
    taken = (
        select(Referral.receiver_id, func.count().label("load"))
        .where(Referral.accepted_at >= since)
        .group_by(Referral.receiver_id)
        .subquery()
    )
    assigned = _assigned()
    load = func.coalesce(taken.c.load, 0).label("load")
    declined = select(ReferralOffer.adviser_id).where(
        ReferralOffer.referral_id == referral.id, ReferralOffer.state == OfferState.DECLINED
    )
    query = (
        select(
            Adviser.id,
            Adviser.name,
            Adviser.pinyin,
            Adviser.specialties,
            Adviser.category,
            load,
            assigned.c.serves,
            Adviser.id.in_(declined).label("has_declined"),
        )
        .outerjoin(taken, taken.c.receiver_id == Adviser.id)
        .outerjoin(assigned, assigned.c.adviser_id == Adviser.id)
        .where(here(clock.today()), not_our_honey(Adviser, Adviser.licence_number))
    )
    return db.session.execute(query).all()


def _assigned() -> Subquery:
    today = clock.today()
    serves = func.array_agg(Assignment.community_code).label("serves")
    return (
        select(Assignment.adviser_id, serves)
        .where(
            Assignment.starts_on <= today,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today),
        )
        .group_by(Assignment.adviser_id)
        .subquery()
    )


def _teams() -> list[tuple[TeamFact, list[UUID]]]:
    """Return the active teams with who is in each, by name; one statement."""
    query = (
        select(Team, TeamMember.adviser_id)
        .outerjoin(
            TeamMember,
            and_(
                TeamMember.firm_id == Team.firm_id,
                TeamMember.team_id == Team.id,
                TeamMember.left_on.is_(None),
            ),
        )
        .where(Team.ends_on.is_(None))
        .order_by(Team.name, Team.id, TeamMember.id)
    )
    found: dict[UUID, tuple[TeamFact, list[UUID]]] = {}
    for team, adviser_id in db.session.execute(query):
        members = found.setdefault(team.id, (_team_fact(team), []))[1]
        if adviser_id is not None:
            members.append(adviser_id)
    return list(found.values())


def _team_fact(team: Team) -> TeamFact:
    knows = frozenset(Speciality.of(code) for code in team.specialities)
    return TeamFact(team.id, team.name, knows, frozenset(team.cluster))
