"""Planned duty as it is published: who is in which community when, and by which term."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.reports.sheet_queries import Place
from counselhub.roster import term_queries
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot, DutyTerm
from counselhub.roster.quotas import Span

Key = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Hours:
    """The published hours of one community. slots: of the days asked for, by time."""

    place: Place
    firm: str
    leads: Sequence[str]
    backups: Sequence[str]
    terms: Sequence[DutyTerm]
    slots: Sequence[Any]


def hours(
    month: date, places: Sequence[Place], firms: Mapping[UUID, str], first: date, last: date
) -> list[Hours]:
    """Return the hours of places from first to last, days of one month; three statements.

    firms: the names of those that serve there.
    """
    if not places:
        return []
    terms, posts, slots = _terms(month), _posts(month, places), _slots(places, first, last)
    return [
        Hours(
            place,
            firms.get(place.firm_id, ""),
            posts[place.firm_id, place.code, AssignmentRole.LEAD],
            posts[place.firm_id, place.code, AssignmentRole.BACKUP],
            terms.get((place.firm_id, place.code), []),
            slots.get((place.firm_id, place.code), []),
        )
        for place in places
    ]


def _terms(month: date) -> Mapping[Key, list[DutyTerm]]:
    found: defaultdict[Key, list[DutyTerm]] = defaultdict(list)
    for term, place in term_queries.in_force(Span(month, clock.last_day(month), month)):
        found[place.firm_id, place.community_code].append(term)
    return found


def _posts(month: date, places: Sequence[Place]) -> defaultdict[tuple[UUID, str, str], list[str]]:
    """Return the names of who serves there, by role, in the order in which they began."""
    query = (
        select(Assignment.firm_id, Assignment.community_code, Assignment.role, Adviser.name)
        .join(Assignment.adviser)
        .where(
            tuple_(Assignment.firm_id, Assignment.community_code).in_(
                [(place.firm_id, place.code) for place in places]
            ),
            Assignment.starts_on <= clock.last_day(month),
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= max(month, _since(month))),
        )
        .order_by(Assignment.starts_on, Adviser.pinyin)
    )
    found: defaultdict[tuple[UUID, str, str], list[str]] = defaultdict(list)
    for firm_id, code, role, name in db.session.execute(query):
        if name not in found[firm_id, code, role]:
            found[firm_id, code, role].append(name)
    return found


def _since(month: date) -> date:
    """Of the running month those who still serve, of another all who did."""
    today = clock.today()
    return today if today.replace(day=1) == month else month


def _slots(places: Sequence[Place], first: date, last: date) -> Mapping[Key, list[Any]]:
    """Return (firm_id, community_code, day, starts, ends, status, adviser), none called off."""
    query = (
        select(
            DutySlot.firm_id,
            DutySlot.community_code,
            DutySlot.day,
            DutySlot.starts,
            DutySlot.ends,
            DutySlot.status,
            Adviser.name.label("adviser"),
        )
        .join(DutySlot.adviser)
        .where(
            tuple_(DutySlot.firm_id, DutySlot.community_code).in_(
                [(place.firm_id, place.code) for place in places]
            ),
            DutySlot.month == first.replace(day=1),
            DutySlot.day.between(first, last),
            DutySlot.status != SlotStatus.EXCUSED,
        )
        .order_by(DutySlot.day, DutySlot.starts, Adviser.pinyin)
    )
    found: defaultdict[Key, list[Any]] = defaultdict(list)
    for one in db.session.execute(query):
        found[one.firm_id, one.community_code].append(one)
    return found


def weeks(month: date) -> list[tuple[date, date]]:
    """Return the first and last day of each week of a month, Monday to Sunday, cut to the month."""
    last, begin, found = clock.last_day(month), month, []
    while begin <= last:
        end = min(last, begin + timedelta(days=6 - begin.weekday()))
        found.append((begin, end))
        begin = end + timedelta(days=1)
    return found
