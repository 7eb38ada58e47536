"""Teams formed, changed and ended; lists of needs; the firm's rules of referrals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.duty.queries import served_communities
from counselhub.referrals import gather
from counselhub.referrals.kinds import Speciality, TeamRole
from counselhub.referrals.team_models import (
    ONE_NAME,
    CommunityNeed,
    ReferralRule,
    Team,
    TeamMember,
)


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """What a team is: members besides the leader may be none."""

    name: str
    specialities: Sequence[Speciality]
    cluster: Sequence[str]
    leader_id: UUID
    member_ids: Sequence[UUID]
    starts_on: date


def create(entry: TeamEntry, *, by: Member) -> Team:
    """Form a team. Raises RefusedError for people or places that are none of the firm's,
    ConflictError for a name that is taken.
    """
    _refuse_strange(entry)
    row = Team(
        name=entry.name,
        specialities=[one.value for one in entry.specialities],
        cluster=sorted(entry.cluster),
        starts_on=entry.starts_on,
    )
    _written(row)
    for adviser_id, role in _people(entry).items():
        db.session.add(_member(row, adviser_id, role))
    history.record(row, "create_team", by=by)
    return row


def _written(row: Team) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != ONE_NAME:
            raise
        raise ConflictError(
            _("已经有一个叫“%(name)s”的团队，请换个名称。", name=row.name)
        ) from error


def _people(entry: TeamEntry) -> dict[UUID, TeamRole]:
    roles = dict.fromkeys(entry.member_ids, TeamRole.MEMBER)
    return roles | {entry.leader_id: TeamRole.LEADER}


def _refuse_strange(entry: TeamEntry) -> None:
    if not set(_people(entry)) <= gather.roll():
        raise RefusedError(_("名册里没有这位律师，或已经离职，请重新选择。"))
    served = {place.code for place in served_communities()}
    streets = {code[:9] for code in served}
    if not set(entry.cluster) <= served | streets:
        raise RefusedError(_("片区只能选本所服务的社区和街道。"), at="cluster")
    if not entry.specialities:
        raise RefusedError(_("请至少选一个擅长的类别。"), at="specialities")


def _member(team: Team, adviser_id: UUID, role: TeamRole) -> TeamMember:
    today = max(clock.today(), team.starts_on)
    return TeamMember(team_id=team.id, adviser_id=adviser_id, role=role, joined_on=today)


def change(team: Team, entry: TeamEntry, *, revision: int | None, by: Member) -> None:
    """Change a team; who is not named any more leaves it, a new leader takes over at once.

    Raises as `create` does, ConflictError for a stale page, IllegalMoveError for one that ended.
    """
    history.expect(team, revision)
    _refuse_ended(team)
    _refuse_strange(entry)
    team.name = entry.name
    team.specialities = [one.value for one in entry.specialities]
    team.cluster = sorted(entry.cluster)
    _written(team)
    wanted = _people(entry)
    present = {row.adviser_id: row for row in members_of([team.id])}
    for adviser_id, row in present.items():
        if wanted.get(adviser_id) != row.role:
            _leaves(team, row, by, is_gone=adviser_id not in wanted)
    db.session.flush()
    for adviser_id, role in wanted.items():
        if adviser_id not in present or present[adviser_id].role != role:
            db.session.add(_member(team, adviser_id, role))
            if adviser_id not in present:
                history.record(team, "join_team", by=by, adviser_id=str(adviser_id))
    history.record(team, "change", by=by)


def _leaves(team: Team, row: TeamMember, by: Member, *, is_gone: bool) -> None:
    row.left_on = max(clock.today(), row.joined_on)
    if is_gone:
        history.record(team, "leave_team", by=by, adviser_id=str(row.adviser_id))


def end(team: Team, *, revision: int | None, by: Member) -> None:
    """End a team; its referrals stay with whoever has them. Raises as `change` does."""
    history.expect(team, revision)
    _refuse_ended(team)
    team.ends_on = max(clock.today(), team.starts_on)
    for row in members_of([team.id]):
        row.left_on = max(team.ends_on, row.joined_on)
    history.record(team, "end_team", by=by)


def _refuse_ended(team: Team) -> None:
    if team.ends_on is not None:
        raise IllegalMoveError(_("这个团队已经停用，不能再改。"), row=team)


def members_of(team_ids: Sequence[UUID]) -> list[TeamMember]:
    """Return who is in the teams today, leaders first."""
    query = (
        select(TeamMember)
        .options(joinedload(TeamMember.adviser))
        .where(TeamMember.team_id.in_(team_ids), TeamMember.left_on.is_(None))
        .order_by(TeamMember.role, TeamMember.joined_on, TeamMember.id)
    )
    return list(db.session.scalars(query))


def teams() -> list[Team]:
    """Return the firm's teams, the active ones first."""
    query = select(Team).order_by(Team.ends_on.is_not(None), Team.name, Team.id).limit(200)
    return list(db.session.scalars(query))


def set_needs(community_code: str, needs: Sequence[Speciality], *, by: Member) -> None:
    """Write what a community asks for most. Raises RefusedError for one the firm does not serve."""
    if community_code not in {place.code for place in served_communities()}:
        raise RefusedError(_("请选择本所服务的社区。"))
    of_it = CommunityNeed.community_code == community_code
    db.session.execute(delete(CommunityNeed).where(of_it))
    rows = [CommunityNeed(community_code=community_code, speciality=one) for one in needs]
    db.session.add_all(rows)
    rule = _kept_rule()
    told = [one.value for one in needs]
    history.record(rule, "change_needs", by=by, community_code=community_code, needs=told)


def needs() -> dict[str, list[Speciality]]:
    """Return the lists of needs by community."""
    found: dict[str, list[Speciality]] = {}
    query = select(CommunityNeed.community_code, CommunityNeed.speciality)
    for code, need in db.session.execute(query):
        found.setdefault(code, []).append(Speciality.of(need))
    order = {one: place for place, one in enumerate(Speciality)}
    return {code: sorted(listed, key=order.__getitem__) for code, listed in found.items()}


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """The firm's limits in hours by urgency, its liaison, and whether rules place by themselves."""

    hours: dict[str, int]
    """answer_normal … handle_urgent, 1 to 720."""
    liaison_id: UUID | None
    places_itself: bool


def set_rule(entry: RuleEntry, *, revision: int | None, by: Member) -> None:
    """Write the firm's rules; limits that run already stay. Raises ConflictError when stale."""
    row = _kept_rule()
    history.expect(row, revision)
    if entry.liaison_id and entry.liaison_id not in gather.roll():
        raise RefusedError(_("名册里没有这位律师，或已经离职，请重新选择。"))
    for name, hours in entry.hours.items():
        setattr(row, name, hours)
    row.liaison_id, row.places_itself = entry.liaison_id, entry.places_itself
    history.record(row, "change", by=by)


def _kept_rule() -> ReferralRule:
    """Return the firm's rules as a row of the session, made when there is none yet."""
    row = gather.rule()
    if row not in db.session:
        db.session.add(row)
        db.session.flush()
    return row
