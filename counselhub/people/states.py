"""How a firm leaves, as a table of moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class DepartureStatus(Labelled):
    """Where a departure stands."""

    ASKED = "asked", N_("等待期")
    WITHDRAWN = "withdrawn", N_("已撤回")
    DELETING = "deleting", N_("正在删除")
    DELETED = "deleted", N_("已删除")


S = DepartureStatus
DEPARTURE_FLOW = {
    "withdraw_departure": Move(frozenset({S.ASKED}), S.WITHDRAWN),
    "begin_deletion": Move(frozenset({S.ASKED}), S.DELETING),
    "end_deletion": Move(frozenset({S.DELETING}), S.DELETED),
}
DEPARTURE_TONES = {
    S.ASKED: "warning",
    S.WITHDRAWN: "neutral",
    S.DELETING: "danger",
    S.DELETED: "neutral",
}
DEPARTURE_ACTS = {
    "ask_departure": N_("申请离开平台并删除数据"),
    "withdraw_departure": N_("撤回离开申请"),
    "begin_deletion": N_("等待期满，开始删除数据"),
    "end_deletion": N_("数据删除完成"),
}
