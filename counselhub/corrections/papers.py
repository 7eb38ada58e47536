"""What proves a request: a photo or a scan, judged by its content before it is kept.

A picture is re-encoded as the photos of sessions are, so that nothing of the camera stays but the
time. A PDF is kept as it came and is only ever handed on as a file, never opened in our pages.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from counselhub.core import scans
from counselhub.core.uploads import UploadError
from counselhub.corrections.kinds import PaperKind
from counselhub.photos import pictures

LARGEST_BYTES = pictures.LARGEST_BYTES


@dataclass(frozen=True, slots=True)
class Paper:
    """One file as it is kept. digest: SHA-256 of what was sent; thumb None for a PDF."""

    kind: PaperKind
    digest: str
    content: bytes
    thumb: bytes | None = None
    taken_at: datetime | None = None


def read(sent: bytes) -> Paper:
    """Return what is kept of a file. Raises UploadError, PictureError naming what is wrong."""
    if len(sent) > LARGEST_BYTES:
        raise UploadError(
            _("文件超过 %(limit)d MB，请压缩或改用照片。", limit=LARGEST_BYTES // 2**20)
        )
    if sent.startswith(scans.PDF):
        return _scan(sent)
    try:
        picture = pictures.read(sent)
    except pictures.PictureError as other:
        if sent.startswith((b"\xff\xd8", b"\x89PNG")) or sent[4:8] == b"ftyp":
            raise
        raise UploadError(_("只收照片（JPEG、PNG）和扫描件（PDF），这个文件都不是。")) from other
    return Paper(PaperKind.PHOTO, picture.digest, picture.full, picture.thumb, picture.taken_at)


def _scan(sent: bytes) -> Paper:
    scans.judge(sent)
    return Paper(PaperKind.SCAN, hashlib.sha256(sent).hexdigest(), sent)
