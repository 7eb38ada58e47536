"""套餐与付款: what a firm pays, how and until when; and where Stripe tells what happened."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from counselhub.billing import events, gateway, ordering, queries, receipt, standing
from counselhub.billing.forms import IntervalForm, interval_form, invoice_form
from counselhub.billing.kinds import (
    BILL_TONES,
    STANDING_TONES,
    BillStatus,
    Interval,
    InvoiceKind,
    PaymentKind,
    Provider,
    RequestStatus,
)
from counselhub.billing.models import Bill, InvoiceRequest
from counselhub.billing.overview import overview
from counselhub.core import htmx, paging
from counselhub.core.access import current_member, fetch, goes_on, public, require
from counselhub.core.db import db
from counselhub.core.downloads import attachment
from counselhub.core.errors import DomainError, RefusedError
from counselhub.core.forms import RevisionForm
from counselhub.core.permissions import Permission
from counselhub.core.queueing import enqueue
from counselhub.core.tenancy import PLATFORM

bp = Blueprint("billing", __name__)
P = Permission
PAGE, BILL = "billing/billing.html", "billing/bill.html"
LARGEST_EVENT = 2**18
"""Bytes of one event; Stripe's are a few thousand."""


@bp.get("/billing")
@require(P.BILLING)
def billing() -> ResponseReturnValue:
    """Show plan, seats, what comes next and the bills."""
    return htmx.show(PAGE, **_shown())


def _shown(*, refusal: str = "", **forms: Any) -> dict[str, Any]:
    member, q = current_member(), request.args.get("q", "").strip()
    found = overview(member)
    revision = found.subscription.revision if found else None
    return {
        "found": found,
        "tones": STANDING_TONES,
        "providers": Provider,
        "intervals": Interval,
        "payee": queries.payee(),
        "takes_cards": queries.takes_cards(),
        "order": queries.open_order(member.firm_id),
        "page": paging.paged(queries.bills(member.firm_id, q)),
        "q": q,
        "statuses": BillStatus,
        "bill_tones": BILL_TONES,
        "requests": RequestStatus,
        "interval_form": interval_form(formdata=None, revision=revision, interval="month"),
        "refusal": refusal,
    } | forms


@bp.post("/billing/orders")
@require(P.BILLING)
@goes_on
def create_order() -> ResponseReturnValue:
    """Order the next period by transfer."""

    def act(form: IntervalForm) -> ResponseReturnValue:
        interval = Interval.of(form.interval.data)
        bill = ordering.order(interval, revision=form.seen, by=current_member())
        flash(_("订单已提交，请按下面的金额和附言转账。"), "success")
        return htmx.gone_to(url_for(".bill", bill_id=bill.id))

    return _done(act, interval_form())


@bp.post("/billing/checkout")
@require(P.BILLING)
@goes_on
def create_checkout() -> ResponseReturnValue:
    """Lead to Stripe's page, on which the firm pays by card."""

    def act(form: IntervalForm) -> ResponseReturnValue:
        back = url_for(".billing", _external=True)
        interval = Interval.of(form.interval.data)
        url = ordering.checkout(interval, done=back, back=back, by=current_member())
        return render_template("billing/leave.html", url=url)

    return _done(act, interval_form())


@bp.post("/billing/portal")
@require(P.BILLING)
@goes_on
def create_portal() -> ResponseReturnValue:
    """Lead to Stripe's page, on which the firm changes its card."""

    def act(_form: RevisionForm) -> ResponseReturnValue:
        url = ordering.portal(url_for(".billing", _external=True), by=current_member())
        return render_template("billing/leave.html", url=url)

    return _done(act, RevisionForm())


@bp.post("/billing/refreshing")
@require(P.BILLING)
@goes_on
def create_refreshing() -> ResponseReturnValue:
    """Ask Stripe how things are now."""

    def act(_form: RevisionForm) -> ResponseReturnValue:
        ordering.refresh(by=current_member())
        return _told(_("已更新付款状态"))

    return _done(act, RevisionForm())


@bp.post("/billing/interval")
@require(P.BILLING)
@goes_on
def change_interval() -> ResponseReturnValue:
    """Pay by month or by year."""

    def act(form: IntervalForm) -> ResponseReturnValue:
        interval = Interval.of(form.interval.data)
        ordering.change_interval(interval, revision=form.seen, by=current_member())
        return _told(_("已更改计费周期，差额计入下一张账单"))

    return _done(act, interval_form())


@bp.post("/billing/cancellation")
@require(P.BILLING)
@goes_on
def create_cancellation() -> ResponseReturnValue:
    """End with the paid period."""

    def act(form: RevisionForm) -> ResponseReturnValue:
        ordering.set_ending(is_ending=True, revision=form.seen, by=current_member())
        return _told(_("已取消续订，到期前照常使用"))

    return _done(act, RevisionForm())


