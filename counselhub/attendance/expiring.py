"""Forget punches whose time is over; what came of them stays: checks, sessions, acts."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, delete, select

from counselhub.attendance.comparing import Whole
from counselhub.attendance.models import AttendanceDay, AttendancePunch
from counselhub.core import history
from counselhub.core.db import db, reached
from counselhub.core.members import Member


def due(before: date) -> Select[UUID]:
    """Select the ids of punches of the firm in scope from days before `before`."""
    query = select(AttendancePunch.id).where(AttendancePunch.day < before)
    return query.order_by(AttendancePunch.day, AttendancePunch.id)


def expire(ids: Sequence[UUID], before: date, *, by: Member, days: int) -> int:
    """Delete these punches and the words of days before `before`; return how many punches went."""
    gone = reached(
        delete(AttendancePunch)
        .where(AttendancePunch.id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(AttendanceDay)
        .where(AttendanceDay.day < before)
        .execution_options(synchronize_session=False)
    )
    history.record(Whole(by.firm_id, by.firm_id), "expire", by=by, rows=gone, days=days)
    return gone
