"""Codes of planned duty, and the table of a slot's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class TermKind(Labelled):
    """约定方式: how a contract asks for presence."""

    WEEKLY = "weekly", N_("每周固定时间")
    NTH = "nth", N_("每月指定的周次")
    HOURS = "hours", N_("每月若干小时")
    DAYS = "days", N_("每月若干天")


class OnHoliday(Labelled):
    """遇放假: what a contract says of a fixed day that is off."""

    SKIP = "skip", N_("放假不补")
    NEXT = "next", N_("顺延到下一个工作日")


class SlotStatus(Labelled):
    """Where a planned slot stands."""

    PLANNED = "planned", N_("已排班")
    DONE = "done", N_("已到岗")
    SHORT = "short", N_("时长不足")
    MISSED = "missed", N_("缺勤")
    EXCUSED = "excused", N_("已取消")
    SUBSTITUTED = "substituted", N_("已替班")


S = SlotStatus
FREE = frozenset({S.EXCUSED, S.MISSED, S.SUBSTITUTED})
"""States in which a slot takes nobody's time."""
JUDGED = frozenset({S.DONE, S.SHORT, S.MISSED, S.SUBSTITUTED})
"""What the sessions of a day made of a slot; a correction may make another of them."""
OPEN = JUDGED | {S.PLANNED}
SLOT_FLOW = {
    "fulfil": Move(OPEN - {S.DONE}, S.DONE),
    "fall_short": Move(OPEN - {S.SHORT}, S.SHORT),
    "miss": Move(OPEN - {S.MISSED}, S.MISSED),
    "substitute": Move(OPEN - {S.SUBSTITUTED}, S.SUBSTITUTED),
    "unsettle": Move(JUDGED, S.PLANNED),  # what was judged by is gone, and the day is not over
    "excuse": Move(frozenset({S.PLANNED}), S.EXCUSED),
    "accept_reason": Move(frozenset({S.SHORT, S.MISSED}), S.EXCUSED),
    "restore": Move(frozenset({S.EXCUSED}), S.PLANNED),
}
BY_OUTCOME = {
    S.PLANNED: "unsettle",
    S.DONE: "fulfil",
    S.SHORT: "fall_short",
    S.MISSED: "miss",
    S.SUBSTITUTED: "substitute",
}
"""The act that leads to each outcome."""

WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))

ACTS = {
    "add": N_("加一个班次"),
    "move": N_("调整班次"),
    "unmove": N_("撤销调整"),
    "excuse": N_("取消班次"),
    "restore": N_("恢复班次"),
    "keep_on_day_off": N_("放假照常"),
    "fulfil": N_("到岗完成"),
    "fall_short": N_("时长不足"),
    "miss": N_("记为缺勤"),
    "substitute": N_("由他人替班"),
    "unsettle": N_("撤回到岗判定"),
    "remeasure": N_("更新到岗时长"),
    "accept_reason": N_("接受缺勤理由"),
    "agree_cover": N_("安排替班"),
    "end_cover": N_("撤销替班"),
}
"""What the record of a slot says of each act."""
