"""Codes of conferences, and the table of their moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class ConferenceStatus(Labelled):
    """Where a conference stands; what was said is sealed with its conclusion."""

    PLANNED = "planned", N_("已安排")
    HELD = "held", N_("已召开")
    CONCLUDED = "concluded", N_("已有结论")
    CANCELLED = "cancelled", N_("已取消")


S = ConferenceStatus
CONFERENCE_FLOW = {
    "hold": Move(frozenset({S.PLANNED}), S.HELD),
    "conclude": Move(frozenset({S.HELD}), S.CONCLUDED),
    "cancel": Move(frozenset({S.PLANNED}), S.CANCELLED),
}
TONES: dict[str, str] = {
    S.PLANNED: "info",
    S.HELD: "warning",
    S.CONCLUDED: "success",
    S.CANCELLED: "neutral",
}


class ConferenceMode(Labelled):
    """会商方式."""

    ON_SITE = "on_site", N_("现场")
    ONLINE = "online", N_("线上")


class Presence(Labelled):
    """到会情况 of one lawyer."""

    INVITED = "invited", N_("已邀请")
    CAME = "came", N_("到会")
    EXCUSED = "excused", N_("未到会")


PRESENCE_TONES: dict[str, str] = {
    Presence.INVITED: "info",
    Presence.CAME: "success",
    Presence.EXCUSED: "neutral",
}


class TaskState(Labelled):
    """How a task stands on a day."""

    OPEN = "open", N_("待完成")
    LATE = "late", N_("已逾期")
    DONE = "done", N_("已完成")


TASK_TONES: dict[str, str] = {
    TaskState.OPEN: "info",
    TaskState.LATE: "danger",
    TaskState.DONE: "success",
}


class BusyWith(Labelled):
    """What a lawyer is planned for at the time of a conference."""

    DUTY = "duty", N_("值班")
    LEAVE = "leave", N_("请假")
    CONFERENCE = "conference", N_("另一场会商")


CONFERENCE_ACTS = {
    "plan": N_("安排会商"),
    "change": N_("修改会商安排"),
    "excuse": N_("告知不能参加"),
    "hold": N_("登记到会，会商开始"),
    "attend": N_("更正到会情况"),
    "note": N_("整理会商记录"),
    "give_opinion": N_("发表意见"),
    "conclude": N_("形成结论"),
    "revise": N_("修订纪要"),
    "tell_community": N_("反馈社区"),
    "add_task": N_("布置后续任务"),
    "finish_task": N_("完成后续任务"),
    "drop_task": N_("取消后续任务"),
    "cancel": N_("取消会商"),
}
