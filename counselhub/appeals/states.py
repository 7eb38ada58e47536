"""How an appeal moves: one table."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class AppealStatus(Labelled):
    """Where an appeal stands."""

    OPEN = "open", N_("待裁定")
    UPHELD = "upheld", N_("全部支持")
    PARTLY = "partly", N_("部分支持")
    DISMISSED = "dismissed", N_("不予支持")


S = AppealStatus
APPEAL_FLOW = {
    "uphold": Move(frozenset({S.OPEN}), S.UPHELD),
    "uphold_partly": Move(frozenset({S.OPEN}), S.PARTLY),
    "dismiss": Move(frozenset({S.OPEN}), S.DISMISSED),
}
ACT_OF = {S.UPHELD: "uphold", S.PARTLY: "uphold_partly", S.DISMISSED: "dismiss"}
"""The act that leads to each decision."""
ACTS = {
    "appeal": N_("向区司法局申诉"),
    "uphold": N_("裁定全部支持"),
    "uphold_partly": N_("裁定部分支持"),
    "dismiss": N_("裁定不予支持"),
}
"""What the record calls each act."""
