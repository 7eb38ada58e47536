"""Codes of spot checks, and the table of a check's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class CheckStatus(Labelled):
    """Where a check stands; the firm sees it from `published` on."""

    DRAWN = "drawn", N_("待检查")
    RECORDED = "recorded", N_("待公布")
    PUBLISHED = "published", N_("待律所答复")
    ANSWERED = "answered", N_("待裁定")
    SETTLED = "settled", N_("已确定")
    WITHDRAWN = "withdrawn", N_("已撤销")


S = CheckStatus
CHECK_FLOW = {
    "record_finding": Move(frozenset({S.DRAWN}), S.RECORDED),
    "publish_finding": Move(frozenset({S.RECORDED}), S.PUBLISHED),
    "answer_finding": Move(frozenset({S.PUBLISHED}), S.ANSWERED),
    "settle_finding": Move(frozenset({S.PUBLISHED, S.ANSWERED}), S.SETTLED),
    "withdraw_check": Move(frozenset({S.DRAWN, S.RECORDED, S.PUBLISHED, S.ANSWERED}), S.WITHDRAWN),
}
UNSEEN = frozenset({S.DRAWN, S.RECORDED})
"""States that only the office knows of."""
COUNTED = frozenset({S.RECORDED, S.PUBLISHED, S.ANSWERED, S.SETTLED})
"""States in which the community has been checked."""


class Finding(Labelled):
    """检查结果: what was found on site."""

    PRESENT = "present", N_("在岗")
    SUBSTITUTE = "substitute", N_("替班")
    ABSENT = "absent", N_("缺岗")
    CLOSED = "closed", N_("场所未开放")


class Answer(Labelled):
    """What the firm says to a finding."""

    AGREE = "agree", N_("认可")
    DISAGREE = "disagree", N_("有异议")


class Side(Labelled):
    """Who took a photo."""

    OFFICE = "office", N_("司法所")
    FIRM = "firm", N_("律所")


TONES = {
    S.DRAWN: "info",
    S.RECORDED: "warning",
    S.PUBLISHED: "info",
    S.ANSWERED: "warning",
    S.SETTLED: "success",
    S.WITHDRAWN: "neutral",
}
FINDING_TONES = {
    Finding.PRESENT: "success",
    Finding.SUBSTITUTE: "info",
    Finding.ABSENT: "danger",
    Finding.CLOSED: "warning",
}
ACTS = {
    "draw_spot_checks": N_("抽签"),
    "record_finding": N_("登记检查结果"),
    "correct_finding": N_("更正检查结果"),
    "publish_finding": N_("公布检查结果"),
    "answer_finding": N_("律所答复抽查"),
    "settle_finding": N_("确定检查结果"),
    "remove_spot_photo": N_("删除抽查照片"),
    "expire_spot_photos": N_("到期删除抽查照片"),
    "withdraw_check": N_("撤销抽查"),
}
"""What the record says of each act."""
