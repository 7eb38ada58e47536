"""The words of paying: intervals, ways to pay, where a firm and its bills stand."""

from counselhub.core.labels import N_, Labelled


class Interval(Labelled):
    """How long one bill lasts."""

    MONTH = "month", N_("按月")
    YEAR = "year", N_("按年")


class Provider(Labelled):
    """How a firm pays."""

    NONE = "none", N_("未选择")
    STRIPE = "stripe", N_("银行卡（Stripe）")
    TRANSFER = "transfer", N_("对公转账")


class Standing(Labelled):
    """Where a firm stands with paying, on one day."""

    FREE = "free", N_("免费")
    TRIAL = "trial", N_("试用期")
    ACTIVE = "active", N_("正常")
    PAST_DUE = "past_due", N_("宽限期")
    READ_ONLY = "read_only", N_("只读")
    CANCELLED = "cancelled", N_("已取消")


STANDING_TONES = {
    Standing.FREE: "neutral",
    Standing.TRIAL: "info",
    Standing.ACTIVE: "success",
    Standing.PAST_DUE: "warning",
    Standing.READ_ONLY: "danger",
    Standing.CANCELLED: "neutral",
}


class BillStatus(Labelled):
    """Whether a bill is paid."""

    OPEN = "open", N_("待付款")
    PAID = "paid", N_("已付清")
    VOID = "void", N_("已作废")


BILL_TONES = {
    BillStatus.OPEN: "warning",
    BillStatus.PAID: "success",
    BillStatus.VOID: "neutral",
}


class PaymentKind(Labelled):
    """How money moved; refunds and lost disputes move it back."""

    TRANSFER = "transfer", N_("对公转账到账")
    CARD = "card", N_("银行卡付款")
    REFUND = "refund", N_("退款")
    DISPUTE = "dispute", N_("拒付")


class InvoiceKind(Labelled):
    """Which invoice a firm asks for."""

    PLAIN = "plain", N_("增值税普通发票")
    SPECIAL = "special", N_("增值税专用发票")


class RequestStatus(Labelled):
    """How far an invoice request is."""

    ASKED = "asked", N_("待开票")
    ISSUED = "issued", N_("已开票")


BILLING_ACTS = {
    "bill_ordered": N_("提交对公转账订单"),
    "bill_withdrawn": N_("撤回对公转账订单"),
    "bill_refused": N_("退回对公转账订单"),
    "bill_paid_in": N_("确认对公转账到账"),
    "bill_payment_undone": N_("撤销到账确认"),
    "invoice_asked": N_("申请开票"),
    "invoice_issued": N_("登记已开发票"),
    "checkout_opened": N_("打开银行卡付款"),
    "subscription_cancelled": N_("取消续订"),
    "subscription_resumed": N_("恢复续订"),
    "subscription_interval": N_("更改计费周期"),
    "subscription_synced": N_("按Stripe更新订阅"),
}
