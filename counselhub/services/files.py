"""Add a file to a record, let the office see it or not, and take it away again."""

from uuid import UUID

from flask_babel import gettext as _

from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.services import attachments, log_queries
from counselhub.services.kinds import SHAREABLE, FileKind
from counselhub.services.log_models import ServiceFile, ServiceFileContent
from counselhub.services.models import ServiceRecord

MOST = 10
"""Files of one record."""


def add(
    record: ServiceRecord, kind: FileKind, name: str, sent: bytes, *, shared: bool, by: Member
) -> ServiceFile:
    """Keep a file of a record; the same bytes again are the file that is there.

    Raises AttachmentError or PictureError for what cannot be kept, RefusedError for one too many or
    a kind that the office never sees, FrozenError in a closed month.
    """
    _refuse_sharing(kind, shared)
    judged = attachments.judged(name, sent)
    if there := log_queries.same_file(record.id, judged.digest):
        return there
    if len(log_queries.files(record.id)) >= MOST:
        raise RefusedError(_("一条记录最多 %(most)d 个附件，请先删除一个再传。", most=MOST))
    file = ServiceFile(
        service_id=record.id,
        kind=kind,
        name=judged.name,
        ending=judged.ending,
        size_bytes=len(judged.content),
        digest=judged.digest,
        is_shared=shared,
        arrived_at=clock.now(),
    )
    with guarded():
        db.session.add(file)
        db.session.flush()
        db.session.add(ServiceFileContent(file_id=file.id, content=judged.content))
        history.record(record, "file_add", by=by, street_code=record.street_code, **_told(file))
    return file


def _refuse_sharing(kind: FileKind, shared: bool) -> None:
    if shared and kind not in SHAREABLE:
        raise RefusedError(_("只有现场照片和讲稿可以供司法所查看，其他附件可能写有当事人信息。"))


def _told(file: ServiceFile) -> dict[str, str | bool]:
    """What the act keeps: never the name, which may be a client's."""
    return {"file_kind": file.kind, "sha256": file.digest, "is_shared": file.is_shared}


def share(
    record: ServiceRecord, file_id: UUID, shared: bool, *, revision: int | None, by: Member
) -> None:
    """Let the office see a file, or not any more.

    Raises NotFoundError, RefusedError for a kind that it never sees, ConflictError for a stale
    page, FrozenError in a closed month.
    """
    file = _file(record, file_id)
    history.expect(file, revision)
    _refuse_sharing(FileKind(file.kind), shared)
    with guarded():
        file.is_shared = shared
        history.record(record, "file_share", by=by, street_code=record.street_code, **_told(file))


def remove(record: ServiceRecord, file_id: UUID, *, by: Member) -> None:
    """Delete a file; the act stays, with its digest. Raises NotFoundError, FrozenError."""
    file = _file(record, file_id)
    told = _told(file)
    with guarded():
        db.session.delete(file)
        history.record(record, "file_remove", by=by, street_code=record.street_code, before=told)


def _file(record: ServiceRecord, file_id: UUID) -> ServiceFile:
    file = log_queries.file_of(record.id, file_id)
    if file is None:
        raise NotFoundError()
    return file
