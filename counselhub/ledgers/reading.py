"""Read an office's Excel as ledger rows: every fault and notice at its cell, nothing guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineError

from counselhub.core.money import AmountError, parse_yuan
from counselhub.ledgers import layout
from counselhub.ledgers.layout import TOTALS, Field, Header, Places
from counselhub.ledgers.rules import Figures, LedgerFact
from counselhub.workbook import cells
from counselhub.workbook.archive import Part, column_letters, opened
from counselhub.workbook.cells import CellError
from counselhub.workbook.findings import FILE, Findings, UnreadableError

MOST_ROWS = 20_000
LARGEST = 10**9
_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})(?:\s*月|[-/.月]\d{1,2}日?)?")


@dataclass(frozen=True, slots=True)
class Grid:
    """The sheet that looks most like a ledger, its header, and the odd cells of its part."""

    sheet: str
    cells: Sequence[Sequence[Any]]
    header: Header
    part: Part

    def at(self, row: int, place: int) -> str:
        """Return the address of a cell, both counted from 0: `台账!C5`."""
        return f"{self.sheet}!{column_letters(place + 1)}{row + 1}"

    def row_at(self, row: int) -> str:
        """Return the address of a row, counted from 0: that of its first cell."""
        return self.at(row, 0)

    def sample(self, many: int = 3) -> list[list[str]]:
        """Return the first rows below the header, as somebody sees them."""
        first = self.header.row + 1
        width = len(self.header.labels)
        return [
            [str(value)[:40] for value in row[:width]] for row in self.cells[first : first + many]
        ]


@dataclass(frozen=True, slots=True)
class Place:
    """What of the street is known: names by code, codes by every name that they go by."""

    street: str
    names: Mapping[str, str]
    codes: Mapping[str, Sequence[str]]


@dataclass
class Reading:
    """What was read: rows by key in the file's order, notes by key, and what was found."""

    rows: dict[tuple[str, str], LedgerFact] = field(default_factory=dict)
    notes: dict[tuple[str, str], str] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)


def grid_of(data: bytes, remembered: Mapping[str, str]) -> Grid:
    """Return the ledger's sheet. Raises UnreadableError when none has a header that we know."""
    archive = opened(data)
    best: tuple[int, Grid] | None = None
    for name in archive.book.sheet_names:
        try:
            found = archive.book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except CalamineError as error:
            raise UnreadableError(_("工作表“%(sheet)s”已损坏，无法读取。", sheet=name)) from error
        header = layout.found_in(found, remembered)
        if header is None:
            continue
        score = len(layout.proposed(header, remembered))
        if best is None or score > best[0]:
            best = score, Grid(name, found, header, archive.parts.get(name, Part()))
    if best is None:
        raise UnreadableError(
            _(
                "没有找到表头。前 %(rows)d 行里应有“社区代码”或“社区名称”、“核定金额(元)”等列名。",
                rows=layout.HEADER_ROWS,
            )
        )
    return best[1]


def read(grid: Grid, places: Places, month: date, where: Place) -> Reading:
    """Return the rows of the month, each fault at its cell.

    places: the column of each field. where: the communities of the street.
    """
    reading = Reading()
    if len(grid.cells) - grid.header.row - 1 > MOST_ROWS:
        reading.findings.fault(FILE, _("一次最多 %(most)d 行，请拆分后再导入", most=MOST_ROWS))
        return reading
    for number in range(grid.header.row + 1, len(grid.cells)):
        cells_of = grid.cells[number]
        if not any(_filled(cells_of[place]) for place in places.values()):
            continue
        total = _total_in(cells_of, places)
        if total is not None:
            reading.findings.warn(grid.at(number, total), _("合计行，已略过"))
            continue
        _Row(grid, places, number, reading).read(month, where)
    return reading


