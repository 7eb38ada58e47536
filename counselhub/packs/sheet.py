"""A rehearsal as a workbook: every community's month, what it pays now and would then."""

from datetime import datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.packs.models import PackRehearsal, RehearsedMonth

COLUMNS = (
    ("律师事务所", 30),
    ("社区代码", 16),
    ("社区", 24),
    ("月份", 10),
    ("现行（元）", 14),
    ("新版（元）", 14),
    ("变化（元）", 14),
)
HEADER = 2
YUAN = "#,##0.00;[Red]-#,##0.00"


def xlsx(rehearsal: PackRehearsal) -> bytes:
    """Return the workbook of the rows in scope; texts are never formulas, amounts are numbers."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        title = f"{rehearsal.version.pack.name} 第{rehearsal.version.number}版 试算"
        book.set_properties({"title": title, "created": datetime.combine(clock.today(), time())})
        page = book.add_worksheet("试算")
        bold = book.add_format({"bold": True, "border": 1, "bg_color": "#EEF1F5"})
        page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        last = f"截至{rehearsal.last_month:%Y-%m}的{rehearsal.months}个月"
        page.write_string(1, 0, f"{last}；试算人：{rehearsal.asked_by_name}")
        for place, (name, width) in enumerate(COLUMNS):
            page.set_column(place, place, width)
            page.write_string(HEADER, place, name, bold)
        _rows(page, rehearsal, book.add_format({"num_format": YUAN}))
        page.freeze_panes(HEADER + 1, 0)
    return file.getvalue()


def _rows(page: Any, rehearsal: PackRehearsal, yuan: Any) -> None:
    query = (
        select(RehearsedMonth)
        .where(RehearsedMonth.rehearsal_id == rehearsal.id)
        .order_by(RehearsedMonth.law_firm_code, RehearsedMonth.community_code, RehearsedMonth.month)
    )
    at = HEADER
    for at, one in enumerate(db.session.scalars(query), HEADER + 1):
        texts = (one.law_firm_name, one.community_code, one.community_name, f"{one.month:%Y-%m}")
        for place, text in enumerate(texts):
            page.write_string(at, place, text)
        for place, fen in enumerate((one.now_fen, one.then_fen, one.then_fen - one.now_fen), 4):
            page.write_number(at, place, fen / 100, yuan)
    page.autofilter(HEADER, 0, max(at, HEADER + 1), len(COLUMNS) - 1)
