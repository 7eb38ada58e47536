"""Schemes that follow a rule pack: no workbook changes them, and none can hold all their terms."""

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.i18n import listed
from counselhub.schemes.models import Scheme
from counselhub.workbook.crossing import Sheets
from counselhub.workbook.findings import Findings
from counselhub.workbook.matching import Fate


def followed() -> list[str]:
    """Return the codes of the firm's schemes that follow a pack."""
    query = select(Scheme.code).where(Scheme.pack_id.is_not(None)).order_by(Scheme.code)
    return list(db.session.scalars(query))


def check_followed(sheets: Sheets, codes: list[str], findings: Findings) -> None:
    """Note every row that would add to such a scheme, or change it. codes: of `followed`."""
    schemes = sheets["补贴方案"]
    for match in schemes.matches:
        if match.fate is not Fate.SAME and match.values["code"] in codes:
            findings.fault(
                schemes.cell(match, "code"),
                _(
                    "方案 %(code)s 采用了补贴办法，不能用工作簿修改；请删去这一行",
                    code=match.values["code"],
                ),
            )


def warning() -> str:
    """Say that an export leaves terms behind; "" when no scheme follows a pack."""
    codes = followed()
    if not codes:
        return ""
    return str(
        _(
            "补贴方案 %(codes)s 采用了补贴办法，有些条款这张表写不下，导出的只是表里有的列。",
            codes=listed(codes),
        )
    )
