"""What may be kept as a file of a record: judged by its content, whatever its name says.

A picture is written anew without the camera's data; pdf and docx are kept as they came and only
ever sent back as attachments.
"""

import hashlib
from dataclasses import dataclass

from flask_babel import gettext as _

from counselhub.core import uploads
from counselhub.core.downloads import safe_name
from counselhub.core.errors import RefusedError
from counselhub.photos import pictures

LARGEST_BYTES = 12 * 2**20
TAIL = 2048
"""Bytes at the end of a pdf that hold its end mark."""
PDF, DOCX, JPG = ".pdf", ".docx", ".jpg"
TYPES = {
    PDF: "application/pdf",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    JPG: "image/jpeg",
}
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class AttachmentError(RefusedError):
    """The file is none that can be kept; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A judged file: `content` is what is kept, `digest` the SHA-256 of what was sent, in hex."""

    name: str
    ending: str
    digest: str
    content: bytes


def judged(name: str, sent: bytes) -> Attachment:
    """Return what is kept of a file. Raises AttachmentError or PictureError."""
    if not sent:
        raise AttachmentError(_("没有收到文件，或文件是空的。"))
    if len(sent) > LARGEST_BYTES:
        raise AttachmentError(too_large())
    ending, content = _read(sent)
    stem = safe_name(name).rpartition(".")[0] or safe_name(name)
    return Attachment(f"{stem}{ending}", ending, hashlib.sha256(sent).hexdigest(), content)


def _read(sent: bytes) -> tuple[str, bytes]:
    if sent.startswith(b"%PDF-"):
        if b"%%EOF" not in sent[-TAIL:]:
            raise AttachmentError(_("这个 PDF 不完整，请重新导出后再传。"))
        return PDF, sent
    if sent.startswith((b"PK", uploads.OLE)):
        uploads.judge_document(sent)
        return DOCX, sent
    if sent.startswith(PICTURES) or sent[4:8] == b"ftyp":
        return JPG, pictures.read(sent).full
    raise AttachmentError(_("只收 PDF、Word（.docx）和 JPEG、PNG 图片，请另存为其中一种后再传。"))


def too_large() -> str:
    """Return the sentence for more bytes than are taken."""
    return str(_("文件超过 %(limit)d MB，请压缩或拆分后再传。", limit=LARGEST_BYTES // 2**20))
