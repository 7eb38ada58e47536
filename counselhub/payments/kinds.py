"""States of a payment list and of its rows, and the words of what is done to them."""

from collections.abc import Mapping

from counselhub.core.labels import N_, Labelled


class ListStatus(Labelled):
    """Where a payment list stands."""

    DRAFT = "draft", N_("待送财政")
    SENT = "sent", N_("已送财政")
    PAID = "paid", N_("已支付")
    APART = "apart", N_("已拆单")


class ItemStatus(Labelled):
    """Where one row of a list stands."""

    LISTED = "listed", N_("待支付")
    PAID = "paid", N_("已支付")
    BOUNCED = "bounced", N_("退汇")
    DROPPED = "dropped", N_("已移出")


LIVE = (ItemStatus.LISTED, ItemStatus.PAID)
"""States in which a row keeps its statement from every other list."""

LIST_TONES: Mapping[str, str] = {
    ListStatus.DRAFT: "info",
    ListStatus.SENT: "warning",
    ListStatus.PAID: "success",
    ListStatus.APART: "neutral",
}
ITEM_TONES: Mapping[str, str] = {
    ItemStatus.LISTED: "info",
    ItemStatus.PAID: "success",
    ItemStatus.BOUNCED: "danger",
    ItemStatus.DROPPED: "neutral",
}
ITEM_ACTS: dict[str, str] = {
    "list_item": N_("送财政支付"),
    "pay_item": N_("按清单支付"),
    "bounce_item": N_("登记退汇"),
    "drop_item": N_("移出支付清单"),
}
LIST_ACTS: dict[str, str] = {
    "make_list": N_("生成支付清单"),
    "send": N_("送财政"),
    "pay_list": N_("登记清单支付"),
    "take_apart": N_("拆单"),
    "keep_layout": N_("上传支付清单版式"),
    "drop_layout": N_("恢复默认版式"),
}
