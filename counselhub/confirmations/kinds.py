"""Codes of confirmations, and the table of a request's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class RequestStatus(Labelled):
    """Where a request to the community stands; one that ran out is open and past its time."""

    OPEN = "open", N_("等待确认")
    ANSWERED = "answered", N_("已答复")
    REVOKED = "revoked", N_("已撤回")


REQUEST_FLOW = {
    "answer": Move(frozenset({RequestStatus.OPEN}), RequestStatus.ANSWERED),
    "revoke": Move(frozenset({RequestStatus.OPEN}), RequestStatus.REVOKED),
}

ACTS = {
    "ask": N_("请社区确认"),
    "answer": N_("社区已答复"),
    "revoke": N_("撤回确认链接"),
}


class Answer(Labelled):
    """What the community says of one session."""

    CONFIRMED = "confirmed", N_("属实")
    DISPUTED = "disputed", N_("与实际不符")


class Office(Labelled):
    """职务: as whom somebody answers for the community."""

    HEAD = "head", N_("社区（村）书记、主任")
    STAFF = "staff", N_("社区（村）工作人员")
    GRID = "grid", N_("网格员")
    OTHER = "other", N_("其他")


class Standing(Labelled):
    """What a session has of its community, as pages show it."""

    LACKING = "lacking", N_("未确认")
    ASKED = "asked", N_("已发链接，等待确认")
    OVERTAKEN = "overtaken", N_("确认后又有改动，需重新确认")
    CONFIRMED = "confirmed", N_("社区已确认")
    DISPUTED = "disputed", N_("与实际不符，待处理")
    SETTLED = "settled", N_("不符已处理")
