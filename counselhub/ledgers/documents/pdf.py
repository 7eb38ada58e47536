"""The difference sheet as an A4 PDF, set by the house's typst."""

from pathlib import Path

from counselhub.core.money import format_yuan
from counselhub.core.typesetting import typeset
from counselhub.ledgers.documents.paper import AMOUNTS, NOTE, TITLES, Paper, Value

TEMPLATE = Path(__file__).parent / "sheet.typ"


def pdf(paper: Paper) -> bytes:
    """Return the PDF; the same paper gives the same bytes. Raises TypesettingError."""
    return typeset(TEMPLATE, document_of(paper), paper.made_at)


def document_of(paper: Paper) -> dict[str, object]:
    """Return the paper as the template reads it: every value already written."""
    return {
        "title": paper.title,
        "head": paper.head,
        "columns": [
            {"title": title, "width": width, "right": right} for title, width, right in TITLES
        ],
        "rows": [_written(row) for row in paper.rows],
        "totals": _written(paper.totals),
        "note": NOTE,
        "signatures": paper.signatures,
        "mark": paper.mark,
        "imprint": paper.imprint,
    }


def _written(row: list[Value]) -> list[str]:
    return [_write(place, value) for place, value in enumerate(row)]


def _write(place: int, value: Value) -> str:
    if value is None:
        return "—"
    return format_yuan(value) if place in AMOUNTS and isinstance(value, int) else str(value)
