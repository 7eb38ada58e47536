"""Codes of a case subsidy claim."""

from counselhub.core.labels import N_, Labelled


class Difficulty(Labelled):
    """难易等级."""

    SIMPLE = "simple", N_("简易")
    ORDINARY = "ordinary", N_("普通")
    MAJOR = "major", N_("重大")
    EXTRAORDINARY = "extraordinary", N_("特别重大")


class AgreementForm(Labelled):
    """协议形式."""

    WRITTEN = "written", N_("书面")
    ORAL = "oral", N_("口头")


class ClaimStatus(Labelled):
    """Where a claim stands; until it is claimed its facts decide between the first two."""

    DRAFT = "draft", N_("准备中")
    READY = "ready", N_("可申报")
    CLAIMED = "claimed", N_("已申报")
    ACCEPTED = "accepted", N_("已核定")
    REFUSED = "refused", N_("不予补贴")
    PAID = "paid", N_("已支付")
    CLAWED_BACK = "clawed_back", N_("已追回")


class ReadingStatus(Labelled):
    """Where the office's reading of a dossier stands."""

    READ = "read", N_("待复核")
    CONFIRMED = "confirmed", N_("已复核")
    RETURNED = "returned", N_("退回重审")


class Document(Labelled):
    """The twelve documents of a dossier, in the order of the form."""

    COVER = "cover", N_("卷宗封面")
    REGISTER = "register", N_("民间纠纷受理调解登记表")
    APPLICATION = "application", N_("申请书")
    IDENTITY = "identity", N_("当事人身份证明")
    INQUIRY = "inquiry", N_("调查笔录及相关证据")
    SUMMONS = "summons", N_("调解通知书")
    NOTICE = "notice", N_("当事人须知")
    MINUTES = "minutes", N_("调解笔录")
    AGREEMENT = "agreement", N_("调解协议书")
    VISIT = "visit", N_("回访记录")
    GRADING = "grading", N_("调解案件认定表")
    ANNEX = "annex", N_("附件")


class PaperState(Labelled):
    """What was said of a document beside its files."""

    ON_PAPER = "on_paper", N_("纸质已归档")
    NOT_NEEDED = "not_needed", N_("不需要")


class FileKind(Labelled):
    """What a file is: a picture that was made anew, or a scan as it came."""

    PHOTO = "photo", N_("照片")
    SCAN = "scan", N_("扫描件")


class Verdict(Labelled):
    """What a reading comes to."""

    ACCEPT = "accept", N_("予以补贴")
    REFUSE = "refuse", N_("不予补贴")


class Refusal(Labelled):
    """不予补贴原因."""

    DOCUMENTS = "documents", N_("缺少主要文书")
    CONTENT = "content", N_("内容显失公平或违法")
    DISORDER = "disorder", N_("卷宗混乱")
    INFLATED = "inflated", N_("虚报或拔高等级")
    STATE_PAID = "state_paid", N_("调解人由财政供养，不在补贴范围")
    UNFULFILLED = "unfulfilled", N_("协议没有履行")
    DOUBLE = "double", N_("同一纠纷重复申领")
    LINE = "line", N_("结算明细不予支付")
    """No reader's finding: the statement's line that counted it was refused."""


class ClawReason(Labelled):
    """追回原因."""

    FALSE = "false", N_("卷宗不实")
    INFLATED = "inflated", N_("虚报件数或拔高等级")
    DOUBLE = "double", N_("同一纠纷重复领取")
    STATE_PAID = "state_paid", N_("调解人由财政供养")
    OTHER = "other", N_("其他审计问题")


class VisitWay(Labelled):
    """How the parties were asked afterwards."""

    PHONE = "phone", N_("电话回访")
    DOOR = "door", N_("上门回访")


class VisitResult(Labelled):
    """What the parties said afterwards."""

    KEPT = "kept", N_("协议已履行，没有反复")
    PARTLY = "partly", N_("部分履行")
    BROKEN = "broken", N_("没有履行或又起纠纷")
    UNREACHED = "unreached", N_("没有联系上")


class Basis(Labelled):
    """By what two disputes are the same."""

    NUMBER = "number", N_("案件编号相同")
    PARTIES = "parties", N_("当事人、类型和月份相同")
    AID = "aid", N_("法律援助案号相同")


PAPER_ACTS = {
    "add_papers": N_("补充卷宗文件"),
    "remove_paper": N_("移出卷宗文件"),
    "say_paper": N_("说明文书"),
}
DOSSIER_ACTS = {
    "describe_case": N_("填写案情"),
    "visit_parties": N_("回访当事人"),
    "complete": N_("卷宗齐备"),
    "declare": N_("申报案件"),
    "withdraw_claim": N_("撤回申报"),
    "accept_claim": N_("核定补贴"),
    "refuse_claim": N_("不予补贴"),
    "uphold_claim": N_("申诉后核定补贴"),
    "mend_claim": N_("补齐后重报"),
    "pay_claim": N_("支付补贴"),
    "unpay_claim": N_("退汇，回到待支付"),
    "claw_back": N_("审计追回"),
}
READING_ACTS = {
    "read_dossier": N_("初审卷宗"),
    "correct_reading": N_("更正初审"),
    "read_again": N_("重新初审"),
    "confirm_reading": N_("复核同意"),
    "return_reading": N_("退回重审"),
}
