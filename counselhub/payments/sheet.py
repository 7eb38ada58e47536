"""Our own layout of a payment list, as a workbook: also the sample with the marks to begin from."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from counselhub.core.money import in_capitals
from counselhub.payments.marks import Amount, Whole, of_row
from counselhub.payments.rules import SOURCES, Row

TITLE = "一社区一法律顾问补贴支付清单"
COLUMNS: Sequence[tuple[str, float]] = (
    ("序号", 6),
    ("收款人", 30),
    ("开户行", 28),
    ("账号", 24),
    ("金额", 14),
    *((source, 12.0) for source in SOURCES),
    ("结算单号", 24),
    ("月份", 10),
    ("用途", 34),
)
HEADER = 2
SIGNATURES = "制表：　　　　　审核：　　　　　负责人（盖章）："


def xlsx(rows: Sequence[Row], whole: Whole) -> bytes:
    """Return the workbook; amounts are numbers, texts are never formulas."""
    return _book([of_row(row) for row in rows], _head(whole), _foot(whole), _sums(whole))


def sample() -> bytes:
    """Return the same layout with marks in place of values, for a street to change."""
    marks = {title: f"{{{{{title}}}}}" for title, _width in COLUMNS}
    head = "单位：{{单位}}　清单号：{{清单号}}　制表日期：{{制表日期}}"
    foot = ["合计（大写）：{{合计大写}}", "共 {{笔数}} 笔", "摘要码：{{摘要码}}"]
    sums = {"金额": "{{合计}}"} | {source: f"{{{{{source}合计}}}}" for source in SOURCES}
    return _book([marks], head, foot, sums)


def _head(whole: Whole) -> str:
    return f"单位：{whole.unit}　清单号：{whole.number}　制表日期：{whole.day.isoformat()}"


def _foot(whole: Whole) -> list[str]:
    total = in_capitals(whole.totals.amount_fen)
    return [f"合计（大写）：{total}", f"共 {whole.totals.rows} 笔", f"摘要码：{whole.digest}"]


def _sums(whole: Whole) -> dict[str, object]:
    shares = {source: Amount(fen) for source, fen in whole.totals.shares}
    return {"金额": Amount(whole.totals.amount_fen), **shares}


def _book(
    rows: Sequence[dict[str, Any]], head: str, foot: Sequence[str], sums: dict[str, Any]
) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": TITLE})
        page = book.add_worksheet("支付清单")
        looks = _looks(book)
        page.merge_range(0, 0, 0, len(COLUMNS) - 1, TITLE, looks["title"])
        page.write_string(1, 0, head, looks["plain"])
        for place, (title, width) in enumerate(COLUMNS):
            page.set_column(place, place, width)
            page.write_string(HEADER, place, title, looks["header"])
        for row, values in enumerate(rows, HEADER + 1):
            _row(page, row, values, looks)
        end = HEADER + 1 + len(rows)
        _row(page, end, {"收款人": "合计", **sums}, looks)
        for place, line in enumerate(foot, end + 1):
            page.write_string(place, 0, line, looks["plain"])
        page.write_string(end + len(foot) + 2, 0, SIGNATURES)
        _set_up(page)
    return file.getvalue()


def _row(page: Any, row: int, values: dict[str, Any], looks: dict[str, Any]) -> None:
    for place, (title, _width) in enumerate(COLUMNS):
        match values.get(title):
            case Amount(fen=fen):
                page.write_number(row, place, Decimal(fen) / 100, looks["money"])
            case int(number):
                page.write_number(row, place, number, looks["text"])
            case str(words):
                page.write_string(row, place, words, looks["text"])
            case _:
                page.write_blank(row, place, None, looks["text"])


def _looks(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 10}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "plain": book.add_format({"font_size": 10}),
        "header": book.add_format(cell | {"bold": True, "align": "center", "bg_color": "#EEF1F5"}),
        "text": book.add_format(cell | {"quote_prefix": True}),
        "money": book.add_format(cell | {"num_format": "#,##0.00"}),
    }


def _set_up(page: Any) -> None:
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER)
    page.freeze_panes(HEADER + 1, 2)
    page.set_footer("&R第 &P 页，共 &N 页")
