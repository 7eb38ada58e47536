"""Codes of clauses and of a contract's papers."""

from counselhub.core.labels import N_, Labelled


class PaperKind(Labelled):
    """What a paper of a contract is."""

    DRAFT = "draft", N_("合同文本")
    SCAN = "scan", N_("签署件")
    RECEIPT = "receipt", N_("备案回执")


class Lack(Labelled):
    """What a contract still lacks before it can be filed."""

    SIGNED_ON = "signed_on", N_("签订日期")
    TEXT = "text", N_("合同文本")
    SCAN = "scan", N_("双方签字盖章的签署件")
    PLAN = "plan", N_("分期付款的付款计划")


CLAUSE_ACTS = {
    "add_clause": N_("添加条款"),
    "change": N_("修改条款"),
    "remove_clause": N_("删除条款"),
}
"""What the record of a clause says of each act."""
