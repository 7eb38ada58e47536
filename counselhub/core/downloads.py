"""What we send as a file: always an attachment, safely named, its cells never a formula."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator

from flask import Response, send_file, stream_with_context

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
LONGEST_NAME, LONGEST_ENDING = 120, 8
KEPT_BY_NOBODY = "private, no-store"
BYTE_ORDER = codecs.BOM_UTF8
"""What Excel wants before a CSV to read it as UTF-8; a stream sends it before its first piece."""
FORMULA = "=+-@\t\r\n＝＋－＠﹦﹢﹣﹫"
"""What a spreadsheet may take for the beginning of a formula, full-width and small forms too."""


def attachment(content: bytes, name: str, mimetype: str, *, is_shown: bool = False) -> Response:
    """Answer with a file that no cache keeps.

    is_shown: open it in the browser; for papers that we made ourselves, never for an upload.
    """
    answer = send_file(
        io.BytesIO(content),
        mimetype=mimetype,
        as_attachment=not is_shown,
        download_name=safe_name(name),
    )
    answer.headers["Cache-Control"] = KEPT_BY_NOBODY
    return answer


def streamed(pieces: Iterator[bytes], name: str, mimetype: str) -> Response:
    """Answer with a file that is made while it leaves, under the rules of `attachment`."""
    answer = Response(stream_with_context(pieces), mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=safe_name(name))
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
    if isinstance(value, int | float):
        return value
    text = str(value).replace("\0", "")
    return f"'{text}" if could_compute(text) else text


def could_compute(text: str) -> bool:
    """Say whether a spreadsheet may read `text` as a formula, blanks before it or none."""
    return bool(re.match(rf"[\s\u200b\ufeff]*[{re.escape(FORMULA)}]", text))
