"""Write the workbook: a firm's data, or an empty template to fill in."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import IO, Any

from flask_babel import gettext as _
from xlsxwriter import Workbook

from counselhub.core.errors import RefusedError
from counselhub.core.labels import N_, Labelled
from counselhub.work.running import Step, silent
from counselhub.workbook.layout import SHEETS, Column, Sheet
from counselhub.workbook.queries import stored

LARGEST_NUMBER_FEN = 10**15
"""Excel keeps 15 digits; a larger amount is written as text."""
FORMATS = {
    "text": "@",
    "yes_no": "@",
    "day": "yyyy-mm-dd",
    "time": "hh:mm",
    "moment": "yyyy-mm-dd hh:mm",
    "number": "General",
    "money": "#,##0.00",
}
HEADER = {"bold": True, "bg_color": "#EAF1FB", "border": 1, "border_color": "#C4D7F0"}
WIDTHS = {"text": 18, "yes_no": 10, "day": 12, "time": 9, "moment": 17, "number": 12, "money": 13}
WIDER = {"licence_number": 22, "licence": 22, "communities": 30, "content": 40, "outcome": 24}


def export_workbook(target: IO[bytes] | str, step: Step = silent) -> None:
    """Write the present firm's data to `target`, row by row in little memory.

    Texts are written as texts, so that one that begins with = stays one. Contracts come with their
    last day in force. step: told before each sheet. Raises RefusedError for a text that Excel
    cannot hold.
    """

    def rows(sheet: Sheet) -> Iterable[dict[str, Any]]:
        step(N_("导出数据"))
        return (one.values for one in stored(sheet) if is_exported(sheet, one.extra))

    write_book(target, rows)


def write_book(target: IO[bytes] | str, rows: Callable[[Sheet], Iterable[dict[str, Any]]]) -> None:
    """Write every sheet with the values that `rows` gives for it, by column name."""
    with Workbook(target, {"constant_memory": True}) as book:
        formats = make_formats(book)
        for sheet in SHEETS:
            page = add_sheet(book, sheet, formats)
            for number, values in enumerate(rows(sheet), start=1):
                write_row(page, number, sheet.columns, values, formats)


def is_exported(sheet: Sheet, extra: dict[str, Any]) -> bool:
    """Say whether a row goes out: contracts in force or past, sessions that were not voided."""
    if sheet.name == "合同":
        return extra["status"] in ("active", "expired", "terminated")
    return not (sheet.name == "现场值班" and extra["status"] == "voided")


def make_formats(book: Workbook) -> dict[str, Any]:
    """Return the cell formats by kind of column, and `header`."""
    formats = {kind: book.add_format({"num_format": number}) for kind, number in FORMATS.items()}
    return formats | {
        "header": book.add_format(HEADER),
        "required": book.add_format(HEADER | {"font_color": "#B3261E"}),
    }


def add_sheet(book: Workbook, sheet: Sheet, formats: dict[str, Any]) -> Any:
    """Add a sheet with its header; required headers are red."""
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    for index, column in enumerate(sheet.columns):
        width = max(WIDER.get(column.name, WIDTHS[column.kind]), 2 * len(column.header))
        page.set_column(index, index, width, formats[column.kind])
    for index, column in enumerate(sheet.columns):
        page.write_string(
            0, index, column.header, formats["required" if column.required else "header"]
        )
    return page


def write_row(
    page: Any, number: int, columns: Iterable[Column], values: dict[str, Any], formats: Any
) -> None:
    """Write one row; `number` counts from 0, the header's. Blank cells are left out."""
    for index, column in enumerate(columns):
        value = values.get(column.name)
        if value is None or value in ((), []):
            continue
        written = _written(column, value)
        if _WRITERS[type(written)](page)(number, index, written, formats[column.kind]):
            raise RefusedError(
                _(
                    "“%(sheet)s”第 %(row)d 行的“%(header)s”太长，Excel 放不下，请先缩短。",
                    sheet=page.get_name(),
                    row=number + 1,
                    header=column.header,
                )
            )


_WRITERS: dict[type, Callable[[Any], Callable[..., int]]] = {
    str: lambda page: page.write_string,
    float: lambda page: page.write_number,
    date: lambda page: page.write_datetime,
    time: lambda page: page.write_datetime,
    datetime: lambda page: page.write_datetime,
}


def _written(column: Column, value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(value)
    if column.labels is not None:
        return _word(column.labels, value)
    if column.kind == "money":
        return _yuan(value)
    return float(value) if column.kind == "number" else value


def _word(labels: type[Labelled], code: str) -> str:
    return next(label.word for label in labels if label == code)


def _yuan(fen: int) -> float | str:
    return f"{fen // 100}.{fen % 100:02d}" if fen >= LARGEST_NUMBER_FEN else fen / 100
