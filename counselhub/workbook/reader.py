"""Read a workbook: headers by text, cells by their column's reader, faults noted at their cells."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineError

from counselhub.core.i18n import listed
from counselhub.workbook import cells as readers
from counselhub.workbook.archive import Archive, Part, column_letters, opened
from counselhub.workbook.cells import CellError
from counselhub.workbook.findings import FILE, Findings, UnreadableError
from counselhub.workbook.layout import GUIDE, SHEETS, Column, Sheet

BLANKS = " \t\r\n\u3000\u00a0\ufeff\u200b"


@dataclass(slots=True)
class Row:
    """One filled row: its number in the sheet, its values by column name, the columns at fault.

    A blank cell is None; a column that the file does not have is absent. days: those that cells of
    a time tell too.
    """

    number: int
    values: dict[str, Any]
    bad: set[str] = field(default_factory=set)
    days: dict[str, date] = field(default_factory=dict)


@dataclass
class Table:
    """One sheet as read; `letters` has the columns that the file has, by name."""

    sheet: Sheet
    letters: dict[str, str]
    rows: list[Row]

    def cell(self, row: Row, *names: str) -> str:
        """Return the address of the first of `names` that the file has: `合同!C5`."""
        letters = (self.letters[name] for name in names if name in self.letters)
        return f"{self.sheet.name}!{next(letters, 'A')}{row.number}"


Tables = dict[str, Table]


def read(data: bytes, findings: Findings) -> Tables:
    """Return the table of every sheet of the layout, empty where the file has none.

    Faults and warnings go to `findings`; a file that cannot be read at all is a fault too.
    """
    tables = {sheet.name: Table(sheet, {}, []) for sheet in SHEETS}
    try:
        _read_sheets(opened(data), tables, findings)
    except UnreadableError as error:
        findings.fault(FILE, error.message)
    return tables


def _read_sheets(archive: Archive, tables: Tables, findings: Findings) -> None:
    originals = defaultdict[str, list[str]](list)
    for name in archive.book.sheet_names:
        originals[name.strip(BLANKS)].append(name)
    known = [name for name in originals if name in tables]
    for name in originals:
        if name not in tables and name != GUIDE:
            findings.warn(f"{name}!A1", _("不认识的工作表，已略过"))
    if not known:
        raise UnreadableError(
            _(
                "没有一张可导入的工作表。可用的名称：%(names)s。",
                names=listed(sheet.name for sheet in SHEETS),
            )
        )
    for name in known:
        original, *others = originals[name]
        if others:
            findings.fault(
                f"{name}!A1",
                _(
                    "有 %(many)d 张工作表都叫“%(sheet)s”（只差空格），请并成一张",
                    many=1 + len(others),
                    sheet=name,
                ),
            )
        part = archive.parts.get(original, Part())
        tables[name] = _read_table(archive, tables[name].sheet, original, part, findings)


def _read_table(archive: Archive, sheet: Sheet, name: str, part: Part, findings: Findings) -> Table:
    try:
        grid = archive.book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise UnreadableError(_("工作表“%(sheet)s”已损坏，无法读取。", sheet=name)) from error
    if not grid:
        return Table(sheet, {}, [])
    columns = _columns(sheet, grid[0], findings)
    letters = {column.name: column_letters(index + 1) for index, column in columns}
    table = Table(sheet, letters, [])
    missing = [column for column in sheet.columns if column.required and column.name not in letters]
    for column in missing:
        findings.fault(
            f"{sheet.name}!A1",
            _("缺少必需的列“%(header)s”，第一行应为表头", header=column.header),
        )
    _read_rows(table, columns, grid, part, findings)
    for row in table.rows:
        row.bad.update(column.name for column in missing)
    return table


def _columns(sheet: Sheet, header: Sequence[Any], findings: Findings) -> list[tuple[int, Column]]:
    found: dict[str, tuple[int, Column]] = {}
    for index, value in enumerate(header):
        text = str(value).strip(BLANKS).removesuffix("*").strip(BLANKS)
        cell = f"{sheet.name}!{column_letters(index + 1)}1"
        column = sheet.by_header.get(text)
        if column is None:
            if text:
                findings.warn(cell, _("不认识的列“%(header)s”，已略过", header=text[:40]))
        elif text in found:
            findings.fault(cell, _("表头“%(header)s”出现了两次，请保留一列", header=text))
        else:
            found[text] = index, column
    return list(found.values())


def _read_rows(
    table: Table,
    columns: list[tuple[int, Column]],
    grid: Sequence[Sequence[Any]],
    part: Part,
    findings: Findings,
) -> None:
    odd_rows = {row for row, _column in (*part.broken, *part.digits)}
    for number, cells in enumerate(grid[1:], start=2):
        odd = part if number in odd_rows else None
        if not any(
            _filled(cells[index]) or (odd and (number, index + 1) in odd.broken)
            for index, _column in columns
        ):
            continue
        row = Row(number, {})
        for index, column in columns:
            _read_cell(
                table, row, column, cells[index], (odd, index + 1) if odd else None, findings
            )
        table.rows.append(row)


def _filled(value: Any) -> bool:
    return bool(value.strip(BLANKS)) if isinstance(value, str) else value is not None


def _read_cell(
    table: Table,
    row: Row,
    column: Column,
    value: Any,
    odd: tuple[Part, int] | None,
    findings: Findings,
) -> None:
    try:
        if odd:
            value = _mended(odd[0], (row.number, odd[1]), column, value)
        if isinstance(value, str):
            value = value.strip(BLANKS)
        if value == "" or value is None:
            row.values[column.name] = None
            if column.required:
                raise CellError(_("“%(header)s”必填", header=column.header))
        else:
            row.values[column.name] = column.reader(value)
            if column.kind == "time" and (beside := readers.day_beside(value)):
                row.days[column.name] = beside
    except CellError as error:
        row.bad.add(column.name)
        findings.fault(table.cell(row, column.name), str(error))


def _mended(part: Part, place: tuple[int, int], column: Column, value: Any) -> Any:
    """Return the digits as written for a long code. Raises CellError for a broken formula."""
    if place in part.broken:
        if part.broken[place]:
            raise CellError(_("公式出错（%(error)s），请改为填写数值", error=part.broken[place]))
        raise CellError(_("公式没有计算结果。请用 Excel 打开并保存一次，或改为填写数值"))
    if column.reader in (readers.code, readers.codes, readers.name, readers.words):
        return part.digits.get(place, value)
    return value
