"""Corrections as the firm lists them."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.advisers.models import Adviser
from counselhub.closing.models import ClosedMonth
from counselhub.closing.queries import closed_within
from counselhub.core import pinyin, sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.corrections.kinds import CorrectionStatus
from counselhub.corrections.models import SessionCorrection
from counselhub.duty.models import DutySession
from counselhub.places.models import Community

SORTS: sorting.Sorts = {
    "asked": (SessionCorrection.asked_at, SessionCorrection.id),
    "day": (SessionCorrection.day, SessionCorrection.id),
    "community": (Community.pinyin, SessionCorrection.day),
    "adviser": (Adviser.pinyin, SessionCorrection.day),
}
NAMES = (
    joinedload(SessionCorrection.adviser),
    joinedload(SessionCorrection.community),
    joinedload(SessionCorrection.was_community),
    joinedload(SessionCorrection.substitute_for),
    joinedload(SessionCorrection.was_substitute_for),
)
"""What both versions name."""


def listed(asked: dict[str, str], sort: str) -> Select[SessionCorrection]:
    """Select the requests that the present member sees, with lawyer and community.

    asked: status, reason and q (a lawyer or a community), '' for all. sort: a key of SORTS.
    """
    query = (
        visible(SessionCorrection)
        .join(SessionCorrection.adviser)
        .join(SessionCorrection.community)
        .options(
            contains_eager(SessionCorrection.adviser), contains_eager(SessionCorrection.community)
        )
        .where(*_asked(asked))
    )
    return sorting.ordered(query, SORTS, sort)


def _asked(asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    if status := asked["status"]:
        yield SessionCorrection.status == status
    if reason := asked["reason"]:
        yield SessionCorrection.reason == reason
    for word in asked["q"].split():
        yield pinyin.finds(Adviser.search, word) | pinyin.finds(Community.search, word)


def counts() -> dict[str, int]:
    """Return how many requests that the present member sees stand in each state."""
    seen = visible(SessionCorrection).with_only_columns(
        SessionCorrection.status, func.count().label("total")
    )
    rows = db.session.execute(seen.group_by(SessionCorrection.status))
    return {one.status: one.total for one in rows}


def of_session(session: DutySession) -> Sequence[SessionCorrection]:
    """Return the requests on a session, newest first."""
    query = select(SessionCorrection).where(
        SessionCorrection.firm_id == session.firm_id, SessionCorrection.session_id == session.id
    )
    return db.session.scalars(query.order_by(SessionCorrection.asked_at.desc())).all()


def waiting_on(session_id: object) -> SessionCorrection | None:
    """Return the request on a session that nobody has decided, None when there is none."""
    return db.session.scalar(
        select(SessionCorrection).where(
            SessionCorrection.session_id == session_id,
            SessionCorrection.status == CorrectionStatus.ASKED,
        )
    )


def closed(row: SessionCorrection) -> ClosedMonth | None:
    """Return the statement that keeps either version's month, None while both are open."""
    days: list[tuple[str, date]] = [(row.community_code, row.day)]
    if row.was_community_code and row.was_signed_in_at:
        days.append((row.was_community_code, row.day))
    return closed_within({code for code, _day in days}, [(row.day, row.day)])
