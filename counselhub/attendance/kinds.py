"""Codes of attendance records, and the table of a check's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class Vendor(Labelled):
    """Whose records they are."""

    DINGTALK = "dingtalk", N_("钉钉")
    WECOM = "wecom", N_("企业微信")


class Layout(Labelled):
    """Which export a file is."""

    MONTH = "month", N_("月度汇总")
    DAILY = "daily", N_("每日统计")
    TIMES = "times", N_("打卡时间")
    RECORDS = "records", N_("原始记录")
    WECOM_DAILY = "wecom_daily", N_("概况统计与打卡明细")
    WECOM_TIMES = "wecom_times", N_("打卡时间记录")

    @property
    def vendor(self) -> Vendor:
        """Whose export it is."""
        return Vendor.WECOM if self in (Layout.WECOM_DAILY, Layout.WECOM_TIMES) else Vendor.DINGTALK


class Mark(Labelled):
    """What a punch has that a person must look at; the worst one of several counts."""

    PLAIN = "plain", N_("正常打卡")
    OUTSIDE = "outside", N_("外勤打卡")
    INVALID = "invalid", N_("被判无效")
    BY_HAND = "by_hand", N_("补卡或管理员代打")


MARKS = list(Mark)
"""From the plain one to the worst."""


class Finding(Labelled):
    """What the comparison with the phone found (ATT-3 to ATT-8)."""

    AGREES = "agrees", N_("一致")
    TIMES = "times", N_("时间不一致")
    NO_SIGN_OUT = "no_sign_out", N_("手机没有签退")
    OTHER_PLACE = "other_place", N_("社区不一致")
    NO_SESSION = "no_session", N_("手机没有记录")
    ONE_PUNCH = "one_punch", N_("只有一次打卡")
    REVIEW = "review", N_("需要复核")


class CheckStatus(Labelled):
    """Whether a person has settled a difference."""

    OPEN = "open", N_("待处理")
    SETTLED = "settled", N_("已处理")


class Verdict(Labelled):
    """How a person settled a difference."""

    PHONE = "phone", N_("以手机为准")
    RECORD = "record", N_("以打卡记录为准")
    NEITHER = "neither", N_("两边都不对")


CHECK_FLOW = {
    "settle": Move(frozenset({CheckStatus.OPEN}), CheckStatus.SETTLED),
    "reopen": Move(frozenset({CheckStatus.SETTLED}), CheckStatus.OPEN),
}

ACTS = {
    "attendance_check": {"settle": N_("处理打卡差异"), "reopen": N_("重新打开差异")},
    "attendance_file": {"import_punches": N_("导入打卡文件")},
    "attendance_account": {
        "add": N_("登记打卡账号"),
        "bind": N_("对应到律师"),
        "unbind": N_("解除对应"),
    },
    "attendance_place": {
        "place": N_("对应到社区"),
        "ignore": N_("不作值班地点"),
        "unplace": N_("解除地点对应"),
    },
    "attendance_link": {
        "connect": N_("设置打卡接口"),
        "disconnect": N_("停用打卡接口"),
        "fetch": N_("取回打卡记录"),
        "compare": N_("重新核对打卡"),
        "expire": N_("到期清理打卡"),
    },
}
"""What the record says of each act, by the thing it is done to."""
