"""What happened and what was planned, tallied by the database: a row for each lawyer in each place.

Every statement starts from what the member sees: a firm its own rows (a lawyer his), an office its
street's.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    case,
    cast,
    extract,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.engine import Row

from counselhub.advisers.models import Adviser
from counselhub.core import clock
from counselhub.core.access import can, current_member, visible
from counselhub.core.clock import SHANGHAI
from counselhub.core.db import db
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.people.models import Firm
from counselhub.places.models import Community, Street
from counselhub.reports.proof import grade_by, taps_since
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot

Line = Row[*tuple[Any, ...]]
Model = TypeVar("Model", DutySession, DutySlot)
GRACE_MINUTES = 10
"""Whoever signs in later than this after the planned start came late."""


def sees_everybody() -> bool:
    """Whether the member sees all rows of the scope, and not only the own ones."""
    asked = (Permission.DUTY_MANAGE, Permission.STATEMENT_READ, Permission.REVIEW_READ)
    return any(can(one) for one in asked)


def slots_seen() -> Select[DutySlot]:
    """Return a select of the planned slots that the member may be shown in a report."""
    query = visible(DutySlot)
    if sees_everybody():
        return query
    return query.where(DutySlot.adviser_id == current_member().adviser_id)


def of_scope(model: type[Model]) -> ColumnElement[bool]:
    """Name the firm in scope, so that its indexes serve; true for an office."""
    member = current_member()
    if member.scope.kind is ScopeKind.FIRM:
        return model.firm_id == member.firm_id
    return model.street_code == member.street_code


def in_street(model: type[Model], street: str) -> ColumnElement[bool]:
    """Keep to one street, '' for all."""
    return model.street_code == street if street else true()


def _minutes(span: ColumnElement[Any]) -> ColumnElement[int]:
    """Whole minutes of an interval."""
    return cast(func.floor(extract("epoch", span) / 60), Integer)


PLACE = ("firm_id", "street_code", "community_code", "adviser_id")


def _by_place(model: type[Model]) -> list[ColumnElement[Any]]:
    return [getattr(model, name) for name in PLACE]


def session_tallies(first: date, month: date, street: str = "") -> Sequence[Line]:
    """Return what `sessions_tallied` selects."""
    return db.session.execute(sessions_tallied(first, month, street)).all()


def sessions_tallied(first: date, month: date, street: str = "") -> Select[Any]:
    """Tally the sessions since `first`, up to the end of a month, by firm, place, lawyer and month.

    Columns: PLACE, of_month, grade, sessions, minutes (whole ones, signed out), untold, stood_in.
    The grade is a key, so that the database works it out once, and null before the month.
    """
    of_month = cast(func.date_trunc("month", cast(DutySession.day, DateTime)), Date)
    taps = taps_since(month)
    length = DutySession.signed_out_at - DutySession.signed_in_at
    graded = (
        visible(DutySession)
        .with_only_columns(
            *_by_place(DutySession),
            of_month.label("of_month"),
            _minutes(length).label("minutes"),
            DutySession.signed_out_at.is_(None).label("untold"),
            DutySession.substitute_for_id.is_not(None).label("stood_in"),
            case((DutySession.day >= month, grade_by(taps))).label("grade"),
        )
        .join(taps, true())
        .where(
            of_scope(DutySession),
            in_street(DutySession, street),
            DutySession.day.between(first, clock.last_day(month)),
            DutySession.status != SessionStatus.VOIDED,
        )
        .subquery("graded")
    )
    c = graded.c
    keys = [c[name] for name in (*PLACE, "of_month", "grade")]
    return select(
        *keys,
        func.count().label("sessions"),
        func.coalesce(func.sum(c.minutes), 0).label("minutes"),
        func.count().filter(c.untold).label("untold"),
        func.count().filter(c.stood_in).label("stood_in"),
    ).group_by(*keys)


def start() -> ColumnElement[datetime]:
    """The instant at which a slot begins."""
    return _instant(DutySlot.day + DutySlot.starts)


def _instant(wall: ColumnElement[Any]) -> ColumnElement[datetime]:
    return func.timezone(SHANGHAI.key, wall)


ARRIVAL = (
    select(func.min(DutySession.signed_in_at).label("at"))
    .where(
        DutySession.firm_id == DutySlot.firm_id,
        DutySession.community_code == DutySlot.community_code,
        DutySession.day == DutySlot.day,
        DutySession.status != SessionStatus.VOIDED,
        or_(
            DutySession.adviser_id == DutySlot.adviser_id,
            DutySession.substitute_for_id == DutySlot.adviser_id,
        ),
        DutySession.signed_in_at < _instant(DutySlot.day + DutySlot.ends),
        or_(
            DutySession.signed_out_at.is_(None),
            DutySession.signed_out_at > _instant(DutySlot.day + DutySlot.starts),
        ),
    )
    .correlate(DutySlot)
    .lateral("arrival")
)
"""When the slot's lawyer, or whoever stood in for him, was there first within its time."""


