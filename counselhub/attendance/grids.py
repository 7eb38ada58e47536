"""Open an attendance export, .xlsx or .xls, as plain cells: bounded, merged ones spread out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from counselhub.core import uploads
from counselhub.core.uploads import UploadError
from counselhub.workbook.archive import Part, column_letters, opened
from counselhub.workbook.findings import UnreadableError

MOST_ROWS = 60_000
MOST_COLUMNS = 256
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MACROS = "_VBA_PROJECT".encode("utf-16-le")
XLS_PART = "Workbook".encode("utf-16-le")


@dataclass
class Grid:
    """One sheet: rows of cells from its first cell on, as Excel holds them."""

    name: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    """Merged cells as (first row, first column, last row, last column), from 0."""
    part: Part = field(default_factory=Part)

    def cell(self, row: int, column: int) -> str:
        """Return the address of a cell by its place from 0: `原始记录!H5`."""
        return f"{self.name}!{column_letters(column + 1)}{row + 1}"

    def at(self, row: int, column: int) -> Any:
        """Return a cell, "" beyond the end; a number of more than 15 digits as it is written."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        digits = self.part.digits.get((row + 1, column + 1))
        return self.rows[row][column] if digits is None else digits

    def spread(self, row: int) -> list[Any]:
        """Return a row in which each merged cell has the value of its first one."""
        cells = list(self.rows[row]) if row < len(self.rows) else []
        for first_row, first, last_row, last in self.merged:
            if first_row <= row <= last_row:
                value = self.at(first_row, first)
                for column in range(first, min(last, len(cells) - 1) + 1):
                    cells[column] = value
        return cells


def judge(data: bytes) -> None:
    """Look an export over before anything is done with it. Raises UploadError."""
    if not data.startswith(uploads.OLE):
        uploads.judge_workbook(data)
    elif ENCRYPTED in data:
        raise UploadError(_("文件设有密码，请取消密码后再导入。"))
    elif MACROS in data:
        raise UploadError(_("文件含有宏，不予接收。请另存为不含宏的 Excel 文件后再导入。"))
    elif XLS_PART not in data:
        raise UploadError(_("这不是 Excel 工作簿（.xlsx 或 .xls）。"))


def grids(data: bytes) -> list[Grid]:
    """Return the sheets of an export. Raises UnreadableError with what to do."""
    try:
        judge(data)
    except UploadError as error:
        raise UnreadableError(error.message) from error
    book, parts = _book(data)
    return [_grid(book.get_sheet_by_name(name), parts.get(name)) for name in book.sheet_names]


def _book(data: bytes) -> tuple[CalamineWorkbook, dict[str, Part]]:
    if not data.startswith(uploads.OLE):
        archive = opened(data)
        return archive.book, archive.parts
    try:
        return CalamineWorkbook.from_filelike(BytesIO(data)), {}
    except CalamineError as error:
        raise UnreadableError(uploads.damaged()) from error


def _grid(sheet: CalamineSheet, part: Part | None) -> Grid:
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        raise UnreadableError(
            _(
                "工作表“%(sheet)s”有 %(row)d 行、%(column)d 列，最多 %(rows)d 行、%(columns)d 列。"
                "请按月分别导出后再导入。",
                sheet=sheet.name,
                row=sheet.total_height,
                column=sheet.total_width,
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
            )
        )
    try:
        rows = sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise UnreadableError(uploads.damaged()) from error
    merged = [(a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or ()]
    return Grid(sheet.name, rows, merged, part or Part())
