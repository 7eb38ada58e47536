"""收款: the operator confirms transfers, issues invoices, sees what differed from Stripe."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from counselhub.billing import queries, standing, transfers
from counselhub.billing.forms import IssueForm, PaidInForm, RefusalForm
from counselhub.billing.kinds import (
    BILL_TONES,
    BillStatus,
    Interval,
    InvoiceKind,
    PaymentKind,
)
from counselhub.billing.models import Bill, BillPayment, InvoiceRequest
from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import RevisionForm, given, show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.money import format_yuan
from counselhub.core.permissions import Permission

bp = Blueprint("billing_console", __name__, url_prefix="/console/billing")
P = Permission
PAGE, TRANSFER = "billing/console.html", "billing/transfer.html"


@bp.get("")
@require(P.OPERATE)
def console() -> ResponseReturnValue:
    """List transfers, invoice requests that wait, and what differed from Stripe."""
    return htmx.show(PAGE, **_listed())


def _listed(*, refusal: str = "") -> dict[str, Any]:
    asked = {name: request.args.get(name, "").strip() for name in ("status", "q")}
    return {
        "page": paging.paged(queries.transfers(asked["status"], asked["q"])),
        "asked": asked,
        "statuses": BillStatus,
        "tones": BILL_TONES,
        "requests": queries.waiting_requests(),
        "invoice_kinds": InvoiceKind,
        "differences": queries.newest_differences(),
        "unhandled": queries.count_unhandled(),
        "payee": queries.payee(),
        "takes_cards": queries.takes_cards(),
        "refusal": refusal,
    }


@bp.get("/<uuid:transfer_id>")
@require(P.OPERATE)
def transfer(transfer_id: UUID) -> ResponseReturnValue:
    """Show one transfer, what came in for it and what can be done."""
    return htmx.show(TRANSFER, **_shown(_fetch(transfer_id)))


def _fetch(transfer_id: UUID) -> Bill:
    return fetch(Bill, transfer_id, None, joinedload(Bill.firm), selectinload(Bill.payments))


def _shown(bill: Bill, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    left = bill.total_fen - standing.net_fen(bill)
    seen = {"formdata": None, "revision": bill.revision}
    return {
        "bill": bill,
        "status": BillStatus.of(bill.status),
        "tone": BILL_TONES[BillStatus.of(bill.status)],
        "interval": Interval.of(bill.interval),
        "kinds": PaymentKind,
        "left_fen": left,
        "today": clock.today(),
        "made_today": {
            one.id for one in bill.payments if clock.local(one.made_at).date() == clock.today()
        },
        "paid_form": PaidInForm(**seen, amount=format_yuan(left), on_day=clock.today()),
        "refusal_form": RefusalForm(**seen),
        "refusal": refusal,
    } | forms


@bp.post("/<uuid:transfer_id>/payments")
@require(P.OPERATE)
@fresh
def create_payment(transfer_id: UUID) -> ResponseReturnValue:
    """Confirm money that came in."""

    def act(bill: Bill, form: PaidInForm) -> str:
        transfers.confirm(
            bill,
            form.amount_fen,
            given(form.on_day),
            text(form.bank_reference),
            is_part=bool(form.is_part.data),
            revision=form.seen,
            by=current_member(),
        )
        return str(_("已确认到账"))

    return _done(transfer_id, act, paid_form=PaidInForm())


@bp.post("/<uuid:transfer_id>/refusal")
@require(P.OPERATE)
@fresh
def create_refusal(transfer_id: UUID) -> ResponseReturnValue:
    """Give an order back."""

    def act(bill: Bill, form: RefusalForm) -> str:
        transfers.refuse(bill, text(form.words), revision=form.seen, by=current_member())
        return str(_("已退回订单，律所会看到原因"))

    return _done(transfer_id, act, refusal_form=RefusalForm())


def _done(
    transfer_id: UUID, act: Callable[[Bill, Any], str], **sent: RevisionForm
) -> ResponseReturnValue:
    bill, form = _fetch(transfer_id), next(iter(sent.values()))
    if not form.validate_on_submit():
        return htmx.invalid(TRANSFER, **_shown(bill, **sent))
    try:
        toast = act(bill, form)
    except ConflictError as refusal:
        message = refusal.message
        db.session.rollback()
        return htmx.refused(TRANSFER, **_shown(_fetch(transfer_id), refusal=message))
    except RefusedError as refusal:
        show_refusal(form.revision, refusal)
        db.session.rollback()
        return htmx.invalid(TRANSFER, **_shown(_fetch(transfer_id), **sent))
    flash(toast, "success")
    return htmx.gone_to(url_for(".transfer", transfer_id=transfer_id))


@bp.post("/payments/<uuid:bill_payment_id>/undoing")
@require(P.OPERATE)
@fresh
def create_undoing(bill_payment_id: UUID) -> ResponseReturnValue:
    """Take a confirmation back."""
    payment = fetch(BillPayment, bill_payment_id, None, joinedload(BillPayment.bill))
    transfer_id = payment.bill_id
    try:
        transfers.undo(payment, by=current_member())
    except ConflictError as refusal:
        message = refusal.message
        db.session.rollback()
        return htmx.refused(TRANSFER, **_shown(_fetch(transfer_id), refusal=message))
    flash(_("已撤销到账确认"), "success")
    return htmx.gone_to(url_for(".transfer", transfer_id=transfer_id))


@bp.post("/invoice-requests/<uuid:invoice_request_id>/issuing")
@require(P.OPERATE)
@fresh
def create_issuing(invoice_request_id: UUID) -> ResponseReturnValue:
    """Write down the number of an invoice that was issued."""
    found, form = fetch(InvoiceRequest, invoice_request_id), IssueForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_listed(refusal=_("请填写发票号码。")))
    try:
        transfers.issue(found, text(form.number), revision=form.seen, by=current_member())
    except ConflictError as refusal:
        message = refusal.message
        db.session.rollback()
        return htmx.refused(PAGE, **_listed(refusal=message))
    flash(_("已登记发票号码"), "success")
    return htmx.gone_to(url_for(".console"))
