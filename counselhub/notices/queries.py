"""What one member was told, how one person wants to be told, and how what goes out stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, select

from counselhub.core.access import permissions
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.notices.kinds import DeliveryState, Kind, Mode
from counselhub.notices.models import Delivery, Notice, NoticeChoice, NoticeSetting
from counselhub.notices.texts import ABOUT

MAIL = "mail"
"""The channel whose targets are memberships: each person chooses it by kind."""
MOST_COUNTED = 100
"""A badge says 99+ from here on; nobody waits for an exact number."""
UNSENT = (DeliveryState.FAILED, DeliveryState.LAPSED)
_n = Notice.__table__.c


def unread(membership_id: Any) -> ColumnElement[int]:
    """Count what a member has not read, at most MOST_COUNTED; membership_id: of an outer query."""
    some = (
        select(literal(1))
        .where(_n.membership_id == membership_id, _n.read_at.is_(None))
        .limit(MOST_COUNTED)
        .correlate_except(Notice.__table__)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery().label("unread")


def inbox(membership_id: UUID, kind: Kind | None, *, is_unread: bool) -> Select[Notice, str]:
    """Select what a member was told and how its mail stands (None: sent, or none), unread first."""
    mail = and_(
        Delivery.channel == MAIL,
        Delivery.target_id == Notice.membership_id,
        Delivery.kind == Notice.kind,
        Delivery.key == Notice.key,
        Delivery.state.in_(UNSENT),
    )
    query = (
        select(Notice, Delivery.state)
        .outerjoin(Delivery, mail)
        .where(Notice.membership_id == membership_id)
        .order_by(Notice.read_at.is_not(None), Notice.made_at.desc(), Notice.id.desc())
    )
    if kind is not None:
        query = query.where(Notice.kind == kind)
    return query.where(Notice.read_at.is_(None)) if is_unread else query


@dataclass(frozen=True, slots=True)
class Tally:
    """How many notices of one kind a member has, and how many are unread."""

    kind: Kind
    total: int
    unread: int


def tallies(membership_id: UUID) -> list[Tally]:
    """Return the kinds that a member was told of, in the order of `Kind`."""
    query = (
        select(Notice.kind, func.count(), func.count().filter(Notice.read_at.is_(None)))
        .where(Notice.membership_id == membership_id)
        .group_by(Notice.kind)
    )
    with as_platform():
        found = {
            row[0]: Tally(Kind.of(row[0]), row[1], row[2]) for row in db.session.execute(query)
        }
    return [found[kind.value] for kind in Kind if kind.value in found]


def own(notice_id: UUID, membership_ids: Iterable[UUID | None]) -> Notice | None:
    """Return a notice of one of these memberships, None when there is none."""
    query = select(Notice).where(Notice.id == notice_id, Notice.membership_id.in_(membership_ids))
    with as_platform():
        return db.session.scalar(query)


def kinds_for(members: Iterable[Member]) -> list[Kind]:
    """Return the kinds that may reach a person with these memberships, in the order of `Kind`."""
    reached = {
        kind
        for member in members
        for kind, about in ABOUT.items()
        if about.side in (None, member.scope.kind)
        and (about.permission is None or about.permission in permissions(member))
    }
    return [kind for kind in Kind if kind in reached]


def modes_of(person_id: UUID) -> dict[Kind, Mode]:
    """Return how a person wants every kind: as chosen, else as usual."""
    query = select(NoticeChoice).where(NoticeChoice.person_id == person_id)
    with as_platform():
        chosen = {row.kind: Mode(row.mode) for row in db.session.scalars(query)}
    return {kind: chosen.get(kind.value, about.default) for kind, about in ABOUT.items()}


def setting_of(person_id: UUID) -> NoticeSetting | None:
    """Return when a person is left in peace, None for as usual."""
    with as_platform():
        return db.session.get(NoticeSetting, person_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the messages of one channel stand. last_sent_at: None when nothing ever went."""

    channel: str
    counts: dict[DeliveryState, int]
    last_sent_at: datetime | None
    oldest_due_at: datetime | None
    """Since when the one waits that is due longest."""


def standings(now: datetime) -> list[Standing]:
    """Return how each channel stands, by name, with one statement."""
    waiting = and_(Delivery.state == DeliveryState.WAITING, Delivery.due_at <= now)
    query = (
        select(
            Delivery.channel,
            *(
                func.count().filter(Delivery.state == state).label(state.value)
                for state in DeliveryState
            ),
            func.max(Delivery.ended_at).filter(Delivery.state == DeliveryState.SENT).label("last"),
            func.min(Delivery.due_at).filter(waiting).label("oldest"),
        )
        .group_by(Delivery.channel)
        .order_by(Delivery.channel)
    )
    with as_platform():
        rows = db.session.execute(query).all()
    return [
        Standing(
            row.channel,
            {state: getattr(row, state.value) for state in DeliveryState},
            row.last,
            row.oldest,
        )
        for row in rows
    ]


def problems() -> Sequence[Any]:
    """Return (channel, problem, state, count, last_at) of what failed or is tried again."""
    query = (
        select(
            Delivery.channel,
            Delivery.problem,
            Delivery.state,
            func.count().label("count"),
            func.max(func.coalesce(Delivery.ended_at, Delivery.made_at)).label("last_at"),
        )
        .where(Delivery.problem != "", Delivery.state != DeliveryState.SENT)
        .group_by(Delivery.channel, Delivery.problem, Delivery.state)
        .order_by(func.count().desc(), Delivery.channel, Delivery.problem)
        .limit(50)
    )
    with as_platform():
        return db.session.execute(query).all()


def bounced() -> int:
    """Return how many addresses take nothing."""
    query = select(func.count()).where(NoticeSetting.bounced_at.is_not(None))
    with as_platform():
        return db.session.scalar(query) or 0
