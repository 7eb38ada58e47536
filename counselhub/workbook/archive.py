"""Open an .xlsx that may be hostile: bounded in size, rebuilt clean, its odd cells noted.

An .xlsx is a zip of XML. The parts that hold cells are unpacked within a limit and packed again, so
that the reader of the workbook sees exactly what was checked here.
"""

import re
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from counselhub.core import uploads
from counselhub.core.uploads import UploadError
from counselhub.workbook.findings import UnreadableError
from counselhub.workbook.layout import MOST_ROWS

MOST_COLUMNS = 200
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
NEEDED = re.compile(
    r"xl/(workbook|sharedStrings|styles)\.xml|xl/_rels/[^/]*|\[Content_Types\]\.xml|_rels/\.rels|xl/worksheets/[^/]*\.xml"
)
NAMES = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

# No part of these gives back what it took, and none reads past the next tag or cell: what nobody
# has parsed yet may be anything, and costs as much as it is long.
_NAMED = rb"""(?>[^<>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'])[^<>]*+"""
_FILLED = re.compile(rb"<(?:\w++:)?c\b" + _NAMED + rb"(?<!/)>\s*+<(?!/)")
_CELL = re.compile(
    rb"<(?:\w++:)?c\b(" + _NAMED + rb")(?<!/)>((?:[^<]++|<(?!/?(?:\w++:)?c\b))*+)</(?:\w++:)?c>"
)
_VALUE = re.compile(rb"<(?:\w++:)?v[^<>]*+>([^<]++)</|<(?:\w++:)?t\b")
_LONG = re.compile(rb"<(?:\w++:)?v[^<>]*+>([0-9]{16,64})</")


@dataclass(frozen=True)
class Part:
    """What the reader of values does not tell about one sheet; cells by (row, column) from 1."""

    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells whose formula has no result or an error, with the error's name."""
    digits: dict[tuple[int, int], str] = field(default_factory=dict)
    """Numbers of more than 15 digits as they are written in the file."""


@dataclass(frozen=True)
class Archive:
    """A workbook that is safe to read, with the odd cells of each sheet by name."""

    book: CalamineWorkbook
    parts: dict[str, Part]


def opened(data: bytes) -> Archive:
    """Return the workbook in `data`. Raises UnreadableError with what to do."""
    try:
        files = uploads.unpacked(data, NEEDED)
    except UploadError as error:
        raise UnreadableError(error.message) from error
    if LINKS not in files:
        raise UnreadableError(uploads.damaged())
    names = _sheet_files(files)
    parts = {name: _scan(name, files[path]) for name, path in names.items() if path in files}
    try:
        return Archive(CalamineWorkbook.from_filelike(_packed(files)), parts)
    except CalamineError as error:
        raise UnreadableError(uploads.damaged()) from error


def _sheet_files(files: dict[str, bytes]) -> dict[str, str]:
    """Return the part that holds each sheet, by the sheet's name."""
    for data in files.values():
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\x00" in data[:64]:
            raise UnreadableError(uploads.damaged())
    try:
        links = {
            link.get("Id"): "xl/" + (link.get("Target") or "").removeprefix("/xl/").lstrip("/")
            for link in ElementTree.fromstring(files[LINKS])  # noqa: S314  # its DTD was refused
        }
        book = ElementTree.fromstring(files[BOOK])  # noqa: S314  # its DTD was refused
    except ElementTree.ParseError as error:
        raise UnreadableError(uploads.damaged()) from error
    sheets = [node for node in book.iter() if node.tag.endswith("}sheet")]
    return {node.get("name") or "": links.get(_link_of(node), "") for node in sheets}


def _link_of(sheet: ElementTree.Element) -> str | None:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)


def _scan(name: str, xml: bytes) -> Part:
    """Measure the sheet before anybody makes room for it, and note its odd cells."""
    last_row, last_column = 0, 0
    for letters, row in (
        set(_FILLED.findall(xml)) if xml.count(b"<c") < 1000 else _FILLED.findall(xml)
    ):
        last_row, last_column = (
            max(last_row, int(row)),
            max(last_column, column_number(letters.decode())),
        )
    if last_row > MOST_ROWS + 1 or last_column > MOST_COLUMNS:
        raise UnreadableError(
            _(
                "工作表“%(sheet)s”用到了第 %(row)d 行、第 %(column)d 列，"
                "最多 %(rows)d 行、%(columns)d 列。"
                "请删除多余的行列后再导入。",
                sheet=name,
                row=last_row,
                column=last_column,
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
            )
        )
    part = Part()
    if b't="e"' in xml or b"t='e'" in xml or re.search(rb"<(?:\w+:)?f\b", xml) or _LONG.search(xml):
        _note_odd_cells(xml, part)
    return part


def _note_odd_cells(xml: bytes, part: Part) -> None:
    for attributes, letters, row, body in _CELL.findall(xml):
        place = int(row), column_number(letters.decode())
        value = _VALUE.search(body)
        if re.search(rb"""\bt=["']e["']""", attributes):
            part.broken[place] = ((value and value[1]) or b"").decode()
        elif value is None and re.search(rb"<(?:\w+:)?f\b", body):
            part.broken[place] = ""
        elif not re.search(rb"""\bt=["'](?!n)""", attributes) and (long := _LONG.search(body)):
            part.digits[place] = long[1].decode()


def column_number(letters: str) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _packed(files: dict[str, bytes]) -> BytesIO:
    clean = BytesIO()
    with ZipFile(clean, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    clean.seek(0)
    return clean
