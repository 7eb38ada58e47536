"""Files in threads and appeals: what may be kept, judged by its content."""

import hashlib
from collections.abc import Iterable
from contextlib import closing

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from counselhub.core import downloads, uploads
from counselhub.core.errors import RefusedError
from counselhub.services import attachments
from counselhub.services.attachments import Attachment, AttachmentError

MOST_FILES = 5
"""Files of one entry."""
XLSX = ".xlsx"
TYPES = attachments.TYPES | {XLSX: downloads.XLSX}


def judged(sent: Iterable[FileStorage]) -> tuple[Attachment, ...]:
    """Return what is kept of the files of one entry, the same one twice once.

    Raises RefusedError naming the first that fails, and why.
    """
    files = [file for file in sent if file and file.filename]
    if len(files) > MOST_FILES:
        raise RefusedError(
            _("最多 %(most)d 个附件，您选了 %(count)d 个。", most=MOST_FILES, count=len(files))
        )
    found: dict[str, Attachment] = {}
    for number, file in enumerate(files, 1):
        try:
            with closing(file):
                paper = read(file.filename or "", file.read(attachments.LARGEST_BYTES + 1))
        except RefusedError as refusal:
            raise RefusedError(
                _("第 %(number)d 个附件：%(why)s", number=number, why=refusal.message)
            ) from refusal
        found.setdefault(paper.digest, paper)
    return tuple(found.values())


def read(name: str, sent: bytes) -> Attachment:
    """Return what is kept of a file: a picture written anew, a document as it came.

    Raises RefusedError for what is neither, or too large.
    """
    if uploads.BOOK.encode() not in sent or not sent.startswith(uploads.ZIP):
        return attachments.judged(name, sent)
    if len(sent) > attachments.LARGEST_BYTES:
        raise AttachmentError(attachments.too_large())
    uploads.judge_workbook(sent)
    stem = downloads.safe_name(name).rpartition(".")[0] or downloads.safe_name(name)
    return Attachment(f"{stem}{XLSX}", XLSX, hashlib.sha256(sent).hexdigest(), sent)
