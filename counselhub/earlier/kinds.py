"""Codes of late entries, and the table of their moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class LateKind(Labelled):
    """What kind of record a settled month lacked."""

    VISIT = "visit", N_("现场值班")
    LECTURE = "lecture", N_("法治讲座")
    CASE = "case", N_("以案定补")


class LateReason(Labelled):
    """Why it was not there in time."""

    FORGOTTEN = "forgotten", N_("当月漏登")
    EVIDENCE_LATE = "evidence_late", N_("材料后到")
    SYSTEM = "system", N_("系统或网络故障")
    HANDOVER = "handover", N_("人员交接遗漏")
    OTHER = "other", N_("其他")


class LateStatus(Labelled):
    """Where a late entry stands."""

    ASKED = "asked", N_("待审批")
    APPROVED = "approved", N_("已批准")
    REFUSED = "refused", N_("未批准")
    WITHDRAWN = "withdrawn", N_("已撤回")


S = LateStatus
LATE_FLOW = {
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
    "ask": N_("申请补录"),
    "approve": N_("批准补录"),
    "refuse": N_("不批准补录"),
    "withdraw": N_("撤回补录"),
}
MOST_FILES = 3