def late_by() -> ColumnElement[int]:
    """Whole minutes from a slot's start to the arrival; negative when early, null without one."""
    return _minutes(ARRIVAL.c.at - start())


def is_late() -> ColumnElement[bool]:
    """Whether the arrival came later than the grace allows."""
    grace = cast(timedelta(minutes=GRACE_MINUTES), INTERVAL)
    return ARRIVAL.c.at >= start() + grace + cast(timedelta(minutes=1), INTERVAL)


def slot_tallies(first: date, last: date, street: str = "") -> Sequence[Line]:
    """Return what `slots_tallied` selects."""
    return db.session.execute(slots_tallied(first, last, street)).all()


def slots_tallied(first: date, last: date, street: str = "") -> Select[Any]:
    """Tally the slots of the months from first to last by firm, place, lawyer and month.

    Columns: PLACE, of_month, one for each SlotStatus, planned_minutes (without what was called
    off), late, late_minutes (of those that were late).
    """
    counted = DutySlot.status != SlotStatus.EXCUSED
    planned = _minutes(DutySlot.ends - DutySlot.starts)
    of_month = DutySlot.month.label("of_month")
    return (
        slots_seen()
        .with_only_columns(
            *_by_place(DutySlot),
            of_month,
            *(func.count().filter(DutySlot.status == one).label(one.value) for one in SlotStatus),
            func.coalesce(func.sum(planned).filter(counted), 0).label("planned_minutes"),
            func.count().filter(counted, is_late()).label("late"),
            func.coalesce(func.sum(late_by()).filter(counted, is_late()), 0).label("late_minutes"),
        )
        .join(ARRIVAL, true())
        .where(
            of_scope(DutySlot),
            in_street(DutySlot, street),
            DutySlot.month.between(first, last),
        )
        .group_by(*_by_place(DutySlot), DutySlot.month)
    )


def communities(codes: Iterable[str]) -> dict[str, Line]:
    """Return (code, name, pinyin, search, street_code, street) of communities by their codes."""
    query = (
        select(
            Community.code,
            Community.name,
            Community.pinyin,
            Community.search,
            Community.street_code,
            Street.name.label("street"),
        )
        .join(Community.street)
        .where(Community.code.in_(sorted(set(codes))))
    )
    return {row.code: row for row in db.session.execute(query)}


def advisers(ids: Iterable[UUID]) -> dict[UUID, Line]:
    """Return (id, name, pinyin, search, firm_id) of advisers by their ids."""
    columns = Adviser.id, Adviser.name, Adviser.pinyin, Adviser.search, Adviser.firm_id
    query = select(*columns).where(Adviser.id.in_(sorted(set(ids))))
    return {row.id: row for row in db.session.execute(query)}


def firms(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of firms; a firm knows its own without asking."""
    member = current_member()
    if member.scope.kind is ScopeKind.FIRM:
        return {member.firm_id: member.title}
    query = select(Firm.id, Firm.name).where(Firm.id.in_(sorted(set(ids))))
    return {row.id: row.name for row in db.session.execute(query)}
