"""Codes of referrals and teams, and their tables of moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class ReferralStatus(Labelled):
    """Where a referral stands."""

    ASKED = "asked", N_("待分派")
    TRIAGED = "triaged", N_("待组队")
    FORMED = "formed", N_("待接收")
    DECLINED = "declined", N_("无人接收")
    ACCEPTED = "accepted", N_("办理中")
    CONFERRING = "conferring", N_("会商中")
    OPINED = "opined", N_("待反馈")
    FED_BACK = "fed_back", N_("待办结")
    CLOSED = "closed", N_("已办结")
    WITHDRAWN = "withdrawn", N_("已撤回")


S = ReferralStatus
UNPLACED = frozenset({S.ASKED, S.TRIAGED, S.DECLINED})
"""States in which nobody has been asked to take it, or nobody is left to ask."""
HANDLED = frozenset({S.ACCEPTED, S.CONFERRING})
"""States in which its receiver works on it, and in which the client may be waited for."""
HANDED_ON = HANDLED | {S.OPINED, S.FED_BACK}
"""States in which it has a receiver, and may get another."""
LIVE = UNPLACED | HANDLED | {S.FORMED, S.OPINED, S.FED_BACK}
REFERRAL_FLOW = {
    "triage": Move(frozenset({S.ASKED}), S.TRIAGED),
    "form": Move(frozenset({S.TRIAGED, S.DECLINED}), S.FORMED),
    "accept": Move(frozenset({S.FORMED}), S.ACCEPTED),
    "run_out": Move(frozenset({S.FORMED}), S.DECLINED),  # the last who was asked has said no
    "recall": Move(frozenset({S.FORMED}), S.TRIAGED),  # the desk chooses anew
    "send_back": Move(HANDLED, S.TRIAGED),  # its receiver cannot go on
    "confer": Move(frozenset({S.ACCEPTED}), S.CONFERRING),
    "conclude": Move(HANDLED, S.OPINED),
    "reopen": Move(frozenset({S.OPINED, S.FED_BACK}), S.ACCEPTED),
    "feed_back": Move(frozenset({S.OPINED}), S.FED_BACK),
    "close": Move(frozenset({S.FED_BACK}), S.CLOSED),
    "withdraw": Move(UNPLACED | {S.FORMED}, S.WITHDRAWN),
}

TONES: dict[str, str] = {
    S.ASKED: "warning",
    S.TRIAGED: "warning",
    S.FORMED: "info",
    S.DECLINED: "danger",
    S.ACCEPTED: "info",
    S.CONFERRING: "info",
    S.OPINED: "warning",
    S.FED_BACK: "success",
    S.CLOSED: "neutral",
    S.WITHDRAWN: "neutral",
}


class Urgency(Labelled):
    """紧急程度."""

    NORMAL = "normal", N_("一般")
    PRESSING = "pressing", N_("较急")
    URGENT = "urgent", N_("紧急")


URGENCY_TONES = {Urgency.NORMAL: "neutral", Urgency.PRESSING: "warning", Urgency.URGENT: "danger"}


class Speciality(Labelled):
    """What a team knows best: kinds of disputes, and services that need a specialist."""

    NEIGHBOUR = "neighbour", N_("邻里")
    FAMILY = "family", N_("婚姻家庭")
    LABOUR = "labour", N_("劳动争议")
    DEMOLITION = "demolition", N_("征地拆迁")
    TRAFFIC = "traffic", N_("交通事故")
    MEDICAL = "medical", N_("医疗纠纷")
    ENVIRONMENT = "environment", N_("环境保护")
    LAND = "land", N_("土地")
    PROPERTY = "property_management", N_("物业")
    CONTRACT_REVIEW = "contract_review", N_("合同审查")
    BYLAW_REVISION = "bylaw_revision", N_("修订村规民约")
    LEGAL_CHECKUP = "legal_checkup", N_("法治体检")
    LEGAL_AID = "legal_aid", N_("法律援助")
    OTHER = "other", N_("其他")


class TeamRole(Labelled):
    """What a lawyer is in a team."""

    LEADER = "leader", N_("队长")
    MEMBER = "member", N_("队员")
    ASSISTANT = "assistant", N_("协办")


class OfferState(Labelled):
    """What became of asking a lawyer. Queued ones are asked when those before them have gone."""

    QUEUED = "queued", N_("排队中")
    OPEN = "open", N_("征询中")
    ACCEPTED = "accepted", N_("已接收")
    DECLINED = "declined", N_("已谢绝")
    EXPIRED = "expired", N_("到时未答复")
    DROPPED = "dropped", N_("不再征询")


OFFER_TONES = {
    OfferState.QUEUED: "neutral",
    OfferState.OPEN: "info",
    OfferState.ACCEPTED: "success",
    OfferState.DECLINED: "warning",
    OfferState.EXPIRED: "danger",
    OfferState.DROPPED: "neutral",
}


class DeclineWhy(Labelled):
    """Why a lawyer says no."""

    BUSY = "busy", N_("手上案件多")
    NOT_MINE = "not_mine", N_("不是我的专长")
    CONFLICT = "conflict", N_("有利益冲突")
    AWAY = "away", N_("这几天不在")
    OTHER = "other", N_("其他")


class Conflict(Labelled):
    """What is known of a conflict of interest."""

    UNKNOWN = "unknown", N_("未检查")
    NONE = "none", N_("未发现")
    POSSIBLE = "possible", N_("可能有")


CONFLICT_TONES = {
    Conflict.UNKNOWN: "warning",
    Conflict.NONE: "success",
    Conflict.POSSIBLE: "danger",
}


class HandKind(Labelled):
    """How a referral is to change hands."""

    TRANSFER = "transfer", N_("移交")
    TAKEOVER = "takeover", N_("请求接手")


class HandState(Labelled):
    """What became of it."""

    ASKED = "asked", N_("待答复")
    AGREED = "agreed", N_("已同意")
    REFUSED = "refused", N_("未同意")
    WITHDRAWN = "withdrawn", N_("已撤回")


H = HandState
HANDOVER_FLOW = {
    "agree": Move(frozenset({H.ASKED}), H.AGREED),
    "refuse": Move(frozenset({H.ASKED}), H.REFUSED),
    "take_back": Move(frozenset({H.ASKED}), H.WITHDRAWN),
}


class FeedbackTo(Labelled):
    """Who was told what came of it."""

    COMMUNITY = "community", N_("社区")
    CLIENT = "client", N_("当事人")
    BOTH = "both", N_("社区和当事人")


class RatedBy(Labelled):
    """How a satisfaction came to us."""

    LINK = "link", N_("本人在链接上填写")
    NOTED = "noted", N_("律师代为记录")


class Satisfaction(Labelled):
    """满意度, 5 is best."""

    FIVE = "5", N_("很满意")
    FOUR = "4", N_("满意")
    THREE = "3", N_("基本满意")
    TWO = "2", N_("不满意")
    ONE = "1", N_("很不满意")


class Plus(Labelled):
    """What speaks for a lawyer; the code of the rule is in `suggesting`."""

    SPECIALITY = "speciality", N_("擅长这一类")
    NEEDS = "needs", N_("熟悉社区的其他需求")
    LIGHT = "light", N_("近90天承办少")
    SAME_PLACE = "same_place", N_("服务这个社区")
    CLUSTER = "cluster", N_("所在团队负责这个片区")
    SAME_STREET = "same_street", N_("在同一街道服务")


class Block(Labelled):
    """Why a lawyer is not asked."""

    ASKER = "asker", N_("就是转出律师")
    AWAY = "away", N_("请假")
    CONFLICT = "conflict", N_("可能有利益冲突")
    SAID_NO = "said_no", N_("这次已谢绝")
    TRAINEE = "trainee", N_("实习律师，不单独承办")


REFERRAL_ACTS = {
    "ask": N_("提出转介"),
    "change": N_("修改转介"),
    "triage": N_("分派：核定类别和紧急程度"),
    "check_conflict": N_("检查利益冲突"),
    "form": N_("组队并发出征询"),
    "offer_next": N_("征询下一位"),
    "expire_offer": N_("到时未答复"),
    "pass_over": N_("可能有利益冲突，不再征询"),
    "tie_matter": N_("关联事项"),
    "untie_matter": N_("取消关联事项"),
    "accept": N_("接收"),
    "decline": N_("谢绝接收"),
    "run_out": N_("征询的律师都未接收"),
    "recall": N_("收回征询，重新组队"),
    "send_back": N_("退回重新组队"),
    "confer": N_("开始会商"),
    "conclude": N_("给出意见"),
    "reopen": N_("重新办理"),
    "feed_back": N_("向社区或当事人反馈"),
    "add_feedback": N_("再次反馈"),
    "rate": N_("记录满意度"),
    "rating_link": N_("生成满意度链接"),
    "close": N_("办结"),
    "withdraw": N_("撤回转介"),
    "pause": N_("等待当事人，停止计时"),
    "resume": N_("恢复计时"),
    "escalate": N_("上报应急联络人"),
    "settle_escalation": N_("应急联络人已处理"),
    "ask_transfer": N_("请求移交"),
    "ask_takeover": N_("请求接手"),
    "agree_handover": N_("同意移交承办"),
    "refuse_handover": N_("未同意移交承办"),
    "withdraw_handover": N_("撤回移交请求"),
    "visit": N_("登记上门走访"),
}
HANDOVER_ACTS = {
    "agree": N_("同意移交承办"),
    "refuse": N_("未同意移交承办"),
    "take_back": N_("撤回移交请求"),
}
TEAM_ACTS = {
    "create_team": N_("建立团队"),
    "change": N_("修改团队"),
    "join_team": N_("加入团队"),
    "leave_team": N_("离开团队"),
    "end_team": N_("停用团队"),
}
RULE_ACTS = {"change": N_("设置转介规则"), "change_needs": N_("更新社区需求清单")}
