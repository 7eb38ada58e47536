"""The marks of a street's own layout: `{{收款人}}` in a cell becomes the payee. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from counselhub.core.money import format_yuan, in_capitals
from counselhub.payments.rules import SOURCES, Row, Totals

MARK = re.compile(r"\{\{\s*([^{}\s]{1,20})\s*\}\}")


@dataclass(frozen=True, slots=True)
class Amount:
    """Fen that a cell shows as yuan."""

    fen: int


@dataclass(frozen=True, slots=True)
class Whole:
    """What a paper says of its list as a whole."""

    number: str
    unit: str
    day: date
    digest: str
    totals: Totals


def _purpose(row: Row) -> str:
    return f"{row.month.year}年{row.month.month}月一社区一法律顾问补贴"


def _share(source: str) -> Callable[[Row], object]:
    return lambda row: Amount(row.share(source))


ROW_MARKS: Mapping[str, Callable[[Row], object]] = {
    "序号": lambda row: row.position,
    "收款人": lambda row: row.payee,
    "开户行": lambda row: row.bank,
    "账号": lambda row: row.account,
    "金额": lambda row: Amount(row.amount_fen),
    "大写": lambda row: in_capitals(row.amount_fen),
    **{source: _share(source) for source in SOURCES},
    "结算单号": lambda row: row.statement,
    "月份": lambda row: f"{row.month:%Y-%m}",
    "用途": _purpose,
}
NEEDED_MARKS = ("收款人", "账号", "金额")
"""Without these the repeated row would pay nobody."""


def _shared(source: str) -> Callable[[Whole], object]:
    return lambda whole: Amount(dict(whole.totals.shares)[source])


WHOLE_MARKS: Mapping[str, Callable[[Whole], object]] = {
    "清单号": lambda whole: whole.number,
    "单位": lambda whole: whole.unit,
    "制表日期": lambda whole: whole.day.isoformat(),
    "笔数": lambda whole: whole.totals.rows,
    "合计": lambda whole: Amount(whole.totals.amount_fen),
    "合计大写": lambda whole: in_capitals(whole.totals.amount_fen),
    **{f"{source}合计": _shared(source) for source in SOURCES},
    "摘要码": lambda whole: whole.digest,
}


def names_in(text: str) -> list[str]:
    """Return the names of the marks in a text, as written, in order."""
    return MARK.findall(text)


def filled(text: str, values: Mapping[str, object]) -> object:
    """Return a cell's text with its marks filled.

    A cell that is nothing but one mark keeps the kind of its value, so that an amount stays a
    number; amounts inside other words are written as yuan. A mark that `values` lacks stays.
    """
    alone = MARK.fullmatch(text.strip())
    if alone and alone[1] in values:
        return values[alone[1]]
    return MARK.sub(lambda mark: _written(values.get(mark[1], mark[0])), text)


def _written(value: object) -> str:
    return format_yuan(value.fen) if isinstance(value, Amount) else str(value)


def of_row(row: Row) -> dict[str, object]:
    """Return the values of a row's marks."""
    return {name: value(row) for name, value in ROW_MARKS.items()}


def of_whole(whole: Whole) -> dict[str, object]:
    """Return the values of the marks outside the repeated row."""
    return {name: value(whole) for name, value in WHOLE_MARKS.items()}


def faults(cells: Sequence[tuple[str, int, str]]) -> tuple[int | None, list[tuple[str, str, str]]]:
    """Judge a layout. cells: (address, row, text) of those that hold marks.

    Returns the row to repeat, None without a single one; and (cell, code, name) of what is wrong:
    an `unknown` mark, a second row with marks of a payment (`two_rows`), a mark that the repeated
    row is `missing`, no such row at all (`no_row`).
    """
    found: list[tuple[str, str, str]] = []
    rows: dict[int, set[str]] = {}
    for cell, row, text in cells:
        for name in names_in(text):
            if name in ROW_MARKS:
                rows.setdefault(row, set()).add(name)
            elif name not in WHOLE_MARKS:
                found.append((cell, "unknown", name))
    if not rows:
        return None, [*found, ("A1", "no_row", "收款人")]
    first, *others = sorted(rows)
    found += [(f"A{row}", "two_rows", str(first)) for row in others]
    found += [(f"A{first}", "missing", name) for name in NEEDED_MARKS if name not in rows[first]]
    return first, found
