"""Files of premises: judged by their content, kept under the digest of what was sent."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member
from counselhub.corrections import papers
from counselhub.corrections.kinds import PaperKind
from counselhub.premises.kinds import FileKind
from counselhub.premises.models import PremisesFile

LARGEST_BYTES = papers.LARGEST_BYTES
AGAIN = frozenset({"uq_premises_file_premises_id_digest", "uq_premises_file_issue_id_digest"})


@dataclass(frozen=True, slots=True)
class Paper:
    """One file as it is kept. digest: SHA-256 of what was sent; thumb None for a scan (PDF)."""

    is_photo: bool
    digest: str
    content: bytes
    thumb: bytes | None = None


def read(sent: bytes) -> Paper:
    """Return what is kept of a file. Raises UploadError, PictureError naming what is wrong."""
    paper = papers.read(sent)
    return Paper(paper.kind is PaperKind.PHOTO, paper.digest, paper.content, paper.thumb)


def keep(
    paper: Paper,
    kind: FileKind,
    street_code: str,
    *,
    by: Member,
    premises_id: UUID | None = None,
    issue_id: UUID | None = None,
) -> PremisesFile:
    """Keep a file beside a room or an issue. Raises ConflictError for the same once more."""
    file = PremisesFile(
        street_code=street_code,
        premises_id=premises_id,
        issue_id=issue_id,
        kind=kind,
        digest=paper.digest,
        arrived_at=clock.now(),
        by_name=by.name,
        is_photo=paper.is_photo,
        content=paper.content,
        thumb=paper.thumb,
    )
    try:
        with db.session.begin_nested():
            db.session.add(file)
    except IntegrityError as error:
        if constraint_of(error) not in AGAIN:
            raise
        raise ConflictError(
            _("这个文件已经传过（摘要 %(digest)s…），请换一个。", digest=paper.digest[:12])
        ) from error
    return file