@bp.post("/billing/resumption")
@require(P.BILLING)
@goes_on
def create_resumption() -> ResponseReturnValue:
    """Go on after all."""

    def act(form: RevisionForm) -> ResponseReturnValue:
        ordering.set_ending(is_ending=False, revision=form.seen, by=current_member())
        return _told(_("已恢复续订"))

    return _done(act, RevisionForm())


def _told(message: str) -> ResponseReturnValue:
    flash(message, "success")
    return htmx.gone_to(url_for(".billing"))


def _done(act: Callable[[Any], ResponseReturnValue], form: RevisionForm) -> ResponseReturnValue:
    """Do it; a refusal is told on the page as it now is."""
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(refusal=_("请选择按月或者按年。")))
    try:
        return act(form)
    except DomainError as refusal:
        message = refusal.message
        db.session.rollback()
        answer = htmx.invalid if isinstance(refusal, RefusedError) else htmx.refused
        return answer(PAGE, **_shown(refusal=message))


@bp.get("/billing/bills/<uuid:bill_id>")
@require(P.BILLING)
def bill(bill_id: UUID) -> ResponseReturnValue:
    """Show one bill: what it is made of, where to transfer, what came in, its invoice."""
    return htmx.show(BILL, **_bill(_fetch(bill_id)))


def _fetch(bill_id: UUID) -> Bill:
    return fetch(Bill, bill_id, None, selectinload(Bill.payments))


def _bill(found: Bill, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    query = db.select(InvoiceRequest).where(InvoiceRequest.bill_id == found.id)
    return {
        "bill": found,
        "status": BillStatus.of(found.status),
        "tone": BILL_TONES[BillStatus.of(found.status)],
        "interval": Interval.of(found.interval),
        "provider": Provider.of(found.provider),
        "kinds": PaymentKind,
        "net_fen": standing.net_fen(found),
        "payee": queries.payee(),
        "invoice": db.session.scalars(query).one_or_none(),
        "invoice_kinds": InvoiceKind,
        "requests": RequestStatus,
        "invoice_form": invoice_form(formdata=None, title=current_member().title, kind="plain"),
        "refusal": refusal,
    } | forms


@bp.post("/billing/bills/<uuid:bill_id>/withdrawal")
@require(P.BILLING)
@goes_on
def create_withdrawal(bill_id: UUID) -> ResponseReturnValue:
    """Take an order back."""
    found, form = _fetch(bill_id), RevisionForm()
    try:
        ordering.withdraw(found, revision=form.seen, by=current_member())
    except DomainError as refusal:
        message = refusal.message
        db.session.rollback()
        return htmx.refused(BILL, **_bill(_fetch(bill_id), refusal=message))
    return _told(_("已撤回订单"))


@bp.post("/billing/bills/<uuid:bill_id>/invoice-request")
@require(P.BILLING)
@goes_on
def create_invoice_request(bill_id: UUID) -> ResponseReturnValue:
    """Ask for the invoice of a bill."""
    found, form = _fetch(bill_id), invoice_form()
    if not form.validate_on_submit():
        return htmx.invalid(BILL, **_bill(found, invoice_form=form))
    try:
        ordering.ask_invoice(found, form.heading(), by=current_member())
    except DomainError as refusal:
        message = refusal.message
        db.session.rollback()
        return htmx.refused(BILL, **_bill(_fetch(bill_id), refusal=message))
    flash(_("已提交开票申请"), "success")
    return htmx.gone_to(url_for(".bill", bill_id=bill_id))


@bp.get("/billing/bills/<uuid:bill_id>/bill.pdf")
@require(P.BILLING)
def bill_pdf(bill_id: UUID) -> ResponseReturnValue:
    """Give the bill as A4: a receipt once it is paid."""
    found = _fetch(bill_id)
    paper = receipt.paper(found, current_member().title)
    return attachment(paper, f"{found.number}.pdf", "application/pdf", is_shown=True)


@bp.post("/billing/stripe/events")
@public
def create_event() -> ResponseReturnValue:
    """Take an event that Stripe signed; it is stored now and handled after the answer."""
    if not queries.takes_cards() or (request.content_length or LARGEST_EVENT + 1) > LARGEST_EVENT:
        return "", 400
    body = request.get_data(cache=False)
    try:
        gateway.verify(body, request.headers.get("Stripe-Signature", ""))
        event_id = events.store(body)
    except (gateway.SignatureError, KeyError, ValueError, TypeError):
        return "", 400
    enqueue("stripe_event", scope=PLATFORM, once=event_id, event_id=event_id)
    return "", 200
