"""What was planned and done under agreements: a fixed number of statements for any number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from counselhub.advisers.models import Adviser
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.pairings import rules
from counselhub.pairings.kinds import ListKind
from counselhub.pairings.models import Pairing
from counselhub.pairings.rules import Held, Planned, PlanState, Progress
from counselhub.pairings.studio_models import PartyStudio
from counselhub.pairings.work_models import (
    ActivityAdviser,
    ActivityPhoto,
    PairingActivity,
    PairingItem,
    PairingProject,
    PlannedActivity,
)


def progress_of(pairings: Iterable[Pairing], year: int) -> Mapping[UUID, Progress]:
    """Return how each agreement stands in a year, with two statements.

    Government counts the activities that were shared with it.
    """
    ids = [one.id for one in pairings]
    plan: defaultdict[UUID, list[Planned]] = defaultdict(list)
    held: defaultdict[UUID, list[Held]] = defaultdict(list)
    for owner, *planned in db.session.execute(_planned(ids, year)):
        plan[owner].append(Planned(*planned))
    for owner, plan_id, day, minutes in db.session.execute(_held(ids, year)):
        held[owner].append(Held(plan_id, day.year, minutes))
    today = clock.today()
    return {one: rules.progress(year, plan[one], held[one], today) for one in ids}


def _planned(ids: Sequence[UUID], year: int) -> Select[*tuple[Any, ...]]:
    row = PlannedActivity
    return select(row.pairing_id, row.id, row.year, row.month, row.minutes).where(
        row.pairing_id.in_(ids), row.year == year
    )


def _held(ids: Sequence[UUID], year: int) -> Select[*tuple[Any, ...]]:
    row = PairingActivity
    query = select(row.pairing_id, row.plan_id, row.day, row.minutes)
    return query.where(row.pairing_id.in_(ids), _of_year(year))


def _of_year(year: int) -> ColumnElement[bool]:
    """Return the activities of a year, and those that were held for its plan in another."""
    planned = select(PlannedActivity.id).where(
        PlannedActivity.firm_id == PairingActivity.firm_id, PlannedActivity.year == year
    )
    days = PairingActivity.day.between(date(year, 1, 1), date(year, 12, 31))
    return or_(days, PairingActivity.plan_id.in_(planned))


@dataclass(frozen=True, slots=True)
class Done:
    """An activity with the names of our lawyers and the ids of its pictures."""

    row: PairingActivity
    advisers: Sequence[str]
    photos: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan with how it stands, and the activities held for it."""

    row: PlannedActivity
    state: PlanState
    held: Sequence[Done]


@dataclass(frozen=True, slots=True)
class Year:
    """A year of an agreement. done: of that year, by day."""

    year: int
    plan: Sequence[Line]
    done: Sequence[Done]
    progress: Progress


def year_of(pairing: Pairing, year: int) -> Year:
    """Return plan and activities of a year, with two statements."""
    query = select(PlannedActivity).where(
        PlannedActivity.firm_id == pairing.firm_id,
        PlannedActivity.pairing_id == pairing.id,
        PlannedActivity.year == year,
    )
    rows = db.session.scalars(query.order_by(PlannedActivity.month, PlannedActivity.id)).all()
    found = activities(_here(pairing), _of_year(year))
    plan = [Planned(one.id, one.year, one.month, one.minutes) for one in rows]
    held = [Held(one.row.plan_id, one.row.day.year, one.row.minutes) for one in found]
    today, done = clock.today(), rules.done_of(held)
    lines = [
        Line(
            row,
            rules.state_of(planned, done, today),
            [one for one in found if one.row.plan_id == row.id],
        )
        for row, planned in zip(rows, plan, strict=True)
    ]
    in_year = [one for one in found if one.row.day.year == year]
    return Year(year, lines, in_year, rules.progress(year, plan, held, today))


def _here(pairing: Pairing) -> ColumnElement[bool]:
    return and_(
        PairingActivity.firm_id == pairing.firm_id, PairingActivity.pairing_id == pairing.id
    )


