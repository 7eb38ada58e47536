"""What the pages of statements are given: filters read from the address, words, groups of lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.core import clock, history, paging
from counselhub.core.i18n import clauses
from counselhub.core.labels import N_
from counselhub.core.money import format_yuan, in_capitals
from counselhub.duty.kinds import DutySource
from counselhub.services import inspecting
from counselhub.services.kinds import ServiceKind
from counselhub.statements import wording
from counselhub.statements.actions.cutting import closed_words
from counselhub.statements.counted import counted_days
from counselhub.statements.due import Open, of_statement
from counselhub.statements.forms import VoidForm
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.queries import account, lines_with_queries
from counselhub.statements.states import (
    AT_OFFICE,
    SEALED,
    STATUSES,
    LineReview,
    QueryReason,
    RefusalReason,
    StatementStatus,
)

S = StatementStatus
GROUPS: dict[str, tuple[str, frozenset[StatementStatus]]] = {
    "ours": (N_("待本所处理"), frozenset({S.DRAFT, S.CERTIFIED, S.QUERIED})),
    "office": (N_("司法所审核中"), AT_OFFICE),
    "sealed": (N_("已审定"), SEALED),
    "void": (N_("已作废"), frozenset({S.VOID})),
}
TONES = {
    S.DRAFT: "neutral",
    S.CERTIFIED: "info",
    S.SUBMITTED: "info",
    S.IN_REVIEW: "info",
    S.QUERIED: "danger",
    S.VOID: "neutral",
}
"""The tone of a status; what is not here is good news."""

REVIEW_TONES = {
    LineReview.PENDING: "neutral",
    LineReview.ACCEPTED: "success",
    LineReview.QUERIED: "danger",
    LineReview.DEFERRED: "info",
    LineReview.REFUSED: "danger",
}
ACTS = {
    "compute": N_("编制结算单"),
    "certify": N_("律所确认"),
    "reopen": N_("退回编制"),
    "submit": N_("提交司法所"),
    "open_review": N_("司法所开始审核"),
    "accept": N_("通过明细"),
    "accept_matching": N_("一次通过无异常明细"),
    "accept_selected": N_("一次通过所选明细"),
    "undo_accept": N_("撤回通过"),
    "query": N_("对明细提出疑问"),
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
FATES = {
    "counted": N_("计入"),
    "voided": N_("已作废"),
    "no_sign_out": N_("没有签退，不计"),
    "unassigned": N_("当天未指派，不计"),
    "low_grade": N_("证据等级不够，不计"),
    "short_day": N_("当天不足最短时长，不计"),
}


@dataclass(frozen=True, slots=True)
class ListAsked:
    """What the list of statements was asked for."""

    month: date | None
    street: str
    group: str
    sort: str
    direction: str

    @property
    def filters(self) -> dict[str, Any]:
        """The arguments of `queries.statement_list`."""
        return {
            "month": self.month,
            "street": self.street,
            "statuses": GROUPS[self.group][1] if self.group else (),
            "sort": self.sort,
            "descending": self.direction == "desc",
        }

    @property
    def is_narrowed(self) -> bool:
        """Whether an empty list may come from the filters."""
        return bool(self.month or self.street or self.group)


def list_asked() -> ListAsked:
    """Read the list's filters from the address; nonsense asks for nothing."""
    given = request.args
    sort = given.get("sort", "month")
    group = given.get("group", "")
    return ListAsked(
        month=paging.month_of(given.get("month")),
        street=given.get("q", "").strip(),
        group=group if group in GROUPS else "",
        sort=sort,
        direction=given.get("direction", "desc" if sort == "month" else "asc"),
    )


slice_of = paging.of_all


def record_links() -> list[tuple[str, str]]:
    """Return label and endpoint of the lists that a month's records stand in."""
    lists = ((_("值班记录"), "duty.sessions"), (_("服务记录"), "services.records"))
    return [
        (label, endpoint) for label, endpoint in lists if endpoint in current_app.view_functions
    ]


def month_links(month: date) -> dict[str, Any]:
    """Return the links of the month's page: to its neighbours and to what it is made of."""
    known = current_app.view_functions
    contracts = "contracts.contracts"
    return {
        "nav_links": paging.month_links(month),
        "links_to": record_links(),
        "contracts_href": url_for(contracts) if contracts in known else None,
    }


def words() -> dict[str, Any]:
    """Return what templates word lines and records with."""
    return {
        "wording": wording,
        "reviews": {review.value: review for review in LineReview},
        "review_tones": REVIEW_TONES,
        "refusals": {reason.value: reason for reason in RefusalReason},
        "reasons": {reason.value: reason for reason in QueryReason},
        "fates": FATES,
        "sources": {source.value: source for source in DutySource},
        "difficulties": {level.value: level for level in Difficulty},
        "ServiceKind": ServiceKind,
        "agreements": {form.value: form for form in AgreementForm},
    }


def statement_page(
    statement: Statement, *, refusal: str | None = None, void_form: VoidForm | None = None
) -> dict[str, Any]:
    """Return what `statements/_statement.html` shows. refusal: why the last act was not done."""
    lines = lines_with_queries(statement.id)
    over = clock.last_day(statement.month)
    before = of_statement(statement) if _is_open(statement) else Open()
    return words() | {
        "statement": statement,
        "groups": _by_community(lines),
        "count": len(lines),
        "counted": counted_days(lines),
        "capitals": in_capitals(statement.payable_fen),
        "state": STATUSES[statement.status],
        "tone": TONES.get(STATUSES[statement.status], "success"),
        "timeline_events": [_happening(event) for event in reversed(history.of(statement))],
        "account": account(),
        "warned": sum(bool(line.warnings) for line in lines),
        "queried": [line for line in lines if line.review == LineReview.QUERIED],
        "over": over if clock.today() <= over else None,
        "lacks": _lacks(statement),
        "before": before,
        "closed_words": closed_words(before.closed) if before.closed else "",
        "refusal": refusal,
        "void_form": void_form or VoidForm(formdata=None),
        "documents": "documents.pdf" in current_app.view_functions,
    }


def _lacks(statement: Statement) -> int:
    """Return how much the records of the month and street still lack, while it can be mended."""
    if not _is_open(statement):
        return 0
    found = inspecting.of_month(statement.month, street_code=statement.street_code)
    return sum(len(one.checks) for one in found)


def _is_open(statement: Statement) -> bool:
    """Whether the firm may still mend what the statement rests on."""
    return statement.status in (S.DRAFT, S.CERTIFIED, S.QUERIED)


def _by_community(
    lines: Sequence[StatementLine],
) -> list[tuple[StatementLine, list[StatementLine], int]]:
    """Group lines that stand in order: the first of each community, all of them, their sum."""
    groups = []
    for _code, some in groupby(lines, key=lambda line: line.community_code):
        own = list(some)
        groups.append((own[0], own, sum(line.amount_fen for line in own)))
    return groups


def _happening(event: history.Event) -> Mapping[str, Any]:
    """Word an act for the timeline."""
    act = ACTS.get(event.act)
    total = event.detail.get("total_fen")
    notes = [event.detail.get("words")]
    if total is not None:
        notes.append(_("合计 %(total)s 元", total=format_yuan(total)))
    return {
        "at": event.at,
        "who": event.who,
        "what": _(act) if act else event.act,
        "note": clauses(note for note in notes if note) or None,
        "tone": {"void": "danger", "return_queried": "warning", "sign": "success"}.get(
            event.act, "neutral"
        ),
    }
