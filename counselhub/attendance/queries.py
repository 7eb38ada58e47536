"""What the pages of attendance list, found and ordered by the database."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.advisers.models import Adviser
from counselhub.attendance.kinds import CheckStatus, Finding
from counselhub.attendance.models import (
    AttendanceAccount,
    AttendanceCheck,
    AttendanceDay,
    AttendanceFile,
    AttendanceLink,
    AttendancePlace,
    AttendancePunch,
)
from counselhub.core import sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.places.models import Community

Asked = dict[str, str]
CHECK_SORTS: sorting.Sorts = {
    "day": (AttendanceCheck.day, AttendanceCheck.first_at, AttendanceCheck.id),
    "community": (Community.pinyin, AttendanceCheck.day, AttendanceCheck.id),
    "adviser": (Adviser.pinyin, AttendanceCheck.day, AttendanceCheck.id),
}
FILE_SORTS: sorting.Sorts = {
    "day": (AttendanceFile.imported_at, AttendanceFile.id),
    "name": (AttendanceFile.name, AttendanceFile.id),
}
_agrees = AttendanceCheck.finding == Finding.AGREES
_settled = AttendanceCheck.status == CheckStatus.SETTLED
STATES: dict[str, ColumnElement[bool]] = {
    "open": and_(~_settled, ~_agrees),
    "settled": _settled,
    "agrees": and_(~_settled, _agrees),
}


def check_list(first: date, last: date, asked: Asked, sort: str) -> Select[Any]:
    """Select the checks of some days. asked: state, finding, community, adviser, q; '' for all."""
    query = (
        visible(AttendanceCheck)
        .join(AttendanceCheck.community)
        .join(AttendanceCheck.adviser)
        .options(
            contains_eager(AttendanceCheck.community),
            contains_eager(AttendanceCheck.adviser),
            joinedload(AttendanceCheck.session),
        )
        .where(AttendanceCheck.day.between(first, last), *_of_checks(asked))
    )
    return sorting.ordered(query, CHECK_SORTS, sort)


def _of_checks(asked: Asked) -> Iterable[ColumnElement[bool]]:
    if (state := asked["state"]) in STATES:
        yield STATES[state]
    if asked["finding"] in set(Finding):
        yield AttendanceCheck.finding == asked["finding"]
    if code := asked["community"]:
        yield AttendanceCheck.community_code == code
    if adviser := asked["adviser"]:
        yield func.cast(AttendanceCheck.adviser_id, db.Text) == adviser
    if words := asked["q"].lower():
        yield or_(
            Community.search.contains(words, autoescape=True),
            Adviser.search.contains(words, autoescape=True),
            AttendanceCheck.reason.icontains(words, autoescape=True),
        )


def tallies(first: date, last: date) -> dict[str, int]:
    """Return how many checks of some days are in each of STATES, and how many things wait.

    accounts, places: people and addresses that nobody has explained.
    """
    counts = [func.count().filter(state).label(name) for name, state in STATES.items()]
    checks = select(*counts).where(AttendanceCheck.day.between(first, last)).subquery()
    accounts = select(func.count()).select_from(AttendanceAccount).where(_unmatched())
    places = select(func.count()).select_from(AttendancePlace).where(_unexplained())
    query = select(
        checks,
        accounts.scalar_subquery().label("accounts"),
        places.scalar_subquery().label("places"),
    )
    return dict(db.session.execute(query).one()._mapping)


def _unmatched() -> ColumnElement[bool]:
    return and_(AttendanceAccount.adviser_id.is_(None), ~AttendanceAccount.is_stranger)


def _unexplained() -> ColumnElement[bool]:
    return and_(AttendancePlace.community_code.is_(None), ~AttendancePlace.is_ignored)


def punches_of(check: AttendanceCheck) -> Sequence[AttendancePunch]:
    """Return every punch of the adviser's day, wherever it was made, by time."""
    query = (
        select(AttendancePunch)
        .join(AttendancePunch.account)
        .options(contains_eager(AttendancePunch.account), joinedload(AttendancePunch.place))
        .where(AttendanceAccount.adviser_id == check.adviser_id, AttendancePunch.day == check.day)
        .order_by(AttendancePunch.minute)
    )
    return db.session.scalars(query).all()


