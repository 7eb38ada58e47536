"""Codes of what services leave in hand, the tables of their moves, and the words of their acts."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move
from counselhub.services.kinds import ServiceKind


class TextKind(Labelled):
    """What kind of text is revised: the kind of service that it is."""

    CONTRACT = ServiceKind.CONTRACT_REVIEW.value, N_("合同审查")
    BYLAW = ServiceKind.BYLAW_REVISION.value, N_("修订村规民约")


class TextStatus(Labelled):
    """Where the revision of a text stands."""

    OPEN = "open", N_("审改中")
    SETTLED = "settled", N_("已定稿")
    VOID = "void", N_("已作废")


class TextSource(Labelled):
    """How a version came."""

    PASTED = "pasted", N_("粘贴")
    DOCX = "docx", N_("Word 文件")
    TXT = "txt", N_("文本文件")


class Risk(Labelled):
    """How much hangs on an opinion."""

    HIGH = "high", N_("高风险")
    MIDDLE = "middle", N_("中风险")
    LOW = "low", N_("低风险")


class Answer(Labelled):
    """What became of an opinion."""

    OPEN = "open", N_("待答复")
    TAKEN = "taken", N_("已采纳")
    PARTLY = "partly", N_("部分采纳")
    REFUSED = "refused", N_("未采纳")


T = TextStatus
TEXT_FLOW = {
    "settle": Move(frozenset({T.OPEN}), T.SETTLED),
    "reopen": Move(frozenset({T.SETTLED}), T.OPEN),
    "void": Move(frozenset({T.OPEN}), T.VOID),
}
TEXT_TONES = {T.OPEN: "info", T.SETTLED: "success", T.VOID: "neutral"}
RISK_TONES = {Risk.HIGH: "danger", Risk.MIDDLE: "warning", Risk.LOW: "info"}
ANSWER_TONES = {
    Answer.OPEN: "neutral",
    Answer.TAKEN: "success",
    Answer.PARTLY: "info",
    Answer.REFUSED: "neutral",
}
TEXT_ACTS = {
    "begin_text": N_("开始审改"),
    "change_text": N_("修改名称或经办"),
    "add_version": N_("上传新版本"),
    "add_opinion": N_("提出意见"),
    "answer_opinion": N_("登记采纳情况"),
    "remove_opinion": N_("撤回意见"),
    "settle": N_("定稿"),
    "reopen": N_("重新审改"),
    "void": N_("作废"),
}
