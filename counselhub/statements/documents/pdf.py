"""The form as an A4 PDF in Chinese, typeset by typst with the fonts of the project.

The data goes in as JSON and stays data: nothing that somebody typed is ever read as markup.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import counselhub
from counselhub.core.money import format_yuan
from counselhub.statements.documents.sheet import Column, Kind, Sheet, Value, broken

if TYPE_CHECKING:
    from typst import Compiler

HERE = Path(__file__).parent
TEMPLATE = HERE / "statement.typ"
FONTS = Path(counselhub.__file__).parent / "fonts"
_one_at_a_time = Lock()


class TypesettingError(RuntimeError):
    """The document could not be set as designed, for instance for want of a font: our fault."""


def pdf(sheet: Sheet) -> bytes:
    """Return the PDF; the same sheet gives the same bytes. Raises TypesettingError."""
    with _one_at_a_time:
        document, warnings = _compiler().compile_with_warnings(
            sys_inputs={"data": json.dumps(document_of(sheet), ensure_ascii=False)},
            format="pdf",
            timestamp=int(sheet.made_at.timestamp()),
            pdf_tags=False,
        )
    if warnings or not isinstance(document, bytes):
        raise TypesettingError("; ".join(str(warning) for warning in warnings))
    return document


@cache
def _compiler() -> "Compiler":
    """Make the compiler once a process: reading the fonts takes a tenth of a second."""
    import typst  # 84 MB that only documents need

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    return typst.Compiler(TEMPLATE, root=HERE, font_paths=fonts)


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
