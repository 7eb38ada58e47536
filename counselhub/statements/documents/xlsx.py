"""The form as an Excel sheet, set up for A4: the same figures as the PDF, as numbers.

What somebody typed is written as text, so that a name beginning with `=` never becomes a formula.
"""

from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from counselhub.statements.documents.sheet import Column, Kind, Sheet, Value, broken

WIDTH = 2.1
"""Characters of Excel for a share of a column's width."""
BORDER = {"border": 1, "font_name": "宋体", "font_size": 9, "valign": "vcenter", "text_wrap": True}
QUOTED = {**BORDER, "quote_prefix": True}
"""A text stays one when somebody edits its cell."""
NUMBERS = {Kind.FEN: "#,##0.00;[Red]-#,##0.00", Kind.MINUTES: "0.##", Kind.COUNT: "0"}


def xlsx(sheet: Sheet) -> bytes:
    """Return the workbook."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": f"{sheet.title} {sheet.number}", "created": sheet.made_at})
    page = book.add_worksheet("结算单")
    writer = _Writer(book, page, sheet)
    header = writer.head()
    row = writer.table(header)
    writer.foot(row)
    _set_up(page, sheet, header)
    book.close()
    return file.getvalue()


class _Writer:
    """Writes the parts of one sheet from the top down; each returns the next free row."""

    def __init__(self, book: Any, page: Any, sheet: Sheet) -> None:
        self.page, self.sheet = page, sheet
        self.last = len(sheet.columns) - 1
        self.plain = book.add_format({"font_name": "宋体", "font_size": 10})
        self.strong = book.add_format({"font_name": "宋体", "font_size": 10, "bold": True})
        self.title = book.add_format(
            {"font_name": "宋体", "font_size": 16, "bold": True, "align": "center"}
        )
        self.header = book.add_format(
            {**BORDER, "bold": True, "align": "center", "bg_color": "#EEF1F5"}
        )
        self.cells = {kind: _formats(book, kind) for kind in Kind}
        self.signature = book.add_format({**BORDER, "valign": "bottom"})

    def head(self) -> int:
        """Write title and head; return the row of the table's header."""
        mark = f"（{self.sheet.mark}）" if self.sheet.mark else ""
        self.page.merge_range(0, 0, 0, self.last, "", self.title)
        self.page.write_string(0, 0, self.sheet.title + mark, self.title)
        for place, (term, value) in enumerate(self.sheet.head):
            row, column = 1 + place // 3, (place % 3) * 6
            self.page.write_string(row, column, f"{term}：{value}", self.plain)
        return 2 + (len(self.sheet.head) - 1) // 3

    def table(self, header: int) -> int:
        """Write header, rows and totals."""
        for place, column in enumerate(self.sheet.columns):
            self.page.set_column(place, place, column.width * WIDTH)
            self.page.write_string(header, place, broken(column.title), self.header)
        row = header + 1
        for values in self.sheet.rows:
            self._row(row, values, 0)
            row += 1
        self._row(row, self.sheet.totals, 1)
        self.page.write_string(row, 1, "合计", self.cells[Kind.TEXT][1])
        return row + 1

    def _row(self, row: int, values: Any, bold: int) -> None:
        for place, (column, value) in enumerate(zip(self.sheet.columns, values, strict=True)):
            self._cell(row, place, column, value, bold)

    def _cell(self, row: int, place: int, column: Column, value: Value, bold: int) -> None:
        look = self.cells[column.kind][bold]
        if value is None:
            self.page.write_blank(row, place, None, look)
        elif isinstance(value, str):
            self.page.write_string(row, place, value, look)
        else:
            scale = {Kind.FEN: 100, Kind.MINUTES: 60}.get(column.kind, 1)
            self.page.write_number(row, place, Decimal(value) / scale, look)

    def foot(self, row: int) -> None:
        """Write capitals, funding, account and the boxes for signatures."""
        for place, (term, value) in enumerate(self.sheet.foot):
            look = self.plain if place else self.strong
            self.page.write_string(row, 0, f"{term}：{value}", look)
            row += 1
        for source, amount_fen in self.sheet.funding:
            self.page.write_string(row, 0, f"资金分担 {source}：", self.plain)
            self.page.write_number(row, 4, Decimal(amount_fen) / 100, self.cells[Kind.FEN][0])
            row += 1
        self.page.write_string(row, 0, self.sheet.note, self.plain)
        row += 1
        each = len(self.sheet.columns) // len(self.sheet.signatures)
        for place, (term, value) in enumerate(self.sheet.signatures):
            first = place * each
            end = self.last if place == len(self.sheet.signatures) - 1 else first + each - 1
            self.page.merge_range(row, first, row, end, "", self.header)
            self.page.write_string(row, first, term, self.header)
            self.page.merge_range(row + 1, first, row + 1, end, "", self.signature)
            self.page.write_string(row + 1, first, value, self.signature)
        self.page.set_row(row + 1, 54)


def _formats(book: Any, kind: Kind) -> tuple[Any, Any]:
    """Return the look of a cell of this kind, plain and bold."""
    look: dict[str, Any] = {**BORDER, "num_format": NUMBERS[kind]} if kind in NUMBERS else QUOTED
    return book.add_format(look), book.add_format({**look, "bold": True})


def _set_up(page: Any, sheet: Sheet, header: int) -> None:
    """Print on A4 across, one page broad, the header on each page, number and pages below."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.repeat_rows(header)
    page.freeze_panes(header + 1, 2)
    page.set_footer(f"&L{sheet.imprint.replace('&', '&&')}&R" + "第 &P 页，共 &N 页")
    page.hide_gridlines(2)
