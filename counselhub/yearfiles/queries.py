"""Year files as their pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.members import Member
from counselhub.places.models import Community
from counselhub.yearfiles.models import YearFile
from counselhub.yearfiles.rules import YearFacts


@dataclass(frozen=True, slots=True)
class Line:
    """A community's year with the newest file of it, None where there is none."""

    community: Community
    facts: YearFacts
    file: YearFile | None


def lines(facts: Mapping[str, YearFacts], files: Mapping[str, YearFile]) -> list[Line]:
    """Return the communities in the order of lists."""
    query = select(Community).where(Community.code.in_(facts)).order_by(Community.pinyin)
    return [Line(one, facts[one.code], files.get(one.code)) for one in db.session.scalars(query)]


def newest(member: Member, year: int) -> dict[str, YearFile]:
    """Return the tenant's newest file of each community."""
    query = (
        select(YearFile)
        .where(YearFile.of(member.scope), YearFile.year == year)
        .ext(distinct_on(YearFile.community_code))
        .order_by(YearFile.community_code, YearFile.asked_at.desc(), YearFile.id.desc())
    )
    return {file.community_code: file for file in db.session.scalars(query)}


def of_place(member: Member, code: str, year: int) -> Sequence[YearFile]:
    """Return the tenant's files of one community and year, newest first."""
    query = select(YearFile).where(
        YearFile.of(member.scope), YearFile.year == year, YearFile.community_code == code
    )
    return db.session.scalars(query.order_by(YearFile.asked_at.desc(), YearFile.id.desc())).all()


def own_file(member: Member, file_id: UUID) -> YearFile:
    """Return one of the tenant's files. Raises NotFoundError."""
    query = (
        select(YearFile)
        .where(YearFile.of(member.scope), YearFile.id == file_id)
        .options(joinedload(YearFile.community))
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError()
    return found
