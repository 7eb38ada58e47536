"""Duty points by community, what waits for a decision, what the firm knows of its codes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload

from counselhub.assignments.models import Assignment
from counselhub.assignments.queries import running
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.sorting import Sorts
from counselhub.places.models import Community
from counselhub.places.queries import communities, served
from counselhub.points.code_rules import Code
from counselhub.points.kinds import CodeVerdict, ProposalStatus
from counselhub.points.models import DutyCode, DutyPoint, PointProposal
from counselhub.points.proof_models import DutyScan, PositionChoice

STATES = ("missing", "waiting", "set")
_waiting = (
    select(func.count())
    .where(
        PointProposal.community_code == Community.code,
        PointProposal.status == ProposalStatus.PROPOSED,
    )
    .correlate(Community)
    .scalar_subquery()
)
SORTS: Sorts = {
    "missing": (DutyPoint.id.is_(None), _waiting, Community.pinyin, Community.code),
    "community": (Community.pinyin, Community.code),
    "set": (DutyPoint.set_at, Community.code),
}
"""How the list may be ordered; "missing" is its own: without a point first."""


def point_list(
    words: str, state: str, sort: str
) -> Select[Community, bool, DutyPoint, DutyCode, int]:
    """Select (community, served, point or None, code or None, proposals that wait).

    state: one of STATES, '' for all. sort: a key of SORTS, "-key" downwards.
    """
    query = (
        communities(words or None)
        .outerjoin(DutyPoint, DutyPoint.community_code == Community.code)
        .outerjoin(DutyCode, DutyCode.community_code == Community.code)
        .add_columns(DutyPoint, DutyCode, _waiting.label("waiting"))
    )
    if state == "missing":
        query = query.where(DutyPoint.id.is_(None))
    elif state == "set":
        query = query.where(DutyPoint.id.is_not(None))
    elif state == "waiting":
        query = query.where(_waiting > 0)
    downwards = sort.startswith("-")
    columns = SORTS[sort.removeprefix("-")]
    return query.order_by(None).order_by(*(c.desc() if downwards else c for c in columns))


def counted() -> tuple[int, int, int]:
    """Return how many served communities there are, how many have a point, what waits."""
    page = point_list("", "", "community").order_by(None).subquery()
    found = db.session.execute(
        select(
            func.count(), func.count(page.c.radius_m), func.coalesce(func.sum(page.c.waiting), 0)
        ).select_from(page)
    ).one()
    return found[0], found[1], int(found[2])


def served_community(code: str) -> Community | None:
    """Return a community that the firm serves, or keeps a point of; None for any other."""
    kept = exists().where(DutyPoint.community_code == Community.code)
    query = select(Community).where(Community.code == code, or_(served(), kept))
    return db.session.scalar(query.options(joinedload(Community.street)))


def point_of(community_code: str) -> DutyPoint | None:
    """Return a community's duty point, None without one."""
    return db.session.scalar(select(DutyPoint).where(DutyPoint.community_code == community_code))


def code_of(community_code: str, *, lock: bool = False) -> DutyCode | None:
    """Return what is behind a community's codes, None when it never had any."""
    query = select(DutyCode).where(DutyCode.community_code == community_code)
    return db.session.scalar(query.with_for_update() if lock else query)


def proposals(community_code: str) -> Sequence[PointProposal]:
    """Return what lawyers propose for a community and nobody has decided, oldest first."""
    query = (
        select(PointProposal)
        .options(joinedload(PointProposal.adviser))
        .where(
            PointProposal.community_code == community_code,
            PointProposal.status == ProposalStatus.PROPOSED,
        )
        .order_by(PointProposal.proposed_at)
    )
    return db.session.scalars(query).all()


def waiting_of(adviser_id: UUID, community_code: str) -> PointProposal | None:
    """Return the lawyer's own proposal that waits, None when none does."""
    query = select(PointProposal).where(
        PointProposal.adviser_id == adviser_id,
        PointProposal.community_code == community_code,
        PointProposal.status == ProposalStatus.PROPOSED,
    )
    return db.session.scalar(query)


def serves(adviser_id: UUID, community_code: str) -> bool:
    """Tell whether a lawyer leads or backs up in a community today."""
    today = clock.today()
    found = exists().where(
        Assignment.adviser_id == adviser_id,
        Assignment.community_code == community_code,
        running(today, today),
    )
    return bool(db.session.scalar(select(found)))


def lacks_point(community_code: str) -> bool:
    """Tell whether a community has no duty point yet."""
    there = exists().where(DutyPoint.community_code == community_code)
    return bool(db.session.scalar(select(~there)))


def choice_of(adviser_id: UUID) -> PositionChoice | None:
    """Return the lawyer's word on positions, None when it was never given."""
    return db.session.scalar(select(PositionChoice).where(PositionChoice.adviser_id == adviser_id))


def behind_page(adviser_id: UUID, code: Code | None) -> Row[Any, Any, Any, Any]:
    """Return what the duty page needs to know of places: one row.

    wording: of the notice that the lawyer agreed to, or None. Of the code that was scanned: the
    community's name, what is behind its codes (DutyCode), whether it was used (is_used).
    """
    place, step = (code.community_code, code.number) if code else ("", -1)
    agreed = (
        select(PositionChoice.wording)
        .where(PositionChoice.adviser_id == adviser_id, PositionChoice.agreed_at.is_not(None))
        .scalar_subquery()
    )
    query = (
        select(
            agreed.label("wording"),
            select(Community.name).where(Community.code == place).scalar_subquery().label("name"),
            DutyCode,
            _used(adviser_id, place, step).label("is_used"),
        )
        .select_from(select(literal(1).label("one")).subquery())
        .outerjoin(DutyCode, DutyCode.community_code == place)
    )
    return db.session.execute(query).one()


def _used(adviser_id: UUID, community_code: str, step: int) -> ColumnElement[bool]:
    return exists().where(
        DutyScan.adviser_id == adviser_id,
        DutyScan.community_code == community_code,
        DutyScan.step == step,
        DutyScan.verdict == CodeVerdict.CURRENT,
    )


def was_used(adviser_id: UUID, community_code: str, step: int) -> bool:
    """Tell whether a moving code has held for a tap of this lawyer already."""
    return bool(db.session.scalar(select(_used(adviser_id, community_code, step))))
