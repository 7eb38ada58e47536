"""Scanned sheets that somebody sends as PDF: judged by their content, kept as they came."""

import re

from flask_babel import gettext as _

from counselhub.core.uploads import UploadError

PDF, END, TAIL_BYTES = b"%PDF-", b"%%EOF", 2048
LOCKED = re.compile(rb"/Encrypt\b")
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
"""What a scanned sheet never has: code, programs to start, further files."""


def judge(sent: bytes) -> None:
    """Look a PDF over. Raises UploadError naming what is wrong with it."""
    if END not in sent[-TAIL_BYTES:]:
        raise UploadError(_("PDF 已损坏或不完整，请重新扫描或导出。"))
    if LOCKED.search(sent):
        raise UploadError(_("PDF 设有密码，请取消密码，或直接拍照。"))
    if ACTIVE.search(sent):
        raise UploadError(_("PDF 里有脚本或夹带的文件，不予接收。请重新扫描，或直接拍照。"))
