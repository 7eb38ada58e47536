"""Find the head of an export and its columns: by what stands in the header, never by position.

Pure. A header may have two lines, groups over their sub-titles; then a column is called by both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from counselhub.attendance import times
from counselhub.attendance.facts import Fault, Reading, Who
from counselhub.attendance.grids import Grid
from counselhub.attendance.kinds import Layout
from counselhub.workbook.cells import CellError
from counselhub.workbook.cells import code as read_code

HEAD_ROWS = 12
NAME = "姓名"
NUMBERED = "工号"
USER_IDS = ("UserId", "UserID", "userid", "账号", "帐号", "用户ID")
PERSON = frozenset({NAME, NUMBERED, *USER_IDS, "考勤组", "部门", "职位", "职务", "所属规则"})
TITLES = (
    ("概况统计与打卡明细", Layout.WECOM_DAILY),
    ("打卡时间记录", Layout.WECOM_TIMES),
    ("月度汇总", Layout.MONTH),
    ("每日统计", Layout.DAILY),
    ("原始记录", Layout.RECORDS),
    ("打卡明细", Layout.RECORDS),
    ("打卡时间", Layout.TIMES),
)
"""What the titles and names of sheets begin with; the longer one of two stands first."""
RESIGNED = re.compile(r"(?<!\s)\s*+[(（]\s*+已?离职\s*+[)）]\s*+$")
_WEEKEND = {"六": 5, "日": 6}
_DAY = re.compile(r"\d{1,2}(?!\d)|\d{4}[-/]|[六日]$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place from 0, the group above it (or its name again) and its name."""

    index: int
    group: str
    name: str

    @property
    def full(self) -> str:
        """Both lines in one, as older exports write it: `上班1打卡时间`."""
        return self.name if self.group == self.name else f"{self.group}{self.name}"


@dataclass
class Table:
    """An export's sheet with its columns; data begins in row `begin`, counted from 0."""

    grid: Grid
    layout: Layout
    columns: Sequence[Column]
    head: int
    begin: int
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        """Note the columns by their names."""
        self._places: dict[str, int] = {}
        for column in self.columns:
            self._places.setdefault(column.name, column.index)
        for column in self.columns:
            self._places[column.full] = column.index

    def place(self, *names: str) -> int | None:
        """Return the place of the first of `names` that the sheet has."""
        return next((self._places[name] for name in names if name in self._places), None)

    def value(self, row: int, *names: str) -> Any:
        """Return the cell of a row in the first of `names` that the sheet has, "" without."""
        place = self.place(*names)
        return "" if place is None else self.grid.at(row, place)

    def words(self, row: int, *names: str) -> str:
        """Return such a cell as trimmed text."""
        return times.words(self.value(row, *names))

    def cell(self, row: int, *names: str) -> str:
        """Return the address of such a cell, the row's first one without the column."""
        return self.grid.cell(row, self.place(*names) or 0)

    def who(self, row: int, reading: Reading) -> Who | None:
        """Return whom a row is about, None with a fault for one that cannot be told."""
        name = RESIGNED.sub("", self.words(row, NAME))[:100]
        try:
            userid = _code(self.value(row, *USER_IDS))
            number = _code(self.value(row, NUMBERED))
        except CellError as error:
            reading.faults.append(Fault(self.cell(row, *USER_IDS), str(error)))
            return None
        if not name and not userid:
            message = _("没有姓名也没有 UserId，无法知道是谁的打卡")
            reading.faults.append(Fault(self.cell(row, NAME), str(message)))
            return None
        who = Who(self.layout.vendor, userid, name or userid, number)
        reading.see(who)
        return who


def _code(value: Any) -> str:
    return "" if times.words(value) in ("", "-", "--") else str(read_code(value))


def find(grid: Grid, today: date) -> Table | None:
    """Return the table of a sheet, None for one that is no known export.

    today: gives the year to a title that has none.
    """
    head = next(
        (row for row in range(min(HEAD_ROWS, len(grid.rows))) if _has_names(grid, row)), None
    )
    if head is None:
        return None
    height = _height(grid, head)
    columns = _columns([grid.spread(head + line) for line in range(height)])
    above = [times.words(cell) for row in grid.rows[:head] for cell in row if times.words(cell)]
    layout = _layout(grid.name, above, columns)
    if layout is None:
        return None
    table = Table(grid, layout, columns, head, head + height)
    if found := times.period(" ".join(above), today):
        table.first, table.last = found
    return table


