"""Codes of a contract, and the table of its moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class ContractKind(Labelled):
    """合同类型: with the community, or with the street office."""

    ENGAGEMENT = "engagement", N_("聘用合同")
    PROCUREMENT = "procurement", N_("政府购买服务合同")


class ContractStatus(Labelled):
    """Where a contract stands."""

    DRAFT = "draft", N_("草稿")
    SENT = "sent", N_("已送签")
    SIGNED = "signed", N_("已签订")
    FILED = "filed", N_("已备案")
    ACTIVE = "active", N_("履行中")
    EXPIRED = "expired", N_("已到期")
    TERMINATED = "terminated", N_("已终止")


S = ContractStatus
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
