"""The difference sheet as Excel, set up for A4: the PDF's figures as numbers, texts as texts."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from counselhub.ledgers.documents.paper import AMOUNTS, NOTE, TITLES, Paper, Value

BORDER = {"border": 1, "font_name": "宋体", "font_size": 9, "valign": "vcenter", "text_wrap": True}
WIDTH = 1.9
"""Characters of Excel for a share of a column's width."""


def xlsx(paper: Paper) -> bytes:
    """Return the workbook."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": paper.name, "created": paper.made_at})
        page = book.add_worksheet("对账差异表")
        header = _head(book, page, paper)
        row = _table(book, page, paper, header)
        _foot(book, page, paper, row)
        _set_up(page, paper, header)
    return file.getvalue()


def _head(book: Any, page: Any, paper: Paper) -> int:
    """Write title and head; return the row of the table's header."""
    title = book.add_format({"font_name": "宋体", "font_size": 16, "bold": True, "align": "center"})
    plain = book.add_format({"font_name": "宋体", "font_size": 10})
    mark = f"（{paper.mark}）" if paper.mark else ""
    page.merge_range(0, 0, 0, len(TITLES) - 1, "", title)
    page.write_string(0, 0, paper.title + mark, title)
    for place, (term, value) in enumerate(paper.head):
        page.write_string(1 + place // 3, place % 3 * 4, f"{term}：{value}", plain)
    return 2 + (len(paper.head) - 1) // 3


def _table(book: Any, page: Any, paper: Paper, header: int) -> int:
    """Write header, rows and totals; return the next free row."""
    top = book.add_format({**BORDER, "bold": True, "align": "center", "bg_color": "#EEF1F5"})
    looks = [_looks(book, bold) for bold in (False, True)]
    for place, (name, width, _right) in enumerate(TITLES):
        page.set_column(place, place, width * WIDTH)
        page.write_string(header, place, name, top)
    row = header
    for row, values in enumerate([*paper.rows, paper.totals], start=header + 1):
        is_total = values is paper.totals
        for place, value in enumerate(values):
            _cell(page, row, place, value, looks[is_total])
    return row + 1


def _looks(book: Any, bold: bool) -> tuple[Any, Any]:
    """Return the look of a text, which stays one when it is edited, and of an amount."""
    text = book.add_format({**BORDER, "quote_prefix": True, "bold": bold})
    money = {**BORDER, "num_format": "#,##0.00;[Red]-#,##0.00", "bold": bold}
    return text, book.add_format(money)


def _cell(page: Any, row: int, place: int, value: Value, looks: tuple[Any, Any]) -> None:
    if isinstance(value, int) and place in AMOUNTS:
        page.write_number(row, place, Decimal(value) / 100, looks[1])
    else:
        page.write_string(row, place, "—" if value is None else str(value), looks[0])


def _foot(book: Any, page: Any, paper: Paper, row: int) -> None:
    """Write the note and who confirmed."""
    plain = book.add_format({"font_name": "宋体", "font_size": 9})
    box = book.add_format({**BORDER, "valign": "bottom"})
    page.write_string(row, 0, NOTE, plain)
    for place, (term, value) in enumerate(paper.signatures):
        first, last = place * 5, place * 5 + 4
        page.merge_range(row + 1, first, row + 1, last, "", box)
        page.write_string(row + 1, first, term, box)
        page.merge_range(row + 2, first, row + 2, last, "", box)
        page.write_string(row + 2, first, value, box)
    page.set_row(row + 2, 54)


def _set_up(page: Any, paper: Paper, header: int) -> None:
    """Print on A4 across, one page broad, the header on each page, the digest below."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(header)
    page.freeze_panes(header + 1, 2)
    page.set_footer(f"&L{paper.imprint.replace('&', '&&')}&R" + "第 &P 页，共 &N 页")
    page.hide_gridlines(2)
