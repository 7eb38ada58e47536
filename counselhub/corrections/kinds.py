"""Codes of corrections, and the table of a request's moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class CorrectionStatus(Labelled):
    """Where a request stands."""

    ASKED = "asked", N_("待审批")
    APPLIED = "applied", N_("已更正")
    TO_ADJUST = "to_adjust", N_("待调整")
    ADJUSTED = "adjusted", N_("已列入调整")
    REFUSED = "refused", N_("未同意")
    WITHDRAWN = "withdrawn", N_("已撤回")


class PaperKind(Labelled):
    """What a file of a request is."""

    PHOTO = "photo", N_("照片")
    SCAN = "scan", N_("扫描件（PDF）")


S = CorrectionStatus
SHOWN_TO_OFFICE = (S.APPLIED, S.TO_ADJUST, S.ADJUSTED)
"""States in which the street's office reads a request: what is only asked for is the firm's."""
CORRECTION_FLOW = {
    "apply": Move(frozenset({S.ASKED, S.TO_ADJUST}), S.APPLIED),
    # Its month is closed: the next open statement is to settle the difference (M10).
    "set_aside": Move(frozenset({S.ASKED}), S.TO_ADJUST),
    # That month is approved: the difference is entered for it, once.
    "adjust": Move(frozenset({S.TO_ADJUST}), S.ADJUSTED),
    "refuse": Move(frozenset({S.ASKED, S.TO_ADJUST}), S.REFUSED),
    "withdraw": Move(frozenset({S.ASKED}), S.WITHDRAWN),
}
TONES: dict[str, str] = {
    S.ASKED: "info",
    S.APPLIED: "success",
    S.TO_ADJUST: "warning",
    S.ADJUSTED: "success",
    S.REFUSED: "danger",
    S.WITHDRAWN: "neutral",
}
ACTS = {
    "ask": N_("申请补正"),
    "apply": N_("同意并更正"),
    "set_aside": N_("同意，待下期结算单调整"),
    "adjust": N_("差额列入下期结算单"),
    "refuse": N_("不同意补正"),
    "withdraw": N_("撤回补正申请"),
}
"""What the record of a request says of each act."""
