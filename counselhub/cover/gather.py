"""Turns rows into the colleagues that may cover a slot; six statements for a firm of any size."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from counselhub.advisers.kinds import AdviserCategory
from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.assignments.queries import running
from counselhub.core import markers
from counselhub.core.db import db
from counselhub.cover.rules import Candidate, Colleague, candidates, planned_minutes
from counselhub.places.models import Community
from counselhub.roster import gather, term_queries
from counselhub.roster.facts import Place
from counselhub.roster.gather import minute
from counselhub.roster.kinds import FREE
from counselhub.roster.models import DutySlot
from counselhub.roster.slot_queries import comes_id


def for_slot(slot: DutySlot) -> list[Candidate]:
    """Return everybody who might cover a slot, best first, and why the others may not."""
    places = _places(slot)
    posts = _posts(slot)
    rule = term_queries.rule()
    return candidates(
        own_place(slot),
        [_colleague(one, slot, places[one.id], posts) for one in _advisers()],
        gather.travel(),
        with_trainees=bool(rule and rule.trainees_cover),
        away=_away(own_place(slot)),
    )


def _away(wanted: Place) -> set[UUID]:
    """Return who is on leave on the day of a place, or in its hours."""
    whole, hours = gather.away(wanted.day, wanted.day)
    return {adviser_id for adviser_id, _day in whole} | {
        adviser_id
        for adviser_id, _day, begins, ends in hours
        if begins < wanted.ends and wanted.begins < ends
    }


def own_place(slot: DutySlot) -> Place:
    """Return where the slot's own adviser was to be."""
    begins, ends = minute(slot.starts), minute(slot.ends)
    return Place(slot.adviser_id, slot.community_code, slot.day, begins, ends)


def _advisers() -> list[Adviser]:
    query = select(Adviser).where(~Adviser.name.startswith(markers.PREFIX))
    return list(db.session.scalars(query.order_by(Adviser.pinyin, Adviser.id)))


def _posts(slot: DutySlot) -> dict[UUID, set[str]]:
    """Return the communities of the slot's street that each lawyer has that day."""
    query = select(Assignment.adviser_id, Assignment.community_code).where(
        Assignment.street_code == slot.street_code, running(slot.day, slot.day)
    )
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for adviser_id, code in db.session.execute(query):
        found[adviser_id].add(code)
    return found


def _places(slot: DutySlot) -> defaultdict[UUID, list[Place]]:
    """Return what else is planned for everybody in the slot's month."""
    query = select(
        comes_id, DutySlot.community_code, DutySlot.day, DutySlot.starts, DutySlot.ends
    ).where(DutySlot.month == slot.month, DutySlot.id != slot.id, DutySlot.status.not_in(FREE))
    found: defaultdict[UUID, list[Place]] = defaultdict(list)
    for adviser_id, code, day, starts, ends in db.session.execute(query):
        found[adviser_id].append(Place(adviser_id, code, day, minute(starts), minute(ends)))
    return found


def _colleague(
    adviser: Adviser, slot: DutySlot, places: list[Place], posts: dict[UUID, set[str]]
) -> Colleague:
    day: date = slot.day
    return Colleague(
        adviser_id=adviser.id,
        name=adviser.name,
        joined_on=adviser.joined_on,
        left_on=adviser.left_on,
        is_trainee=adviser.category == AdviserCategory.TRAINEE,
        has_community=slot.community_code in posts.get(adviser.id, ()),
        serves_street=adviser.id in posts,
        month_minutes=planned_minutes(places),
        places=tuple(one for one in places if one.day == day),
    )


def names(found: Iterable[Candidate]) -> dict[str, str]:
    """Return what the communities in the way of candidates are called, by code; one statement."""
    codes = {one.clash.other.community for one in found if one.clash}
    if not codes:
        return {}
    query = select(Community).where(Community.code.in_(codes))
    return {one.code: one.short_name for one in db.session.scalars(query)}
