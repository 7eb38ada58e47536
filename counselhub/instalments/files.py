"""Files of an instalment: judged by their content, kept as they were sent."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.downloads import safe_name
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.instalments import queries
from counselhub.instalments.kinds import FileKind
from counselhub.instalments.models import Instalment, InstalmentFile
from counselhub.pairings import scans

MOST = 10
"""Files of one instalment."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One file as it came."""

    name: str
    data: bytes


def evidence_of(instalment: Instalment) -> list[InstalmentFile]:
    """Return what shows that an instalment's condition is met."""
    there = queries.files_of([instalment.id])
    return [one for one in there if one.kind == FileKind.EVIDENCE]


def add(
    instalment: Instalment,
    sent: Sent,
    kind: FileKind,
    *,
    by: Member,
    invoice_id: UUID | None = None,
) -> InstalmentFile:
    """Keep a file; the very same one again is the one that is there.

    Raises RefusedError for what is no PDF or picture, or one too many.
    """
    ending = scans.ending_of(sent.data)
    digest = hashlib.sha256(sent.data).hexdigest()
    there = queries.files_of([instalment.id])
    if same := next((one for one in there if one.digest == digest), None):
        return same
    if len(there) >= MOST:
        raise RefusedError(_("一期最多 %(most)d 个文件，请合并成一个 PDF。", most=MOST))
    row = InstalmentFile(
        instalment_id=instalment.id,
        invoice_id=invoice_id,
        kind=kind,
        digest=digest,
        name=safe_name(sent.name),
        ending=ending,
        added_at=clock.now(),
        added_by_name=by.name,
        content=sent.data,
    )
    db.session.add(row)
    db.session.flush()
    history.record(instalment, "add_evidence", by=by, sha256=digest, name=row.name)
    return row


def drop_all(instalment: Instalment) -> None:
    """Take away the files of an instalment that a new plan replaces."""
    db.session.execute(delete(InstalmentFile).where(InstalmentFile.instalment_id == instalment.id))


def content_of(row: InstalmentFile) -> bytes:
    """Return the very bytes that were sent. Raises ConflictError when they are not those."""
    if hashlib.sha256(row.content).hexdigest() != row.digest:
        raise ConflictError(_("保存的文件与上传时的摘要不符，请联系平台运维。"))
    return row.content
