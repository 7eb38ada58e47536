"""The form as an A4 PDF in Chinese, typeset by typst with the fonts of the project.

The data goes in as JSON and stays data: nothing that somebody typed is ever read as markup.
"""

from collections.abc import Sequence
from pathlib import Path

from counselhub.core.money import format_yuan
from counselhub.core.typesetting import typeset
from counselhub.statements.documents.sheet import Column, Kind, Sheet, Value, broken
from counselhub.statements.documents.stamp import MARK, Stamp, grouped

TEMPLATE = Path(__file__).parent / "statement.typ"


def pdf(sheet: Sheet) -> bytes:
    """Return the PDF; the same sheet gives the same bytes. Raises TypesettingError."""
    return typeset(TEMPLATE, document_of(sheet), sheet.made_at)


def document_of(sheet: Sheet) -> dict[str, object]:
    """Return the sheet as the template reads it: every value already written."""
    return {
        "number": sheet.number,
        "title": sheet.title,
        "head": sheet.head,
        "columns": [
            {
                "title": broken(column.title),
                "width": column.width,
                "right": column.kind is not Kind.TEXT,
            }
            for column in sheet.columns
        ],
        "rows": [_written(sheet.columns, row) for row in sheet.rows],
        "totals": _written(sheet.columns, sheet.totals),
        "total": format_yuan(sheet.total_fen),
        "funding": [[source, format_yuan(amount_fen)] for source, amount_fen in sheet.funding],
        "foot": sheet.foot,
        "note": sheet.note,
        "signatures": sheet.signatures,
        "mark": sheet.mark,
        "imprint": sheet.imprint,
        "stamp": _stamped(sheet.stamp),
    }


def _stamped(stamp: Stamp | None) -> dict[str, str] | None:
    """Return what each page shows to be checked by."""
    if stamp is None:
        return None
    return {
        "keyword": MARK + stamp.code,
        "code": grouped(stamp.code),
        "digest": grouped(stamp.short_digest),
        "picture": stamp.picture,
    }


def _written(columns: Sequence[Column], row: Sequence[Value]) -> list[str]:
    return [write(column.kind, value) for column, value in zip(columns, row, strict=True)]


def write(kind: Kind, value: Value) -> str:
    """Write one value: fen as yuan, minutes as hours with at most two decimals, None as nothing."""
    if value is None:
        return ""
    if kind is Kind.FEN:
        return format_yuan(int(value))
    if kind is Kind.MINUTES:
        return f"{int(value) / 60:.2f}".rstrip("0").rstrip(".")
    return str(value)
