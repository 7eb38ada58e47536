"""What stands on a statement of account, and how far both sides agree."""

from collections.abc import Mapping

from counselhub.core.labels import N_, Labelled


class EntryKind(Labelled):
    """What moves the account."""

    DUE = "due", N_("审定应付")
    PAID = "paid", N_("街道支付")
    RECEIVED = "received", N_("律所到账")
    WRITTEN_OFF = "written_off", N_("核销差额")


class BalanceStatus(Labelled):
    """Whether both sides have confirmed."""

    OPEN = "open", N_("核对中")
    CONFIRMED = "confirmed", N_("双方已确认")


BALANCE_TONES: Mapping[str, str] = {
    BalanceStatus.OPEN: "warning",
    BalanceStatus.CONFIRMED: "success",
}
BALANCE_ACTS: Mapping[str, str] = {
    "make_balance": N_("出具往来对账单"),
    "refresh_balance": N_("按现在的账重新出具"),
    "confirm_side": N_("确认往来对账单"),
    "confirm_balance": N_("双方确认往来对账单"),
    "dispute_line": N_("对账目提出异议"),
    "answer_dispute": N_("答复异议"),
    "settle_dispute": N_("了结异议"),
}
