"""Turns a month's rows into facts, with a fixed number of statements for any number of slots."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.assignments.queries import running
from counselhub.closing.models import ClosedMonth
from counselhub.contracts.models import ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.leave import queries as leave
from counselhub.places.models import Community
from counselhub.roster import holiday_queries, term_queries
from counselhub.roster.facts import Ask, Held, Key, Place, Post, Travel
from counselhub.roster.kinds import FREE, OnHoliday, SlotStatus, TermKind
from counselhub.roster.models import DutySlot, DutyTerm
from counselhub.roster.quotas import Span
from counselhub.roster.rules import Facts
from counselhub.roster.working_days import days_between

Away = tuple[UUID, date]
AwayHours = tuple[UUID, date, int, int]
Absent = tuple[set[Away], set[AwayHours]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts of a month, the slots that are there, and what people and places are called."""

    facts: Facts
    slots: Mapping[Key, DutySlot]
    terms: Mapping[UUID, DutyTerm]
    advisers: Mapping[UUID, Adviser]
    communities: Mapping[str, Community]


def gathered(month: date) -> Gathered:
    """Return what the roster of `month` depends on; seven statements."""
    span = span_of(month)
    closed = _closed(month)
    pairs = [(t, p) for t, p in term_queries.in_force(span) if p.community_code not in closed]
    assignments = posted(span.first, span.last)
    slots = _slots(month)
    whole, hours = away(span.first, span.last)
    facts = Facts(
        span=span,
        asks=[ask(term, place) for term, place in pairs],
        posts=[post(one) for one in assignments],
        held=[_held(one, span, closed) for one in slots],
        calendar=holiday_queries.calendar(span.first, span.last),
        travel=travel(),
        seed=int(f"{month:%Y%m}"),
        away=whole,
        away_hours=hours,
    )
    rows: list[Assignment | DutySlot] = [*assignments, *slots]
    return Gathered(
        facts,
        {key_of(one): one for one in slots},
        {term.id: term for term, _place in pairs},
        {one.adviser_id: one.adviser for one in rows}
        | {one.substitute.id: one.substitute for one in slots if one.substitute},
        {one.community_code: one.community for one in [*rows, *(place for _t, place in pairs)]},
    )


def span_of(month: date) -> Span:
    """Return the days of a month; what is today or past is not planned any more."""
    tomorrow = clock.today() + timedelta(days=1)
    return Span(month, clock.last_day(month), max(month, tomorrow))


def away(first: date, last: date) -> Absent:
    """Return who is on approved leave from first to last: whole days, hours; one statement."""
    whole: set[Away] = set()
    hours: set[AwayHours] = set()
    for adviser_id, absence in leave.away(first, last):
        for day in days_between(max(first, absence.first), min(last, absence.last)):
            if absence.is_whole:
                whole.add((adviser_id, day))
            else:
                hours.add((adviser_id, day, *absence.minutes))
    return whole, hours


def travel() -> Travel:
    """Return the minutes between communities by the firm's rule; one statement."""
    rule = term_queries.rule()
    if rule is None:
        return Travel(term_queries.SAME_STREET_MINUTES, term_queries.OTHER_STREET_MINUTES)
    return Travel(rule.same_street_minutes, rule.other_street_minutes)


def _closed(month: date) -> set[str]:
    query = select(ClosedMonth.place_code).where(ClosedMonth.month == month)
    return set(db.session.scalars(query))


def posted(first: date, last: date, codes: Iterable[str] | None = None) -> Sequence[Assignment]:
    """Return the assignments with a day from first to last, with lawyer and community."""
    query = (
        select(Assignment)
        .options(joinedload(Assignment.adviser), joinedload(Assignment.community))
        .where(running(first, last))
        .order_by(Assignment.id)
    )
    if codes is not None:
        query = query.where(Assignment.community_code.in_(list(codes)))
    return db.session.scalars(query).all()


def _slots(month: date) -> Sequence[DutySlot]:
    query = (
        select(DutySlot)
        .options(
            joinedload(DutySlot.adviser),
            joinedload(DutySlot.substitute),
            joinedload(DutySlot.community),
        )
        .where(DutySlot.month == month)
        .order_by(DutySlot.id)
    )
    return db.session.scalars(query).all()


def ask(term: DutyTerm, place: ContractCommunity) -> Ask:
    """Return what a term asks of one community of its contract."""
    last = min(place.last_on, term.last_on) if term.last_on else place.last_on
    return Ask(
        term_id=term.id,
        community=place.community_code,
        first=place.starts_on,
        last=last,
        kind=TermKind(term.kind),
        begins=minute(term.starts),
        ends=minute(term.ends),
        weekday=term.weekday,
        weeks=tuple(term.weeks),
        required_minutes=(term.required_hours or 0) * 60,
        required_days=term.required_days or 0,
        on_holiday=OnHoliday(term.on_holiday),
    )


def post(one: Assignment) -> Post:
    """Return an assignment as the rules know it; who leaves serves to the last day."""
    ends = [day for day in (one.ends_on, one.adviser.left_on) if day is not None]
    last = min(ends) if ends else None
    is_lead = one.role == AssignmentRole.LEAD
    return Post(one.adviser_id, one.community_code, one.starts_on, last, is_lead)


def place_of(slot: DutySlot) -> Place:
    """Return where a slot is, of whoever comes to it."""
    comes_id = slot.substitute_id or slot.adviser_id
    return Place(comes_id, slot.community_code, slot.day, minute(slot.starts), minute(slot.ends))


def key_of(slot: DutySlot) -> Key:
    """Return the quota that a slot fills."""
    return Key(slot.term_id, slot.community_code, slot.turn)


def _held(slot: DutySlot, span: Span, closed: set[str]) -> Held:
    is_settled = slot.status != SlotStatus.PLANNED or slot.substitute_id is not None
    stays = slot.is_moved or slot.day < span.opens or is_settled
    is_fixed = stays or slot.community_code in closed
    return Held(place_of(slot), key_of(slot), is_fixed, slot.status in FREE)


def minute(at: time) -> int:
    """Return the minute of the day."""
    return at.hour * 60 + at.minute


def clock_time(of_day: int) -> time:
    """Return a minute of the day as wall-clock time."""
    return time(of_day // 60, of_day % 60)
