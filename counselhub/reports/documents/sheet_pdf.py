"""Sign-in sheets as A4 landscape, each community on pages of its own."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from counselhub.core.typesetting import typeset
from counselhub.reports.documents.sheet import COLUMNS, SIGNATURES, TITLE, Entry, Sheet

HERE = Path(__file__).parent

LEFT = frozenset({"主要事项", "备注"})


def pdf(sheets: Sequence[Sheet], made_at: datetime) -> bytes:
    """Return the PDF of sheets, one after another. Raises TypesettingError."""
    data = {
        "title": TITLE,
        "columns": [
            {
                "title": title.replace("（小时", "\n（小时").replace("（钉钉", "\n（钉钉"),
                "width": width,
                "left": title in LEFT,
            }
            for title, width in COLUMNS
        ],
        "signatures": SIGNATURES,
        "sheets": [_sheet(sheet) for sheet in sheets],
    }
    return typeset(HERE / "sheet.typ", data, made_at)


def _sheet(sheet: Sheet) -> dict[str, object]:
    return {
        "imprint": f"{TITLE} · {sheet.street} {sheet.community} · {sheet.month_word}",
        "head": [
            ("律师事务所", sheet.firm),
            ("街道（镇）", sheet.street),
            ("村（社区）", sheet.community),
            ("月份", sheet.month_word),
        ],
        "rows": [_row(sheet, entry) for entry in sheet.entries],
        "totals": _totals(sheet),
        "note": sheet.note,
    }


def _row(sheet: Sheet, entry: Entry) -> list[str]:
    return [
        f"{sheet.month:%Y-%m}",
        sheet.community,
        f"{entry.day:%m-%d}" if entry.day else "",
        entry.weekday,
        entry.adviser,
        f"{entry.signed_in:%H:%M}" if entry.signed_in else "",
        f"{entry.signed_out:%H:%M}" if entry.signed_out else "",
        hours(entry.minutes),
        "" if entry.visitors is None else str(entry.visitors),
        entry.matters,
        "",
        "",
        entry.check.replace("（", "\n（"),
        entry.remark,
    ]


def _totals(sheet: Sheet) -> list[str]:
    """Return the last row: blank on a sheet for the pen."""
    values = [""] * len(COLUMNS)
    values[1] = "合计"
    if not sheet.is_blank:
        values[5] = f"{sheet.times}次"
        values[7] = hours(sheet.minutes)
        values[8] = str(sheet.visitors)
    return values


def hours(minutes: int | None) -> str:
    """Write minutes as hours with at most two decimals."""
    return "" if minutes is None else f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
