"""A statement of account as A4 and as a workbook."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from counselhub.balances.kinds import BalanceStatus, EntryKind
from counselhub.balances.models import Balance
from counselhub.core import clock
from counselhub.core.labels import N_
from counselhub.core.money import format_yuan
from counselhub.core.typesetting import typeset

TEMPLATE = Path(__file__).parent / "balance.typ"
TITLE = "一社区一法律顾问补贴往来对账单"
FIGURES: Sequence[tuple[str, str]] = (
    ("opening_unpaid", "期初未付"),
    ("due", "本期审定应付"),
    ("paid", "本期街道支付"),
    ("unpaid", "期末未付"),
    ("opening_on_way", "期初在途"),
    ("received", "本期到账"),
    ("written_off", "本期核销"),
    ("on_way", "期末在途"),
)
AGES = (N_("30天以内"), N_("31至60天"), N_("61至90天"), N_("90天以上"))
COLUMNS = ("日期", "事项", "凭据", "金额（元）")


def head(row: Balance) -> list[tuple[str, str]]:
    """Return who settles with whom, over which days."""
    firm = row.firm.name if row.firm else ""
    days = f"{row.first_on.isoformat()} 至 {row.last_on.isoformat()}"
    return [("律师事务所", firm), ("街道", row.street.name), ("期间", days)]


def _entries(row: Balance) -> list[tuple[str, str, str, int]]:
    return [
        (one["day"], EntryKind.of(one["kind"]).word, one["label"], one["amount_fen"])
        for one in row.entries
    ]


def pdf(row: Balance) -> bytes:
    """Return the PDF; the same account gives the same bytes."""
    sums = row.figures
    document: dict[str, Any] = {
        "title": TITLE,
        "mark": "" if row.status == BalanceStatus.CONFIRMED else BalanceStatus.of(row.status).word,
        "head": head(row),
        "figures": [[name, format_yuan(sums[key])] for key, name in FIGURES],
        "ageing": [
            [name, format_yuan(fen)] for name, fen in zip(AGES, sums["ageing"], strict=True)
        ],
        "columns": COLUMNS,
        "rows": [[day, kind, label, format_yuan(fen)] for day, kind, label, fen in _entries(row)],
        "signatures": [["律师事务所（盖章）", _firm(row)], ["司法所（盖章）", _office(row)]],
        "imprint": f"摘要码（SHA-256）{row.digest}",
    }
    return typeset(TEMPLATE, document, row.drawn_at)


def _firm(row: Balance) -> str:
    return _signed(row.firm_confirmed_by_name, row.firm_confirmed_at)


def _office(row: Balance) -> str:
    return _signed(row.office_confirmed_by_name, row.office_confirmed_at)


def _signed(name: str | None, at: Any) -> str:
    return f"{name} {clock.local(at):%Y-%m-%d %H:%M} 确认" if name and at else ""


def xlsx(row: Balance) -> bytes:
    """Return the workbook; amounts are numbers, texts are never formulas."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": TITLE, "created": row.drawn_at})
        page = book.add_worksheet("对账单")
        cell = {"border": 1, "font_size": 10, "text_wrap": True, "valign": "vcenter"}
        text = book.add_format(cell | {"quote_prefix": True})
        money = book.add_format(cell | {"num_format": "#,##0.00"})
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        for place, width in enumerate((14, 18, 48, 16)):
            page.set_column(place, place, width)
        page.merge_range(0, 0, 0, 3, TITLE, title)
        at = _block(page, 1, [(name, value) for name, value in head(row)], text, money)
        at = _block(page, at, [(name, row.figures[key]) for key, name in FIGURES], text, money)
        ages = list(zip(AGES, row.figures["ageing"], strict=True))
        at = _block(page, at, ages, text, money)
        for place, name in enumerate(COLUMNS):
            page.write_string(at, place, name, text)
        for place, (day, kind, label, fen) in enumerate(_entries(row), at + 1):
            for column, words in enumerate((day, kind, label)):
                page.write_string(place, column, words, text)
            page.write_number(place, 3, Decimal(fen) / 100, money)
        page.write_string(at + len(row.entries) + 2, 0, f"摘要码：{row.digest}")
        page.set_paper(9)
        page.fit_to_pages(1, 0)
    return file.getvalue()


def _block(
    page: Any, first: int, pairs: Sequence[tuple[str, str | int]], text: Any, money: Any
) -> int:
    """Write terms with their values; return the next free row."""
    for row, (name, value) in enumerate(pairs, first):
        page.write_string(row, 0, name, text)
        if isinstance(value, int):
            page.write_number(row, 1, Decimal(value) / 100, money)
        else:
            page.write_string(row, 1, value, text)
    return first + len(pairs) + 1
