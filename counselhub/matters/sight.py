"""Which rows of matters a member sees: the conditions that `sights.py` deals out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    all_,
    and_,
    any_,
    cast,
    false,
    func,
    or_,
    select,
)

from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.matters.kinds import ConflictStatus
from counselhub.matters.models import (
    Matter,
    MatterConflict,
    MatterMember,
    MatterPaper,
    MatterWall,
)
from counselhub.people.models import Membership
from counselhub.services.models import ServiceRecord


def walls_of(member: Member) -> Select[UUID]:
    """Select the ids of the matters that a member is walled off from."""
    whom: list[ColumnElement[bool]] = []
    if member.person_id is not None:
        whom.append(MatterWall.person_id == member.person_id)
    if member.adviser_id is not None:
        whom.append(MatterWall.adviser_id == member.adviser_id)
    return select(MatterWall.matter_id).where(
        MatterWall.lifted_at.is_(None), or_(*whom) if whom else false()
    )


def walled_persons() -> dict[UUID, datetime]:
    """Return who of the firm is behind an open wall, by person, and when the newest was raised."""
    person = func.coalesce(MatterWall.person_id, Membership.person_id)
    by_lawyer = and_(
        Membership.firm_id == MatterWall.firm_id, Membership.adviser_id == MatterWall.adviser_id
    )
    query = select(person, func.max(MatterWall.made_at)).outerjoin(Membership, by_lawyer)
    is_open = and_(MatterWall.lifted_at.is_(None), person.is_not(None))
    return dict(db.session.execute(query.where(is_open).group_by(person)).all())


def matters_seen(member: Member, *, is_all: bool) -> ColumnElement[bool]:
    """Return the condition of the matters in sight. is_all: also those of colleagues."""
    beyond = Matter.id.notin_(walls_of(member))
    return beyond if is_all else and_(beyond, _works_on(member.adviser_id))


def _works_on(adviser_id: UUID | None) -> ColumnElement[bool]:
    joined = select(MatterMember.matter_id).where(MatterMember.adviser_id == adviser_id)
    return or_(Matter.adviser_id == adviser_id, Matter.id.in_(joined))


def beyond_walls(walled: str, subject: Any) -> ColumnElement[bool]:
    """Return whether an id is none of those that a function of the database holds back.

    The planner takes `<> ALL` for nearly every row. Of a search for the id's place in the array
    it would expect one row in 200, and sort a whole month for a page of fifty.
    """
    hidden = select(getattr(func, walled)()).scalar_subquery()
    beyond = subject != all_(cast(hidden, ARRAY(Uuid)))
    return or_(subject.is_(None), beyond) if getattr(subject, "nullable", True) else beyond


SERVICES_SEEN = beyond_walls("walled_services", ServiceRecord.id)
"""The services that belong to no matter behind a wall: the database knows who asks.

It shows him no link of such a service, not even to leave it out.
"""


def conflicts_seen(member: Member, *, is_all: bool) -> ColumnElement[bool]:
    """Return the condition of the conflicts in sight: none that touches a matter behind a wall."""
    if not is_all:
        return false()
    walls = walls_of(member)
    other = or_(MatterConflict.other_id.is_(None), MatterConflict.other_id.notin_(walls))
    return and_(MatterConflict.matter_id.notin_(walls), other)


def papers_seen(matters: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition of the papers of the matters that `matters` are."""
    return MatterPaper.matter_id.in_(select(Matter.id).where(matters))


def held(member: Member) -> ColumnElement[bool]:
    """Return whether a matter is closed to a member for a conflict that is not decided yet."""
    if member.adviser_id is None:
        return false()
    is_of = or_(MatterConflict.matter_id == Matter.id, MatterConflict.other_id == Matter.id)
    return (
        select(MatterConflict.id)
        .where(
            MatterConflict.firm_id == Matter.firm_id,
            is_of,
            MatterConflict.status == ConflictStatus.OPEN,
            any_(MatterConflict.concerned) == str(member.adviser_id),
        )
        .correlate(Matter)
        .exists()
    )


def is_held(matter: Matter, member: Member) -> bool:
    """Say whether a matter is closed to a member for a conflict that is not decided yet."""
    query = select(held(member)).where(Matter.id == matter.id).select_from(Matter)
    return bool(db.session.scalar(query))
