"""Pages of statements of account, for the firm and for the office alike."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.balances import actions, papers, queries
from counselhub.balances.forms import AnswerForm, DisputeForm, PeriodForm
from counselhub.balances.kinds import BALANCE_TONES, BalanceStatus, EntryKind
from counselhub.balances.models import Balance, BalanceDispute
from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.forms import RevisionForm, given, named, text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind

bp = Blueprint("balances", __name__)
P = Permission
LIST, ONE = "balances/balances.html", "balances/balance.html"


@bp.get("/balances")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def balances() -> ResponseReturnValue:
    """List the statements of account, and offer to draw one up."""
    return htmx.show(LIST, **_listed())


def _listed(*, form: PeriodForm | None = None, refusal: str = "") -> dict[str, Any]:
    asked, sort = queries.Asked.of(request.args), sorting.asked_sort(queries.BALANCE_SORTS)
    form = form or _period(fresh=True)
    return {
        "page": paging.paged(queries.balances(asked, sort)),
        "form": form,
        "is_offered": bool(form.partner.choices),
        "asked": asked,
        "sort": sort,
        "Status": BalanceStatus,
        "tones": BALANCE_TONES,
        "is_firm": _is_firm(),
        "refusal": refusal,
    }


def _is_firm() -> bool:
    return current_member().scope.kind is ScopeKind.FIRM


def _period(*, fresh: bool) -> PeriodForm:
    """Return the form, empty with the running year, or as it was sent."""
    today = clock.today()
    year = {"formdata": None, "first_on": today.replace(month=1, day=1), "last_on": today}
    form = PeriodForm(**year) if fresh else PeriodForm()
    form.partner.choices = [
        (f"{firm}.{street}", name if _is_firm() else firm_name)
        for firm, firm_name, street, name in queries.partners()
    ]
    return form


@bp.post("/balances")
@require(P.STATEMENT_PREPARE, P.REVIEW_CHECK)
def create_balance() -> ResponseReturnValue:
    """Draw up the account of a period."""
    form = _period(fresh=False)

    def act() -> ResponseReturnValue:
        days = given(form.first_on), given(form.last_on)
        row = actions.draw_up(*form.whose, *days, by=current_member())
        return told(_("往来对账单已出具，请双方核对"), _page(row.id))

    return attempt(form, act, _listed, page=LIST, field=form.last_on, form=form)


def _page(balance_id: UUID) -> str:
    return url_for(".balance", balance_id=balance_id)


def _fetched(balance_id: UUID) -> Balance:
    names = joinedload(Balance.street), joinedload(Balance.firm)
    return fetch(Balance, balance_id, None, *names)


@bp.get("/balances/<uuid:balance_id>")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def balance(balance_id: UUID) -> ResponseReturnValue:
    """Show an account: figures, ageing, entries, what is disputed, who has confirmed."""
    return htmx.show(ONE, **_shown(balance_id))


def _shown(balance_id: UUID, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    row = _fetched(balance_id)
    return {
        "balance": row,
        "page": paging.of_all(row.entries, 100),
        "disputes": queries.disputes(balance_id),
        "dispute_form": _dispute_form(row, fresh=True),
        "answer_form": AnswerForm(formdata=None),
        "answered": None,
        "side": "firm" if _is_firm() else "office",
        "Kind": EntryKind,
        "Status": BalanceStatus,
        "tones": BALANCE_TONES,
        "ages": papers.AGES,
        "opens": _source,
        "refusal": refusal,
        **forms,
    }


def _dispute_form(row: Balance, *, fresh: bool) -> DisputeForm:
    form = DisputeForm(formdata=None, revision=row.revision) if fresh else DisputeForm()
    labels = [(one["key"], f"{one['day']} {one['label']}") for one in row.entries]
    form.line.choices = [("", _("整份对账单")), *labels]
    return named(form, "dispute")


def _source(entry: dict[str, Any]) -> str:
    """Return the page of the record that an entry came from."""
    is_bank = entry["kind"] in (EntryKind.RECEIVED, EntryKind.WRITTEN_OFF)
    if is_bank and can(P.RECEIPT_MANAGE):
        return url_for("receipts.receivable", statement_id=entry["statement"])
    page = "statements.statement" if _is_firm() else "review.statement"
    return url_for(page, statement_id=entry["statement"])


def _acted(
    balance_id: UUID, form: RevisionForm, act: Callable[[], object], **kept: Any
) -> ResponseReturnValue:
    """Do an act that returns what to tell, and come back to the account."""
    look = partial(_shown, balance_id)
    words = getattr(form, "words", None)
    return attempt(
        form, lambda: told(str(act()), _page(balance_id)), look, page=ONE, field=words, **kept
    )


@bp.post("/balances/<uuid:balance_id>/confirmation")
@require(P.STATEMENT_CERTIFY, P.REVIEW_SIGN)
@fresh
def create_confirmation(balance_id: UUID) -> ResponseReturnValue:
    """Confirm the whole for the reader's side."""
    row, form = _fetched(balance_id), RevisionForm()

    def act() -> object:
        actions.confirm(row, by=current_member(), revision=form.seen)
        is_closed = row.status == BalanceStatus.CONFIRMED
        return _("双方已确认，对账单已冻结") if is_closed else _("已确认，等对方确认")

    return _acted(balance_id, form, act)


