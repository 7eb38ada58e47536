"""Which lectures a member sees, and where one is still owed this quarter."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload, undefer

from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.contracts.kinds import IN_FORCE
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import access, clock, sorting
from counselhub.core.db import db
from counselhub.places.models import Community
from counselhub.products.kinds import LectureStatus
from counselhub.products.lecture_models import Lecture, LectureDraft
from counselhub.products.text_queries import pattern
from counselhub.services.kinds import FileKind, ServiceKind
from counselhub.services.log_models import ServiceFile
from counselhub.services.models import ServiceRecord

SORTS: sorting.Sorts = {
    "day": (Lecture.day, Lecture.id),
    "theme": (Lecture.theme, Lecture.id),
    "adviser": (Adviser.pinyin, Lecture.day, Lecture.id),
}
TABS: Mapping[str, tuple[LectureStatus, ...]] = {
    "planned": (LectureStatus.PLANNED,),
    "held": (LectureStatus.HELD,),
    "cancelled": (LectureStatus.CANCELLED,),
    "all": tuple(LectureStatus),
}
LIST = (
    Lecture.id,
    Lecture.theme,
    Lecture.kind,
    Lecture.status,
    Lecture.day,
    Lecture.place,
    Adviser.name.label("adviser"),
    Community.name.label("community"),
    ServiceRecord.persons,
)
WITH_NAMES = tuple(
    joinedload(part) for part in (Lecture.adviser, Lecture.community, Lecture.service)
)


def lecture_list(tab: str, words: str, sort: str) -> Select[Any]:
    """Select what the list shows of the lectures in sight. words: of the theme; '' for all."""
    shown: Select[*tuple[Any, ...]] = access.visible(Lecture).with_only_columns(*LIST)
    query = (
        shown.join(Lecture.adviser)
        .join(Lecture.community)
        .outerjoin(Lecture.service)
        .where(Lecture.status.in_(TABS.get(tab, TABS["all"])))
    )
    if words:
        found = func.lectures_matching(pattern(words)).column_valued("found")
        query = query.where(Lecture.id.in_(select(found)))
    return sorting.ordered(query, SORTS, sort)


def tallies() -> dict[str, int]:
    """Return how many lectures in sight each tab holds, with one statement."""
    query = access.visible(Lecture).with_only_columns(Lecture.status, func.count())
    counts = {row[0]: row[1] for row in db.session.execute(query.group_by(Lecture.status))}
    return {tab: sum(counts.get(one.value, 0) for one in states) for tab, states in TABS.items()}


def quarter_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the calendar quarter that holds `day`."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return first, clock.last_day(first.replace(month=first.month + 2))


def owed(today: date, only_of: Any = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return code, name and the next planned day of communities without a lecture this quarter.

    Of those under a contract in force today; only_of: a lawyer whose communities alone count.
    A lecture counts by its service record, whoever logged it and however.
    """
    first, last = quarter_of(today)
    planned = (
        select(func.min(Lecture.day))
        .where(
            Lecture.community_code == Community.code,
            Lecture.status == LectureStatus.PLANNED,
            Lecture.day <= last,
        )
        .correlate(Community)
        .scalar_subquery()
    )
    query = select(Community.code, Community.name, planned.label("planned")).where(
        exists().where(
            ContractCommunity.community_code == Community.code,
            ContractCommunity.starts_on <= today,
            ContractCommunity.last_on >= today,
            Contract.firm_id == ContractCommunity.firm_id,
            Contract.id == ContractCommunity.contract_id,
            Contract.status.in_(IN_FORCE),
        ),
        ~exists().where(
            ServiceRecord.community_code == Community.code,
            ServiceRecord.kind == ServiceKind.LECTURE,
            ServiceRecord.day.between(first, last),
        ),
    )
    if only_of is not None:
        query = query.where(_is_assigned(only_of, today))
    return db.session.execute(query.order_by(Community.pinyin, Community.code)).all()


def _is_assigned(adviser_id: Any, today: date) -> Any:
    is_now = and_(
        Assignment.starts_on <= today,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today),
    )
    return exists().where(
        Assignment.community_code == Community.code, Assignment.adviser_id == adviser_id, is_now
    )


def draft_of(lecture: Lecture, *, whole: bool = False) -> LectureDraft | None:
    """Return the draft of a lecture that is to come. whole: with its bytes."""
    query = select(LectureDraft).where(LectureDraft.lecture_id == lecture.id)
    return db.session.scalar(query.options(undefer(LectureDraft.content)) if whole else query)


def papers_of(lecture: Lecture) -> set[FileKind]:
    """Return which kinds of files the service record of a lecture has."""
    query = select(ServiceFile.kind).where(ServiceFile.service_id == lecture.service_id).distinct()
    return {FileKind.of(kind) for kind in db.session.scalars(query)}
