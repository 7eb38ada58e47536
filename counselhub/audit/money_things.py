"""Things of the record that are paid, received or settled with the street."""

from collections.abc import Mapping

from counselhub.adjustments.models import Adjustment
from counselhub.assessments.models import Assessment
from counselhub.audit.thing import Thing
from counselhub.balances.models import Balance
from counselhub.clawbacks.models import Clawback
from counselhub.core.permissions import Permission
from counselhub.cutoffs.models import OverdueMonth
from counselhub.earlier.models import LateEntry
from counselhub.payments.models import PaymentItem
from counselhub.receipts.models import BankFormat, BankReceipt, WriteOff

P = Permission


def _statement_number(row: PaymentItem | WriteOff) -> str:
    return row.statement.number


def _period(row: Balance) -> str:
    return f"{row.first_on} – {row.last_on}"


READERS = (P.STATEMENT_READ, P.REVIEW_READ)
SHARED_THINGS: Mapping[str, Thing] = {
    "adjustment": Thing(Adjustment, READERS, "month", "adjustments.adjustment", "adjustment_id"),
    "assessment": Thing(Assessment, READERS, "year", "assessments.assessment", "assessment_id"),
    "clawback": Thing(Clawback, READERS, "asked_at", "clawbacks.clawback", "clawback_id"),
    "late_entry": Thing(
        LateEntry, (P.FIRM_READ, P.REVIEW_READ), "day", "earlier.entry", "late_entry_id"
    ),
    "overdue_month": Thing(OverdueMonth, READERS, "month", "overdue.month", "overdue_id"),
    "balance": Thing(Balance, READERS, _period, "balances.balance", "balance_id"),
}
"""What is settled with the street; the office's page is the firm's own."""
MONEY_THINGS: Mapping[str, Thing] = {
    **SHARED_THINGS,
    "payment_item": Thing(PaymentItem, (P.REVIEW_READ, P.STATEMENT_READ), _statement_number),
    "bank_receipt": Thing(
        BankReceipt, (P.RECEIPT_MANAGE,), "day", "receipts.receipt", "receipt_id"
    ),
    "bank_format": Thing(BankFormat, (P.RECEIPT_MANAGE,), "name"),
    "write_off": Thing(WriteOff, (P.RECEIPT_MANAGE, P.REVIEW_READ), _statement_number),
}
