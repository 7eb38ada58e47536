"""The list that a bureau asks for, as a workbook: one sheet, printed on A4 across."""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from counselhub.premises.rows import COLUMNS, TITLE, Line

HEADER = 2
"""The row of the column titles, counted from 0: a title and what was asked for stand above."""


def xlsx(found: Sequence[Line], scope: str, today: date) -> bytes:
    """Return the workbook; days are days, texts are never formulas. scope: what was asked for."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": TITLE, "created": datetime.combine(today, time())})
        page = book.add_worksheet(TITLE)
        looks = _formats(book)
        page.merge_range(0, 0, 0, len(COLUMNS) - 1, "", looks["title"])
        page.write_string(0, 0, TITLE, looks["title"])
        page.write_string(1, 0, f"{scope}；制表日期：{today}；共{len(found)}项", looks["plain"])
        for place, (title, width) in enumerate(COLUMNS):
            page.set_column(place, place, width)
            page.write_string(HEADER, place, title, looks["header"])
        for row, line in enumerate(found, HEADER + 1):
            for place, value in enumerate(line):
                _write(page, row, place, value, looks)
        page.autofilter(HEADER, 0, HEADER + max(1, len(found)), len(COLUMNS) - 1)
        _set_up(page)
    return file.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 10}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "plain": book.add_format({"font_size": 10}),
        "header": book.add_format(cell | {"bold": True, "align": "center", "bg_color": "#EEF1F5"}),
        "text": book.add_format(cell),
        "day": book.add_format(cell | {"num_format": "yyyy-mm-dd", "align": "center"}),
    }


def _write(page: Any, row: int, place: int, value: object, looks: dict[str, Any]) -> None:
    match value:
        case date():
            page.write_datetime(row, place, value, looks["day"])
        case int():
            page.write_number(row, place, value, looks["text"])
        case str() if value:
            page.write_string(row, place, value, looks["text"])
        case _:
            page.write_blank(row, place, None, looks["text"])


def _set_up(page: Any) -> None:
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER)
    page.freeze_panes(HEADER + 1, 3)
    page.set_footer("&R第 &P 页，共 &N 页")
