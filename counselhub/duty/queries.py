"""Where an adviser serves, and what stands open or in the way."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    null,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.closing.models import ClosedMonth
from counselhub.contracts.kinds import IN_FORCE
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import markers
from counselhub.core.db import db
from counselhub.core.tenancy import current_firm_id
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.places.models import Community

Line = Row[*tuple[Any, ...]]


class Lawyer(NamedTuple):
    """A lawyer to choose."""

    id: UUID
    name: str


class Place(NamedTuple):
    """A community to choose, by its code of twelve digits."""

    code: str
    name: str


_a, _c = Adviser.__table__.c, Community.__table__.c
_serving = ContractCommunity.__table__.c, Assignment.__table__.c
_is_our_honey = and_(_a.firm_id == bindparam("firm"), _a.name.startswith(markers.PREFIX))
_is_ours = and_(_a.firm_id == bindparam("firm"), ~_is_our_honey)
_is_served = _c.code.in_(
    union(
        *(select(of.community_code).where(of.firm_id == bindparam("firm")) for of in _serving)
    ).scalar_subquery()
)
ADVISERS = (
    select(_a.id, _a.name).where(_is_ours).order_by(_a.left_on.is_not(None), _a.pinyin, _a.id)
)
SERVED = select(_c.code, _c.name).where(_is_served).order_by(_c.pinyin, _c.code)
BOTH = union_all(
    select(
        _a.id, _a.name, _a.left_on.is_not(None).label("has_left"), _a.pinyin, null().label("code")
    ).where(_is_ours),
    select(null(), _c.name, false(), _c.pinyin, _c.code).where(_is_served),
).order_by("has_left", "pinyin", "id", "code")
"""The choices of most forms and filters: made once, and past the ORM."""


def served_communities() -> Sequence[Line]:
    """Return (code, name) of every community the firm has or had, by pinyin."""
    return db.session.connection().execute(SERVED, {"firm": current_firm_id()}).all()


def advisers() -> Sequence[Line]:
    """Return (id, name) of the firm's advisers, those who left last, by pinyin."""
    return db.session.connection().execute(ADVISERS, {"firm": current_firm_id()}).all()


def advisers_and_communities() -> tuple[list[Lawyer], list[Place]]:
    """Return what `advisers` and `served_communities` do, in one statement."""
    rows = db.session.connection().execute(BOTH, {"firm": current_firm_id()}).all()
    return (
        [Lawyer(one.id, one.name) for one in rows if one.id],
        [Place(one.code, one.name) for one in rows if one.code],
    )


def _has_day(day: ColumnElement[date] | date) -> ColumnElement[bool]:
    return and_(
        Assignment.starts_on <= day, or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day)
    )


def assigned(adviser_id: UUID, day: date) -> list[Line]:
    """Return (community, name, role, whether under a contract in force) of an adviser's day.

    主责 first, then by pinyin; a community once.
    """
    covered = exists().where(
        ContractCommunity.community_code == Assignment.community_code,
        ContractCommunity.starts_on <= day,
        ContractCommunity.last_on >= day,
        Contract.id == ContractCommunity.contract_id,
        Contract.status.in_(IN_FORCE),
    )
    query = _assigned(adviser_id, day).add_columns(
        Community.name,
        func.max(Assignment.role).label("role"),
        func.bool_or(covered).label("is_covered"),
    )
    return list(db.session.execute(query))


def _assigned(adviser_id: UUID, day: date) -> Select[str]:
    """Select the codes of the communities of an adviser's day: 主责 first, then by pinyin."""
    return (
        select(Community.code)
        .join(Assignment, Assignment.community_code == Community.code)
        .where(Assignment.adviser_id == adviser_id, _has_day(day))
        .group_by(Community.code)
        .order_by(func.max(Assignment.role).desc(), Community.pinyin, Community.code)
    )


def place_now(adviser_id: UUID, day: date) -> str:
    """Return the community where an adviser is signed in, else the day's first; '' for none."""
    signed_in = _open(adviser_id).with_only_columns(DutySession.community_code)
    first = _assigned(adviser_id, day).limit(1)
    query = select(func.coalesce(signed_in.scalar_subquery(), first.scalar_subquery(), ""))
    return db.session.scalar(query) or ""


