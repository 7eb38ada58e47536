"""Papers on A4, set by typst with the project's fonts: data goes in as JSON and stays data.

Nothing that somebody typed is ever read as markup. The same data gives the same bytes.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typst import Compiler, Fonts

FONTS = Path(__file__).parents[1] / "fonts"
_one_at_a_time = Lock()


class TypesettingError(RuntimeError):
    """A paper could not be set as designed, for instance for want of a font: our fault."""


def typeset(template: Path, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """Return the PDF of a template. Raises TypesettingError."""
    with _one_at_a_time:
        return _compiled(_kept_compiler(template), data, made_at)


def typeset_with(
    files: Mapping[str, bytes], template: Path, data: Mapping[str, Any], made_at: datetime
) -> bytes:
    """Return the PDF of a template that shows pictures. files: by the names that data has.

    They lie in a folder of their own while it is set. Raises TypesettingError.
    """
    with TemporaryDirectory(prefix="paper-") as name, _one_at_a_time:
        folder = Path(name)
        for file, content in {**files, template.name: template.read_bytes()}.items():
            (folder / file).write_bytes(content)
        return _compiled(_compiler(folder / template.name), data, made_at)


def _compiled(compiler: "Compiler", data: Mapping[str, Any], made_at: datetime) -> bytes:
    made, warnings = compiler.compile_with_warnings(
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        timestamp=int(made_at.timestamp()),
        pdf_tags=False,
    )
    if warnings or not isinstance(made, bytes):
        raise TypesettingError("; ".join(str(warning) for warning in warnings))
    return made


@cache
def _kept_compiler(template: Path) -> "Compiler":
    """Keep the compiler of a template that stays where it is."""
    return _compiler(template)


def _compiler(template: Path) -> "Compiler":
    import typst  # 84 MB that only documents need

    return typst.Compiler(template, root=template.parent, font_paths=_fonts())


@cache
def _fonts() -> "Fonts":
    """Read the fonts once a process: it takes a tenth of a second."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
