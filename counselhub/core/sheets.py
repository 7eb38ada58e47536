"""A plain sheet as a workbook: a header, rows, amounts and days as such, texts never formulas."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter


class Fen(int):
    """An amount that a cell shows in yuan."""


def sheet(
    title: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[object]],
    today: date,
) -> bytes:
    """Return a workbook of one page. columns: title and width; None leaves a cell blank."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "created": datetime.combine(today, time())})
        page = book.add_worksheet(title)
        looks = {
            "head": book.add_format({"bold": True, "bg_color": "#EEF1F5", "border": 1}),
            "yuan": book.add_format({"num_format": "#,##0.00"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for place, (name, width) in enumerate(columns):
            page.set_column(place, place, width)
            page.write_string(0, place, name, looks["head"])
        for at, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                _write(page, at, place, value, looks)
        page.freeze_panes(1, 0)
    return file.getvalue()


def _write(page: Any, row: int, place: int, value: object, looks: dict[str, Any]) -> None:
    match value:
        case Fen():
            page.write_number(row, place, value / 100, looks["yuan"])
        case date():
            page.write_datetime(row, place, value, looks["day"])
        case int() | float():
            page.write_number(row, place, value)
        case str():
            page.write_string(row, place, value)