def replaceable(adviser_id: UUID, day: date) -> list[Line]:
    """Return (community, name, adviser, adviser's name, role) of the day that others have."""
    query = (
        select(
            Community.code,
            Community.name,
            Adviser.id.label("adviser_id"),
            Adviser.name.label("adviser_name"),
            Assignment.role,
        )
        .join(Assignment, Assignment.community_code == Community.code)
        .join(Adviser, Adviser.id == Assignment.adviser_id)
        .where(Assignment.adviser_id != adviser_id, _has_day(day))
        .order_by(Community.pinyin, Community.code, Assignment.role.desc(), Adviser.pinyin)
    )
    return list(db.session.execute(query))


def is_assigned(adviser_id: UUID, community_code: str, day: date) -> bool:
    """Tell whether an adviser leads or backs up in a community on a day."""
    found = exists().where(
        Assignment.adviser_id == adviser_id,
        Assignment.community_code == community_code,
        _has_day(day),
    )
    return bool(db.session.scalar(select(found)))


def open_session(adviser_id: UUID) -> DutySession | None:
    """Return the oldest session without a sign-out that can still get one, None when all have."""
    return db.session.scalar(_open(adviser_id).options(joinedload(DutySession.community)))


def _open(adviser_id: UUID) -> Select[DutySession]:
    """Select the oldest open session."""
    query = select(DutySession).where(DutySession.adviser_id == adviser_id, _is_open())
    return query.order_by(DutySession.signed_in_at).limit(1)


def _is_open() -> ColumnElement[bool]:
    """Whether a session still wants its sign-out: one in a closed month is past asking."""
    closed = exists().where(
        ClosedMonth.firm_id == DutySession.firm_id,
        ClosedMonth.place_code == DutySession.community_code,
        ClosedMonth.month == func.date_trunc("month", DutySession.day),
    )
    return and_(DutySession.status == SessionStatus.OPEN, ~closed)


def went_on(session: DutySession) -> bool:
    """Tell whether its adviser began another session since, that was not voided."""
    later = exists().where(
        DutySession.adviser_id == session.adviser_id,
        DutySession.day == session.day,
        DutySession.signed_in_at > session.signed_in_at,
        DutySession.status != SessionStatus.VOIDED,
    )
    return bool(db.session.scalar(select(later)))


def of_today(adviser_id: UUID, day: date) -> tuple[DutySession | None, Sequence[DutySession]]:
    """Return what `open_session` does, and the day's sessions by time; one statement.

    Voided sessions are left out.
    """
    is_open = _is_open()
    of_day = and_(DutySession.day == day, DutySession.status != SessionStatus.VOIDED)
    query = (
        select(DutySession, is_open)
        .options(joinedload(DutySession.community), joinedload(DutySession.substitute_for))
        .where(DutySession.adviser_id == adviser_id, or_(is_open, of_day))
        .order_by(DutySession.signed_in_at)
    )
    rows = db.session.execute(query).all()
    running = next((session for session, wants_end in rows if wants_end), None)
    return running, [session for session, _wants_end in rows if session.day == day]


def in_the_way(
    adviser_id: UUID, community_code: str, begin: datetime, end: datetime | None, not_id: UUID
) -> DutySession | None:
    """Return the adviser's other session that the database would refuse this one for.

    At another community at the same time, or at this one with the same sign-in (voided ones too).
    """
    overlaps = and_(
        DutySession.community_code != community_code,
        DutySession.status != SessionStatus.VOIDED,
        DutySession.signed_out_at > begin,
        DutySession.signed_in_at < (end or begin),
    )
    same = and_(DutySession.community_code == community_code, DutySession.signed_in_at == begin)
    query = (
        select(DutySession)
        .options(joinedload(DutySession.community))
        .where(DutySession.adviser_id == adviser_id, DutySession.id != not_id, or_(overlaps, same))
        .order_by(DutySession.signed_in_at)
        .limit(1)
    )
    return db.session.scalar(query)
