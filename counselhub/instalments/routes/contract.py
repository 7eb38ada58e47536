"""The page of a contract's instalments, and the plan."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.contracts.kinds import OPEN, PaidBy
from counselhub.contracts.models import Contract
from counselhub.core import history, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.downloads import attachment
from counselhub.core.errors import RefusedError
from counselhub.core.forms import RevisionForm
from counselhub.core.permissions import Permission
from counselhub.instalments import ending, plan_actions, queries
from counselhub.instalments.forms import PaidByForm, PlanForm, plan_form
from counselhub.instalments.kinds import InstalmentStatus, Subject
from counselhub.instalments.routes.blueprint import bp, words

P = Permission
PAGE, PLAN = "instalments/contract.html", "instalments/plan.html"


@bp.get("/contracts/<uuid:contract_id>/instalments")
@require(P.STATEMENT_PREPARE)
def of_contract(contract_id: UUID) -> ResponseReturnValue:
    """Show what a contract is worth, who pays what, and its instalments."""
    return htmx.show(PAGE, **_shown(fetch(Contract, contract_id)))


def _shown(row: Contract, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    form = PaidByForm(formdata=None, data={"revision": row.revision, "paid_by": row.paid_by})
    return {
        "contract": row,
        "rows": queries.of_contract(row),
        "worth": _worth(row),
        "is_open": row.status in OPEN,
        "account": _account(row),
        "refusal": refusal,
        "form": form,
        **words(),
        **forms,
    }


def _worth(row: Contract) -> int | None:
    """Return what a contract is worth, None as long as its scheme does not say."""
    try:
        return plan_actions.worth_of(row)
    except RefusedError:
        return None


def _account(row: Contract) -> ending.Account | None:
    """Return the final account of a contract that has ended, None while it runs."""
    try:
        return ending.account_of(row) if row.status in ending.ENDED else None
    except RefusedError:
        return None


@bp.post("/contracts/<uuid:contract_id>/settlement")
@require(P.CONTRACT_MANAGE)
def create_settlement(contract_id: UUID) -> ResponseReturnValue:
    """Bring the instalments of an ended contract to what it was worth."""
    row, form = fetch(Contract, contract_id), RevisionForm()

    def act() -> ResponseReturnValue:
        history.expect(row, form.seen)
        ending.settle(row, by=current_member())
        return told(_("已按最后一天结清各期"), url_for(".of_contract", contract_id=contract_id))

    def look(**more: Any) -> dict[str, Any]:
        return _shown(fetch(Contract, contract_id), **more)

    return attempt(form, act, look, page=PAGE)


@bp.get("/contracts/<uuid:contract_id>/final-account.pdf")
@require(P.STATEMENT_PREPARE)
def final_account(contract_id: UUID) -> ResponseReturnValue:
    """Hand out the final account."""
    row = fetch(Contract, contract_id)
    made = ending.paper(row, current_member().title)
    return attachment(made, _("结清单 %(number)s", number=row.number) + ".pdf", "application/pdf")


@bp.post("/contracts/<uuid:contract_id>/payment-way")
@require(P.CONTRACT_MANAGE)
def create_payment_way(contract_id: UUID) -> ResponseReturnValue:
    """Settle whether statements or instalments pay."""
    row, form = fetch(Contract, contract_id), PaidByForm()

    def act() -> ResponseReturnValue:
        history.expect(row, form.seen)
        plan_actions.settle_payment(row, form.paid_by.data, by=current_member())
        return told(_("付款方式已保存"), url_for(".of_contract", contract_id=contract_id))

    def look(**more: Any) -> dict[str, Any]:
        return _shown(fetch(Contract, contract_id), **more)

    return attempt(form, act, look, page=PAGE, field=form.paid_by, form=form)


@bp.get("/contracts/<uuid:contract_id>/instalments/plan")
@require(P.CONTRACT_MANAGE)
def plan(contract_id: UUID) -> ResponseReturnValue:
    """Show the form of the plan."""
    return htmx.show(PLAN, **_planned(fetch(Contract, contract_id)))


def _planned(row: Contract, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    there = queries.of_contract(row)
    planned = [one for one in there if one.status == InstalmentStatus.PLANNED]
    kept = [one for one in there if one.status not in ("planned", "cancelled")]
    subject = Subject.OTHER if row.paid_by == PaidBy.STATEMENT else Subject.BASE
    return {
        "contract": row,
        "worth": _worth(row),
        "kept": kept,
        "refusal": refusal,
        "form": plan_form(planned, subject, row.revision),
        **words(),
        **forms,
    }


@bp.post("/contracts/<uuid:contract_id>/instalments")
@require(P.CONTRACT_MANAGE)
def create_plan(contract_id: UUID) -> ResponseReturnValue:
    """Write the plan anew."""
    row, form = fetch(Contract, contract_id), PlanForm()

    def act() -> ResponseReturnValue:
        history.expect(row, form.seen)
        plan_actions.plan(row, form.plan(), in_percent=form.in_percent, by=current_member())
        return told(_("付款计划已保存"), url_for(".of_contract", contract_id=contract_id))

    def look(**more: Any) -> dict[str, Any]:
        return _planned(fetch(Contract, contract_id), **more)

    return attempt(form, act, look, page=PLAN, form=form)
