"""Planned slots that a notice of holidays has hit, each with a day to move it to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.roster import gather, holiday_queries
from counselhub.roster.facts import Place
from counselhub.roster.gather import place_of
from counselhub.roster.kinds import FREE, SlotStatus
from counselhub.roster.models import DutySlot, DutyTerm
from counselhub.roster.month_view import is_hit
from counselhub.roster.moves import proposal
from counselhub.roster.slot_queries import comes_id
from counselhub.roster.working_days import Calendar, days_between

AHEAD = timedelta(days=186)
MOST = 200
"""Hits on one page; what is settled makes room for the others."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A slot on a day that is off; `to` is the nearest free day of its month, if there is one."""

    slot: DutySlot
    holiday: str
    to: Place | None


@dataclass(frozen=True, slots=True)
class _Planned:
    """What `is_hit` asks of a slot."""

    day: date
    status: str
    stands_off: bool
    weekday: int | None


def hits() -> list[Hit]:
    """Return the slots of the coming half-year on days off, by day; seven statements."""
    first, last = clock.today(), clock.today() + AHEAD
    calendar = holiday_queries.calendar(first, last)
    slots = _hit(first, last, calendar)
    if not slots:
        return []
    months = sorted({slot.month for slot in slots})
    codes = {slot.community_code for slot in slots}
    posts = [gather.post(one) for one in gather.posted(months[0], last, codes)]
    others = _others(slots, months)
    travel = gather.travel()
    absent = gather.away(first, clock.last_day(months[-1]))
    found = []
    for slot in slots:
        taken = [place_of(one) for one in others if one.id != slot.id and one.month == slot.month]
        span = gather.span_of(slot.month)
        days = _present(slot, calendar.working_days(span.opens, span.last), absent)
        noticed = calendar.notices.get(slot.day)
        name = noticed.name if noticed else ""
        found.append(Hit(slot, name, proposal(place_of(slot), days, posts, taken, travel)))
    return found


def _present(slot: DutySlot, days: Iterable[date], absent: gather.Absent) -> list[date]:
    """Return the days on which the slot's lawyer is not on leave at its time."""
    whole, hours = absent
    begins, ends = gather.minute(slot.starts), gather.minute(slot.ends)
    out = {
        day
        for who, day, leaves, returns in hours
        if who == slot.adviser_id and begins < returns and leaves < ends
    }
    return [day for day in days if day not in out and (slot.adviser_id, day) not in whole]


def _hit(first: date, last: date, calendar: Calendar) -> list[DutySlot]:
    off = [day for day in days_between(first, last) if not calendar.is_worked(day)]
    query = (
        select(DutySlot, DutyTerm.weekday)
        .join(DutyTerm, (DutyTerm.firm_id == DutySlot.firm_id) & (DutyTerm.id == DutySlot.term_id))
        .options(joinedload(DutySlot.adviser), joinedload(DutySlot.community))
        .where(
            DutySlot.day.in_(off),
            DutySlot.status == SlotStatus.PLANNED,
            DutySlot.stands_off.is_(False),
        )
        .order_by(DutySlot.day, DutySlot.starts, DutySlot.id)
    )
    rows = db.session.execute(query)
    found = [
        slot
        for slot, weekday in rows
        if is_hit(_Planned(slot.day, slot.status, slot.stands_off, weekday), calendar)
    ]
    return found[:MOST]


def _others(slots: Sequence[DutySlot], months: Sequence[date]) -> Sequence[DutySlot]:
    """Return all that takes the time of the same lawyers or communities in those months."""
    advisers = {slot.substitute_id or slot.adviser_id for slot in slots}
    codes = {slot.community_code for slot in slots}
    query = select(DutySlot).where(
        DutySlot.month.in_(months),
        or_(comes_id.in_(advisers), DutySlot.community_code.in_(codes)),
        DutySlot.status.not_in(FREE),
    )
    return db.session.scalars(query).all()
