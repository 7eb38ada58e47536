"""Codes of online duty, and the table of a turn's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class TurnLength(Labelled):
    """班次长度: how long somebody answers before the next one does."""

    HALF_DAY = "half_day", N_("半天一班")
    DAY = "day", N_("一天一班")
    WEEK = "week", N_("一周一班")


class TurnStatus(Labelled):
    """Where a turn stands; only one that was taken over is evidence."""

    PLANNED = "planned", N_("待接班")
    STANDING = "standing", N_("值守中")
    DONE = "done", N_("已交班")
    WITHDRAWN = "withdrawn", N_("已取消")


TURN_FLOW = {
    "take_over": Move(frozenset({TurnStatus.PLANNED}), TurnStatus.STANDING),
    # A slip of the thumb, taken back within minutes; who had it before has it again.
    "give_back": Move(frozenset({TurnStatus.STANDING}), TurnStatus.PLANNED),
    "hand_over": Move(frozenset({TurnStatus.STANDING}), TurnStatus.DONE),
    "have_again": Move(frozenset({TurnStatus.DONE}), TurnStatus.STANDING),
    "withdraw": Move(frozenset({TurnStatus.PLANNED}), TurnStatus.WITHDRAWN),
    "restore": Move(frozenset({TurnStatus.WITHDRAWN}), TurnStatus.PLANNED),
}
ACTS = {
    "take_over": N_("接班"),
    "give_back": N_("撤回接班"),
    "hand_over": N_("交班"),
    "have_again": N_("恢复值守"),
    "withdraw": N_("取消班次"),
    "restore": N_("恢复班次"),
    "cover": N_("顶班"),
    "move_turn": N_("调整班次"),
    "swap": N_("对调班次"),
    "undo_turn": N_("撤销调整班次"),
    "write_note": N_("写交班留言"),
}
