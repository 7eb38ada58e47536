"""Whose robots there are, how a message is written, what went wrong, what acts are called."""

from counselhub.core.labels import N_, Labelled


class Vendor(Labelled):
    """Where the group is."""

    DINGTALK = "dingtalk", N_("钉钉")
    WECOM = "wecom", N_("企业微信")


class Style(Labelled):
    """How a message is written; 个人微信 shows no Markdown of a WeCom group."""

    MARKDOWN = "markdown", N_("Markdown（可点链接）")
    TEXT = "text", N_("纯文本（个人微信也能看）")


class Fault(Labelled):
    """Why a message did not arrive."""

    UNREACHABLE = "unreachable", N_("连不上，或没有读得懂的回答")
    BUSY = "busy", N_("对方繁忙")
    TOO_FAST = "too_fast", N_("发得太快，对方暂停接收10分钟")
    UNVERIFIED = "unverified", N_("安全设置没有通过")
    GONE = "gone", N_("机器人已被移除、停用，或群已解散")
    REFUSED = "refused", N_("对方不接受这条消息")
    UNSEALED = "unsealed", N_("保存的地址无法打开，请重新填写")


STOPPING = frozenset({Fault.UNVERIFIED, Fault.GONE, Fault.UNSEALED})
"""What no waiting mends: somebody has to look at the robot first."""
ADVICE = {
    Fault.UNREACHABLE: N_("会自动重试，不用处理。"),
    Fault.BUSY: N_("会自动重试，不用处理。"),
    Fault.TOO_FAST: N_("等10分钟后自动继续。群里别的程序也在用这个机器人时，请给它们另建一个。"),
    Fault.UNVERIFIED: N_(
        "请核对加签密钥；用自定义关键词的，关键词里要有“CounselHub”；"
        "用 IP 地址段的，请加上本服务的出口地址。"
    ),
    Fault.GONE: N_("请在群里重新添加机器人，把新的 Webhook 地址填到这里。"),
    Fault.REFUSED: N_("会再试几次；仍不行时，请把下面的代码告诉平台运营者。"),
    Fault.UNSEALED: N_("请重新填写 Webhook 地址和密钥并保存。"),
}


class RobotState(Labelled):
    """Where a robot stands."""

    ON = "on", N_("正常")
    STOPPED = "stopped", N_("需要处理")
    OFF = "off", N_("已停用")


TONES = {RobotState.ON: "success", RobotState.STOPPED: "danger", RobotState.OFF: "neutral"}


ROBOT_ACTS = {
    "robot_made": N_("添加群机器人"),
    "robot_changed": N_("修改群机器人"),
    "robot_off": N_("停用群机器人"),
    "robot_on": N_("启用群机器人"),
    "robot_removed": N_("删除群机器人"),
    "robot_tested": N_("试发群机器人消息"),
}
