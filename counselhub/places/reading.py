"""Read a file of division codes. Pure: bytes in, places or faults out."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from counselhub.core.i18n import listed
from counselhub.core.uploads import text_of

COLUMNS = (
    "community_code",
    "community_name",
    "street_code",
    "street_name",
    "district_code",
    "district_name",
    "city_name",
    "province_name",
)
DIGITS = {"community_code": 12, "street_code": 9, "district_code": 6}
PARENTS = (("community_code", "street_code"), ("street_code", "district_code"))
NAMES = (
    ("street_code", "street_name"),
    ("district_code", "district_name"),
    ("district_code", "city_name"),
    ("district_code", "province_name"),
)

Line = dict[str, str]
Fault = dict[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: its rows by line number of the file, and everything wrong with it."""

    rows: list[Line]
    faults: list[Fault]


def read(content: bytes) -> Reading:
    """Return the rows of a CSV file (UTF-8 with or without BOM, or GB18030) and its faults.

    A fault is {"cell": "第3行 street_code", "message": …}. A row is only good when none is named.
    """
    text = text_of(content)
    if text is None:
        return Reading([], [_fault(_("文件"), _("不是 UTF-8 或 GB18030 编码的文本文件。"))])
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = header
        rows = [(reader.line_num, _line(row)) for row in reader]
    except csv.Error as error:
        return Reading([], [_fault(_("文件"), _("不是 CSV 文件：%(why)s", why=str(error)))])
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        words = _("缺少列：%(columns)s。", columns=listed(missing))
        return Reading([], [_fault(_line_name(1), words)])
    rows = [(number, row) for number, row in rows if any(row.values())]
    if not rows:
        return Reading([], [_fault(_("文件"), _("没有一行社区。"))])
    return Reading([row for _number, row in rows], list(_faults(rows)))


def _line(row: dict[str | None, str]) -> Line:
    return {column: (row.get(column) or "").strip() for column in COLUMNS}


def _line_name(number: int) -> str:
    return str(_("第%(number)d行", number=number))


def _fault(cell: object, message: object) -> Fault:
    return {"cell": str(cell), "message": str(message)}


def _faults(rows: Iterable[tuple[int, Line]]) -> Iterable[Fault]:
    """Yield what is wrong with each row, and with rows that contradict an earlier one."""
    seen: dict[str, int] = {}
    named: dict[tuple[str, str], str] = {}
    for number, row in rows:
        for column, words in _row_faults(row):
            yield _fault(f"{_line_name(number)} {column}", words)
        code = row["community_code"]
        if first := seen.get(code):
            words = _("社区代码 %(code)s 与第%(line)d行重复。", code=code, line=first)
            yield _fault(f"{_line_name(number)} community_code", words)
        seen.setdefault(code, number)
        for place, name in NAMES:
            known = named.setdefault((name, row[place]), row[name])
            if row[name] and known != row[name]:
                words = _("%(code)s 在前面叫“%(name)s”。", code=row[place], name=known)
                yield _fault(f"{_line_name(number)} {name}", words)


def _row_faults(row: Line) -> Iterable[tuple[str, str]]:
    bad = set()
    for column in COLUMNS:
        digits = DIGITS.get(column)
        if digits and not re.fullmatch(rf"[0-9]{{{digits}}}", row[column]):
            bad.add(column)
            yield column, _("“%(text)s”应为%(digits)d位数字。", text=row[column], digits=digits)
        elif not row[column]:
            yield column, _("不能为空。")
    for child, parent in PARENTS:
        if not bad & {child, parent} and not row[child].startswith(row[parent]):
            yield (
                child,
                _("%(child)s 不以 %(parent)s 开头。", child=row[child], parent=row[parent]),
            )
