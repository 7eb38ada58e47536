"""A document as A4 in Chinese, typeset by typst: data stays data, never markup."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typst import Compiler

FONTS = Path(__file__).parents[1] / "fonts"
_one_at_a_time = Lock()


class TypesettingError(RuntimeError):
    """The document could not be set as designed: our fault."""


def pdf(template: Path, data: Mapping[str, Any], timestamp: int = 0) -> bytes:
    """Return a document as PDF; the same data and time give the same bytes.

    timestamp: seconds since 1970 that the file says it was made at. Raises TypesettingError.
    """
    with _one_at_a_time:
        made, warnings = _compiler(template).compile_with_warnings(
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            timestamp=timestamp,
            pdf_tags=False,
        )
    if warnings or not isinstance(made, bytes):
        raise TypesettingError("; ".join(str(warning) for warning in warnings))
    return made


@cache
def _compiler(template: Path) -> "Compiler":
    """Make a template's compiler once a process: reading the fonts takes a tenth of a second."""
    import typst  # 84 MB that only documents need

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    return typst.Compiler(template, root=template.parent, font_paths=fonts)
