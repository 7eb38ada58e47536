"""What the operator does about transfers: confirm, refuse, undo, and issue invoices."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.billing import ordering, queries, standing
from counselhub.billing.kinds import BillStatus, PaymentKind, Provider, RequestStatus
from counselhub.billing.models import Bill, BillPayment, InvoiceRequest, Subscription
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.core.tenancy import Scope, ScopeKind


def confirm(
    bill: Bill,
    amount_fen: int,
    on_day: date,
    bank_reference: str,
    *,
    is_part: bool,
    revision: int | None,
    by: Member,
) -> None:
    """Write down money that came in; with the last of it the bill is paid and its days covered.

    Raises RefusedError for an amount that is not what is left and not named as a part, for a day
    to come and for a bank reference that is written down already; IllegalMoveError, ConflictError.
    """
    subscription = _held(bill, revision)
    if bill.status != BillStatus.OPEN:
        raise IllegalMoveError(_("这笔订单已经处理，请看最新内容。"))
    left = bill.total_fen - standing.net_fen(bill)
    if amount_fen > left or amount_fen <= 0 or (amount_fen < left and not is_part):
        raise RefusedError(
            _("还应到账 %(left)s 元。少于这个数时请勾选“部分到账”。", left=format_yuan(left)),
            at="amount",
        )
    if on_day > clock.today():
        raise RefusedError(_("到账日期不能晚于今天。"), at="on_day")
    db.session.add(
        BillPayment(
            firm_id=bill.firm_id,
            bill_id=bill.id,
            kind=PaymentKind.TRANSFER.value,
            amount_fen=amount_fen,
            on_day=on_day,
            bank_reference=bank_reference,
            by_name=by.name,
            made_at=clock.now(),
        )
    )
    _flush_once()
    if amount_fen == left:
        _settle(bill, subscription, on_day)
    _recount(bill, subscription)
    _note("bill_paid_in", bill, by, amount_fen=amount_fen)


def _flush_once() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != "uq_bill_payment_bank_reference":
            raise
        raise RefusedError(
            _("这个银行流水号已经登记过，不能重复确认。"), at="bank_reference"
        ) from error


def _settle(bill: Bill, subscription: Subscription, on_day: date) -> None:
    """Let a paid bill take effect: how the firm pays, from which day, for how many seats."""
    bill.status, bill.paid_on = BillStatus.PAID.value, on_day
    subscription.provider = Provider.TRANSFER.value
    subscription.interval = bill.interval
    subscription.is_ending = False
    subscription.billed_seats = bill.seats
    subscription.carried_fen -= _carried(bill)
    if subscription.anchor_on is None or subscription.covered_until is None:
        subscription.anchor_on = bill.period_start


def _carried(bill: Bill) -> int:
    return sum(fen for what, fen in bill.lines if what == ordering.CARRIED)


def refuse(bill: Bill, words: str, *, revision: int | None, by: Member) -> None:
    """Give an order back with words. Raises RefusedError, IllegalMoveError, ConflictError."""
    _held(bill, revision)
    if bill.status != BillStatus.OPEN or standing.net_fen(bill) > 0:
        raise IllegalMoveError(_("这笔订单已经有到账或者已经处理，不能退回。"))
    if not words:
        raise RefusedError(_("请写明退回的原因，律所会看到。"), at="words")
    bill.status, bill.refusal = BillStatus.VOID.value, words
    _note("bill_refused", bill, by)
    db.session.flush()


def undo(payment: BillPayment, *, by: Member) -> None:
    """Take a confirmation back: on its day, or before the period of its bill begins (BILL-8).

    Raises IllegalMoveError after that, and while another order waits.
    """
    bill = payment.bill
    subscription = _held(bill, None)
    db.session.refresh(payment)
    today = clock.today()
    is_in_time = clock.local(payment.made_at).date() == today or today < bill.period_start
    is_ours = payment.kind == PaymentKind.TRANSFER and payment.undone_at is None
    if not is_ours or not is_in_time:
        raise IllegalMoveError(_("这笔到账不能再撤销：只能在确认当天，或者账期开始以前撤销。"))
    waiting = queries.open_order(bill.firm_id)
    if waiting is not None and waiting.id != bill.id:
        raise IllegalMoveError(_("这家律所另有一笔订单在等付款，请先处理那一笔。"))
    payment.undone_at, payment.undone_by_name = clock.now(), by.name
    if bill.status == BillStatus.PAID:
        bill.status, bill.paid_on = BillStatus.OPEN.value, None
        subscription.carried_fen += _carried(bill)
    db.session.flush()
    _recount(bill, subscription)
    if subscription.covered_until is None:
        subscription.provider, subscription.anchor_on = Provider.NONE.value, None
    _note("bill_payment_undone", bill, by, amount_fen=payment.amount_fen)


def issue(request: InvoiceRequest, number: str, *, revision: int | None, by: Member) -> None:
    """Write down the number of an invoice. Raises IllegalMoveError, ConflictError."""
    db.session.refresh(request)
    history.expect(request, revision)
    if request.status != RequestStatus.ASKED:
        raise IllegalMoveError(_("这张发票已经登记过号码。"))
    request.status = RequestStatus.ISSUED.value
    request.issued_number, request.issued_on = number, clock.today()
    _note("invoice_issued", request.bill, by)
    db.session.flush()


def _held(bill: Bill, revision: int | None) -> Subscription:
    """Hold the firm's subscription and read the bill anew. Raises ConflictError for a stale one."""
    subscription = standing.hold(bill.firm_id)
    if subscription is None:
        raise ConflictError(_("这家律所没有订阅。"))
    db.session.refresh(bill)
    history.expect(bill, revision)
    return subscription


def _recount(bill: Bill, subscription: Subscription) -> None:
    standing.recount(subscription, queries.count_seats(bill.firm_id))


def _note(act: str, bill: Bill, by: Member, **told: Any) -> None:
    scope = Scope(ScopeKind.FIRM, str(bill.firm_id))
    history.note(act, scope=scope, by=by, number=bill.number, **told)
