"""Codes of handing a community over, and the table of its moves."""

from counselhub.assignments.kinds import EndCause
from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class PackStatus(Labelled):
    """交接的状态."""

    OPEN = "open", N_("交接中")
    SIGNED = "signed", N_("已签收")


PACK_FLOW = {"sign_pack": Move(frozenset({PackStatus.OPEN}), PackStatus.SIGNED)}


class LineKind(Labelled):
    """交接的内容, in the order in which the list shows them."""

    DUTY = "duty", N_("值班")
    SERVICE = "service", N_("未办结的服务")
    MATTER = "matter", N_("事项")
    REFERRAL = "referral", N_("转介")
    PROMISE = "promise", N_("承诺事项")
    GROUP = "group", N_("微信群")
    PAPER = "paper", N_("资料和告知")


PAPERS = (
    "服务台账和纸质卷宗",
    "社区的钥匙、门禁和办公用品",
    "向社区介绍接任律师，公示栏换成接任律师",
)
"""What is handed over whatever else there is."""


class GroupLevel(Labelled):
    """微信群的级别."""

    DISTRICT = "district", N_("区县")
    STREET = "street", N_("镇街")
    COMMUNITY = "community", N_("社区")
    OTHER = "other", N_("其他")


TOLD = {
    EndCause.LEFT: "因原法律顾问离职",
    EndCause.COMMUNITY: "根据贵社区的意见",
    EndCause.ROTATION: "因本所法律顾问轮换",
}
"""What a community is told of a cause; of any other only that the work was arranged anew."""

PACK_ACTS = {
    "make_pack": N_("生成交接清单"),
    "take_lines": N_("勾选交接内容"),
    "sign_pack": N_("签收交接"),
}
PROMISE_ACTS = {
    "promise": N_("记下承诺"),
    "keep_promise": N_("兑现承诺"),
    "withdraw_promise": N_("撤下承诺"),
}
GROUP_ACTS = {
    "add_group": N_("登记微信群"),
    "change_group": N_("修改微信群"),
    "close_group": N_("微信群已解散"),
}
