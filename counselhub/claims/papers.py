"""A file of a dossier, judged by its content before it is kept."""

import hashlib
from dataclasses import dataclass

from flask_babel import gettext as _

from counselhub.claims.kinds import FileKind
from counselhub.core import scans
from counselhub.core.uploads import UploadError
from counselhub.photos import pictures

LARGEST_BYTES = pictures.LARGEST_BYTES
MOST_FILES = 10
"""Files of one document."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file as it is kept. digest: SHA-256 of what was sent, in hex."""

    kind: FileKind
    digest: str
    content: bytes


def read(sent: bytes) -> Sheet:
    """Return what is kept of a file. Raises UploadError, PictureError naming what is wrong."""
    if len(sent) > LARGEST_BYTES:
        limit = LARGEST_BYTES // 2**20
        raise UploadError(_("文件超过 %(limit)d MB，请压缩或改用照片。", limit=limit))
    if sent.startswith(scans.PDF):
        scans.judge(sent)
        return Sheet(FileKind.SCAN, hashlib.sha256(sent).hexdigest(), sent)
    picture = pictures.read(sent)
    return Sheet(FileKind.PHOTO, picture.digest, picture.full)
