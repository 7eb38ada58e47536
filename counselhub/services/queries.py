"""What was done for whom: the day's entries, the month's list, the sums of reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, cast, exists, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import aliased, joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.contracts.models import ContractCommunity
from counselhub.core import sorting
from counselhub.core.access import in_sight, visible
from counselhub.core.db import columns_of, db
from counselhub.core.tenancy import current_firm_id
from counselhub.places.models import Community
from counselhub.services.inspection import THIN_LETTERS
from counselhub.services.kinds import ServiceKind
from counselhub.services.log_models import InspectionRule, ServiceFile
from counselhub.services.models import ServiceNote, ServiceRecord

RECENT_DAYS = 90
Line = Row[*tuple[Any, ...]]


_c, _a = Community.__table__.c, Adviser.__table__.c
_served = ContractCommunity.__table__.c, Assignment.__table__.c
NAMES = (
    select(_c.name, _a.name.label("adviser"))
    .join_from(Community.__table__, Adviser.__table__, _a.id == bindparam("adviser"))
    .where(
        _c.code == bindparam("community"),
        _a.firm_id == bindparam("firm"),
        or_(
            *(
                exists().where(of.firm_id == bindparam("firm"), of.community_code == _c.code)
                for of in _served
            )
        ),
    )
)
"""Every entry asks it: made once, and past the ORM."""


def names_of(community_code: str, adviser_id: UUID) -> tuple[str, str] | None:
    """Return the names of a community that the firm serves and of its adviser, else None."""
    asked = {"community": community_code, "adviser": adviser_id, "firm": current_firm_id()}
    row = db.session.connection().execute(NAMES, asked).one_or_none()
    return (row[0], row[1]) if row else None


def kinds_most_used(adviser_id: UUID | None, today: date) -> list[ServiceKind]:
    """Return every kind, those the adviser used most in the last 90 days first.

    Without an adviser, those that the firm used most.
    """
    times = func.count().label("times")
    query = select(ServiceRecord.kind, times).where(
        ServiceRecord.day > today - timedelta(days=RECENT_DAYS)
    )
    if adviser_id:
        query = query.where(ServiceRecord.adviser_id == adviser_id)
    used = {row.kind: row.times for row in db.session.execute(query.group_by(ServiceRecord.kind))}
    return sorted(ServiceKind, key=lambda kind: -used.get(kind, 0))


def day_list(adviser_id: UUID | None, day: date) -> list[ServiceRecord]:
    """Return a day's records with notes and names, newest first: the adviser's, or the firm's."""
    query = (
        visible(ServiceRecord)
        .options(
            joinedload(ServiceRecord.note),
            joinedload(ServiceRecord.community),
            joinedload(ServiceRecord.adviser),
        )
        .where(ServiceRecord.day == day)
        .order_by(ServiceRecord.created_at.desc(), ServiceRecord.id.desc())
        .limit(200)
    )
    if adviser_id:
        query = query.where(ServiceRecord.adviser_id == adviser_id)
    return list(db.session.scalars(query))


COLUMNS = (
    ServiceRecord.id,
    ServiceRecord.number,
    ServiceRecord.day,
    ServiceRecord.kind,
    ServiceRecord.count,
    ServiceRecord.persons,
    ServiceRecord.outcome,
    ServiceRecord.community_code,
    ServiceRecord.adviser_id,
    func.left(ServiceNote.content, 60).label("content"),
)
"""No names: who lists has them for the filters, and each join's row security is dear to plan."""
LIST = select(*COLUMNS).select_from(ServiceRecord).outerjoin(ServiceRecord.note)
LEAST_LETTERS = (
    select(func.coalesce(func.max(InspectionRule.thin_letters), THIN_LETTERS))
    .where(InspectionRule.firm_id == func.scope_firm())
    .scalar_subquery()
)
"""How many letters an entry of the firm needs."""
SUMS: Select[*tuple[Any, ...]] = select(
    func.count(), func.sum(ServiceRecord.count), func.sum(ServiceRecord.persons), LEAST_LETTERS
).select_from(ServiceRecord)
SORTS: sorting.Sorts = {
    "day": (ServiceRecord.day, ServiceRecord.id),
    "community": (Community.pinyin, ServiceRecord.day, ServiceRecord.id),
    "adviser": (Adviser.pinyin, ServiceRecord.day, ServiceRecord.id),
}
SORTED_BY = {"community": ServiceRecord.community, "adviser": ServiceRecord.adviser}
"""Whose names an order needs."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many records, 件次 and 人次: different units, never added."""

    records: int
    count: int
    persons: int
    least_letters: int
    """An entry of the firm with fewer is thin."""


def totals(first: date, last: date, asked: dict[str, str]) -> Totals:
    """Return the sums of what `record_list` lists for the same days and filters."""
    query = SUMS.where(in_sight(ServiceRecord), *_asked(first, last, asked))
    row = columns_of(query).one()
    return Totals(row[0], int(row[1] or 0), int(row[2] or 0), row[3])


def record_list(first: date, last: date, asked: dict[str, str], sort: str) -> Select[Any]:
    """Select the columns of the list for the days from first to last, both included.

    asked: kind, mode, dispute, adviser, community, file (`any`, `none` or a kind of file), thin
    (not blank: entries of fewer letters) and q (a word of content, result or follow-up, or a
    number); '' or missing for all.
    sort: a key of SORTS, with a minus before it for the other direction.
    """
    query = LIST.where(in_sight(ServiceRecord), *_asked(first, last, asked))
    if named := SORTED_BY.get(sort.removeprefix("-")):
        query = query.join(named)
    return sorting.ordered(query, SORTS, sort)


EQUAL = {
    "kind": ServiceRecord.kind,
    "mode": ServiceRecord.mode,
    "dispute": ServiceRecord.dispute_kind,
    "community": ServiceRecord.community_code,
}


def _asked(first: date, last: date, asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    yield ServiceRecord.day.between(first, last)
    for name, column in EQUAL.items():
        if value := asked.get(name):
            yield column == value
    if adviser := asked.get("adviser"):
        yield cast(ServiceRecord.adviser_id, db.Text) == adviser
    if file := asked.get("file"):
        found = exists().where(
            ServiceFile.firm_id == ServiceRecord.firm_id, ServiceFile.service_id == ServiceRecord.id
        )
        found = found if file in ("any", "none") else found.where(ServiceFile.kind == file)
        yield ~found if file == "none" else found
    if asked.get("thin"):
        note = aliased(ServiceNote)  # the list has it among its own tables
        enough = exists().where(
            note.firm_id == ServiceRecord.firm_id,
            note.service_id == ServiceRecord.id,
            func.length(note.content) >= LEAST_LETTERS,
        )
        yield ~enough
    if words := asked.get("q"):
        yield _worded(words, first, last)


def _worded(words: str, first: date, last: date) -> ColumnElement[bool]:
    """The words stand in what was said, at a follow-up, in the result, or are the number."""
    plain = words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    noted = func.service_notes_matching(f"%{plain}%", first, last).column_valued("noted")
    return or_(
        ServiceRecord.id.in_(select(noted)),
        ServiceRecord.outcome.icontains(words, autoescape=True),
        ServiceRecord.number == words.upper(),
    )
