"""States of a receipt and of a write-off, how a match was found, and the words of acts on them."""

from collections.abc import Mapping

from counselhub.core.labels import N_, Labelled


class ReceiptStatus(Labelled):
    """Whether somebody put a receipt aside."""

    OPEN = "open", N_("在册")
    ASIDE = "aside", N_("已搁置")


class ReceiptState(Labelled):
    """How far a receipt is matched: told by its amounts and its status."""

    UNMATCHED = "unmatched", N_("未匹配")
    PART = "part", N_("部分匹配")
    MATCHED = "matched", N_("已匹配")
    ASIDE = "aside", N_("已搁置")


class How(Labelled):
    """How a receipt was found to belong to a statement."""

    NUMBER = "number", N_("摘要写有结算单号")
    AMOUNT = "amount", N_("金额相符，付款人已知")
    SEVERAL = "several", N_("几份结算单合计相符")
    PAYER = "payer", N_("同一付款人，金额不足")
    ALONE = "alone", N_("只有一份结算单是这个金额")
    HAND = "hand", N_("人工分配")


class Confidence(Labelled):
    """How sure a suggestion is."""

    CERTAIN = "certain", N_("确定")
    LIKELY = "likely", N_("很可能")
    POSSIBLE = "possible", N_("可能")


class WriteOffStatus(Labelled):
    """Where a write-off stands; only a made one counts."""

    ASKED = "asked", N_("待另一人核准")
    MADE = "made", N_("已核销")
    REFUSED = "refused", N_("未核准")
    UNDONE = "undone", N_("已撤销")


STATE_TONES: Mapping[str, str] = {
    ReceiptState.UNMATCHED: "warning",
    ReceiptState.PART: "info",
    ReceiptState.MATCHED: "success",
    ReceiptState.ASIDE: "neutral",
}
CONFIDENCE_TONES: Mapping[str, str] = {
    Confidence.CERTAIN: "success",
    Confidence.LIKELY: "info",
    Confidence.POSSIBLE: "neutral",
}
WRITE_OFF_TONES: Mapping[str, str] = {
    WriteOffStatus.ASKED: "warning",
    WriteOffStatus.MADE: "success",
    WriteOffStatus.REFUSED: "neutral",
    WriteOffStatus.UNDONE: "neutral",
}
RECEIPT_ACTS: Mapping[str, str] = {
    "set_aside": N_("搁置到账"),
    "put_back": N_("取消搁置"),
    "allocate": N_("分配到结算单"),
    "unmatch": N_("撤销分配"),
}
FORMAT_ACTS: Mapping[str, str] = {"import_receipts": N_("导入银行流水")}
WRITE_OFF_ACTS: Mapping[str, str] = {
    "ask_write_off": N_("申请核销差额"),
    "write_off": N_("核销差额"),
    "approve_write_off": N_("核准核销"),
    "refuse_write_off": N_("不核准核销"),
    "undo_write_off": N_("撤销核销"),
}
RULE_ACTS: Mapping[str, str] = {"set_write_off_limit": N_("设置核销限额")}
