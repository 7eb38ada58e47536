"""Instalments and invoices as a workbook: one sheet each, amounts and days as such."""

from collections.abc import Iterable
from datetime import date

from counselhub.core.sheets import Fen, sheet
from counselhub.instalments.kinds import Condition, InstalmentStatus, InvoiceKind, Subject
from counselhub.instalments.models import Instalment, Invoice

INSTALMENT_COLUMNS = (
    ("合同编号", 18), ("期次", 6), ("名称", 16), ("付款事项", 12), ("付款条件", 12),
    ("到期日", 12), ("金额（元）", 14), ("已开票（元）", 14), ("已到账（元）", 14),
    ("未付（元）", 14), ("预留款", 8), ("状态", 10),
)  # fmt: skip
SHARED_COLUMNS = (("律师事务所", 32), *INSTALMENT_COLUMNS)
INVOICE_COLUMNS = (
    ("开票日期", 12), ("发票种类", 18), ("发票代码", 14), ("发票号码", 24), ("购买方名称", 28),
    ("购买方税号", 22), ("价税合计（元）", 14), ("税率（%）", 10), ("合同编号", 18), ("期次", 6),
)  # fmt: skip


def instalments(rows: Iterable[Instalment], today: date) -> bytes:
    """Return the workbook of a firm's instalments with their contracts."""
    return sheet("合同分期款", INSTALMENT_COLUMNS, map(_instalment, rows), today)


def shared(rows: Iterable[Instalment], today: date) -> bytes:
    """Return the workbook of what a street has to pay, each with its firm."""
    told = ((one.firm.name if one.firm else "", *_instalment(one)) for one in rows)
    return sheet("合同付款", SHARED_COLUMNS, told, today)


def _instalment(one: Instalment) -> tuple[object, ...]:
    return (
        one.contract.number,
        one.position,
        one.name,
        Subject(one.subject).word,
        Condition(one.condition).word,
        one.due_on,
        Fen(one.amount_fen),
        Fen(one.invoiced_fen),
        Fen(one.paid_fen),
        Fen(one.unpaid_fen),
        "是" if one.is_retention else "",
        InstalmentStatus(one.status).word,
    )


def invoices(rows: Iterable[Invoice], today: date) -> bytes:
    """Return the workbook of invoices with their contracts; red ones are negative."""
    return sheet("合同发票", INVOICE_COLUMNS, map(_invoice, rows), today)


def _invoice(one: Invoice) -> tuple[object, ...]:
    return (
        one.issued_on,
        InvoiceKind(one.kind).word,
        one.code,
        one.number,
        one.buyer,
        one.buyer_tax_number,
        Fen(one.amount_fen),
        float(one.tax_percent),
        one.instalment.contract.number,
        one.instalment.position,
    )
