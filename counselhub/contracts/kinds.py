"""Codes of a contract, and the table of its moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class ContractKind(Labelled):
    """合同类型: with the community, or with the street office."""

    ENGAGEMENT = "engagement", N_("聘用合同")
    PROCUREMENT = "procurement", N_("政府购买服务合同")


class PaidBy(Labelled):
    """付款方式: whether statements or instalments pay, and what."""

    STATEMENT = "statement", N_("全部按结算单")
    BOTH = "both", N_("基础补贴分期付款，其余按结算单")
    INSTALMENTS = "instalments", N_("全部分期付款")


class ContractStatus(Labelled):
    """Where a contract stands."""

    DRAFT = "draft", N_("草稿")
    SENT = "sent", N_("已送签")
    SIGNED = "signed", N_("已签订")
    FILED = "filed", N_("已备案")
    ACTIVE = "active", N_("履行中")
    EXPIRED = "expired", N_("已到期")
    TERMINATED = "terminated", N_("已终止")


class EndCause(Labelled):
    """终止事由: why a contract ended early."""

    AGREED = "agreed", N_("双方协商一致")
    OTHER_SIDE = "other_side", N_("对方提出解除")
    FIRM = "firm", N_("本所提出解除")
    REORGANISED = "reorganised", N_("社区撤并或改制")
    POLICY = "policy", N_("政策或预算调整")
    OTHER = "other", N_("其他事由")


S = ContractStatus
OPEN = (S.DRAFT, S.SENT, S.SIGNED, S.FILED, S.ACTIVE)
"""States in which a contract may still be changed, as far as no closed month rests on it."""
AGREED = (S.SIGNED, S.FILED, S.ACTIVE, S.EXPIRED, S.TERMINATED)
"""States of a contract that both sides have signed: its days want a lead."""
IN_FORCE = (S.ACTIVE, S.EXPIRED, S.TERMINATED)
"""States whose days count for money (M2): the dates say which days."""

CONTRACT_FLOW = {
    "send": Move(frozenset({S.DRAFT}), S.SENT),
    "sign": Move(frozenset({S.SENT}), S.SIGNED),
    "file": Move(frozenset({S.SIGNED}), S.FILED),
    "activate": Move(frozenset({S.FILED}), S.ACTIVE),
    "expire": Move(frozenset({S.ACTIVE}), S.EXPIRED),
    "terminate": Move(frozenset({S.ACTIVE}), S.TERMINATED),
}

ACTS = {
    "create": N_("登记合同"),
    "change": N_("修改合同"),
    "renew": N_("续签为新合同"),
    "send": N_("送对方签署"),
    "sign": N_("双方签订"),
    "file": N_("向司法所备案"),
    "activate": N_("开始履行"),
    "expire": N_("到期结束"),
    "terminate": N_("提前终止"),
    "settle_payment": N_("确定付款方式"),
    "draft_contract": N_("生成合同文本"),
    "add_contract_scan": N_("上传签署件"),
    "note_filing": N_("登记备案信息"),
    "prolong_assignments": N_("接着指派律师"),
    "settle_end": N_("结清合同款"),
    "note_ending": N_("提醒合同将到期"),
    "plan_instalments": N_("订立付款计划"),
}
"""What the record of a contract says of each act."""
