"""Ask for an archive of a street, make what was asked for, cancel it, and let it go in time."""

import logging
from datetime import datetime
from pathlib import Path
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from counselhub.archives.kinds import ArchiveState
from counselhub.archives.making import Made, Order, make
from counselhub.archives.models import OfficeArchive
from counselhub.core import clock, config, history, tenancy
from counselhub.core.access import Member, command_member
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import Scope, ScopeKind, as_platform, as_scope
from counselhub.notices.actions import page, tell
from counselhub.notices.kinds import Kind
from counselhub.places.models import Street

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 3
OPEN = OfficeArchive.ended_at.is_(None)


class CancelledError(Exception):
    """Somebody does not want the archive any more that is being made."""


def ask(papers: str, *, has_photos: bool, by: Member) -> bool:
    """Ask for an archive of the office's street; return False when one is being made already."""
    values = {
        "id": uuid7(),
        "street_code": by.street_code,
        "person_id": by.person_id,
        "asked_by_name": by.name,
        "asked_at": clock.now(),
        "has_photos": has_photos,
        "papers": papers,
    }
    wanted = insert(OfficeArchive).values(values).on_conflict_do_nothing()
    waiting = select(OfficeArchive.id).where(OfficeArchive.street_code == by.street_code, OPEN)
    with as_platform():
        is_new = (
            db.session.scalar(waiting) is None
            and db.session.scalar(wanted.returning(OfficeArchive.id)) is not None
        )
    if is_new:
        history.note("office_archive_asked", scope=by.scope, by=by, photos=has_photos)
    return is_new


def cancel(archive: OfficeArchive, *, by: Member) -> None:
    """Give an archive up before it is made. Raises RefusedError when it ended already."""
    if not _end(archive.id, ArchiveState.CANCELLED):
        raise RefusedError(_("这次导出已经结束，不能再取消。"))
    history.note("office_archive_cancelled", scope=by.scope, by=by)


def fetched(archive: OfficeArchive, *, by: Member) -> None:
    """Record who took the file away; the digest says which one."""
    history.note("office_archive_fetched", scope=by.scope, by=by, digest=archive.digest)


def run() -> None:
    """Make every archive that waits, the oldest first; the timetable calls it each minute."""
    while (waiting := _next()) is not None:
        try:
            _make(waiting)
        except CancelledError:
            db.session.rollback()
        except Exception:  # one that cannot be made must not hold up the others
            db.session.rollback()
            log.exception("office archive %s", waiting)
            _finish(waiting, ArchiveState.FAILED)
        finally:
            tenancy.name_person(None)


def _next() -> UUID | None:
    """Take the oldest that is not made; a worker that died began it in vain, but not for ever."""
    with as_platform():
        query = select(OfficeArchive).where(OPEN).order_by(OfficeArchive.asked_at, OfficeArchive.id)
        for row in db.session.scalars(query).all():
            if row.attempts < MOST_ATTEMPTS:
                row.attempts, row.started_at, row.done = row.attempts + 1, clock.now(), 0
                found = row.id
                db.session.commit()
                return found
            _finish(row.id, ArchiveState.FAILED)
    return None


def _make(archive_id: UUID) -> None:
    with as_platform():
        row = db.session.get_one(OfficeArchive, archive_id)
        scope = Scope(ScopeKind.OFFICE, row.street_code)
        title = f"{db.session.get_one(Street, row.street_code).name}司法所"
        now = clock.local(clock.now())
        order = Order(row.street_code, title, row.has_photos, row.papers, now)
        person_id = row.person_id
    tenancy.name_person(person_id)
    target = path_of(archive_id)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with as_scope(scope):
        made = make(order, target, lambda done, parts: _tick(archive_id, done, parts))
        db.session.rollback()
        history.note(
            "office_archive_made", scope=scope, by=command_member(scope), digest=made.digest
        )
    _finish(archive_id, ArchiveState.DONE, made, person_id)


def _tick(archive_id: UUID, done: int, parts: int) -> None:
    """Tell how far it is, in a transaction of its own. Raises CancelledError when nobody waits."""
    told = update(OfficeArchive).where(OfficeArchive.id == archive_id, OPEN)
    with tenancy.apart(db.engine, tenancy.PLATFORM) as connection:
        if not connection.execute(told.values(done=done, parts=parts)).rowcount:
            raise CancelledError()


def _finish(
    archive_id: UUID,
    outcome: ArchiveState,
    made: Made | None = None,
    person_id: UUID | None = None,
) -> None:
    """Commit how it ended; what was cancelled at the last moment leaves no file.

    person_id: who is told that it can be fetched.
    """
    if not _end(archive_id, outcome, made):
        path_of(archive_id).unlink(missing_ok=True)
        db.session.rollback()
    elif made is not None and person_id is not None:
        _tell(archive_id, person_id)
    db.session.commit()


def _tell(archive_id: UUID, person_id: UUID) -> None:
    with as_platform():
        street_code = db.session.get_one(OfficeArchive, archive_id).street_code
    scope = Scope(ScopeKind.OFFICE, street_code)
    path = page("archives.archives")
    tell(Kind.ARCHIVE_READY, scope, key=str(archive_id), path=path, persons=[person_id])


def _end(archive_id: UUID, outcome: ArchiveState, made: Made | None = None) -> bool:
    """Write how an archive ended; return False when that is written already."""
    values: dict[str, object] = {"ended_at": clock.now(), "outcome": outcome.value}
    if made is not None:
        values |= {
            "digest": made.digest,
            "size_bytes": made.size_bytes,
            "rows": made.rows,
            "files": made.files,
        }
    ended = update(OfficeArchive).where(OfficeArchive.id == archive_id, OPEN).values(**values)
    with as_platform():
        return db.session.scalar(ended.returning(OfficeArchive.id)) is not None


def path_of(archive_id: UUID) -> Path:
    """Return where an archive lies; no page and no static file lies there."""
    return config.from_environment().data_dir / "archives" / f"{archive_id}.zip"


def expire(until: datetime, *, dry: bool) -> list[str]:
    """Delete what ended before `until`, rows and files; return the ids."""
    with as_platform():
        over = OfficeArchive.ended_at < until
        rows = list(db.session.scalars(select(OfficeArchive).where(over)))
        ids = [str(row.id) for row in rows]
        for row in [] if dry else rows:
            path_of(row.id).unlink(missing_ok=True)
            db.session.delete(row)
        db.session.commit()
    return ids
