"""Codes of the reconciliation, and the tables of moves of a difference and of its sheet."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class Outcome(Labelled):
    """对账结果: what holding a ledger row against the statement's lines gave; exactly one each."""

    MATCHED = "matched", N_("一致")
    AMOUNT_DIFFERS = "amount_differs", N_("金额不符")
    COUNT_DIFFERS = "count_differs", N_("数量不符")
    ONLY_STATEMENT = "only_statement", N_("台账没有")
    ONLY_LEDGER = "only_ledger", N_("结算单没有")


class Measure(Labelled):
    """What is compared of a community's month."""

    AMOUNT = "amount_fen", N_("金额")
    VISITS = "visits", N_("现场次数")
    MINUTES = "minutes", N_("现场时长")
    LECTURES = "lectures", N_("讲座场次")
    CASES = "cases", N_("以案定补件数")


class LineStatus(Labelled):
    """Where a difference stands; a line without one is clear from the start."""

    CLEAR = "clear", N_("无差异")
    OPEN = "open", N_("待处理")
    SETTLED = "settled", N_("已处理")
    AGREED = "agreed", N_("律所认可")
    DISPUTED = "disputed", N_("律所有异议")


L = LineStatus
LINE_FLOW = {
    "find_difference": Move(frozenset({L.CLEAR}), L.OPEN),
    "find_agreement": Move(frozenset({L.OPEN, L.SETTLED, L.AGREED, L.DISPUTED}), L.CLEAR),
    "settle_difference": Move(frozenset({L.OPEN, L.DISPUTED}), L.SETTLED),
    "undo_settlement": Move(frozenset({L.SETTLED, L.AGREED, L.DISPUTED}), L.OPEN),
    "agree_difference": Move(frozenset({L.SETTLED, L.DISPUTED}), L.AGREED),
    "dispute_difference": Move(frozenset({L.OPEN, L.SETTLED, L.AGREED}), L.DISPUTED),
}
"""The first two are what a comparison finds; it writes many lines at once."""
UNDONE = frozenset({L.OPEN, L.DISPUTED})
"""States in which nobody can confirm the sheet."""
ANSWERABLE = frozenset({L.OPEN, L.SETTLED, L.AGREED, L.DISPUTED})


class SheetStatus(Labelled):
    """Where a difference sheet stands; only a new version follows a confirmed one."""

    OPEN = "open", N_("核对中")
    FROZEN = "frozen", N_("待双方确认")
    SIGNED = "signed", N_("双方已确认")
    REPLACED = "replaced", N_("已换新版")


S = SheetStatus
SHEET_FLOW = {
    "freeze_sheet": Move(frozenset({S.OPEN}), S.FROZEN),
    "sign_sheet": Move(frozenset({S.FROZEN}), S.SIGNED),
    "replace_sheet": Move(frozenset({S.FROZEN, S.SIGNED}), S.REPLACED),
}
LIVE = frozenset({S.OPEN, S.FROZEN, S.SIGNED})
SHUT = frozenset({S.FROZEN, S.SIGNED})
"""States in which no line of the firm's month changes."""


class Party(Labelled):
    """Whose record was wrong."""

    LEDGER = "ledger", N_("台账有误，按结算单更正")
    STATEMENT = "statement", N_("结算单有误，由律所更正")
    BOTH = "both", N_("双方认可差异，各自备注")


class Cause(Labelled):
    """Why the two ledgers differ, as a code."""

    TYPING = "typing", N_("录入错误")
    UNIT = "unit", N_("单位或小数点错误")
    MONTH = "month", N_("记错月份")
    PLACE = "place", N_("记错社区或合同")
    MISSING = "missing", N_("漏记")
    TWICE = "twice", N_("重复记")
    SPLIT = "split", N_("拆分或合并记账")
    EVIDENCE = "evidence", N_("佐证不足或标准不符")
    ROUNDING = "rounding", N_("尾差")
    OTHER = "other", N_("其他")


class Routed(Labelled):
    """Where a fault of the statement went."""

    QUERY = "query", N_("已在审核中提出疑问")
    NOTE = "note", N_("已记下：审定后双方确认差异表，差额列入以后的结算单")


class ImportStatus(Labelled):
    """Where an uploaded ledger stands."""

    TRIED = "tried", N_("已试读")
    APPLIED = "applied", N_("已导入")


IMPORT_FLOW = {"apply_ledger": Move(frozenset({ImportStatus.TRIED}), ImportStatus.APPLIED)}

OUTCOME_TONES = {
    Outcome.MATCHED: "success",
    Outcome.AMOUNT_DIFFERS: "danger",
    Outcome.COUNT_DIFFERS: "warning",
    Outcome.ONLY_STATEMENT: "info",
    Outcome.ONLY_LEDGER: "info",
}
LINE_TONES = {
    L.CLEAR: "neutral",
    L.OPEN: "warning",
    L.SETTLED: "info",
    L.AGREED: "success",
    L.DISPUTED: "danger",
}
SHEET_TONES = {S.OPEN: "info", S.FROZEN: "warning", S.SIGNED: "success", S.REPLACED: "neutral"}
ACTS = {
    "try_ledger": N_("上传台账"),
    "map_ledger": N_("对应台账的列"),
    "apply_ledger": N_("导入台账"),
    "compare_again": N_("按最新结算单重新比对"),
    "set_tolerance": N_("设置对账容差"),
    "find_difference": N_("比对出差异"),
    "find_agreement": N_("比对一致"),
    "settle_difference": N_("处理差异"),
    "settle_many": N_("批量处理差异"),
    "undo_settlement": N_("撤回差异的处理"),
    "agree_difference": N_("认可差异的处理"),
    "dispute_difference": N_("对差异提出异议"),
    "publish_sheet": N_("向律所公布差异表"),
    "freeze_sheet": N_("定稿差异表"),
    "confirm_sheet": N_("确认差异表"),
    "sign_sheet": N_("双方确认差异表"),
    "replace_sheet": N_("另开差异表新版"),
    "expire_ledger_files": N_("到期删除台账文件"),
}
"""What the record says of each act."""
