"""Archives as their page shows them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from counselhub.archives.models import OfficeArchive
from counselhub.core.access import Member
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError

SHOWN = 20


def newest(member: Member) -> Sequence[OfficeArchive]:
    """Return the archives of the office's street, newest first."""
    query = select(OfficeArchive).where(OfficeArchive.street_code == member.street_code)
    newest_first = query.order_by(OfficeArchive.asked_at.desc(), OfficeArchive.id.desc())
    return db.session.scalars(newest_first.limit(SHOWN)).all()


def own(member: Member, archive_id: UUID) -> OfficeArchive:
    """Return one of the office's archives. Raises NotFoundError."""
    query = select(OfficeArchive).where(
        OfficeArchive.street_code == member.street_code, OfficeArchive.id == archive_id
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError()
    return found
