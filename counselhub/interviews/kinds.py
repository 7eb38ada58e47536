"""Codes of interviews, and the table of an interview's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class InterviewStatus(Labelled):
    """Where an interview stands; the firm sees it from `published` on."""

    DRAFT = "draft", N_("草稿")
    PUBLISHED = "published", N_("待律所确认")
    ACKNOWLEDGED = "acknowledged", N_("整改中")
    CLOSED = "closed", N_("已办结")
    WITHDRAWN = "withdrawn", N_("已撤销")


S = InterviewStatus
INTERVIEW_FLOW = {
    "publish_interview": Move(frozenset({S.DRAFT}), S.PUBLISHED),
    "acknowledge_interview": Move(frozenset({S.PUBLISHED}), S.ACKNOWLEDGED),
    "close_interview": Move(frozenset({S.ACKNOWLEDGED}), S.CLOSED),
    "withdraw_interview": Move(frozenset({S.DRAFT, S.PUBLISHED, S.ACKNOWLEDGED}), S.WITHDRAWN),
}


class InterviewReason(Labelled):
    """约谈原因."""

    HOURS = "hours", N_("时长不足")
    ABSENCE = "absence", N_("缺岗")
    RECORDS = "records", N_("记录不实")
    COMPLAINT = "complaint", N_("群众投诉")
    OTHER = "other", N_("其他")


TONES = {
    S.DRAFT: "neutral",
    S.PUBLISHED: "info",
    S.ACKNOWLEDGED: "warning",
    S.CLOSED: "success",
    S.WITHDRAWN: "neutral",
}
ACTS = {
    "draft_interview": N_("起草约谈记录"),
    "change_interview": N_("修改约谈记录"),
    "publish_interview": N_("送达约谈记录"),
    "acknowledge_interview": N_("律所确认约谈记录"),
    "close_interview": N_("约谈办结"),
    "withdraw_interview": N_("撤销约谈记录"),
}
"""What the record says of each act."""
