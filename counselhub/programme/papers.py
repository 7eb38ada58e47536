"""A report as one JSON document and as the offices' Excel sheet, always in Chinese."""

from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from counselhub.programme.figures import LINE_WORDS, Line, Report
from counselhub.programme.kinds import Measure
from counselhub.programme.rules import Column

FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
SIGNATURES = ("填报人：", "审核人：", "填报日期：    年  月  日")


def number(column: Column, value: int) -> int | float:
    """Return a figure in the column's unit: fen become yuan, whole ones whole."""
    if column.measure is not Measure.RECOVERED:
        return value
    return value / 100 if value % 100 else value // 100


def document(report: Report, template: str, whose: dict[str, str]) -> dict[str, Any]:
    """Return the report as one JSON document.

    `{"firm", "from", "to", "template", "rows": [{"label", "unit", "value"}], "total"}`. Values are
    whole numbers, yuan may have two decimals. `total` is the sum of the parts where the template
    has one, else null: county2018 has no sum of its units. whose: {"firm": code}, or of a street
    or district its code.
    """
    pairs = zip(report.template.columns, report.sums.values, strict=True)
    return {
        **whose,
        "from": report.period.first.isoformat(),
        "to": report.period.last.isoformat(),
        "template": template,
        "rows": [
            {"label": one.title, "unit": one.unit.word, "value": number(one, value)}
            for one, value in pairs
        ],
        "total": report.sums.total,
    }


def lines_of(report: Report) -> list[dict[str, Any]]:
    """Return the report's lines for a document: the key, the name, a value a column, the total."""
    columns = report.template.columns
    return [
        {
            report.by: line.key,
            "name": line.name,
            "values": [number(*pair) for pair in zip(columns, line.values, strict=True)],
            "total": line.total,
        }
        for line in report.lines
    ]


def note(report: Report) -> str:
    """Return how the total comes about, '' where there is none: units are never added unsaid."""
    if not report.template.has_total:
        return ""
    units = "、".join(unit.word for unit in report.template.units)
    aside = [one.title for one in report.template.columns if not one.is_summed]
    without = f"；{'、'.join(aside)}不计入" if aside else ""
    return f"注：合计为各栏数字之和（单位：{units}）{without}。"


def xlsx(report: Report, filler: str, made_at: datetime) -> bytes:
    """Return the workbook: title, who and when, the table with its 合计, places to sign.

    filler: the firm, office or bureau that hands it in. What somebody typed is written as text.
    """
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": report.template.title, "created": made_at.replace(tzinfo=None)})
    _Sheet(book, report).write(filler)
    book.close()
    return file.getvalue()


class _Sheet:
    """The one sheet of the workbook, written from top to bottom."""

    def __init__(self, book: Any, report: Report) -> None:
        """Prepare the formats; the sheet is set up for A4 across."""
        self.report = report
        self.page = book.add_worksheet("服务统计")
        boxed = FONT | {"border": 1, "text_wrap": True}
        self.title = book.add_format(FONT | {"bold": True, "font_size": 16, "align": "center"})
        self.plain = book.add_format(FONT)
        self.end = book.add_format(FONT | {"align": "right"})
        self.head = book.add_format(boxed | {"bold": True, "align": "center"})
        self.text = book.add_format(boxed)
        self.count = book.add_format(boxed | {"num_format": "#,##0", "align": "right"})
        self.yuan = book.add_format(boxed | {"num_format": "#,##0.00", "align": "right"})
        self.last = len(report.template.columns) + 1 + report.template.has_total

    def write(self, filler: str) -> None:
        """Write the whole sheet."""
        self.page.set_paper(9)
        self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(2)
        self.page.freeze_panes(3, 2)
        self.page.set_footer("&C第 &P 页，共 &N 页")
        self.page.set_column(0, 0, 6)
        self.page.set_column(1, 1, 22)
        self.page.set_column(2, self.last, 14)
        self._across(0, self.report.template.title, self.title)
        self.page.set_row(0, 30)
        middle = max(1, self.last // 2)
        self._merged(1, 0, middle, f"填报单位：{filler}", self.plain)
        self._merged(1, middle + 1, self.last, f"统计期间：{self.report.period.word}", self.end)
        self._head()
        row = 3
        for place, line in enumerate(self.report.lines, start=1):
            self._line(row, line, place)
            row += 1
        self._line(row, self.report.sums, None)
        if words := note(self.report):
            row += 1
            self._across(row, words, self.plain)
        self._foot(row + 2)

    def _merged(self, row: int, first: int, last: int, words: str, how: Any) -> None:
        if first < last:
            self.page.merge_range(row, first, row, last, "", how)
        self.page.write_string(row, first, words, how)

    def _across(self, row: int, words: str, how: Any) -> None:
        self._merged(row, 0, self.last, words, how)

    def _head(self) -> None:
        titles = [f"{one.title}（{one.unit.word}）" for one in self.report.template.columns]
        if self.report.template.has_total:
            titles.append("合计")
        for place, title in enumerate(("序号", LINE_WORDS[self.report.by], *titles)):
            self.page.write_string(2, place, title, self.head)
        self.page.set_row(2, 36)

    def _line(self, row: int, line: Line, place: int | None) -> None:
        if place is None:
            self.page.merge_range(row, 0, row, 1, "", self.head)
            self.page.write_string(row, 0, "合计", self.head)
        else:
            self.page.write_number(row, 0, place, self.count)
            self.page.write_string(row, 1, line.name, self.text)
        pairs = zip(self.report.template.columns, line.values, strict=True)
        for at, (column, value) in enumerate(pairs, start=2):
            how = self.yuan if column.measure is Measure.RECOVERED else self.count
            self.page.write_number(row, at, number(column, value), how)
        if line.total is not None:
            self.page.write_number(row, self.last, line.total, self.count)

    def _foot(self, row: int) -> None:
        """Leave places to sign, a third of the breadth each."""
        third = max(1, (self.last + 1) // 3)
        starts = (0, third, 2 * third)
        for start, words in zip(starts, SIGNATURES, strict=True):
            self.page.write_string(row, start, words, self.plain)


def file_name(report: Report, filler: str, ending: str) -> str:
    """Return the name that a download has."""
    return f"{report.template.name}-{filler}-{report.period.word}.{ending}"
