"""Papers as A4 PDF, set by typst with the fonts of the project: what was typed stays text."""

import json
from collections.abc import Mapping
from datetime import time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from counselhub.core import clock
from counselhub.products.papers import Block, Facts, Heading, Paper, Table, Words
from counselhub.statements.documents.pdf import FONTS, TypesettingError

if TYPE_CHECKING:
    from typst import Compiler

HERE = Path(__file__).parent
_one_at_a_time = Lock()


def pdf(paper: Paper) -> bytes:
    """Return the paper; the same one gives the same bytes. Raises TypesettingError."""
    return typeset("paper.typ", data_of(paper), int(clock.instant(paper.day, time()).timestamp()))


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


def typeset(template: str, data: Mapping[str, Any], made_at: int) -> bytes:
    """Set `data` with a template beside this module. Raises TypesettingError."""
    with _one_at_a_time:
        made, warnings = _compiler(template).compile_with_warnings(
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            timestamp=made_at,
            pdf_tags=False,
        )
    if warnings or not isinstance(made, bytes):
        raise TypesettingError("; ".join(str(warning) for warning in warnings))
    return made


@cache
def _compiler(template: str) -> "Compiler":
    """Make each compiler once a process: reading the fonts takes a tenth of a second."""
    import typst  # 84 MB that only documents need

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    return typst.Compiler(HERE / template, root=HERE, font_paths=fonts)
