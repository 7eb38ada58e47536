"""Written waivers as they are sent: judged by their content, kept as they came."""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError

from counselhub.core.errors import RefusedError

LARGEST_BYTES = 10 * 2**20
MOST_DOTS = 50_000_000
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
ENDINGS = {"JPEG": "jpg", "PNG": "png"}
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)
"""What Pillow raises for a file that is not what its head says."""
PDF, PDF_END, TAIL = b"%PDF-", b"%%EOF", 2048
ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/Encrypt")
"""Marks of a PDF that does more than to show pages, or hides what it shows."""


class PaperError(RefusedError):
    """The file is no paper that can be kept; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was judged. digest: SHA-256 of its bytes, in hex."""

    content: bytes
    ending: str
    digest: str


def judged(sent: bytes) -> Paper:
    """Return what was sent as a paper. Raises PaperError."""
    if not sent:
        raise PaperError(_("请上传双方签字的豁免文件（PDF、JPEG 或 PNG）。"))
    if len(sent) > LARGEST_BYTES:
        raise too_large()
    ending = _pdf(sent) if sent.startswith(PDF) else _picture(sent)
    return Paper(sent, ending, hashlib.sha256(sent).hexdigest())


def too_large() -> PaperError:
    """Return the refusal of more bytes than are taken."""
    return PaperError(_("文件超过 %(limit)d MB，请压缩后再传。", limit=LARGEST_BYTES // 2**20))


def _pdf(sent: bytes) -> str:
    if PDF_END not in sent[-TAIL:]:
        raise PaperError(_("PDF 已损坏或不完整，请重新扫描或导出。"))
    if any(mark in sent for mark in ACTIVE):
        raise PaperError(_("PDF 含有脚本、附件或密码，请打印后重新扫描再传。"))
    return "pdf"


def _picture(sent: bytes) -> str:
    try:
        with Image.open(BytesIO(sent), formats=tuple(ENDINGS)) as image:
            if image.width * image.height > MOST_DOTS:
                raise PaperError(
                    _("照片超过 %(limit)d 万像素，请缩小后再传。", limit=MOST_DOTS // 10_000)
                )
            image.verify()
            return ENDINGS[image.format or ""]
    except (Image.DecompressionBombError, UnidentifiedImageError) as other:
        raise PaperError(_("这不是 PDF、JPEG 或 PNG 文件，请换一种格式。")) from other
    except BROKEN as broken:
        raise PaperError(_("照片已损坏或不完整，请重新拍摄。")) from broken
