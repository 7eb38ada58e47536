"""The records behind the figures of a picture: sessions with their proof, slots with who came."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, cast, false, func, select, true
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.advisers.models import Adviser
from counselhub.core import sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.people.models import Firm
from counselhub.places.models import Community, Street, short_name
from counselhub.reports.proof import grade_by, matched_as, taps_since
from counselhub.reports.queries import ARRIVAL, Model, is_late, late_by, of_scope, slots_seen
from counselhub.roster.models import DutySlot

SESSION_SORTS: sorting.Sorts = {
    "day": (DutySession.signed_in_at, DutySession.id),
    "community": (Community.pinyin, DutySession.signed_in_at, DutySession.id),
    "adviser": (Adviser.pinyin, DutySession.signed_in_at, DutySession.id),
}
SLOT_SORTS: sorting.Sorts = {
    "day": (DutySlot.day, DutySlot.starts, DutySlot.id),
    "community": (Community.pinyin, DutySlot.day, DutySlot.starts, DutySlot.id),
    "adviser": (Adviser.pinyin, DutySlot.day, DutySlot.starts, DutySlot.id),
}


def _firm_name(model: type[Model]) -> ColumnElement[str]:
    """The firm's name, for who reads the rows of several."""
    name = select(Firm.name).where(Firm.id == model.firm_id).correlate(model)
    return name.scalar_subquery().label("firm")


def sessions(first: date, last: date, asked: dict[str, str], grade: str, sort: str) -> Select[Any]:
    """Select (session, firm, MatchVerdict or null) of the days from first to last.

    asked: community, adviser, firm, street and q, '' for all. grade: A to D, `untold` or
    `stood_in`, '' for all.
    """
    query = (
        visible(DutySession)
        .add_columns(_firm_name(DutySession), matched_as().label("match"))
        .join(DutySession.community)
        .join(DutySession.adviser)
        .options(
            contains_eager(DutySession.community),
            contains_eager(DutySession.adviser),
            joinedload(DutySession.substitute_for),
        )
        .where(
            of_scope(DutySession),
            DutySession.day.between(first, last),
            DutySession.status != SessionStatus.VOIDED,
            *_asked(DutySession, asked),
        )
    )
    if grade == "untold":
        query = query.where(DutySession.signed_out_at.is_(None))
    elif grade == "stood_in":
        query = query.where(DutySession.substitute_for_id.is_not(None))
    elif grade:
        taps = taps_since()
        query = query.join(taps, true()).where(grade_by(taps) == grade)
    return sorting.ordered(query, SESSION_SORTS, sort)


def slots(month: date, asked: dict[str, str], status: str, sort: str) -> Select[Any]:
    """Select (slot, firm, arrival, late by minutes, whether late) of a month (its first day).

    asked: as of `sessions`. status: of a slot, or `late`, '' for all.
    """
    query = (
        slots_seen()
        .add_columns(
            _firm_name(DutySlot),
            ARRIVAL.c.at.label("came_at"),
            late_by().label("late_by"),
            func.coalesce(is_late(), false()).label("is_late"),
        )
        .join(DutySlot.community)
        .join(DutySlot.adviser)
        .join(ARRIVAL, true())
        .options(contains_eager(DutySlot.community), contains_eager(DutySlot.adviser))
        .where(of_scope(DutySlot), DutySlot.month == month, *_asked(DutySlot, asked))
    )
    if status == "late":
        query = query.where(is_late(), DutySlot.status != "excused")
    elif status:
        query = query.where(DutySlot.status == status)
    return sorting.ordered(query, SLOT_SORTS, sort)


def _asked(model: type[Model], asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    if code := asked["community"]:
        yield model.community_code == code
    if street := asked["street"]:
        yield model.street_code == street
    if adviser := asked["adviser"]:
        yield cast(model.adviser_id, db.Text) == adviser
    if firm := asked["firm"]:
        yield cast(model.firm_id, db.Text) == firm
    for word in asked["q"].lower().split():
        yield Community.search.contains(word, autoescape=True) | Adviser.search.contains(
            word, autoescape=True
        )


def about(asked: dict[str, str]) -> str:
    """Return whose records are shown, '' when everybody's; one statement."""
    named = [
        select(Community.name).where(Community.code == asked["community"]),
        select(Adviser.name).where(cast(Adviser.id, db.Text) == asked["adviser"]),
        select(Firm.name).where(cast(Firm.id, db.Text) == asked["firm"]),
        select(Street.name).where(Street.code == asked["street"]),
    ]
    found = db.session.execute(select(*(one.scalar_subquery() for one in named))).one()
    return str(_("、")).join(short_name(name) for name in found if name)
