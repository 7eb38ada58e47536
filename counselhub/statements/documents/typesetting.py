"""Papers on A4 in Chinese, set by typst with the fonts of the project.

What goes in is JSON and stays data: nothing that somebody typed is ever read as markup.
"""

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

_one_at_a_time = Lock()


def typeset(template: Path, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """Return the paper that `template` makes of `data`; the same gives the same bytes.

    made_at: the instant that the file names. Raises TypesettingError.
    """
    with _one_at_a_time:
        made, warnings = _compiler(template).compile_with_warnings(
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            timestamp=int(made_at.timestamp()),
            pdf_tags=False,
        )
    if warnings or not isinstance(made, bytes):
        raise TypesettingError("; ".join(str(warning) for warning in warnings))
    return made


@cache
def _compiler(template: Path) -> "Compiler":
    """Make each compiler once a process: reading the fonts takes a tenth of a second."""
    import typst  # 84 MB that only documents need

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    return typst.Compiler(template, root=template.parent, font_paths=fonts)
