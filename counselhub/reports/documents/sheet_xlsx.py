"""Sign-in sheets as an Excel workbook, set up for A4: a sheet a community, or one list of all.

What somebody typed is written as text, so that a name beginning with `=` never becomes a formula.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from counselhub.reports.documents.sheet import COLUMNS, SIGNATURES, TITLE, Entry, Sheet

BORDER = {"border": 1, "font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
LAST = len(COLUMNS) - 1
WIDTH = 1.75
"""Characters of Excel for a share of a column's breadth."""
LONGEST_NAME = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
ROW_HEIGHT = 24
LIST = "签到汇总"


def xlsx(sheets: Sequence[Sheet], made_at: datetime, *, as_list: bool) -> bytes:
    """Return the workbook. as_list: all rows on one sheet that can be filtered."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": TITLE, "created": made_at.replace(tzinfo=None)})
    writer = _Writer(book)
    if as_list:
        writer.list(book.add_worksheet(LIST), sheets)
    else:
        for name, sheet in zip(names(sheets), sheets, strict=True):
            writer.sheet(book.add_worksheet(name), sheet)
    book.close()
    return file.getvalue()


def names(sheets: Sequence[Sheet]) -> list[str]:
    """Return a name for each sheet that Excel takes: short, plain, none twice."""
    taken: set[str] = set()
    result = []
    for sheet in sheets:
        plain = sheet.community.translate(FORBIDDEN).strip()[:LONGEST_NAME] or "社区"
        name, number = plain, 1
        while name.lower() in taken:
            number += 1
            ending = f"({number})"
            name = plain[: LONGEST_NAME - len(ending)] + ending
        taken.add(name.lower())
        result.append(name)
    return result


class _Writer:
    """Writes sheets from the top down with the looks of one workbook."""

    def __init__(self, book: Any) -> None:
        middle = {**BORDER, "align": "center"}
        self.plain = book.add_format({"font_name": "宋体", "font_size": 10})
        self.title = book.add_format(
            {"font_name": "宋体", "font_size": 16, "bold": True, "align": "center"}
        )
        self.header = book.add_format({**middle, "bold": True, "bg_color": "#EEF1F5"})
        self.text = book.add_format({**BORDER, "quote_prefix": True})
        self.day = book.add_format({**middle, "num_format": "yyyy-mm-dd"})
        self.time = book.add_format({**middle, "num_format": "hh:mm"})
        self.hours = book.add_format({**middle, "num_format": "0.##"})
        self.count = book.add_format({**middle, "num_format": "0"})
        self.signature = book.add_format({**BORDER, "valign": "bottom", "align": "right"})

    def sheet(self, page: Any, sheet: Sheet) -> None:
        """Write one community's form."""
        page.merge_range(0, 0, 0, LAST, "", self.title)
        page.write_string(0, 0, TITLE, self.title)
        page.write_string(1, 0, f"律师事务所：{sheet.firm}", self.plain)
        page.write_string(1, 5, f"街道（镇）：{sheet.street}", self.plain)
        page.write_string(1, 9, f"村（社区）：{sheet.community}", self.plain)
        page.write_string(1, 12, f"月份：{sheet.month_word}", self.plain)
        self._head(page, 2)
        for row, entry in enumerate(sheet.entries, 3):
            self._row(page, row, sheet, entry)
        self._foot(page, 3 + len(sheet.entries), sheet)
        _set_up(page, 2, f"{sheet.street} {sheet.community} {sheet.month_word}")

    def list(self, page: Any, sheets: Sequence[Sheet]) -> None:
        """Write the rows of all sheets below one header, without rows for the pen."""
        self._head(page, 0)
        row = 1
        for sheet in sheets:
            for entry in sheet.entries:
                if entry.day:
                    self._row(page, row, sheet, entry)
                    row += 1
        page.autofilter(0, 0, max(1, row - 1), LAST)
        _set_up(page, 0, TITLE)

    def _head(self, page: Any, row: int) -> None:
        for place, (title, width) in enumerate(COLUMNS):
            page.set_column(place, place, width * WIDTH)
            page.write_string(row, place, title, self.header)
        page.set_row(row, 30)

    def _row(self, page: Any, row: int, sheet: Sheet, entry: Entry) -> None:
        page.set_row(row, ROW_HEIGHT)
        texts = {
            0: sheet.month_word,
            1: sheet.community,
            3: entry.weekday,
            4: entry.adviser,
            9: entry.matters,
            12: entry.check,
            13: entry.remark,
        }
        for place in range(len(COLUMNS)):
            if text := texts.get(place):
                page.write_string(row, place, text, self.text)
            else:
                page.write_blank(row, place, None, self.text)
        if entry.day:
            page.write_datetime(row, 2, entry.day, self.day)
        for place, at in ((5, entry.signed_in), (6, entry.signed_out)):
            if at:
                page.write_datetime(row, place, at, self.time)
        if entry.minutes is not None:
            page.write_number(row, 7, round(Decimal(entry.minutes) / 60, 2), self.hours)
        if entry.visitors is not None:
            page.write_number(row, 8, entry.visitors, self.count)

    def _foot(self, page: Any, row: int, sheet: Sheet) -> None:
        """Write the sums, the note and the places for stamps."""
        for place in range(len(COLUMNS)):
            page.write_string(row, place, "合计" if place == 1 else "", self.header)
        if not sheet.is_blank:
            page.write_string(row, 5, f"{sheet.times}次", self.header)
            page.write_number(row, 7, round(Decimal(sheet.minutes) / 60, 2), self.hours)
            page.write_number(row, 8, sheet.visitors, self.count)
        page.write_string(row + 1, 0, sheet.note, self.plain)
        bounds = (0, 5, 10, len(COLUMNS))
        for term, first, after in zip(SIGNATURES, bounds[:-1], bounds[1:], strict=True):
            page.merge_range(row + 2, first, row + 2, after - 1, "", self.header)
            page.write_string(row + 2, first, term, self.header)
            page.merge_range(row + 3, first, row + 3, after - 1, "", self.signature)
            page.write_string(row + 3, first, "年    月    日", self.signature)
        page.set_row(row + 3, 54)


def _set_up(page: Any, header: int, imprint: str) -> None:
    """Print on A4 across, one page broad, the header on each page, number and pages below."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.repeat_rows(header)
    page.freeze_panes(header + 1, 3)
    page.set_footer(f"&L{imprint.replace('&', '&&')}&R" + "第 &P 页，共 &N 页")
    page.hide_gridlines(2)
