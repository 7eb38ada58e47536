"""Year files as their pages show them: everybody of a tenant who may ask sees all that is its."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.members import Member
from counselhub.places.models import Community
from counselhub.work.kinds import WorkState
from counselhub.work.models import LongWork
from counselhub.yearfiles.kinds import TASK
from counselhub.yearfiles.rules import YearFacts, subject


@dataclass(frozen=True, slots=True)
class Line:
    """A community's year with the newest file of it, None where there is none."""

    community: Community
    facts: YearFacts
    file: LongWork | None


def lines(facts: Mapping[str, YearFacts], files: Mapping[str, LongWork]) -> list[Line]:
    """Return the communities in the order of lists."""
    query = select(Community).where(Community.code.in_(facts)).order_by(Community.pinyin)
    return [Line(one, facts[one.code], files.get(one.code)) for one in db.session.scalars(query)]


def newest(member: Member, year: int) -> dict[str, LongWork]:
    """Return the tenant's newest file of each community, leaving out those given up."""
    is_wanted = LongWork.outcome.is_distinct_from(WorkState.CANCELLED.value)
    query = (
        _files(member)
        .where(LongWork.subject.endswith(subject("", year)), is_wanted)
        .ext(distinct_on(LongWork.subject))
        .order_by(LongWork.subject, LongWork.asked_at.desc(), LongWork.id.desc())
    )
    return {file.detail["code"]: file for file in db.session.scalars(query)}


def of_place(member: Member, code: str, year: int) -> Sequence[LongWork]:
    """Return the tenant's files of one community and year, newest first."""
    query = _files(member).where(LongWork.subject == subject(code, year))
    return db.session.scalars(query.order_by(LongWork.asked_at.desc(), LongWork.id.desc())).all()


def own_file(member: Member, file_id: UUID) -> LongWork:
    """Return one of the tenant's files. Raises NotFoundError."""
    found = db.session.scalars(_files(member).where(LongWork.id == file_id)).one_or_none()
    if found is None:
        raise NotFoundError()
    return found


def _files(member: Member) -> Select[LongWork]:
    query = select(LongWork).where(LongWork.of(member.scope), LongWork.task == TASK)
    return query.execution_options(populate_existing=True)
