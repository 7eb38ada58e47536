"""What we send as a file: always an attachment, safely named, its cells never a formula."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from flask import Response, send_file, stream_with_context
from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.core.errors import NotFoundError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
LONGEST_NAME, LONGEST_ENDING = 120, 8
KEPT_BY_NOBODY = "private, no-store"
BYTE_ORDER = codecs.BOM_UTF8
"""What Excel wants before a CSV to read it as UTF-8; a stream sends it before its first piece."""
FORMULA = "=+-@\t\r\n＝＋－＠﹦﹢﹣﹫"
"""What a spreadsheet may take for the beginning of a formula, full-width and small forms too."""


def attachment(content: bytes, name: str, mimetype: str, *, is_shown: bool = False) -> Response:
    """Answer with a file that no cache keeps, always the whole: pieces of two makings fit nowhere.

    is_shown: open it in the browser; for papers that we made ourselves, never for an upload.
    """
    answer = send_file(
        io.BytesIO(content),
        mimetype=mimetype,
        as_attachment=not is_shown,
        download_name=safe_name(name),
        conditional=False,
    )
    answer.headers["Cache-Control"] = KEPT_BY_NOBODY
    return answer


def streamed(pieces: Iterator[bytes], name: str, mimetype: str) -> Response:
    """Answer with a file that is made while it leaves, under the rules of `attachment`."""
    answer = Response(stream_with_context(pieces), mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=safe_name(name))
    answer.headers["Cache-Control"] = KEPT_BY_NOBODY
    return answer


def filed(path: Path, name: str, mimetype: str) -> Response:
    """Answer with a file that lies on the disk, never in memory as a whole, or with a piece of it.

    A workbook is given whole: it is looked through before it leaves, which no piece of it can be.
    """
    answer = send_file(
        path,
        mimetype=mimetype,
        as_attachment=True,
        download_name=safe_name(name),
        conditional=mimetype != XLSX,
    )
    answer.headers["Cache-Control"] = KEPT_BY_NOBODY
    return answer


def safe_name(name: str) -> str:
    """Return a file's name without what a folder, a header or an eye could be misled by."""
    plain = "".join("-" if letter in '/\\:*?"<>|' else letter for letter in name)
    seen = "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")
    plain = seen.strip(" .") or "file"
    stem, dot, ending = plain.rpartition(".")
    if not stem or len(ending) > LONGEST_ENDING:
        return plain[:LONGEST_NAME]
    return f"{stem[:LONGEST_NAME]}{dot}{ending}"


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as a whole CSV file that Excel reads as UTF-8."""
    return BYTE_ORDER + csv_piece(rows)


def paper(content: bytes | None, name: str, *, is_photo: bool, sent_at: datetime) -> Response:
    """Answer with a paper that somebody sent: a photo as we made it is shown, a PDF only saved.

    Raises NotFoundError once its content is gone.
    """
    if content is None:
        raise NotFoundError(_("附件的保存期限已过，内容已清除。"))
    mimetype, ending = ("image/jpeg", "jpg") if is_photo else ("application/pdf", "pdf")
    named = f"{name}-{clock.local(sent_at):%Y%m%d}.{ending}"
    return attachment(content, named, mimetype, is_shown=is_photo)


def csv_piece(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as CSV, every text kept from being a formula."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return target.getvalue().encode()


def _cell(value: object) -> object:
    """Keep numbers as they are; a text that could compute begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return value
    text = str(value).replace("\0", "")
    return f"'{text}" if could_compute(text) else text


def could_compute(text: str) -> bool:
    """Say whether a spreadsheet may read `text` as a formula, blanks before it or none."""
    return bool(re.match(rf"[\s\u200b\ufeff]*[{re.escape(FORMULA)}]", text))
