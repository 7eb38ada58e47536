"""A blank sign-in sheet for a lecture; in Chinese, as papers are."""

from datetime import time
from pathlib import Path

from counselhub.core import clock
from counselhub.core.typesetting import typeset
from counselhub.products.lecture_models import Lecture
from counselhub.products.papers import written

TEMPLATE = Path(__file__).parent / "sheet.typ"
COLUMNS = ("序号", "姓名", "单位或住址", "联系电话", "签名")
WIDTHS = (8, 18, 36, 24, 22)
ROWS = 22
NOTE = "签到信息只用于证明到场人数，联系电话可以不填。"


def sheet(lecture: Lecture, firm: str) -> bytes:
    """Return the sheet as A4. Raises TypesettingError."""
    hour = f" {lecture.starts:%H:%M}" if lecture.starts else ""
    data = {
        "title": "法治讲座签到表",
        "facts": [
            ("主题", lecture.theme),
            ("时间", f"{written(lecture.day)}{hour}"),
            ("地点", lecture.place),
            ("村（社区）", lecture.community.name),
            ("主讲律师", lecture.adviser.name),
            ("律师事务所", firm),
        ],
        "columns": COLUMNS,
        "widths": WIDTHS,
        "rows": ROWS,
        "note": NOTE,
    }
    return typeset(TEMPLATE, data, clock.instant(lecture.day, time()))
