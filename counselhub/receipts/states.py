"""How a receipt and a write-off move: two tables."""

from counselhub.core.workflow import Move
from counselhub.receipts.kinds import ReceiptStatus, WriteOffStatus

R, W = ReceiptStatus, WriteOffStatus

RECEIPT_FLOW = {
    "set_aside": Move(frozenset({R.OPEN}), R.ASIDE),
    "put_back": Move(frozenset({R.ASIDE}), R.OPEN),
}

WRITE_OFF_FLOW = {
    "approve_write_off": Move(frozenset({W.ASKED}), W.MADE),
    "refuse_write_off": Move(frozenset({W.ASKED}), W.REFUSED),
    "undo_write_off": Move(frozenset({W.MADE}), W.UNDONE),
}