@bp.post("/balances/<uuid:balance_id>/refreshing")
@require(P.STATEMENT_PREPARE, P.REVIEW_CHECK)
def create_refreshing(balance_id: UUID) -> ResponseReturnValue:
    """Take the account anew from the books."""
    row, form = _fetched(balance_id), RevisionForm()

    def act() -> object:
        actions.refresh(row, by=current_member(), revision=form.seen)
        return _("已按现在的账重新出具，请双方再核对")

    return _acted(balance_id, form, act)


@bp.post("/balances/<uuid:balance_id>/disputes")
@require(P.STATEMENT_PREPARE, P.REVIEW_CHECK)
def create_dispute(balance_id: UUID) -> ResponseReturnValue:
    """Say what is wrong with a line."""
    row = _fetched(balance_id)
    form = _dispute_form(row, fresh=False)

    def act() -> object:
        line = given(form.line) or ""
        actions.dispute(row, line, text(form.words), by=current_member(), revision=form.seen)
        return _("异议已提出，等对方答复")

    return _acted(balance_id, form, act, dispute_form=form)


@bp.post("/balance-disputes/<uuid:balance_dispute_id>/answer")
@require(P.STATEMENT_PREPARE, P.REVIEW_CHECK)
def create_answer(balance_dispute_id: UUID) -> ResponseReturnValue:
    """Answer what the other side disputes."""
    one, form = fetch(BalanceDispute, balance_dispute_id), AnswerForm()

    def act() -> object:
        actions.answer(one, text(form.words), by=current_member(), revision=form.seen)
        return _("已答复")

    return _acted(one.balance_id, form, act, answer_form=form, answered=balance_dispute_id)


@bp.post("/balance-disputes/<uuid:balance_dispute_id>/settlement")
@require(P.STATEMENT_PREPARE, P.REVIEW_CHECK)
def create_settlement(balance_dispute_id: UUID) -> ResponseReturnValue:
    """Say that a dispute is settled."""
    one, form = fetch(BalanceDispute, balance_dispute_id), RevisionForm()

    def act() -> object:
        actions.settle(one, by=current_member(), revision=form.seen)
        return _("异议已了结")

    return _acted(one.balance_id, form, act)


@bp.get("/balances/<uuid:balance_id>/balance.pdf")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def balance_pdf(balance_id: UUID) -> ResponseReturnValue:
    """Show the account on A4."""
    row = _fetched(balance_id)
    return attachment(papers.pdf(row), f"{_name(row)}.pdf", "application/pdf", is_shown=True)


@bp.get("/balances/<uuid:balance_id>/balance.xlsx")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def balance_xlsx(balance_id: UUID) -> ResponseReturnValue:
    """Give the account as a workbook."""
    row = _fetched(balance_id)
    return attachment(papers.xlsx(row), f"{_name(row)}.xlsx", XLSX)


def _name(row: Balance) -> str:
    return f"往来对账单-{row.street.name}-{row.first_on}-{row.last_on}"
