"""Codes of cover and of absences, and their tables of moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class CoverStatus(Labelled):
    """Where a request for cover stands."""

    ASKED = "asked", N_("没有人选")
    OFFERED = "offered", N_("待同事接")
    TAKEN = "taken", N_("待批准")
    APPROVED = "approved", N_("已安排替班")
    WITHDRAWN = "withdrawn", N_("已撤回")


C = CoverStatus
LIVE = frozenset({C.ASKED, C.OFFERED, C.TAKEN, C.APPROVED})
"""States in which a slot has its request; it has one at a time."""
UNSETTLED = frozenset({C.ASKED, C.OFFERED, C.TAKEN})
"""States that end when the slot begins."""
COVER_FLOW = {
    "offer": Move(frozenset({C.ASKED}), C.OFFERED),
    "run_out": Move(frozenset({C.OFFERED}), C.ASKED),  # the last who was asked has declined
    "take": Move(frozenset({C.OFFERED}), C.TAKEN),
    "appoint": Move(frozenset({C.ASKED, C.OFFERED}), C.TAKEN),
    "give_back": Move(frozenset({C.TAKEN}), C.OFFERED),
    "turn_down": Move(frozenset({C.TAKEN}), C.OFFERED),
    "approve": Move(frozenset({C.TAKEN}), C.APPROVED),
    "withdraw": Move(LIVE, C.WITHDRAWN),
    "expire": Move(UNSETTLED, C.WITHDRAWN),
}


class CoverWhy(Labelled):
    """Why a lawyer cannot come."""

    COURT = "court", N_("出庭冲突")
    ILL = "ill", N_("生病")
    PERSONAL = "personal", N_("个人原因")
    OTHER = "other", N_("其他")


class Ending(Labelled):
    """Why a request ended without, or after, an agreement."""

    WITHDRAWN = "withdrawn", N_("已撤回")
    EXPIRED = "expired", N_("到点无人接")


class Telling(Labelled):
    """What the community knows of who comes (COVER-7)."""

    UNTOLD = "untold", N_("未告知社区")
    TOLD = "told", N_("已告知，社区未回")
    KNOWN = "known", N_("社区已知道")


class Plus(Labelled):
    """What speaks for a colleague (COVER-3)."""

    BACKUP = "backup", N_("指派了这个社区")
    STREET = "street", N_("在同一街道服务")
    FREE_DAY = "free_day", N_("当天没有别的班")


class Block(Labelled):
    """Why a colleague is not asked (COVER-1, COVER-2)."""

    GONE = "gone", N_("当天不在职")
    TRAINEE = "trainee", N_("实习律师，按规定不替班")
    AWAY = "away", N_("当天请假")
    BUSY = "busy", N_("同一时间已有班次")
    TOO_NEAR = "too_near", N_("前后班次路程来不及")


class ReasonCode(Labelled):
    """Why a slot was missed or short."""

    OWN = "own", N_("个人原因")
    COMMUNITY = "community", N_("社区原因")
    FORCE_MAJEURE = "force_majeure", N_("不可抗力")
    COURT = "court", N_("出庭冲突")
    OTHER = "other", N_("其他")


class ReasonStatus(Labelled):
    """Where the reason of an absence stands."""

    GIVEN = "given", N_("待审核")
    ACCEPTED = "accepted", N_("理由成立")
    REFUSED = "refused", N_("理由不成立")


R = ReasonStatus
REASON_FLOW = {
    "accept": Move(frozenset({R.GIVEN, R.REFUSED}), R.ACCEPTED),
    "refuse": Move(frozenset({R.GIVEN, R.ACCEPTED}), R.REFUSED),
    "explain_again": Move(frozenset({R.REFUSED}), R.GIVEN),
}

COVER_ACTS = {
    "ask": N_("申请替班"),
    "offer": N_("向同事征询"),
    "run_out": N_("征询的同事都不便"),
    "take": N_("接下替班"),
    "appoint": N_("指定替班"),
    "give_back": N_("退回替班"),
    "turn_down": N_("未批准，重新征询"),
    "approve": N_("批准替班"),
    "withdraw": N_("撤回替班申请"),
    "expire": N_("到点无人接"),
    "decline": N_("婉拒替班"),
    "tell_community": N_("已告知社区"),
    "know": N_("社区已知道"),
}
REASON_ACTS = {
    "give": N_("填写缺勤理由"),
    "accept": N_("理由成立"),
    "refuse": N_("理由不成立"),
    "explain_again": N_("补充缺勤理由"),
    "change": N_("修改缺勤理由"),
}
ANSWER_ACTS = {"answer": N_("答复更换提醒")}
