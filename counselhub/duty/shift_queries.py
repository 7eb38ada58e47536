"""Online shifts of a street, day by day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, union
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload

from counselhub.assignments.models import Assignment
from counselhub.contracts.models import ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.intervals import Interval
from counselhub.duty import rules
from counselhub.duty.models import OnlineShift
from counselhub.places.models import Street


@dataclass(frozen=True, slots=True)
class OnlineDay:
    """A day of a street online; spans and gaps are minutes of the day."""

    day: date
    shifts: Sequence[OnlineShift]
    spans: Sequence[Interval]
    gaps: Sequence[Interval]


def streets() -> list[Row[*tuple[Any, ...]]]:
    """Return (code, name) of the streets that the firm serves, by code."""
    codes = union(select(ContractCommunity.street_code), select(Assignment.street_code))
    query = select(Street.code, Street.name).where(Street.code.in_(codes.scalar_subquery()))
    return list(db.session.execute(query.order_by(Street.code)))


def shifts_between(
    first: date, last: date, *, street_code: str | None = None, adviser_id: UUID | None = None
) -> Sequence[OnlineShift]:
    """Return the firm's shifts that touch the days from first to last, by start."""
    query = shift_list(first, last, street_code=street_code, adviser_id=adviser_id)
    return db.session.scalars(query).all()


def shift_list(
    first: date, last: date, *, street_code: str | None = None, adviser_id: UUID | None = None
) -> Select[OnlineShift]:
    """Select the firm's shifts that touch the days from first to last, by start.

    Of every adviser when none is named: who covers which hour is no secret in a firm.
    """
    opens = clock.instant(first, time.min)
    closes = clock.instant(last + timedelta(days=1), time.min)
    query = (
        select(OnlineShift)
        .options(joinedload(OnlineShift.adviser))
        .where(OnlineShift.starts_at < closes, OnlineShift.ends_at > opens)
        .order_by(OnlineShift.starts_at, OnlineShift.id)
    )
    if street_code:
        query = query.where(OnlineShift.street_code == street_code)
    if adviser_id:
        query = query.where(OnlineShift.adviser_id == adviser_id)
    return query


def by_day(first: date, last: date, shifts: Sequence[OnlineShift]) -> list[OnlineDay]:
    """Arrange the shifts of one street by day; one over midnight is on both days."""
    touching: defaultdict[date, list[OnlineShift]] = defaultdict(list)
    for shift in shifts:
        begin, end = clock.local(shift.starts_at), clock.local(shift.ends_at)
        days = (end - timedelta(microseconds=1)).date().toordinal() - begin.date().toordinal()
        for step in range(days + 1):
            touching[begin.date() + timedelta(days=step)].append(shift)
    days_between = (last - first).days + 1
    return [_day(first + timedelta(days=step), touching) for step in range(days_between)]


def to_come(days: Sequence[OnlineDay], now: datetime) -> list[OnlineDay]:
    """Return the days with the gaps that are still ahead, from the next full hour on."""
    ahead = (now.hour + 1) * 60
    return [
        replace(day, gaps=rules.later_than(day.gaps, ahead)) if day.day == now.date() else day
        for day in days
    ]


def _day(day: date, touching: dict[date, list[OnlineShift]]) -> OnlineDay:
    own = touching.get(day, [])
    local = [(clock.local(shift.starts_at), clock.local(shift.ends_at)) for shift in own]
    spans = rules.spans_of_day(day, local)
    return OnlineDay(day, own, spans, rules.gaps(spans))
