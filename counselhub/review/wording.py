"""The words of the office's pages: states, what became of records, and what happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from counselhub.core.history import Event
from counselhub.core.i18n import titled
from counselhub.core.labels import N_
from counselhub.core.money import format_yuan
from counselhub.statements.states import QueryReason, RefusalReason, StatementStatus
from counselhub.statements.wording import kind

ACTS: Mapping[str, str] = {
    "compute": N_("编制结算单"),
    "certify": N_("律所确认"),
    "reopen": N_("撤回确认"),
    "submit": N_("提交结算单"),
    "open_review": N_("开始审核"),
    "accept": N_("通过"),
    "accept_matching": N_("一次通过"),
    "accept_selected": N_("一次通过所选"),
    "undo_accept": N_("撤回通过"),
    "query": N_("提出疑问"),
    "withdraw_query": N_("撤回疑问"),
    "answer": N_("答复疑问"),
    "undo_matching": N_("撤销一次通过"),
    "ask_again": N_("补充提问"),
    "refuse": N_("不予支付"),
    "withdraw_refusal": N_("撤回不予支付"),
    "defer": N_("结转下期"),
    "restore": N_("撤回结转"),
    "return_queried": N_("退回律所说明"),
    "resubmit": N_("重新提交"),
    "approve": N_("初审通过"),
    "send_back": N_("退回经办"),
    "sign": N_("审定"),
    "release": N_("转入支付"),
    "pay": N_("登记支付"),
    "bounce": N_("登记退汇"),
    "reconcile": N_("对账"),
    "unreconcile": N_("撤销对账"),
    "void": N_("作废"),
}
FATES: Mapping[str, str] = {
    "counted": N_("计入"),
    "voided": N_("不计：已作废"),
    "no_sign_out": N_("不计：没有签退"),
    "unassigned": N_("不计：当日未指派到本社区"),
    "low_grade": N_("不计：证据等级低于方案要求"),
    "short_day": N_("不计：当日不足最短时长"),
}
"""What became of a session, as `statements.records` judges it."""
SIDES: Mapping[str, str] = {"firm": N_("律所"), "office": N_("司法所"), "platform": N_("系统")}
TONES = {
    "accept": "success",
    "accept_matching": "success",
    "accept_selected": "success",
    "approve": "success",
    "sign": "success",
    "pay": "success",
    "query": "warning",
    "return_queried": "warning",
    "send_back": "danger",
    "void": "danger",
}
STATUS_TONES: Mapping[str, str] = {
    StatementStatus.SUBMITTED: "info",
    StatementStatus.IN_REVIEW: "info",
    StatementStatus.QUERIED: "warning",
    StatementStatus.APPROVED: "info",
    StatementStatus.SIGNED: "success",
    StatementStatus.PAYABLE: "success",
    StatementStatus.PAID: "success",
    StatementStatus.RECONCILED: "success",
}
REVIEW_TONES = {
    "pending": "neutral",
    "accepted": "success",
    "queried": "warning",
    "deferred": "info",
    "refused": "danger",
}


class Happening(NamedTuple):
    """An entry of the history as `timeline` shows it."""

    at: datetime
    who: str
    what: str
    note: str | None
    tone: str


def happening(event: Event, communities: Mapping[str, str]) -> Happening:
    """Word one act. communities: the statement's, code to name."""
    detail = event.detail
    side = _(SIDES[event.actor_side]) if event.actor_side in SIDES else ""
    what = str(_(ACTS[event.act])) if event.act in ACTS else event.act
    if detail.get("lines") is not None:
        what = _("%(act)s %(count)s 项", act=what, count=detail["lines"])
    if detail.get("kind"):
        place = communities.get(detail.get("community") or "", "")
        what = titled(what, f"{place} {kind(detail['kind'])}")
    who = f"{side} {event.who}".strip()
    return Happening(event.at, who, what, _note(detail), TONES.get(event.act, "neutral"))


def _note(detail: Mapping[str, Any]) -> str | None:
    """Return what was said with the act, or the sum it was about."""
    parts: Sequence[str | None] = (
        QueryReason.of(detail["reason"]).label if detail.get("reason") else None,
        RefusalReason.of(detail["refusal"]).label if detail.get("refusal") else None,
        detail.get("words"),
        _sum(detail) if detail.get("kind") is None else None,
        _("凭证号 %(reference)s", reference=detail["reference"])
        if detail.get("reference")
        else None,
    )
    return str(_("：")).join(part for part in parts if part) or None


def _sum(detail: Mapping[str, Any]) -> str | None:
    amount_fen = detail.get("amount_fen", detail.get("total_fen"))
    if amount_fen is None:
        return None
    return str(_("合计 %(amount)s 元", amount=format_yuan(int(amount_fen))))
