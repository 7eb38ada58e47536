"""The words of the record for what is paid, received and settled with the street."""

from collections.abc import Mapping

from counselhub.balances.kinds import BALANCE_ACTS
from counselhub.core.labels import N_
from counselhub.payments.kinds import ITEM_ACTS, LIST_ACTS
from counselhub.receipts.kinds import FORMAT_ACTS, RECEIPT_ACTS, RULE_ACTS, WRITE_OFF_ACTS

MONEY_SUBJECTS: Mapping[str, str] = {
    "payment_item": N_("支付清单的一笔"),
    "bank_receipt": N_("银行到账"),
    "bank_format": N_("银行流水的列"),
    "write_off": N_("核销"),
    "write_off_rule": N_("核销限额"),
    "balance": N_("往来对账单"),
}
MONEY_ACTS: Mapping[str, Mapping[str, str]] = {
    "payment_item": ITEM_ACTS,
    "bank_receipt": RECEIPT_ACTS,
    "bank_format": FORMAT_ACTS,
    "write_off": WRITE_OFF_ACTS,
    "write_off_rule": RULE_ACTS,
    "balance": BALANCE_ACTS,
}
OFFICE_ACTS = (
    LIST_ACTS
    | ITEM_ACTS
    | {"account_for_payment": N_("设置收款账户"), "check_books": N_("核对账目")}
)
"""Acts that stand in the record of accounts: on what only the office keeps, and on an account."""
