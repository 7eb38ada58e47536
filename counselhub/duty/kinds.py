"""Codes of duty, and the table of a session's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class DutySource(Labelled):
    """来源: how a session was recorded."""

    PHONE = "phone", N_("手机")
    QR = "qr", N_("扫码")
    DINGTALK = "dingtalk", N_("钉钉")
    MANUAL = "manual", N_("补录")


class SessionStatus(Labelled):
    """Where a session stands; a submitted statement freezes it through its closed month."""

    OPEN = "open", N_("值班中")
    CLOSED = "closed", N_("已签退")
    VOIDED = "voided", N_("已作废")


SESSION_FLOW = {
    "sign_out": Move(frozenset({SessionStatus.OPEN}), SessionStatus.CLOSED),
    # Nobody remembers when: closed without a sign-out, counts for nothing, is not asked again.
    "leave_untold": Move(frozenset({SessionStatus.OPEN}), SessionStatus.CLOSED),
    "void": Move(frozenset({SessionStatus.OPEN, SessionStatus.CLOSED}), SessionStatus.VOIDED),
}
