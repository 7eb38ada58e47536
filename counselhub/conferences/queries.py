"""Conferences as pages show them: the list, what is left to do, one with all that belongs to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.sql.base import ExecutableOption

from counselhub.advisers.models import Adviser
from counselhub.conferences.kinds import ConferenceStatus
from counselhub.conferences.models import (
    Conference,
    ConferenceMinutes,
    ConferenceSeat,
    ConferenceTask,
)
from counselhub.conferences.rules import Standing
from counselhub.core import sorting
from counselhub.core.access import in_sight
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.members import Member

S = ConferenceStatus
TABS: Mapping[str, tuple[ConferenceStatus, ...]] = {
    "open": (S.PLANNED, S.HELD),
    "concluded": (S.CONCLUDED,),
    "cancelled": (S.CANCELLED,),
    "all": tuple(S),
}
SORTS: sorting.Sorts = {"day": (Conference.day, Conference.starts, Conference.id)}
MOST_WORDS = 5
"""Words of a search; what comes after is not looked at."""
MOST_TASKS = 50
"""Open tasks that the list's page shows; what is due first comes first."""


def names() -> tuple[ExecutableOption, ...]:
    """Return what to load with a conference: the names that pages show."""
    return (
        joinedload(Conference.community),
        joinedload(Conference.chair),
        joinedload(Conference.service),
        joinedload(Conference.referral),
    )


def listed(tab: str, words: str, sort: str, service_id: UUID | None = None) -> Select[Conference]:
    """Select the conferences in sight with the names that a list shows.

    tab: one of TABS, else all. words: of the title. sort: a key of SORTS. service_id: of one
    service alone.
    """
    query = filtered(tab, words, sort).options(*names()).where(in_sight(Conference))
    return query if service_id is None else query.where(Conference.service_id == service_id)


def filtered(tab: str, words: str, sort: str) -> Select[Conference]:
    """Select what `listed` does, of everybody's."""
    query = select(Conference).where(*_asked(tab, words))
    return sorting.ordered(query, SORTS, sort)


def _asked(tab: str, words: str) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if tab in TABS and tab != "all":
        asked.append(Conference.status.in_(TABS[tab]))
    for word in words.split()[:MOST_WORDS]:
        plain = word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        found = func.conferences_matching(f"%{plain}%").column_valued("found")
        asked.append(Conference.id.in_(select(found)))
    return asked


def tallies() -> Mapping[str, int]:
    """Return how many conferences in sight each tab holds, with one statement."""
    query = (
        select(Conference.status, func.count())
        .where(in_sight(Conference))
        .group_by(Conference.status)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in db.session.execute(query)}
    return {tab: sum(counts.get(one, 0) for one in states) for tab, states in TABS.items()}


@dataclass(frozen=True, slots=True)
class Due:
    """Open tasks in sight: the first of them, how many there are, how many are late."""

    tasks: Sequence[ConferenceTask]
    count: int
    late: int


def due(today: date) -> Due:
    """Return what is left to do, the earliest first; two statements."""
    open_ones = and_(in_sight(ConferenceTask), ConferenceTask.done_on.is_(None))
    counted = db.session.execute(
        select(func.count(), func.count().filter(ConferenceTask.due_on < today)).where(open_ones)
    ).one()
    if not counted[0]:
        return Due([], 0, 0)
    query = (
        select(ConferenceTask)
        .join(ConferenceTask.conference)
        .options(contains_eager(ConferenceTask.conference), joinedload(ConferenceTask.owner))
        .where(open_ones)
        .order_by(ConferenceTask.due_on, ConferenceTask.id)
        .limit(MOST_TASKS)
    )
    return Due(db.session.scalars(query).all(), *counted)


def seats(conference_id: UUID) -> Sequence[ConferenceSeat]:
    """Return who was called, with names, by pinyin."""
    query = (
        select(ConferenceSeat)
        .join(ConferenceSeat.adviser)
        .options(contains_eager(ConferenceSeat.adviser))
        .where(ConferenceSeat.conference_id == conference_id)
        .order_by(Adviser.pinyin, ConferenceSeat.id)
    )
    return db.session.scalars(query).all()


def tasks(conference_id: UUID) -> Sequence[ConferenceTask]:
    """Return the tasks of a conference with their owners, what is due first first."""
    query = (
        select(ConferenceTask)
        .options(joinedload(ConferenceTask.owner))
        .where(ConferenceTask.conference_id == conference_id)
        .order_by(ConferenceTask.due_on, ConferenceTask.id)
    )
    return db.session.scalars(query).all()


def versions(conference_id: UUID) -> Sequence[ConferenceMinutes]:
    """Return the minutes of a conference, the newest version first."""
    query = select(ConferenceMinutes).where(ConferenceMinutes.conference_id == conference_id)
    return db.session.scalars(query.order_by(ConferenceMinutes.version.desc())).all()


def standing(
    conference: Conference,
    seated: Sequence[ConferenceSeat],
    member: Member,
    *,
    is_desk: bool,
    owns_task: bool = False,
) -> Standing:
    """Return what a member is to a conference."""
    who = member.adviser_id
    return Standing(
        is_desk=is_desk,
        is_chair=who is not None and conference.chair_id == who,
        is_seated=any(seat.adviser_id == who for seat in seated),
        owns_task=owns_task,
    )


def whole_way(conference: Conference) -> list[Event]:
    """Return every act on a conference, newest first."""
    query = select(Event).where(
        Event.subject_id == conference.id, Event.subject == Conference.__tablename__
    )
    return list(db.session.scalars(query.order_by(Event.at.desc(), Event.id.desc())))


def of_referral(referral_id: UUID) -> Sequence[Conference]:
    """Return the conferences in sight of a referral, the newest first."""
    whose = Conference.referral_id == referral_id
    query = select(Conference).where(in_sight(Conference), whose)
    return db.session.scalars(query.order_by(Conference.day.desc(), Conference.id.desc())).all()
