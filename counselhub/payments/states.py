"""How a payment list and its rows move: two tables."""

from counselhub.core.workflow import Move
from counselhub.payments.kinds import ItemStatus, ListStatus

L, R = ListStatus, ItemStatus

LIST_FLOW = {
    "send": Move(frozenset({L.DRAFT}), L.SENT),
    "pay_list": Move(frozenset({L.SENT}), L.PAID),
    "take_apart": Move(frozenset({L.DRAFT, L.SENT}), L.APART),
}

ITEM_FLOW = {
    "pay_item": Move(frozenset({R.LISTED}), R.PAID),
    "bounce_item": Move(frozenset({R.LISTED, R.PAID}), R.BOUNCED),
    "drop_item": Move(frozenset({R.LISTED}), R.DROPPED),
}