def _filled(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _total_in(row: Sequence[Any], places: Places) -> int | None:
    """Return the column that calls the row a sum, None for one that names a community."""
    named = (places.get(Field.COMMUNITY), places.get(Field.COMMUNITY_NAME))
    if any(
        place is not None and _filled(row[place]) and not _is_total(row[place]) for place in named
    ):
        return None
    return next((place for place, one in enumerate(row) if _is_total(one)), None)


def _is_total(value: Any) -> bool:
    return isinstance(value, str) and bool(TOTALS.match(value.strip()))


class _Row:
    """Reads one row; what is wrong goes to the findings, and then there is no fact."""

    def __init__(self, grid: Grid, places: Places, number: int, reading: Reading) -> None:
        self.grid, self.places, self.number = grid, places, number
        self.findings, self.reading = reading.findings, reading
        self.bad = set[Field]()

    def read(self, month: date, where: Place) -> None:
        self._judge_month(month)
        community = self._community(where)
        contract = self._value(Field.CONTRACT, cells.code) or ""
        amount = self._value(Field.AMOUNT, signed_amount)
        figures = Figures(
            amount or 0,
            self._value(Field.VISITS, cells.count),
            self._value(Field.HOURS, hours_as_minutes),
            self._value(Field.LECTURES, cells.count),
            self._value(Field.CASES, cells.count),
        )
        note = self._value(Field.NOTE, cells.name)
        if amount is None:
            self._demand(Field.AMOUNT)
        if not self.bad:
            self._keep(LedgerFact(community, contract, figures, self.number + 1), note)

    def _keep(self, fact: LedgerFact, note: str | None) -> None:
        if (before := self.reading.rows.get(fact.key)) is not None:
            words = _("与第 %(row)d 行重复：同一社区、同一合同只能有一行", row=before.row)
            self._fault(self._place_field(), words)
            return
        self.reading.rows[fact.key] = fact
        if note:
            self.reading.notes[fact.key] = note

    def _judge_month(self, month: date) -> None:
        if Field.MONTH not in self.places:
            return
        found = self._value(Field.MONTH, month_of)
        if found is None:
            self._demand(Field.MONTH)
        elif found != month:
            words = _(
                "这一行是 %(found)s 的，现在导入的是 %(month)s",
                found=f"{found:%Y-%m}",
                month=f"{month:%Y-%m}",
            )
            self._fault(Field.MONTH, words)

    def _place_field(self) -> Field:
        return Field.COMMUNITY if Field.COMMUNITY in self.places else Field.COMMUNITY_NAME

    def _community(self, where: Place) -> str:
        """Return the code, by code or else by a name that only one community of the street has."""
        code = self._value(Field.COMMUNITY, cells.code)
        if code:
            if code not in where.names:
                self._fault(Field.COMMUNITY, _unknown_code(code, where.street))
            return str(code)
        name = self._value(Field.COMMUNITY_NAME, cells.name)
        if not name:
            if not self.bad.intersection((Field.COMMUNITY, Field.COMMUNITY_NAME)):
                self._demand(self._place_field())
            return ""
        found = where.codes.get(layout.plain(name), ())
        if len(found) == 1:
            return found[0]
        words = (
            _("本街道有 %(many)d 个社区叫“%(name)s”，请填社区代码", many=len(found), name=name)
            if found
            else _("本街道没有叫“%(name)s”的社区", name=name[:40])
        )
        self._fault(Field.COMMUNITY_NAME, str(words))
        return ""

    def _demand(self, one: Field) -> None:
        """Tell of a blank cell; one that could not be read has been told of."""
        if one not in self.bad:
            self._fault(one, str(_("“%(header)s”必填", header=one.label)))

    def _value(self, one: Field, reader: cells.Reader) -> Any:
        """Read one cell, None for a blank one or a column that is not there, or at fault."""
        place = self.places.get(one)
        if place is None:
            return None
        try:
            value = self._raw(place, reader)
            if isinstance(value, str):
                value = value.strip()
            return None if value in ("", None) else reader(value)
        except CellError as error:
            self._fault(one, str(error))
            return None

    def _raw(self, place: int, reader: cells.Reader) -> Any:
        at, part = (self.number + 1, place + 1), self.grid.part
        if at in part.broken:
            raise CellError(_("公式没有计算结果或出错。请用 Excel 打开并保存一次，或改为填写数值"))
        value = self.grid.cells[self.number][place]
        return part.digits.get(at, value) if reader in (cells.code, cells.name) else value

    def _fault(self, one: Field, words: str) -> None:
        self.bad.add(one)
        self.findings.fault(self.grid.at(self.number, self.places.get(one, 0)), words)


def _unknown_code(code: str, street: str) -> str:
    if re.fullmatch(r"\d{12}", code) and not code.startswith(street):
        return str(_("社区 %(code)s 不属于本街道（%(street)s）", code=code, street=street))
    return str(_("没有代码为“%(code)s”的社区，应为本街道的12位社区代码", code=code[:40]))


def month_of(value: Any) -> date:
    """Read a month: `2026-10`, `2026年10月`, `2026/10`, `202610`, or a day of it."""
    if isinstance(value, date):  # a date-time is one too
        return date(value.year, value.month, 1)
    text = cells.words(value, cells.LONGEST_CODE)
    match = _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12:
        raise CellError(_("“%(text)s”不是月份，请写成 2026-10", text=text[:40]))
    return date(int(match[1]), int(match[2]), 1)


def signed_amount(value: Any) -> int:
    """Read yuan as fen; below 0 where deductions were more than what was earned."""
    text = f"{Decimal(f'{value:.15g}'):f}" if isinstance(value, float) else cells.words(value)
    try:
        return parse_yuan(text)
    except AmountError as error:
        raise CellError(
            _("“%(text)s”不是金额，请填以元为单位的数字，最多两位小数", text=text[:40])
        ) from error


def hours_as_minutes(value: Any) -> int:
    """Read hours as whole minutes, half a minute up: 2.33 hours are 140 minutes."""
    text = cells.words(value, cells.LONGEST_CODE).replace(",", "").removesuffix("小时").strip()
    try:
        minutes = Decimal(text) * 60
    except InvalidOperation:
        minutes = Decimal(-1)
    if not minutes.is_finite() or not 0 <= minutes <= LARGEST:
        raise CellError(_("“%(text)s”不是小时数，请填数字，如 8 或 7.5", text=text[:40]))
    return int(minutes.to_integral_value(ROUND_HALF_UP))
