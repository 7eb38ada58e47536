"""Where a consent stands, why a visit ended, and what acts on both are called."""

from counselhub.core.labels import N_, Labelled


class ConsentState(Labelled):
    """Where a consent stands."""

    LIVE = "live", N_("有效")
    EXPIRED = "expired", N_("已到期")
    REVOKED = "revoked", N_("已收回")


TONES = {
    ConsentState.LIVE: "success",
    ConsentState.EXPIRED: "neutral",
    ConsentState.REVOKED: "danger",
}


class VisitEnd(Labelled):
    """Why a visit ended."""

    LEFT = "left", N_("平台人员离开")
    EXPIRED = "expired", N_("到期自动结束")
    REVOKED = "revoked", N_("本单位收回")
    ACCOUNT = "account", N_("账号已停用")


SUPPORT_ACTS = {
    "support_granted": N_("同意支持访问"),
    "support_revoked": N_("收回支持访问"),
    "support_begun": N_("平台进入支持访问"),
    "support_ended": N_("支持访问结束"),
}
COLUMNS = {"in_place_of": N_("代谁操作"), "hours": N_("小时数")}
"""The words of what the details of these acts, and of acts in a visit, tell besides."""
