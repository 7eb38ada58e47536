"""Codes of months that the cut-off has closed, and the table of their moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class LateCause(Labelled):
    """Why a statement comes after its last day."""

    EVIDENCE = "evidence", N_("佐证材料后到")
    CHECKING = "checking", N_("与社区核对未完")
    HANDOVER = "handover", N_("经办人员交接")
    SYSTEM = "system", N_("系统或网络故障")
    OTHER = "other", N_("其他")


class OverdueStatus(Labelled):
    """Where a month stands that was not handed in by its last day."""

    CLOSED = "closed", N_("已截止")
    ASKED = "asked", N_("申请补交")
    ALLOWED = "allowed", N_("准许补交")
    REFUSED = "refused", N_("未准许")


S = OverdueStatus
OVERDUE_FLOW = {
    "ask": Move(frozenset({S.CLOSED, S.REFUSED}), S.ASKED),
    "withdraw": Move(frozenset({S.ASKED}), S.CLOSED),
    # The office opens a month on its own word too, and gives more days to one it has opened.
    "allow": Move(frozenset(S), S.ALLOWED),
    "refuse": Move(frozenset({S.ASKED}), S.REFUSED),
    "lapse": Move(frozenset({S.ALLOWED}), S.CLOSED),
}
TONES: dict[str, str] = {
    S.CLOSED: "danger",
    S.ASKED: "info",
    S.ALLOWED: "success",
    S.REFUSED: "danger",
}
ACTS = {
    "close": N_("截止日已过，停止提交"),
    "ask": N_("申请补交结算单"),
    "withdraw": N_("撤回补交申请"),
    "allow": N_("准许补交结算单"),
    "refuse": N_("不准许补交结算单"),
    "lapse": N_("补交期限已过，再次停止提交"),
}
