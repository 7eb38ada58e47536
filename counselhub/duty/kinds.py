"""Codes of duty, and the table of a session's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class DutySource(Labelled):
    """来源: how a session was recorded."""

    PHONE = "phone", N_("手机")
    QR = "qr", N_("扫码")
    DINGTALK = "dingtalk", N_("钉钉")
    MANUAL = "manual", N_("补录")


class CorrectionReason(Labelled):
    """更正原因: why a session is not recorded as it was."""

    NO_SIGN_IN = "no_sign_in", N_("忘记签到")
    NO_SIGN_OUT = "no_sign_out", N_("忘记签退")
    PHONE = "phone", N_("手机故障")
    WRONG_PLACE = "wrong_place", N_("签错社区")
    SYSTEM = "system", N_("系统故障")
    OTHER = "other", N_("其他")


class MatchVerdict(Labelled):
    """打卡核对（钉钉）: what a firm's attendance record says of a session, as sheets print it."""

    AGREES = "agrees", N_("一致")
    OPEN = "open", N_("有差异（待核定）")
    PHONE = "phone", N_("有差异（已核定：以手机为准）")
    RECORD = "record", N_("有差异（已核定：以打卡记录为准）")
    NEITHER = "neither", N_("有差异（已核定：两边都不对）")
    NONE = "none", N_("无打卡记录")
    CHANGED = "changed", N_("更正后待核对")
    """Said of a session that is no more as it was compared; never kept."""


class SessionStatus(Labelled):
    """Where a session stands; a submitted statement freezes it through its closed month."""

    OPEN = "open", N_("值班中")
    CLOSED = "closed", N_("已签退")
    VOIDED = "voided", N_("已作废")


SESSION_FLOW = {
    "sign_out": Move(frozenset({SessionStatus.OPEN}), SessionStatus.CLOSED),
    # Nobody remembers when: closed without a sign-out, counts for nothing, is not asked again.
    "leave_untold": Move(frozenset({SessionStatus.OPEN}), SessionStatus.CLOSED),
    # What arrived later makes the sign-out impossible: it is asked for again.
    "ask_again": Move(frozenset({SessionStatus.CLOSED}), SessionStatus.OPEN),
    "void": Move(frozenset({SessionStatus.OPEN, SessionStatus.CLOSED}), SessionStatus.VOIDED),
}


class PunchKind(Labelled):
    """What a tap on the phone says."""

    IN = "in", N_("签到")
    OUT = "out", N_("签退")


class PunchTiming(Labelled):
    """Why a tap counts when it does (PUNCH-2 to PUNCH-5)."""

    AT_ONCE = "at_once", N_("即时")
    OFFLINE = "offline", N_("离线补传，按手机校正时间")
    LATE = "late", N_("补传过晚，按到达时间")
    FUTURE = "future", N_("手机时间超前，按到达时间")


class PunchVerdict(Labelled):
    """What became of a tap. Refused ones stay on record, and may be healed by what comes later."""

    COUNTED = "counted", N_("已记录")
    JOINED = "joined", N_("重复点按，已合并")
    WAITING = "waiting", N_("等待对应的签到")
    TOO_SOON = "too_soon", N_("签退早于签到或不到1分钟")
    OTHER_DAY = "other_day", N_("签退与签到不在同一天")
    TOO_LONG = "too_long", N_("离签到超过12小时")
    TWO_PLACES = "two_places", N_("同一时间在另一社区")
    VOIDED = "voided", N_("这次值班已作废")
    NOT_ASSIGNED = "not_assigned", N_("当天没有指派到这个社区")
    CLOSED = "closed", N_("当月已提交结算单")


STANDING = frozenset({PunchVerdict.COUNTED, PunchVerdict.JOINED, PunchVerdict.WAITING})
"""Verdicts that refuse nothing."""
