"""Requests of leave as the firm lists them, and who is away when."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from counselhub.advisers.models import Adviser
from counselhub.core import markers, pinyin, sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.leave.kinds import TAKING, LeaveStatus
from counselhub.leave.models import LeaveRequest
from counselhub.leave.rules import Absence, overlap

SORTS: sorting.Sorts = {
    "day": (LeaveRequest.first_on, LeaveRequest.id),
    "adviser": (Adviser.pinyin, LeaveRequest.first_on),
    "asked": (LeaveRequest.asked_at, LeaveRequest.id),
}


def _within(first: date, last: date) -> ColumnElement[bool]:
    return (LeaveRequest.first_on <= last) & (LeaveRequest.last_on >= first)


def of_adviser(adviser_id: UUID) -> Select[LeaveRequest]:
    """Select a lawyer's own requests, the latest days first."""
    return (
        select(LeaveRequest)
        .where(LeaveRequest.adviser_id == adviser_id)
        .order_by(LeaveRequest.first_on.desc(), LeaveRequest.id.desc())
    )


def listed(asked: dict[str, str], sort: str) -> Select[LeaveRequest]:
    """Select the requests that the present member sees, with their lawyers.

    asked: status, kind and q (a lawyer's name or pinyin), '' for all. sort: a key of SORTS.
    """
    query = (
        visible(LeaveRequest)
        .join(LeaveRequest.adviser)
        .options(contains_eager(LeaveRequest.adviser))
        .where(*_asked(asked))
    )
    return sorting.ordered(query, SORTS, sort)


def _asked(asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    if status := asked["status"]:
        yield LeaveRequest.status == status
    if kind := asked["kind"]:
        yield LeaveRequest.kind == kind
    for word in asked["q"].split():
        yield pinyin.finds(Adviser.search, word)


def waiting() -> int:
    """Return how many requests wait for the manager."""
    counted = select(func.count()).where(LeaveRequest.status == LeaveStatus.ASKED)
    return db.session.scalar(counted) or 0


def in_the_way(adviser_id: UUID, wanted: Absence) -> LeaveRequest | None:
    """Return the lawyer's request that holds some of the same time, None when none does."""
    query = select(LeaveRequest).where(
        LeaveRequest.adviser_id == adviser_id,
        LeaveRequest.status.in_(TAKING),
        _within(wanted.first, wanted.last),
    )
    found = db.session.scalars(query.order_by(LeaveRequest.first_on))
    return next((one for one in found if overlap(one.absence, wanted)), None)


def away(
    first: date, last: date, advisers: Sequence[UUID] | None = None
) -> list[tuple[UUID, Absence]]:
    """Return who is away on approved leave with a day from first to last; one statement."""
    query = select(
        LeaveRequest.adviser_id,
        LeaveRequest.first_on,
        LeaveRequest.last_on,
        LeaveRequest.starts,
        LeaveRequest.ends,
    ).where(LeaveRequest.status == LeaveStatus.APPROVED, _within(first, last))
    if advisers is not None:
        query = query.where(LeaveRequest.adviser_id.in_(advisers))
    rows = db.session.execute(query.order_by(LeaveRequest.first_on, LeaveRequest.id))
    return [(one.adviser_id, Absence(*one[1:])) for one in rows]


def away_at(adviser_id: UUID, wanted: Absence) -> Absence | None:
    """Return the approved leave that takes some of the time `wanted` of a lawyer, None: free."""
    found = away(wanted.first, wanted.last, [adviser_id])
    return next((one for _who, one in found if overlap(one, wanted)), None)


def of_month(first: date, last: date) -> Sequence[LeaveRequest]:
    """Return what is asked or approved with a day from first to last, by lawyer and day."""
    query = (
        select(LeaveRequest)
        .join(LeaveRequest.adviser)
        .options(contains_eager(LeaveRequest.adviser))
        .where(LeaveRequest.status.in_(TAKING), _within(first, last))
        .order_by(Adviser.pinyin, Adviser.id, LeaveRequest.first_on, LeaveRequest.starts)
    )
    return db.session.scalars(query).all()


def present_advisers(today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return (id, name) of the lawyers who have not left, by pinyin."""
    query = (
        select(Adviser.id, Adviser.name)
        .where(
            or_(Adviser.left_on.is_(None), Adviser.left_on >= today),
            markers.not_our_honey(Adviser, Adviser.name),
        )
        .order_by(Adviser.pinyin, Adviser.id)
    )
    return db.session.execute(query).all()


def with_words(before: date) -> ColumnElement[bool]:
    """Whether a request ended before a day and still has words."""
    has_words = or_(LeaveRequest.reason.is_not(None), LeaveRequest.answer.is_not(None))
    return and_(LeaveRequest.last_on < before, has_words)
