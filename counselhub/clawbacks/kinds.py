"""Codes of claw-backs, and the tables of moves: of a claw-back, and of its line's payment."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move
from counselhub.statements.states import LinePayment


class ClawbackReason(Labelled):
    """Why a payment is taken back."""

    AUDIT = "audit", N_("审计发现")
    TWICE = "twice", N_("重复支付")
    EVIDENCE = "evidence", N_("佐证不实")
    CASE = "case", N_("案件不符合条件")
    AMOUNT = "amount", N_("金额有误")
    OTHER = "other", N_("其他")


class ClawbackStatus(Labelled):
    """Where a claw-back stands."""

    AWAITING = "awaiting", N_("待扣回")
    DONE = "done", N_("已追回")
    WITHDRAWN = "withdrawn", N_("已撤回")


S = ClawbackStatus
CLAWBACK_FLOW = {
    "settle": Move(frozenset({S.AWAITING}), S.DONE),
    "withdraw": Move(frozenset({S.AWAITING}), S.WITHDRAWN),
}
L = LinePayment
PAYMENT_FLOW = {
    "pay": Move(frozenset({L.UNPAID}), L.PAID),
    "bounce": Move(frozenset({L.PAID}), L.UNPAID),
    "claw_back": Move(frozenset({L.PAID}), L.AWAITING_CLAWBACK),
    "withdraw": Move(frozenset({L.AWAITING_CLAWBACK}), L.PAID),
    "withdraw_bounced": Move(frozenset({L.AWAITING_CLAWBACK}), L.UNPAID),
    "settle": Move(frozenset({L.AWAITING_CLAWBACK}), L.CLAWED_BACK),
}
"""How the payment of a line moves; a whole statement's lines are paid and bounce together."""
TONES: dict[str, str] = {S.AWAITING: "warning", S.DONE: "success", S.WITHDRAWN: "neutral"}
ACTS = {
    "claw_back": N_("要求追回"),
    "object": N_("对追回提出异议"),
    "carry": N_("结转下期扣回"),
    "settle": N_("追回完成"),
    "withdraw": N_("撤回追回"),
}
