"""The workbook that a street's finance wants: judged once, filled for every list.

Nothing in it is run: a mark is replaced by its value, and text that could compute stays text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from flask_babel import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from counselhub.core import uploads
from counselhub.core.downloads import could_compute
from counselhub.core.errors import FaultsError
from counselhub.core.uploads import UploadError
from counselhub.payments import marks
from counselhub.payments.marks import Amount, Whole
from counselhub.payments.rules import Row

LARGEST_BYTES = 2**20
MOST_CELLS = 20_000
MONEY = "#,##0.00"
XML = re.compile(r".*\.(xml|rels)")
UNREADABLE = (
    AttributeError,
    BadZipFile,
    IndexError,
    InvalidFileException,
    KeyError,
    OSError,
    ParseError,
    TypeError,
    ValueError,
)
"""What the library raises for parts that are not what they say."""


def judge(data: bytes) -> None:
    """Look a layout over before it is kept. Raises UploadError, FaultsError naming each cell."""
    if len(data) > LARGEST_BYTES:
        raise UploadError(_("版式文件不能超过 1 MB，请删去图片和多余的工作表。"))
    _row, found = marks.faults(list(_marked(_opened(data).active)))
    if found:
        told = [{"cell": cell, "message": _sentence(code, name)} for cell, code, name in found]
        raise FaultsError(told[0]["message"], told)


def _sentence(code: str, name: str) -> str:
    match code:
        case "unknown":
            return str(_("不认识的标记 {{%(name)s}}，请对照下面的标记表。", name=name))
        case "two_rows":
            return str(_("付款的标记只能写在一行里，第 %(row)s 行已经有了。", row=name))
        case "missing":
            return str(_("重复的那一行缺少标记 {{%(name)s}}。", name=name))
        case _:
            return str(_("没有找到要重复的行：请在一行里写上 {{收款人}}、{{账号}}、{{金额}}。"))


def fill(data: bytes, rows: Sequence[Row], whole: Whole) -> bytes:
    """Return the layout with its marked row repeated for `rows` and every mark filled."""
    book = _opened(data)
    page = book.active
    first, _faults = marks.faults(list(_marked(page)))
    if first is not None:
        _repeat(page, first, len(rows))
        for place, row in enumerate(rows):
            _fill_row(page, first + place, marks.of_row(row))
    values = marks.of_whole(whole)
    for cells in page.iter_rows():
        for cell in cells:
            _fill_cell(cell, values)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _opened(data: bytes) -> Any:
    parts = uploads.unpacked(data, XML)
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise UploadError(uploads.damaged())
    try:
        book = load_workbook(BytesIO(data))
    except UNREADABLE as error:
        raise UploadError(uploads.damaged()) from error
    page = book.active
    if not isinstance(page, Worksheet) or page.max_row * page.max_column > MOST_CELLS:
        raise UploadError(_("版式的第一张工作表太大或没有内容，请另存一份干净的表格。"))
    return book


def _marked(page: Any) -> Iterator[tuple[str, int, str]]:
    for cells in page.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str) and marks.names_in(cell.value):
                yield cell.coordinate, cell.row, cell.value


def _repeat(page: Any, first: int, count: int) -> None:
    """Make room for `count` rows that look like row `first`; what stands below moves down."""
    moved = count - 1
    if moved > 0:
        below = (
            f"A{first + 1}:{page.cell(max(page.max_row, first + 1), page.max_column).coordinate}"
        )
        page.move_range(below, rows=moved)
        _move_merged(page, first, moved)
        _move_heights(page, first, moved)
    for row in range(first + 1, first + count):
        for column in range(1, page.max_column + 1):
            model, cell = page.cell(first, column), page.cell(row, column)
            cell.value, cell._style = model.value, copy(model._style)


def _move_merged(page: Any, first: int, moved: int) -> None:
    for area in list(page.merged_cells.ranges):
        if area.min_row > first:
            area.shift(row_shift=moved)


def _move_heights(page: Any, first: int, moved: int) -> None:
    heights = {row: one.height for row, one in page.row_dimensions.items() if one.height}
    for row in sorted((row for row in heights if row > first), reverse=True):
        page.row_dimensions[row + moved].height = heights[row]
        page.row_dimensions[row].height = None
    for row in range(first + 1, first + moved + 1):
        page.row_dimensions[row].height = heights.get(first)


def _fill_row(page: Any, row: int, values: Mapping[str, object]) -> None:
    for column in range(1, page.max_column + 1):
        _fill_cell(page.cell(row, column), values)


def _fill_cell(cell: Any, values: Mapping[str, object]) -> None:
    if not isinstance(cell.value, str) or not marks.names_in(cell.value):
        return
    value = marks.filled(cell.value, values)
    if isinstance(value, Amount):
        cell.value = Decimal(value.fen) / 100
        if cell.number_format == "General":
            cell.number_format = MONEY
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = could_compute(value) or value.isdecimal()
