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


class Verdict(Labelled):
    """What was found at one item of a checklist."""

    OK = "ok", N_("合规")
    BAD = "bad", N_("不合规")
    NONE = "none", N_("不适用")


class CheckupStatus(Labelled):
    """Where a check-up stands."""

    OPEN = "open", N_("体检中")
    DONE = "done", N_("已出报告")


class LectureKind(Labelled):
    """What is held: the kind of service that it becomes."""

    LECTURE = ServiceKind.LECTURE.value, N_("法治讲座")
    PUBLICITY = ServiceKind.PUBLICITY.value, N_("法治宣传")


class LectureStatus(Labelled):
    """Where a lecture stands."""

    PLANNED = "planned", N_("计划中")
    HELD = "held", N_("已举办")
    CANCELLED = "cancelled", N_("已取消")


T = TextStatus
TEXT_FLOW = {
    "settle": Move(frozenset({T.OPEN}), T.SETTLED),
    "reopen": Move(frozenset({T.SETTLED}), T.OPEN),
    "void": Move(frozenset({T.OPEN}), T.VOID),
}
TEXT_TONES = {T.OPEN: "info", T.SETTLED: "success", T.VOID: "neutral"}
CHECKUP_FLOW = {
    "finish_checkup": Move(frozenset({CheckupStatus.OPEN}), CheckupStatus.DONE),
    "reopen_checkup": Move(frozenset({CheckupStatus.DONE}), CheckupStatus.OPEN),
}
CHECKUP_TONES = {CheckupStatus.OPEN: "info", CheckupStatus.DONE: "success"}
VERDICT_TONES = {Verdict.OK: "success", Verdict.BAD: "danger", Verdict.NONE: "neutral"}
LECTURE_FLOW = {
    "hold_lecture": Move(frozenset({LectureStatus.PLANNED}), LectureStatus.HELD),
    "cancel_lecture": Move(frozenset({LectureStatus.PLANNED}), LectureStatus.CANCELLED),
}
LECTURE_TONES = {
    LectureStatus.PLANNED: "info",
    LectureStatus.HELD: "success",
    LectureStatus.CANCELLED: "neutral",
}
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
CHECKUP_ACTS = {
    "begin_checkup": N_("开始体检"),
    "change_checkup": N_("修改体检信息"),
    "answer_item": N_("填写体检项"),
    "mend_item": N_("登记整改结果"),
    "finish_checkup": N_("出具体检报告"),
    "reopen_checkup": N_("重新填写"),
}
CHECKLIST_ACTS = {
    "add_checklist": N_("新建体检清单"),
    "change_checklist": N_("修改体检清单"),
    "remove_checklist": N_("删除体检清单"),
}
LECTURE_ACTS = {
    "plan_lecture": N_("计划讲座"),
    "change_lecture": N_("修改讲座计划"),
    "set_draft": N_("上传讲稿"),
    "hold_lecture": N_("登记举办情况"),
    "cancel_lecture": N_("取消讲座"),
}
TEMPLATE_ACTS = {
    "add_template": N_("上传文书模板"),
    "remove_template": N_("删除文书模板"),
}
DOCUMENT_ACTS = {
    "draft_document": N_("生成文书"),
    "remove_document": N_("删除文书"),
}
