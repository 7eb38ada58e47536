"""What a bank's file says once its columns are known. Pure; faults are named by their cell."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from counselhub.core import money
from counselhub.receipts.grids import Grid, cell_name
from counselhub.receipts.mapping import Field, Mapping, plain

LONGEST = 300
DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:\D.*)?")
LARGEST_EXACT = 10**15
F = Field


@dataclass(frozen=True, slots=True)
class Entry:
    """One incoming payment of a file; amounts in fen, above 0."""

    day: date
    amount_fen: int
    payer: str
    account: str
    reference: str
    serial: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell. code: `day`, `future`, `amount`, `both`, `digits` or `payer`."""

    cell: str
    code: str
    value: str


@dataclass(slots=True)
class Reading:
    """What was found: entries in the order of the file, faults, and how many rows were passed."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    outgoing: int = 0
    blank: int = 0


class _CellError(ValueError):
    """A cell that cannot be read. code: as of Fault."""

    def __init__(self, column: int, code: str, value: object) -> None:
        super().__init__(code)
        self.column, self.code, self.value = column, code, str(value)


def read(grid: Grid, header: int, mapping: Mapping, today: date) -> Reading:
    """Read the rows below `header`. today: a later day is a fault."""
    names = [plain(cell) for cell in grid.rows[header]]
    places = {one: names.index(name) for one, name in mapping.columns.items() if name in names}
    reading = Reading()
    for row in range(header + 1, len(grid.rows)):
        try:
            _row(_Row(grid, row, places), reading, today)
        except _CellError as wrong:
            cell = cell_name(row, wrong.column)
            reading.faults.append(Fault(cell, wrong.code, wrong.value[:40]))
    return reading


@dataclass(frozen=True, slots=True)
class _Row:
    grid: Grid
    row: int
    places: dict[str, int]

    def value(self, one: Field) -> Any:
        """Return the cell of a field, "" without one."""
        return self.grid.at(self.row, self.places[one]) if one in self.places else ""

    def words(self, one: Field) -> str:
        """Return a field as text; a long number that Excel has rounded is a fault."""
        value = self.value(one)
        if isinstance(value, float):
            if abs(value) >= LARGEST_EXACT:
                raise _CellError(self.places[one], "digits", value)
            value = int(value) if value.is_integer() else value
        return " ".join(str(value or "").replace("\0", "").split()).strip("'`")[:LONGEST]


def _row(row: _Row, reading: Reading, today: date) -> None:
    if not str(row.value(F.DAY) or "").strip():
        reading.blank += 1
        return
    amount_fen = _amount(row)
    if amount_fen <= 0:
        reading.outgoing += 1
        return
    day = _day(row, today)
    if not (payer := row.words(F.PAYER)):
        raise _CellError(row.places[F.PAYER], "payer", "")
    told = [row.words(F.REFERENCE), row.words(F.NOTE)]
    reference = " ".join(dict.fromkeys(filter(None, told)))
    account, serial = row.words(F.ACCOUNT), row.words(F.SERIAL)
    reading.entries.append(Entry(day, amount_fen, payer, account, reference, serial))


def _amount(row: _Row) -> int:
    """Return the fen that came in; 0 or less for what went out."""
    if F.CREDIT not in row.places:
        return _fen(row, F.AMOUNT)
    credit, debit = _fen(row, F.CREDIT, blank=0), _fen(row, F.DEBIT, blank=0)
    if credit > 0 and debit > 0:
        raise _CellError(row.places[F.DEBIT], "both", row.value(F.DEBIT))
    return credit if credit else -abs(debit)


def _fen(row: _Row, one: Field, blank: int | None = None) -> int:
    value = row.value(one)
    text = _decimal_text(value) if type(value) in (int, float) else str(value or "")
    text = text.strip().removeprefix("+").removesuffix("元").strip()
    if blank is not None and text in ("", "-", "--"):
        return blank
    try:
        return money.parse_yuan(text)
    except money.AmountError as error:
        raise _CellError(row.places[one], "amount", value) from error


def _decimal_text(value: float) -> str:
    """Write a number of Excel with the two decimals that it means: 0.1 + 0.2 is 0.30."""
    exact = Decimal(repr(value))
    try:
        cents = exact.quantize(Decimal("0.01"))
    except InvalidOperation:
        return str(exact)
    return str(cents if abs(cents - exact) < Decimal("1e-6") else exact)


def _day(row: _Row, today: date) -> date:
    value = row.value(F.DAY)
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    else:
        text = str(int(value)) if isinstance(value, float) else str(value).strip()
        match = DAY.fullmatch(text)
        try:
            day = date(*map(int, match.groups())) if match else date.min
        except ValueError:
            day = date.min
    if day.year < 2000:
        raise _CellError(row.places[F.DAY], "day", value)
    if day > today:
        raise _CellError(row.places[F.DAY], "future", value)
    return day


def digests(bank: str, entries: Sequence[Entry]) -> list[str]:
    """Return what each entry is known by, in their order (RECEIPT-1).

    Two equal rows of one file are two payments: the second one counts as the second.
    """
    seen: Counter[Entry] = Counter()
    found = []
    for one in entries:
        seen[one] += 1
        told = [bank, one.day.isoformat(), one.amount_fen, one.payer, one.account]
        text = json.dumps([*told, one.reference, one.serial, seen[one]], ensure_ascii=False)
        found.append(hashlib.sha256(text.encode()).hexdigest())
    return found
