"""What is answered to whoever asks about a paper."""

from counselhub.core.labels import N_, Labelled


class Verdict(Labelled):
    """Whether a paper is true."""

    GENUINE = "genuine", N_("真实有效")
    OUTDATED = "outdated", N_("不是最新版本")
    WITHDRAWN = "withdrawn", N_("已作废")
    DIFFERS = "differs", N_("与封存内容不符")
    ALTERED = "altered", N_("文件被改动过")
    UNKNOWN = "unknown", N_("查无此件")


class Part(Labelled):
    """What of a paper its reader may compare."""

    MONTH = "month", N_("结算月份")
    TOTAL = "total", N_("合计金额")
    DIGEST = "digest", N_("封存摘要")