def activities(*wanted: ColumnElement[bool]) -> list[Done]:
    """Return activities with names and pictures, by day; one statement."""
    names = (
        select(func.array_agg(aggregate_order_by(Adviser.name, Adviser.pinyin)))
        .join(
            ActivityAdviser,
            and_(
                ActivityAdviser.firm_id == Adviser.firm_id,
                ActivityAdviser.adviser_id == Adviser.id,
            ),
        )
        .where(
            ActivityAdviser.firm_id == PairingActivity.firm_id,
            ActivityAdviser.activity_id == PairingActivity.id,
        )
        .correlate(PairingActivity)
        .scalar_subquery()
    )
    photos = (
        select(func.array_agg(aggregate_order_by(ActivityPhoto.id, ActivityPhoto.id)))
        .where(
            ActivityPhoto.firm_id == PairingActivity.firm_id,
            ActivityPhoto.activity_id == PairingActivity.id,
            ActivityPhoto.thumb.is_not(None),
        )
        .correlate(PairingActivity)
        .scalar_subquery()
    )
    query = select(PairingActivity, names, photos).where(*wanted)
    rows = db.session.execute(query.order_by(PairingActivity.day, PairingActivity.id))
    return [Done(row, people or [], pictures or []) for row, people, pictures in rows]


def one_activity(row: PairingActivity) -> Done:
    """Return one activity with names and pictures."""
    return activities(PairingActivity.firm_id == row.firm_id, PairingActivity.id == row.id)[0]


def named_in(activity_id: UUID) -> list[UUID]:
    """Return the ids of our lawyers who took part."""
    query = select(ActivityAdviser.adviser_id).where(ActivityAdviser.activity_id == activity_id)
    return list(db.session.scalars(query))


def picture_of(photo: ActivityPhoto, *, small: bool) -> bytes | None:
    """Return a picture, None when its time is over."""
    column = ActivityPhoto.thumb if small else ActivityPhoto.picture
    query = select(column).where(
        ActivityPhoto.firm_id == photo.firm_id, ActivityPhoto.id == photo.id
    )
    return db.session.scalar(query)


def thumbs_of(done: Iterable[Done]) -> Mapping[UUID, bytes]:
    """Return the small pictures of activities by their ids; one statement."""
    ids = [photo for one in done for photo in one.photos]
    query = select(ActivityPhoto.id, ActivityPhoto.thumb).where(
        ActivityPhoto.id.in_(ids), ActivityPhoto.thumb.is_not(None)
    )
    return {photo: thumb for photo, thumb in db.session.execute(query) if thumb}


def plan_of(pairing: Pairing) -> Sequence[PlannedActivity]:
    """Return every line of the plans of an agreement, by month."""
    row = PlannedActivity
    query = select(row).where(row.firm_id == pairing.firm_id, row.pairing_id == pairing.id)
    return db.session.scalars(query.order_by(row.year, row.month, row.id)).all()


@dataclass(frozen=True, slots=True)
class Lists:
    """The three lists of an agreement; titles: of its items, by id."""

    resources: Sequence[PairingItem]
    needs: Sequence[PairingItem]
    projects: Sequence[PairingProject]
    titles: Mapping[UUID, str]


def lists_of(pairing: Pairing) -> Lists:
    """Return the three lists, with two statements."""
    items = db.session.scalars(
        select(PairingItem)
        .where(PairingItem.firm_id == pairing.firm_id, PairingItem.pairing_id == pairing.id)
        .order_by(PairingItem.id)
    ).all()
    projects = db.session.scalars(
        select(PairingProject)
        .where(PairingProject.firm_id == pairing.firm_id, PairingProject.pairing_id == pairing.id)
        .order_by(PairingProject.id)
    ).all()
    return Lists(
        [one for one in items if one.kind == ListKind.RESOURCE],
        [one for one in items if one.kind == ListKind.NEED],
        projects,
        {one.id: one.title for one in items},
    )


def studios_of(community_code: str, firm_id: UUID) -> Sequence[PartyStudio]:
    """Return the studios of a firm in a community, by name."""
    query = select(PartyStudio).where(
        PartyStudio.firm_id == firm_id, PartyStudio.community_code == community_code
    )
    return db.session.scalars(query.order_by(PartyStudio.name, PartyStudio.id)).all()


def years_of(pairing: Pairing) -> range:
    """Return the years that an agreement touches, up to next year when it has no end."""
    today = clock.today()
    first = max(rules.YEARS[0], (pairing.signed_on or today).year)
    last = pairing.valid_until.year if pairing.valid_until else today.year + 1
    return range(first, max(first, min(last, rules.YEARS[-1])) + 1)
