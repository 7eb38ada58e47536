"""Small tables that people paste from Excel into a text field: a row a line. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from counselhub.core.money import AmountError, parse_yuan
from counselhub.places.models import short_name

CELLS = re.compile(r"[\t ,，;；|]+")


@dataclass(slots=True)
class Table:
    """What was read: rows, and (line number, code) of what is wrong.

    Codes: `cells` too few or too many, `community` unknown or not unique, `kind`, `level`,
    `agreement` and `line` unknown, `number`, `amount`, `day`, `again` the first cell was there
    before.
    """

    rows: list[list[Any]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)


class CellError(ValueError):
    """A cell that is not what its column holds; args[0] is the code."""


Cell = Callable[[str], Any]


def read(text: str, cells: Sequence[Cell], *, least: int | None = None) -> Table:
    """Read a table; blank lines are passed over. least: cells a row must have, all if None."""
    table, seen = Table(), set()
    for number, parts in _lines(text):
        if not (least or len(cells)) <= len(parts) <= len(cells):
            table.faults.append((number, "cells"))
            continue
        try:
            row = [cell(part) for cell, part in zip(cells, parts, strict=False)]
        except CellError as error:
            table.faults.append((number, str(error)))
            continue
        if row[0] in seen:
            table.faults.append((number, "again"))
        seen.add(row[0])
        table.rows.append(row + [None] * (len(cells) - len(row)))
    return table


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, CELLS.split(line.strip())


def word(text: str) -> str:
    """Read a name of at most 40 letters."""
    if len(text) > 40:
        raise CellError("cells")
    return text


def amount(text: str) -> int:
    """Read yuan as fen, never negative."""
    try:
        fen = parse_yuan(text)
    except AmountError as error:
        raise CellError("amount") from error
    if fen < 0:
        raise CellError("amount")
    return fen


def count(text: str) -> int:
    """Read a whole number, at most a hundred millions."""
    if not text.isascii() or not text.isdecimal() or len(text) > 8:
        raise CellError("number")
    return int(text)


def one_of(known: Mapping[str, str], code: str) -> Cell:
    """Return what reads one of the known words; `code` is the fault of another."""

    def read_known(text: str) -> str:
        if text not in known:
            raise CellError(code)
        return known[text]

    return read_known


def places(communities: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return codes by code, name and short name; a name that two have is left out.

    communities: code and full name of each.
    """
    known: dict[str, str] = {}
    twice = set()
    for code, name in communities:
        for each in {name, short_name(name)}:
            if known.setdefault(each, code) != code:
                twice.add(each)
    named = {name: code for name, code in known.items() if name not in twice}
    return named | {code: code for code, _ in communities}


def day(text: str) -> date:
    """Read a day written `2026-10-12`. Raises ValueError."""
    return date.fromisoformat(text)
