"""Codes of leave, and the table of a request's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class LeaveKind(Labelled):
    """请假类别: why somebody is away."""

    PERSONAL = "personal", N_("事假")
    SICK = "sick", N_("病假")
    ANNUAL = "annual", N_("年假")
    COURT = "court", N_("出庭、开庭")
    TRIP = "trip", N_("出差")
    TRAINING = "training", N_("培训")
    OTHER = "other", N_("其他")


class LeaveStatus(Labelled):
    """Where a request stands; whoever is away is away with an approved one."""

    ASKED = "asked", N_("待审批")
    APPROVED = "approved", N_("已批准")
    REFUSED = "refused", N_("未批准")
    WITHDRAWN = "withdrawn", N_("已撤回")


S = LeaveStatus
TAKING = (S.ASKED, S.APPROVED)
"""States in which a request holds its days."""
LEAVE_FLOW = {
    "approve": Move(frozenset({S.ASKED}), S.APPROVED),
    "refuse": Move(frozenset({S.ASKED}), S.REFUSED),
    "withdraw": Move(frozenset({S.ASKED, S.APPROVED}), S.WITHDRAWN),
}
TONES: dict[str, str] = {
    S.ASKED: "info",
    S.APPROVED: "success",
    S.REFUSED: "danger",
    S.WITHDRAWN: "neutral",
}
ACTS = {
    "ask": N_("申请请假"),
    "enter": N_("代为登记请假"),
    "approve": N_("批准请假"),
    "refuse": N_("不批准请假"),
    "withdraw": N_("撤回请假"),
    "blank_words": N_("清空请假事由"),
}
"""What the record of a request says of each act."""
