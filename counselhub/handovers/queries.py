"""Packs, promises and groups as pages ask for them; nothing of a matter behind a wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.assignments.queries import running
from counselhub.core import pinyin, sorting
from counselhub.core.access import visible
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.handovers.kinds import LineKind, PackStatus
from counselhub.handovers.models import ChatGroup, HandoverLine, HandoverPack, Promise
from counselhub.matters.models import Matter
from counselhub.matters.sight import beyond_walls, walls_of
from counselhub.places.models import Community
from counselhub.referrals.models import Referral

NAMES = (
    joinedload(HandoverPack.community),
    joinedload(HandoverPack.giver),
    joinedload(HandoverPack.taker),
)
SORTS: sorting.Sorts = {
    "starts": (HandoverPack.starts_on, HandoverPack.id),
    "community": (HandoverPack.community_code, HandoverPack.starts_on, HandoverPack.id),
}
WAITING = (HandoverLine.taken_at.is_(None), func.coalesce(HandoverLine.remark, "") == "")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list of packs was asked for."""

    status: str = ""
    q: str = ""


def packs(asked: Asked, sort: str) -> Select[HandoverPack]:
    """Select the packs in sight by state and community."""
    query = visible(HandoverPack).options(*NAMES)
    if asked.status in set(PackStatus):
        query = query.where(HandoverPack.status == asked.status)
    if asked.q:
        found = select(Community.code).where(pinyin.finds(Community.search, asked.q))
        query = query.where(HandoverPack.community_code.in_(found))
    return sorting.ordered(query, SORTS, sort)


def open_packs() -> int:
    """Return how many packs in sight nobody has signed."""
    waiting = visible(HandoverPack).where(HandoverPack.status == PackStatus.OPEN)
    return db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def waiting_lines(packs: Sequence[HandoverPack], member: Member) -> dict[UUID, int]:
    """Return how many lines of each pack are neither taken over nor explained."""
    query = (
        select(HandoverLine.pack_id, func.count())
        .where(among(HandoverLine.pack_id, [one.id for one in packs]), *WAITING, in_sight(member))
        .group_by(HandoverLine.pack_id)
    )
    return dict(db.session.execute(query).all())


def lines_of(pack_id: UUID, member: Member) -> list[HandoverLine]:
    """Return the lines of a pack that a member may see, in their order."""
    query = select(HandoverLine).where(HandoverLine.pack_id == pack_id, in_sight(member))
    return list(db.session.scalars(query.order_by(HandoverLine.place)))


def in_sight(member: Member) -> ColumnElement[bool]:
    """Return the condition of lines that tell of no matter which a member is walled off from."""
    beyond = select(Matter.id).where(Matter.id.notin_(walls_of(member)))
    open_referrals = select(Referral.id).where(beyond_walls("walled_services", Referral.service_id))
    kind, subject = HandoverLine.kind, HandoverLine.subject_id
    return or_(
        kind.notin_((LineKind.MATTER, LineKind.SERVICE, LineKind.REFERRAL)),
        (kind == LineKind.MATTER) & subject.in_(beyond),
        (kind == LineKind.SERVICE) & beyond_walls("walled_services", subject),
        (kind == LineKind.REFERRAL) & subject.in_(open_referrals),
    )


def promises_of(code: str, *, open_only: bool = False) -> list[Promise]:
    """Return what was promised to a community: what is open first, by its day."""
    query = select(Promise).where(Promise.community_code == code)
    if open_only:
        query = query.where(Promise.done_on.is_(None))
    order = (Promise.done_on.desc().nulls_first(), Promise.due_on.nulls_last(), Promise.id)
    return list(db.session.scalars(query.options(joinedload(Promise.adviser)).order_by(*order)))


def groups_of(code: str, *, open_only: bool = False) -> list[ChatGroup]:
    """Return the groups of a community, those that are kept first."""
    query = select(ChatGroup).where(ChatGroup.community_code == code)
    if open_only:
        query = query.where(ChatGroup.closed_on.is_(None))
    order = (ChatGroup.closed_on.desc().nulls_first(), ChatGroup.name, ChatGroup.id)
    return list(db.session.scalars(query.options(joinedload(ChatGroup.owner)).order_by(*order)))


def led_by(adviser_id: UUID, day: date) -> list[Assignment]:
    """Return what an adviser leads on a day with no successor named yet, by community."""
    query = (
        select(Assignment)
        .join(Assignment.community)
        .options(joinedload(Assignment.community), joinedload(Assignment.adviser))
        .where(
            Assignment.adviser_id == adviser_id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.end_cause.is_(None),
            running(day, day),
        )
        .order_by(Community.pinyin, Community.code)
    )
    return list(db.session.scalars(query))


def led_counts(day: date) -> dict[UUID, int]:
    """Return how many communities each adviser leads on a day."""
    query = (
        select(Assignment.adviser_id, func.count(Assignment.community_code.distinct()))
        .where(Assignment.role == AssignmentRole.LEAD, running(day, day))
        .group_by(Assignment.adviser_id)
    )
    return dict(db.session.execute(query).all())


def names_of(ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of advisers."""
    query = select(Adviser.id, Adviser.name).where(among(Adviser.id, ids))
    return dict(db.session.execute(query).all())
