"""A bill on A4; in Chinese, as papers are."""

from pathlib import Path

from counselhub.billing import standing
from counselhub.billing.kinds import BillStatus, Interval, PaymentKind, Provider
from counselhub.billing.models import Bill
from counselhub.billing.ordering import CARRIED, SEATS
from counselhub.core.money import format_yuan, in_capitals
from counselhub.core.typesetting import typeset

TEMPLATE = Path(__file__).parent / "receipt.typ"
LINES = {SEATS: "席位费", CARRIED: "席位变动结转"}


def paper(bill: Bill, firm: str) -> bytes:
    """Return the bill as PDF, a receipt once it is paid. Raises TypesettingError."""
    status = BillStatus.of(bill.status)
    lines = bill.lines or [[SEATS, bill.total_fen]]
    moved = [one for one in bill.payments if one.undone_at is None]
    data = {
        "title": "收款回单" if status is BillStatus.PAID else "账单",
        "facts": [
            ("单号", bill.number),
            ("状态", status.word),
            ("付款单位", firm),
            ("付款方式", Provider.of(bill.provider).word),
            ("账期", f"{bill.period_start:%Y-%m-%d} 至 {bill.period_end:%Y-%m-%d}"),
            ("席位", f"{bill.seats}（{Interval.of(bill.interval).word}）"),
        ],
        "lines": [(LINES[what], format_yuan(fen)) for what, fen in lines],
        "total": f"{format_yuan(bill.total_fen)} 元　{in_capitals(bill.total_fen)}",
        "moved": [
            (f"{one.on_day:%Y-%m-%d}", PaymentKind.of(one.kind).word, format_yuan(one.amount_fen))
            for one in moved
        ],
        "net": format_yuan(standing.net_fen(bill)),
        "note": "本单不是发票；发票请在“套餐与付款”申请。",
    }
    return typeset(TEMPLATE, data, bill.made_at)
