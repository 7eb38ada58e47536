"""Minutes as A4 in Chinese, or as Word, which offices edit; made from one version's content."""

from io import BytesIO
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from counselhub.conferences import minutes
from counselhub.conferences.models import ConferenceMinutes
from counselhub.core.errors import ConflictError
from counselhub.core.typesetting import typeset

TEMPLATE = Path(__file__).parent / "minutes.typ"
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def data_of(row: ConferenceMinutes) -> dict[str, Any]:
    """Return what a version prints. Raises ConflictError once its content has been wiped."""
    if row.content is None:
        raise ConflictError(_("这份纪要已过保存期限，内容已清除。"), row=row)
    return row.content | minutes.foot_of(row.version, row.reason, row.made_at, row.digest)


def pdf(row: ConferenceMinutes) -> bytes:
    """Return a version as PDF; the same version gives the same bytes. Raises TypesettingError."""
    return typeset(TEMPLATE, data_of(row), row.made_at)


def word(row: ConferenceMinutes) -> bytes:
    """Return a version as .docx."""
    from counselhub.conferences.word import written  # lxml, which only this needs

    target = BytesIO()
    written(data_of(row), row.made_at).save(target)
    return target.getvalue()
