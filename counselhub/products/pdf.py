"""Papers as A4 PDF: what was typed stays text."""

from datetime import time
from pathlib import Path
from typing import Any

from counselhub.core import clock
from counselhub.core.typesetting import typeset
from counselhub.products.papers import Block, Facts, Heading, Paper, Table, Words

TEMPLATE = Path(__file__).parent / "paper.typ"


def pdf(paper: Paper) -> bytes:
    """Return the paper; the same one gives the same bytes. Raises TypesettingError."""
    return typeset(TEMPLATE, data_of(paper), clock.instant(paper.day, time()))


def data_of(paper: Paper) -> dict[str, Any]:
    """Return a paper as its template reads it."""
    return {
        "title": paper.title,
        "blocks": [_block(one) for one in paper.blocks],
        "signatures": list(paper.signatures),
        "note": paper.note,
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Facts(pairs):
            return {"kind": "facts", "pairs": [list(pair) for pair in pairs]}
        case Heading(text):
            return {"kind": "heading", "text": text}
        case Words(text):
            return {"kind": "words", "lines": text.splitlines()}
        case Table(columns, widths, rows):
            cells = [list(row) for row in rows]
            return {"kind": "table", "columns": columns, "widths": widths, "rows": cells}
