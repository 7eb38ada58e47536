"""Papers typeset by typst with the project's fonts: data goes in as JSON and stays data."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from counselhub.statements.documents.pdf import FONTS, TypesettingError

if TYPE_CHECKING:
    from typst import Compiler

HERE = Path(__file__).parent
_one_at_a_time = Lock()


def typeset(template: str, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """Return the PDF of a template here; the same data gives the same bytes.

    Raises TypesettingError.
    """
    with _one_at_a_time:
        document, warnings = _compiler(template).compile_with_warnings(
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            timestamp=int(made_at.timestamp()),
            pdf_tags=False,
        )
    if warnings or not isinstance(document, bytes):
        raise TypesettingError("; ".join(str(warning) for warning in warnings))
    return document


@cache
def _compiler(template: str) -> "Compiler":
    """Make each compiler once a process: reading the fonts takes a tenth of a second."""
    import typst  # 84 MB that only documents need

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    return typst.Compiler(HERE / template, root=HERE, font_paths=fonts)
