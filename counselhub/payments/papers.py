"""A list's papers: the workbook in the street's own layout or ours, and A4 to be stamped."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from counselhub.core import clock
from counselhub.core.money import format_yuan, in_capitals
from counselhub.core.typesetting import typeset
from counselhub.payments import layouts, rules, sheet
from counselhub.payments.kinds import ListStatus
from counselhub.payments.marks import Whole
from counselhub.payments.models import PaymentItem, PaymentLayout, PaymentList
from counselhub.payments.rows import rows_of
from counselhub.payments.rules import SOURCES, Row

TEMPLATE = Path(__file__).parent / "list.typ"
WIDTHS: Sequence[tuple[str, float, bool]] = (
    ("序号", 3, True),
    ("收款人", 12, False),
    ("开户行", 11, False),
    ("账号", 10, False),
    ("金额（元）", 7, True),
    *((source, 6.0, True) for source in SOURCES),
    ("结算单号", 10, False),
    ("月份", 5, False),
)
SIGNATURES = ("制表", "审核", "负责人", "单位（盖章）")


def whole_of(found: PaymentList, rows: Sequence[Row]) -> Whole:
    """Return what every paper says of the list; a draft has a digest only once it is sent."""
    made_on = clock.local(found.sent_at or found.made_at).date()
    unit = f"{found.street.name}司法所"
    return Whole(found.number, unit, made_on, found.digest or "", rules.totals(rows))


def xlsx(found: PaymentList, items: Sequence[PaymentItem], layout: PaymentLayout | None) -> bytes:
    """Return the list as finance wants it. layout: the street's own, None for ours."""
    rows = rows_of(items)
    whole = whole_of(found, rows)
    return layouts.fill(layout.content, rows, whole) if layout else sheet.xlsx(rows, whole)


def pdf(found: PaymentList, items: Sequence[PaymentItem]) -> bytes:
    """Return the list on A4 across; the same list gives the same bytes."""
    rows = rows_of(items)
    whole = whole_of(found, rows)
    return typeset(TEMPLATE, _document(found, rows, whole), _made_at(found))


def _made_at(found: PaymentList) -> datetime:
    return found.sent_at or found.made_at


def _document(found: PaymentList, rows: Sequence[Row], whole: Whole) -> dict[str, Any]:
    told = whole.totals
    sums = [format_yuan(told.amount_fen), *(format_yuan(fen) for _source, fen in told.shares)]
    is_draft = found.status in (ListStatus.DRAFT, ListStatus.APART)
    digest = f"摘要码（SHA-256）{whole.digest}" if whole.digest else "未送财政，仅供核对"
    return {
        "title": sheet.TITLE,
        "number": whole.number,
        "mark": ListStatus.of(found.status).word if is_draft else "",
        "head": [
            ["单位", whole.unit],
            ["清单号", whole.number],
            ["制表日期", whole.day.isoformat()],
            ["笔数", str(told.rows)],
        ],
        "columns": [list(one) for one in WIDTHS],
        "rows": [_written(row) for row in rows],
        "totals": ["", "合计", "", "", *sums, "", ""],
        "capitals": in_capitals(told.amount_fen),
        "signatures": list(SIGNATURES),
        "imprint": digest,
    }


def _written(row: Row) -> list[str]:
    shares = [format_yuan(row.share(source)) for source in SOURCES]
    amount = format_yuan(row.amount_fen)
    head = [str(row.position), row.payee, row.bank, row.account, amount]
    return [*head, *shares, row.statement, f"{row.month:%Y-%m}"]
