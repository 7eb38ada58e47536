"""The firm's sessions as its list shows them, and what decides whether one counts."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased, contains_eager, joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.duty.queries import Line
from counselhub.places.models import Community
from counselhub.schemes.models import SchemeVersion

SORTS: sorting.Sorts = {
    "day": (DutySession.signed_in_at, DutySession.id),
    "community": (Community.pinyin, DutySession.signed_in_at),
    "adviser": (Adviser.pinyin, DutySession.signed_in_at),
}


def session_list(first: date, last: date, asked: dict[str, str], sort: str) -> Select[Any]:
    """Select (session, is_assigned, shortest visit in minutes) of the days from first to last.

    asked: community, adviser, status and q (a name, a code or a word of the remark), '' for all.
    sort: a key of SORTS, with a minus before it for the other direction.
    """
    query = (
        visible(DutySession)
        .add_columns(assigned_at_the_time(), _shortest_visit())
        .join(DutySession.community)
        .join(DutySession.adviser)
        .options(
            contains_eager(DutySession.community),
            contains_eager(DutySession.adviser),
            joinedload(DutySession.substitute_for),
        )
        .where(DutySession.day.between(first, last), *_asked(asked))
    )
    return sorting.ordered(query, SORTS, sort)


def _asked(asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    if code := asked["community"]:
        yield DutySession.community_code == code
    if adviser := asked["adviser"]:
        yield func.cast(DutySession.adviser_id, db.Text) == adviser
    if asked["status"] == "untold":
        yield DutySession.signed_out_at.is_(None)
        yield DutySession.status != SessionStatus.VOIDED
    elif status := asked["status"]:
        yield DutySession.status == status
    if words := asked["q"].lower():
        yield or_(
            Community.search.contains(words, autoescape=True),
            Adviser.search.contains(words, autoescape=True),
            DutySession.remark.icontains(words, autoescape=True),
        )


def assigned_at_the_time() -> ColumnElement[bool]:
    """Whether the session's adviser, or whom he stands in for, had the community that day (M3)."""
    held = aliased(Assignment)
    return (
        exists()
        .where(
            held.firm_id == DutySession.firm_id,
            held.community_code == DutySession.community_code,
            held.adviser_id.in_((DutySession.adviser_id, DutySession.substitute_for_id)),
            held.starts_on <= DutySession.day,
            or_(held.ends_on.is_(None), held.ends_on >= DutySession.day),
        )
        .label("is_assigned")
    )


def _shortest_visit() -> ColumnElement[int]:
    """The shortest visit by the scheme's version of the session's day; 1 without any."""
    version = (
        select(SchemeVersion.shortest_visit_minutes)
        .join(Contract, Contract.scheme_id == SchemeVersion.scheme_id)
        .join(ContractCommunity, ContractCommunity.contract_id == Contract.id)
        .where(
            ContractCommunity.firm_id == DutySession.firm_id,
            ContractCommunity.community_code == DutySession.community_code,
            ContractCommunity.starts_on <= DutySession.day,
            ContractCommunity.last_on >= DutySession.day,
            or_(
                SchemeVersion.effective_from.is_(None),
                SchemeVersion.effective_from <= DutySession.day,
            ),
        )
        .order_by(SchemeVersion.effective_from.desc().nulls_last())
        .limit(1)
        .correlate(DutySession)
        .scalar_subquery()
    )
    return func.coalesce(version, 1).label("shortest_minutes")


def days_of(sessions: Sequence[DutySession]) -> list[Line]:
    """Return (community, day, sign-in, sign-out, is_assigned) of all sessions on the same days.

    Of the whole firm, whoever looks: the visit of a community is what all its advisers make.
    """
    places = {(session.community_code, session.day) for session in sessions}
    if not places:
        return []
    query = select(
        DutySession.community_code,
        DutySession.day,
        DutySession.signed_in_at,
        DutySession.signed_out_at,
        assigned_at_the_time(),
    ).where(
        tuple_(DutySession.community_code, DutySession.day).in_(places),
        DutySession.status != SessionStatus.VOIDED,
    )
    return list(db.session.execute(query))