def words_of(check: AttendanceCheck) -> Sequence[str]:
    """Return what the other system made of the adviser's day, in its words."""
    query = (
        select(AttendanceDay.words)
        .join(AttendanceAccount, AttendanceAccount.id == AttendanceDay.account_id)
        .where(AttendanceAccount.adviser_id == check.adviser_id, AttendanceDay.day == check.day)
        .order_by(AttendanceDay.words)
    )
    return db.session.scalars(query).all()


def checks_of_session(session_id: UUID) -> Sequence[AttendanceCheck]:
    """Return the checks that were held against a session."""
    query = select(AttendanceCheck).where(AttendanceCheck.session_id == session_id)
    return db.session.scalars(query.order_by(AttendanceCheck.day)).all()


def account_list(asked: Asked) -> Select[Any]:
    """Select (account, punches, first, last day). asked: state, q; those that wait stand first."""
    told = (
        select(
            AttendancePunch.account_id,
            func.count().label("punches"),
            func.min(AttendancePunch.day).label("first"),
            func.max(AttendancePunch.day).label("last"),
        )
        .group_by(AttendancePunch.account_id)
        .subquery()
    )
    states = {
        "waiting": _unmatched(),
        "bound": AttendanceAccount.adviser_id.is_not(None),
        "strangers": AttendanceAccount.is_stranger,
    }
    query: Select[Any] = (
        select(AttendanceAccount, told.c.punches, told.c.first, told.c.last)
        .outerjoin(told, told.c.account_id == AttendanceAccount.id)
        .outerjoin(AttendanceAccount.adviser)
        .options(contains_eager(AttendanceAccount.adviser))
        .order_by(case((_unmatched(), 0), else_=1), AttendanceAccount.name, AttendanceAccount.id)
    )
    if asked["state"] in states:
        query = query.where(states[asked["state"]])
    if words := asked["q"]:
        columns = (AttendanceAccount.name, AttendanceAccount.userid, AttendanceAccount.number)
        query = query.where(
            or_(
                *(column.icontains(words, autoescape=True) for column in columns),
                Adviser.search.contains(words.lower(), autoescape=True),
            )
        )
    return query


def place_list(asked: Asked) -> Select[*tuple[Any, ...]]:
    """Select (place, punches). asked: state, q; those that wait stand first, then the busiest."""
    told = (
        select(AttendancePunch.place_id, func.count().label("punches"))
        .group_by(AttendancePunch.place_id)
        .subquery()
    )
    states = {
        "waiting": _unexplained(),
        "placed": AttendancePlace.community_code.is_not(None),
        "ignored": AttendancePlace.is_ignored,
    }
    query: Select[*tuple[Any, ...]] = (
        select(AttendancePlace, func.coalesce(told.c.punches, 0).label("punches"))
        .outerjoin(told, told.c.place_id == AttendancePlace.id)
        .options(joinedload(AttendancePlace.community))
        .order_by(
            case((_unexplained(), 0), else_=1),
            func.coalesce(told.c.punches, 0).desc(),
            AttendancePlace.words,
        )
    )
    if asked["state"] in states:
        query = query.where(states[asked["state"]])
    if words := asked["q"]:
        query = query.where(AttendancePlace.words.icontains(words, autoescape=True))
    return query


def file_list(asked: Asked, sort: str) -> Select[Any]:
    """Select imported files. asked: q, a part of the name."""
    query = visible(AttendanceFile)
    if words := asked["q"]:
        query = query.where(AttendanceFile.name.icontains(words, autoescape=True))
    return sorting.ordered(query, FILE_SORTS, sort)


def link() -> AttendanceLink | None:
    """Return the firm's key to the interface, None without one."""
    return db.session.scalar(select(AttendanceLink))


def fetched_accounts() -> int:
    """Return how many accounts the interface is asked about."""
    query = (
        select(func.count())
        .select_from(AttendanceAccount)
        .where(AttendanceAccount.adviser_id.is_not(None), AttendanceAccount.userid != "")
    )
    return db.session.scalar(query) or 0
