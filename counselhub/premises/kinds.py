"""Codes of premises, and the tables of moves of an issue and of a firm's report."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class IssueKind(Labelled):
    """问题: what a community lacks."""

    NO_ROOM = "no_room", N_("无场所")
    POOR = "poor", N_("条件不足")
    NO_BOARD = "no_board", N_("无公示栏")
    STALE_BOARD = "stale_board", N_("公示过期")


class IssueStatus(Labelled):
    """Where an issue stands; a new plan asks for a new letter, so it begins anew."""

    REPORTED = "reported", N_("待说明")
    EXPLAINED = "explained", N_("整改中")
    DUE = "due", N_("即将到期")
    OVERDUE = "overdue", N_("已逾期")
    SOLVED = "solved", N_("已销号")
    WITHDRAWN = "withdrawn", N_("已撤销")


S = IssueStatus
PLANNED = frozenset({S.EXPLAINED, S.DUE, S.OVERDUE})
"""With a stamped letter, so with a date to meet."""
OPEN = PLANNED | {S.REPORTED}
CLOSED = frozenset({S.SOLVED, S.WITHDRAWN})
ISSUE_FLOW = {
    "explain_issue": Move(frozenset({S.REPORTED}), S.EXPLAINED),
    "issue_due": Move(frozenset({S.EXPLAINED}), S.DUE),
    "issue_overdue": Move(frozenset({S.EXPLAINED, S.DUE}), S.OVERDUE),
    "replan_issue": Move(PLANNED, S.REPORTED),
    "solve_issue": Move(OPEN, S.SOLVED),
    "withdraw_issue": Move(frozenset({S.REPORTED}), S.WITHDRAWN),
}
TONES = {
    S.REPORTED: "warning",
    S.EXPLAINED: "info",
    S.DUE: "warning",
    S.OVERDUE: "danger",
    S.SOLVED: "success",
    S.WITHDRAWN: "neutral",
}
ISSUE_ACTS = {
    "keep_room": N_("登记场所情况"),
    "add_room_photo": N_("添加场所照片"),
    "remove_room_photo": N_("删除场所照片"),
    "set_letter_day": N_("设置交说明的日子"),
    "open_issue": N_("登记场所问题"),
    "plan_issue": N_("填写原因和整改计划"),
    "explain_issue": N_("交回盖章说明"),
    "issue_due": N_("整改即将到期"),
    "issue_overdue": N_("整改已逾期"),
    "note_issue": N_("记录整改进展"),
    "replan_issue": N_("整改改期"),
    "solve_issue": N_("场所问题销号"),
    "withdraw_issue": N_("撤销场所问题"),
}
"""What the office's record says of each act."""


class ReportStatus(Labelled):
    """What became of a firm's report."""

    SENT = "sent", N_("待司法所处理")
    TAKEN = "taken", N_("已列入整改")
    DECLINED = "declined", N_("未列入")


R = ReportStatus
REPORT_FLOW = {
    "take_report": Move(frozenset({R.SENT}), R.TAKEN),
    "decline_report": Move(frozenset({R.SENT}), R.DECLINED),
}
REPORT_TONES = {R.SENT: "warning", R.TAKEN: "success", R.DECLINED: "neutral"}
REPORT_ACTS = {
    "send_report": N_("报告场所问题"),
    "take_report": N_("列入场所整改"),
    "decline_report": N_("未列入场所整改"),
}


class RoomKind(Labelled):
    """Whether the room is the counsel's own while he is there."""

    OWN = "own", N_("独立")
    SHARED = "shared", N_("共用")


class Condition(Labelled):
    """条件: what a room has."""

    DESK = "desk", N_("桌椅")
    SIGN = "sign", N_("标牌")
    NETWORK = "network", N_("网络")
    QUIET = "quiet", N_("隔音")
    ACCESS = "access", N_("无障碍")
    CABINET = "cabinet", N_("档案柜")
    PRINTER = "printer", N_("打印机")


class FileKind(Labelled):
    """What a file shows."""

    ROOM = "room", N_("场所照片")
    LETTER = "letter", N_("盖章说明")
    EVIDENCE = "evidence", N_("销号照片")


class Weekday(Labelled):
    """The days on which letters may be asked for."""

    MONDAY = "0", N_("星期一")
    TUESDAY = "1", N_("星期二")
    WEDNESDAY = "2", N_("星期三")
    THURSDAY = "3", N_("星期四")
    FRIDAY = "4", N_("星期五")
