"""Open a bank's file, CSV or .xlsx, as bounded rows, whatever its encoding and separator."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from counselhub.core import uploads
from counselhub.core.uploads import UploadError

MOST_ROWS = 20_000
MOST_COLUMNS = 60
SEPARATORS = ",\t;|"


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: its rows from the first line of the file on."""

    rows: Sequence[Sequence[Any]]

    def at(self, row: int, column: int) -> Any:
        """Return a cell by its place from 0, "" beyond the end."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""


def cell_name(row: int, column: int) -> str:
    """Return the address of a cell by its place from 0: `C7`."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def opened(data: bytes) -> Grid:
    """Return the table of a bank's file. Raises UploadError with what to do."""
    grid = _workbook(data) if data.startswith((uploads.ZIP, uploads.OLE)) else _text(data)
    if len(grid.rows) > MOST_ROWS or max(map(len, grid.rows), default=0) > MOST_COLUMNS:
        raise UploadError(
            _(
                "文件超过 %(rows)d 行或 %(columns)d 列，请按月分别导出后再导入。",
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
            )
        )
    return grid


def _workbook(data: bytes) -> Grid:
    uploads.judge_workbook(data)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        return Grid(book.get_sheet_by_index(0).to_python(skip_empty_area=False))
    except (CalamineError, IndexError) as error:
        raise UploadError(uploads.damaged()) from error


def _text(data: bytes) -> Grid:
    text = uploads.text_of(data)
    if text is None:
        raise UploadError(_("读不出这个文件。请从网银导出 CSV 或 .xlsx，不要改动编码后再传。"))
    lines = [line for line in text.splitlines() if line.strip()]
    separator = max(SEPARATORS, key=lambda one: sum(line.count(one) for line in lines[:50]))
    try:
        return Grid([*csv.reader(StringIO(text), delimiter=separator)])
    except csv.Error as error:
        raise UploadError(uploads.damaged()) from error
