"""Minutes as A4 in Chinese: typeset by typst, or as Word, which offices edit. Data stays data."""

import json
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

import counselhub
from counselhub.conferences import minutes
from counselhub.conferences.models import ConferenceMinutes
from counselhub.core.errors import ConflictError

if TYPE_CHECKING:
    from typst import Compiler

HERE = Path(__file__).parent
FONTS = Path(counselhub.__file__).parent / "fonts"
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_one_at_a_time = Lock()


class TypesettingError(RuntimeError):
    """The document could not be set as designed: our fault."""


def data_of(row: ConferenceMinutes) -> dict[str, Any]:
    """Return what a version prints. Raises ConflictError once its content has been wiped."""
    if row.content is None:
        raise ConflictError(_("这份纪要已过保存期限，内容已清除。"), row=row)
    return row.content | minutes.foot_of(row.version, row.reason, row.made_at, row.digest)


def pdf(row: ConferenceMinutes) -> bytes:
    """Return a version as PDF; the same version gives the same bytes. Raises TypesettingError."""
    data = json.dumps(data_of(row), ensure_ascii=False)
    with _one_at_a_time:
        made, warnings = _compiler().compile_with_warnings(
            sys_inputs={"data": data},
            format="pdf",
            timestamp=int(row.made_at.timestamp()),
            pdf_tags=False,
        )
    if warnings or not isinstance(made, bytes):
        raise TypesettingError("; ".join(str(warning) for warning in warnings))
    return made


@cache
def _compiler() -> "Compiler":
    """Make the compiler once a process: reading the fonts takes a tenth of a second."""
    import typst  # 84 MB that only documents need

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    return typst.Compiler(HERE / "minutes.typ", root=HERE, font_paths=fonts)


def word(row: ConferenceMinutes) -> bytes:
    """Return a version as .docx."""
    from counselhub.conferences.word import written  # lxml, which only this needs

    target = BytesIO()
    written(data_of(row), row.made_at).save(target)
    return target.getvalue()
