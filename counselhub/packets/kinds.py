"""Codes of packets to other firms, and the table of their moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class PacketStatus(Labelled):
    """Where a packet stands; the sender's row and the receiver's move together."""

    SENT = "sent", N_("待对方查看")
    OPENED = "opened", N_("对方已查看")
    ACCEPTED = "accepted", N_("对方已接收")
    DECLINED = "declined", N_("对方已谢绝")
    REVOKED = "revoked", N_("已撤回")
    EXPIRED = "expired", N_("已过期")


S = PacketStatus
WAITING = frozenset({S.SENT, S.OPENED})
"""States in which the receiver's answer is waited for."""
STANDING = WAITING | {S.ACCEPTED}
"""States in which the receiver has the content."""
PACKET_FLOW = {
    "open": Move(frozenset({S.SENT}), S.OPENED),
    "accept": Move(frozenset({S.OPENED}), S.ACCEPTED),
    "decline": Move(WAITING, S.DECLINED),
    "revoke": Move(STANDING, S.REVOKED),
    "expire": Move(WAITING, S.EXPIRED),
}
TONES: dict[str, str] = {
    S.SENT: "info",
    S.OPENED: "warning",
    S.ACCEPTED: "success",
    S.DECLINED: "neutral",
    S.REVOKED: "neutral",
    S.EXPIRED: "neutral",
}


class ReceivedWord(Labelled):
    """The same states as the receiver reads them."""

    SENT = "sent", N_("待查看")
    OPENED = "opened", N_("待答复")
    ACCEPTED = "accepted", N_("已接收")
    DECLINED = "declined", N_("已谢绝")
    REVOKED = "revoked", N_("对方已撤回")
    EXPIRED = "expired", N_("已过期")


class PacketField(Labelled):
    """What may be put into a packet, each by its own tick."""

    WORDS = "words", N_("案由和难点")
    NOTE = "note", N_("咨询内容")
    OUTCOME = "outcome", N_("处理结果")
    OPINION = "opinion", N_("已给出的意见")
    CONCLUSION = "conclusion", N_("会商结论")
    CLIENT = "client", N_("当事人")


class ConsentHow(Labelled):
    """How the client agreed."""

    WRITTEN = "written", N_("书面签字")
    MESSAGE = "message", N_("微信或短信")
    WITNESSED = "witnessed", N_("当面口头，有见证人签字")


class RefusalWhy(Labelled):
    """Why the receiver says no."""

    CONFLICT = "conflict", N_("有利益冲突")
    BUSY = "busy", N_("近期无法承办")
    NOT_OURS = "not_ours", N_("不是本所专长")
    OTHER = "other", N_("其他")


class Checked(Labelled):
    """What the receiver's check for conflicts said, as `matters` does."""

    NONE = "none", N_("未发现冲突")
    POSSIBLE = "possible", N_("可能有冲突")


PACKET_ACTS = {
    "send": N_("转给其他律所"),
    "open": N_("对方查看"),
    "accept": N_("对方接收"),
    "decline": N_("对方谢绝"),
    "revoke": N_("撤回，对方的内容已清除"),
    "expire": N_("到期未答复，对方的内容已清除"),
    "read_consent": N_("查看当事人同意书"),
}
RECEIVED_ACTS = {
    "receive": N_("收到其他律所转来的案件"),
    "check_packet": N_("查看前检查利益冲突"),
    "open": N_("查看内容"),
    "accept": N_("接收"),
    "decline": N_("谢绝"),
    "revoke": N_("对方撤回，内容已清除"),
    "expire": N_("到期未答复，内容已清除"),
}
