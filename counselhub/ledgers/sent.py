"""A ledger that a program sends: rows by name, kept as JSON, read by the reader of sheets. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from counselhub.core.money import format_yuan
from counselhub.ledgers.layout import Field, Header, Places
from counselhub.ledgers.reading import Grid
from counselhub.workbook.archive import Part

Row = Mapping[str, Any]
"""What a row tells, by the names below; amounts are whole fen, hours a number."""
NAMES: Mapping[Field, str] = {
    Field.MONTH: "month",
    Field.COMMUNITY: "community_code",
    Field.COMMUNITY_NAME: "community_name",
    Field.CONTRACT: "contract_number",
    Field.VISITS: "visits",
    Field.HOURS: "hours",
    Field.LECTURES: "lectures",
    Field.CASES: "cases",
    Field.AMOUNT: "amount_fen",
    Field.NOTE: "note",
}
PLACES: Places = {one: place for place, one in enumerate(NAMES)}
FIRST = b"{"
"""No workbook begins with it."""


@dataclass(frozen=True, slots=True)
class Rows(Grid):
    """The rows as a sheet without a header; a place in it is told as a program knows it."""

    def at(self, row: int, place: int) -> str:
        """Return where a value was sent, counted from 0: `rows/4/visits`."""
        return f"{self.row_at(row)}/{list(NAMES.values())[place]}"

    def row_at(self, row: int) -> str:
        """Return where a row was sent, counted from 0: `rows/4`."""
        return f"{self.sheet}/{row}"


def written(month: date, rows: Sequence[Row]) -> bytes:
    """Return what is kept of a ledger: the same bytes for the same rows."""
    told = {"month": f"{month:%Y-%m}", "rows": rows}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def is_sent(data: bytes) -> bool:
    """Whether a kept ledger came from a program; otherwise it is a workbook."""
    return data.startswith(FIRST)


def grid_of(data: bytes) -> Rows:
    """Return what was kept as the reader takes it; a row without a month is of the ledger's."""
    told = json.loads(data)
    cells = [_cells(row, told["month"]) for row in told["rows"]]
    labels = tuple(one.word for one in NAMES)
    return Rows("rows", cells, Header(labels, row=-1), Part())


def _cells(row: Row, month: str) -> list[Any]:
    amount = row.get("amount_fen")
    told = {
        **row,
        "month": row.get("month") or month,
        "amount_fen": None if amount is None else format_yuan(amount),
    }
    return [told.get(name) for name in NAMES.values()]
