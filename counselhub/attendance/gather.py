"""What the comparison of visits with sessions rests on, a fixed number of statements a month."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true

from counselhub.assignments.models import Assignment
from counselhub.attendance.kinds import Mark
from counselhub.attendance.models import (
    AttendanceAccount,
    AttendanceCheck,
    AttendancePlace,
    AttendancePunch,
)
from counselhub.attendance.rules import Day, Punch, Stay
from counselhub.core.db import db
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.roster.kinds import FREE
from counselhub.roster.models import DutySlot

Key = tuple[UUID, date]
"""An adviser and a day."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which days are compared, of which advisers; None: of all."""

    first: date
    last: date
    advisers: frozenset[UUID] | None = None

    def of(self, model: Any) -> Iterator[ColumnElement[bool]]:
        """Return the conditions on a table that has adviser_id and day."""
        yield model.day.between(self.first, self.last)
        yield self.has(model.adviser_id)

    def has(self, adviser_id: Any) -> ColumnElement[bool]:
        """Return the condition on whose rows they are."""
        if self.advisers is None:
            return true()
        found: ColumnElement[bool] = adviser_id.in_(self.advisers)
        return found


@dataclass
class Known:
    """Everything about the days of a span."""

    punches: defaultdict[Key, list[Punch]] = field(default_factory=lambda: defaultdict(list))
    sessions: defaultdict[Key, list[Any]] = field(default_factory=lambda: defaultdict(list))
    slots: defaultdict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    assigned: defaultdict[UUID, list[Any]] = field(default_factory=lambda: defaultdict(list))
    checks: dict[tuple[UUID, date, str], AttendanceCheck] = field(default_factory=dict)

    def day(self, key: Key) -> Day:
        """Return what speaks for a place on an adviser's day."""
        adviser_id, day = key
        stays = [
            Stay(row.community_code, row.signed_in_at, row.signed_out_at)
            for row in self.sessions[key]
        ]
        assigned = frozenset(
            row.community_code
            for row in self.assigned[adviser_id]
            if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)
        )
        return Day(stays, frozenset(self.slots[key]), assigned)


def gather(span: Span) -> Known:
    """Return what is known of a span, with five statements."""
    known = Known()
    for row in db.session.execute(_punches(span)):
        place = "" if row.is_ignored else row.community_code
        mark = Mark.of(row.mark)
        punch = Punch(row.minute, mark, place, has_place=row.place_id is not None)
        known.punches[row.adviser_id, row.day].append(punch)
    for row in db.session.execute(_sessions(span)):
        known.sessions[row.adviser_id, row.day].append(row)
    slots = select(DutySlot.adviser_id, DutySlot.day, DutySlot.community_code)
    for row in db.session.execute(slots.where(*span.of(DutySlot), DutySlot.status.not_in(FREE))):
        known.slots[row.adviser_id, row.day].add(row.community_code)
    for row in db.session.execute(_assigned(span)):
        known.assigned[row.adviser_id].append(row)
    for check in db.session.scalars(select(AttendanceCheck).where(*span.of(AttendanceCheck))):
        known.checks[check.adviser_id, check.day, check.community_code] = check
    return known


def _punches(span: Span) -> Any:
    return (
        select(
            AttendanceAccount.adviser_id,
            AttendancePunch.day,
            AttendancePunch.minute,
            AttendancePunch.mark,
            AttendancePunch.place_id,
            AttendancePlace.community_code,
            AttendancePlace.is_ignored,
        )
        .join(AttendancePunch.account)
        .outerjoin(AttendancePunch.place)
        .where(
            AttendancePunch.day.between(span.first, span.last),
            AttendanceAccount.adviser_id.is_not(None),
            span.has(AttendanceAccount.adviser_id),
        )
    )


def _sessions(span: Span) -> Any:
    return (
        select(
            DutySession.adviser_id,
            DutySession.day,
            DutySession.id,
            DutySession.revision,
            DutySession.status,
            DutySession.community_code,
            DutySession.signed_in_at,
            DutySession.signed_out_at,
        )
        .where(*span.of(DutySession), DutySession.status != SessionStatus.VOIDED)
        .order_by(DutySession.signed_in_at)
    )


def _assigned(span: Span) -> Any:
    return select(
        Assignment.adviser_id, Assignment.community_code, Assignment.starts_on, Assignment.ends_on
    ).where(
        span.has(Assignment.adviser_id),
        Assignment.starts_on <= span.last,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= span.first),
    )