def _has_names(grid: Grid, row: int) -> bool:
    return NAME in map(times.words, grid.spread(row))


def _height(grid: Grid, head: int) -> int:
    """Return 2 for a header with sub-titles: its 姓名 goes on below, or nothing stands there."""
    place = [times.words(cell) for cell in grid.spread(head)].index(NAME)
    if head + 1 >= len(grid.rows):
        return 1
    below = grid.spread(head + 1)
    text = times.words(below[place]) if place < len(below) else ""
    filled = any(times.words(cell) for cell in below)
    return 2 if text == NAME or (not text and filled) else 1


def _columns(lines: list[list[Any]]) -> list[Column]:
    """Join the lines of a header; a group that was not merged reaches to the next one."""
    found, group = [], ""
    for index in range(max(map(len, lines))):
        texts = [times.words(line[index]) if index < len(line) else "" for line in lines]
        group = texts[0] or (group if len(texts) > 1 and texts[1] else "")
        name = texts[-1] or texts[0]
        if name:
            found.append(Column(index, group or name, name))
    return found


def _layout(sheet: str, above: list[str], columns: Sequence[Column]) -> Layout | None:
    for text in (*above, sheet):
        for beginning, layout in TITLES:
            if text.startswith(beginning) or f"_{beginning}" in text:
                return layout
    return _by_columns({name for column in columns for name in (column.name, column.full)})


def _by_columns(names: set[str]) -> Layout | None:
    """Tell an export by its columns when its title was taken away."""
    if {"打卡时间", "打卡结果"} <= names and names & {"考勤日期", "考勤时间"}:
        return Layout.RECORDS
    if "上班1打卡时间" in names:
        return Layout.DAILY if names & {"workDate", "日期"} else Layout.WECOM_DAILY
    return Layout.MONTH if "考勤结果" in names else None


def day_columns(table: Table, reading: Reading) -> list[tuple[int, date]]:
    """Return (place, day) of the columns that stand for days; a fault for one that misleads.

    Exports head them by the number of the day, weekends by 六 and 日: they follow one another from
    the first day of the period.
    """
    heads = _day_heads(table)
    if not heads or table.first is None:
        message = _("找不到每一天的列，或标题里没有统计日期，无法知道是哪一天")
        reading.faults.append(Fault(table.grid.cell(table.head, 0), str(message)))
        return []
    found = []
    for number, column in enumerate(heads):
        expected = table.first + timedelta(days=number)
        day = _day_of(_day_text(column), expected)
        if day is None:
            reading.faults.append(_misplaced(table, column, expected))
        elif table.last is None or day <= table.last:
            found.append((column.index, day))
    return found


def _day_heads(table: Table) -> list[Column]:
    grouped = [column for column in table.columns if column.group.startswith("考勤结果")]
    if grouped:
        return grouped
    return [column for column in table.columns if _day_text(column)]


def _day_text(column: Column) -> str:
    """Return the line of a header that stands for a day, "" when neither does."""
    if column.name in PERSON or column.group in PERSON:
        return ""
    lines = (column.name, column.group)
    return next((text for text in lines if _DAY.match(text)), "")


def _day_of(text: str, expected: date) -> date | None:
    """Return the day that a header means, None when it is not the expected one."""
    if text in _WEEKEND:
        return expected if expected.weekday() == _WEEKEND[text] else None
    try:
        return times.day(text)
    except times.TimeError:
        short = times.short_day(re.sub(r"\s.*|[(（].*|星期.*|周.*", "", text), expected)
        if short:
            return short
    number = re.match(r"\d{1,2}", text)
    return expected if number and int(number[0]) == expected.day else None


def _misplaced(table: Table, column: Column, expected: date) -> Fault:
    message = _(
        "表头“%(text)s”与统计日期对不上，这一列应为 %(day)s",
        text=column.name[:20],
        day=expected.isoformat(),
    )
    return Fault(table.grid.cell(table.begin - 1, column.index), str(message))
