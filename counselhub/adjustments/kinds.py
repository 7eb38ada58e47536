"""Why an earlier month is adjusted, and what the record calls each act."""

from counselhub.core.labels import N_, Labelled


class AdjustmentCause(Labelled):
    """What made the difference."""

    LATE_ENTRY = "late_entry", N_("补录")
    RECOMPUTED = "recomputed", N_("重算")
    DEFERRED = "deferred", N_("结转")
    APPEAL = "appeal", N_("申诉")
    CLAWBACK = "clawback", N_("追回")
    OTHER = "other", N_("其他")


ACTS = {
    "enter": N_("登记以前月份调整"),
    "withdraw": N_("撤回以前月份调整"),
}
