"""Add, change and remove online shifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.i18n import clock_time
from counselhub.core.members import Member
from counselhub.duty import rules
from counselhub.duty.models import OnlineShift

SAME_START = "uq_online_shift_firm_id_adviser_id_street_code_starts_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEntry:
    """A shift as it is written: an end that is not after the start is the next day's."""

    adviser_id: UUID
    street_code: str
    day: date
    starts: time
    ends: time
    remark: str = ""

    def span(self, day: date) -> tuple[datetime, datetime]:
        """Return start and end as instants, for the shift on `day`."""
        following = day + timedelta(days=1) if self.ends <= self.starts else day
        return clock.instant(day, self.starts), clock.instant(following, self.ends)


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding shifts: the new ones by start, and how many were there before."""

    made: Sequence[OnlineShift]
    there: int


def add(entry: ShiftEntry, *, every_days: int = 0, by: Member) -> Added:
    """Add a shift, repeated to its month's end (0: once); those that are there stay as they are.

    A single shift that is there already raises ConflictError; FrozenError in a closed month.
    """
    days = rules.repeated(entry.day, every_days)
    there = _starts(entry, days)
    new = [day for day in days if entry.span(day)[0] not in there]
    if not new:
        raise ConflictError(_taken(entry, days[0]))
    shifts = [_shift(entry, day) for day in new]
    try:
        with guarded():
            db.session.add_all(shifts)
    except IntegrityError as error:
        raise _refusal(error, entry, days[0]) from error
    for shift in shifts:
        history.record(shift, "add", by=by, street_code=shift.street_code)
    return Added(shifts, len(days) - len(new))


def _starts(entry: ShiftEntry, days: list[date]) -> set[datetime]:
    query = select(OnlineShift.starts_at).where(
        OnlineShift.adviser_id == entry.adviser_id,
        OnlineShift.street_code == entry.street_code,
        OnlineShift.starts_at.in_([entry.span(day)[0] for day in days]),
    )
    return set(db.session.scalars(query))


def _shift(entry: ShiftEntry, day: date) -> OnlineShift:
    begin, end = entry.span(day)
    return OnlineShift(
        adviser_id=entry.adviser_id,
        street_code=entry.street_code,
        starts_at=begin,
        ends_at=end,
        remark=entry.remark or None,
    )


def change(shift: OnlineShift, entry: ShiftEntry, *, revision: int | None, by: Member) -> None:
    """Change a shift. Raises ConflictError for a stale page or a taken start, FrozenError."""
    history.expect(shift, revision)
    begin, end = entry.span(entry.day)
    before = {"starts_at": shift.starts_at.isoformat(), "ends_at": shift.ends_at.isoformat()}
    try:
        with guarded():
            shift.adviser_id = entry.adviser_id
            shift.street_code = entry.street_code
            shift.starts_at, shift.ends_at = begin, end
            shift.remark = entry.remark or None
            history.record(shift, "change", by=by, street_code=shift.street_code, before=before)
    except IntegrityError as error:
        raise _refusal(error, entry, entry.day) from error


def remove(shift: OnlineShift, *, by: Member) -> None:
    """Take a shift off the roster; the act stays on record. Raises FrozenError."""
    with guarded():
        span = {"starts_at": shift.starts_at.isoformat(), "ends_at": shift.ends_at.isoformat()}
        history.record(shift, "remove", by=by, street_code=shift.street_code, before=span)
        db.session.delete(shift)


def take(entry: ShiftEntry, *, by: Member) -> None:
    """Take a shift of one's own that is still to come. Raises RefusedError for one that began."""
    if entry.span(entry.day)[0] < clock.to_minute(clock.now()):
        raise RefusedError(_("已经开始的时段不能自己接班，请联系内勤补排。"))
    add(entry, by=by)


def leave(shift: OnlineShift, *, by: Member) -> None:
    """Give up one's own shift before it starts. Raises IllegalMoveError afterwards."""
    if shift.starts_at <= clock.now():
        raise IllegalMoveError(_("这一班已经开始，不能自己退班，请联系内勤调整。"), row=shift)
    remove(shift, by=by)


def _refusal(error: IntegrityError, entry: ShiftEntry, day: date) -> Exception:
    return ConflictError(_taken(entry, day)) if constraint_of(error) == SAME_START else error


def _taken(entry: ShiftEntry, day: date) -> str:
    begin = entry.span(day)[0]
    other = db.session.scalar(
        select(OnlineShift)
        .options(joinedload(OnlineShift.adviser))
        .where(
            OnlineShift.adviser_id == entry.adviser_id,
            OnlineShift.street_code == entry.street_code,
            OnlineShift.starts_at == begin,
        )
    )
    if other is None:
        return str(_("这一班已经有了，请刷新后再看。"))
    return str(
        _(
            "%(name)s %(begin)s 至 %(end)s 已经有一班，请修改那一班。",
            name=other.adviser.name,
            begin=clock_time(other.starts_at),
            end=clock_time(other.ends_at),
        )
    )
