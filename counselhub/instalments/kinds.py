"""Codes of instalments and invoices, and the table of an instalment's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class InstalmentStatus(Labelled):
    """Where an instalment stands."""

    PLANNED = "planned", N_("未到期")
    DUE = "due", N_("到期待付")
    INVOICED = "invoiced", N_("已开票")
    PART_PAID = "part_paid", N_("部分到账")
    PAID = "paid", N_("已到账")
    CANCELLED = "cancelled", N_("已取消")


class Condition(Labelled):
    """付款条件: what has to be there before an instalment is due."""

    DAY = "day", N_("到期日")
    SIGNING = "signing", N_("合同签订")
    FILING = "filing", N_("合同备案")
    MID_YEAR = "mid_year", N_("年中检查")
    ACCEPTANCE = "acceptance", N_("验收合格")
    ASSESSMENT = "assessment", N_("年度考核")


class Subject(Labelled):
    """付款事项: what an instalment pays for; all but the last are kinds of statement lines."""

    BASE = "base", N_("基础补贴")
    LECTURE = "lecture", N_("讲座补贴")
    ONLINE = "online", N_("线上值守")
    CASE = "case", N_("以案定补")
    ACTIVITY = "activity", N_("活动补贴")
    PERFORMANCE = "performance", N_("绩效补贴")
    OTHER = "other", N_("其他服务")


class InvoiceKind(Labelled):
    """发票种类."""

    ELECTRONIC = "electronic", N_("数电发票")
    SPECIAL = "special", N_("增值税专用发票")
    ORDINARY = "ordinary", N_("增值税普通发票")


class FileKind(Labelled):
    """What a file of an instalment shows."""

    EVIDENCE = "evidence", N_("付款条件的证明")
    INVOICE = "invoice", N_("发票")


S = InstalmentStatus
LIVE = (S.PLANNED, S.DUE, S.INVOICED, S.PART_PAID, S.PAID)
"""States of an instalment that pays its subject."""
OPEN = (S.DUE, S.INVOICED, S.PART_PAID)
"""States of an instalment that somebody has still to pay."""
_REACHED = frozenset({S.DUE, S.INVOICED, S.PART_PAID, S.PAID})

INSTALMENT_FLOW = {
    "fall_due": Move(frozenset({S.PLANNED}), S.DUE),
    "invoice": Move(_REACHED - {S.INVOICED}, S.INVOICED),
    "take_part": Move(_REACHED - {S.PART_PAID}, S.PART_PAID),
    "take_rest": Move(_REACHED - {S.PAID}, S.PAID),
    "reopen": Move(_REACHED - {S.DUE}, S.DUE),
    "cancel": Move(frozenset({S.PLANNED, S.DUE}), S.CANCELLED),
}

INSTALMENT_ACTS = {
    "fall_due": N_("付款条件成立"),
    "invoice": N_("开票"),
    "take_part": N_("部分到账"),
    "take_rest": N_("付清"),
    "reopen": N_("恢复为待付"),
    "cancel": N_("取消该期"),
    "shorten": N_("结清时减少金额"),
    "enter_invoice": N_("登记发票"),
    "enter_payment": N_("登记到账"),
    "reverse_payment": N_("冲销到账"),
    "add_evidence": N_("上传证明"),
}
"""What the record of an instalment says of each act."""

TONES: dict[str, str] = {
    S.PLANNED: "neutral",
    S.DUE: "warning",
    S.INVOICED: "info",
    S.PART_PAID: "info",
    S.PAID: "success",
    S.CANCELLED: "neutral",
}
