"""What a firm does about paying: order a transfer, ask for an invoice, pay by card, cancel."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from counselhub.billing import gateway, queries, standing, syncing
from counselhub.billing.kinds import BillStatus, Interval, InvoiceKind, Provider, Standing
from counselhub.billing.models import Bill, InvoiceRequest, Subscription
from counselhub.billing.rules import (
    A_DAY,
    Price,
    lapses_on,
    period_from,
    total_fen,
)
from counselhub.billing.rules import (
    standing as standing_on,
)
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.people.queries import firm_code

SEATS, CARRIED = "seats", "carried"
"""The lines of a bill: its charged seats, and what changes of seats left over."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the invoice is to say; address, phone, bank and account are a special one's."""

    kind: InvoiceKind
    title: str
    tax_number: str
    address: str
    phone: str
    bank: str
    account: str


def starts_on(subscription: Subscription, seats: int) -> date:
    """Return the first day of the next bill (BILL-7).

    What is paid or on trial ends first; days of grace were used and are paid for; days on which the
    firm could only read are not.
    """
    facts, today = standing.facts_of(subscription, seats), clock.today()
    stands = standing_on(facts, today)
    if stands is Standing.PAST_DUE:
        return lapses_on(facts)
    if stands in (Standing.READ_ONLY, Standing.CANCELLED):
        return today
    return max(today, facts.trial_ends_on + A_DAY, (facts.covered_until or today) + A_DAY)


def next_fen(subscription: Subscription, seats: int, price: Price) -> int:
    """Return what the next bill costs, changes of seats included; never below 0."""
    return max(0, total_fen(seats, price) + subscription.carried_fen)


def order(interval: Interval, *, revision: int | None, by: Member) -> Bill:
    """Order the next period by transfer, for the advisers that are active today.

    Raises RefusedError when there is nothing to pay or an account is not named, IllegalMoveError
    while another order waits or the firm pays by card, ConflictError for a stale page.
    """
    with as_platform():
        subscription = _held(by.firm_id, revision)
        if queries.payee() is None:
            raise RefusedError(_("平台还没有设置收款账户，请联系平台运维。"))
        if subscription.provider == Provider.STRIPE:
            raise IllegalMoveError(
                _("本所正在用银行卡自动付款。请先取消续订，到期后再改用对公转账。")
            )
        if queries.open_order(by.firm_id) is not None:
            raise IllegalMoveError(_("已有一笔对公转账在等付款，请先付款或撤回。"))
        bill = _bill(subscription, interval)
        db.session.add(bill)
        db.session.flush()
        _note("bill_ordered", bill, by)
    return bill


def _bill(subscription: Subscription, interval: Interval) -> Bill:
    seats = queries.count_seats(subscription.firm_id)
    start = starts_on(subscription, seats)
    price = queries.prices_on(subscription.plan, start).get(interval)
    if price is None or not total_fen(seats, price):
        raise RefusedError(_("在岗律师没有超过免费席位，不用付款。"))
    period = period_from(start, subscription.anchor_on, interval)
    carried = max(-total_fen(seats, price), subscription.carried_fen)
    lines = [[SEATS, total_fen(seats, price)], *([[CARRIED, carried]] if carried else [])]
    bill_id = uuid7()
    return Bill(
        id=bill_id,
        firm_id=subscription.firm_id,
        number=f"ZZ{clock.today():%y%m%d}{bill_id.hex[-8:].upper()}",
        provider=Provider.TRANSFER.value,
        status=BillStatus.OPEN.value,
        interval=interval.value,
        seats=seats,
        period_start=period.start,
        period_end=period.end,
        lines=lines,
        total_fen=sum(fen for _what, fen in lines),
        made_at=clock.now(),
    )


def withdraw(bill: Bill, *, revision: int | None, by: Member) -> None:
    """Take an order back. Raises IllegalMoveError once money came in, ConflictError."""
    with as_platform():
        _held(bill.firm_id, None)
        db.session.refresh(bill)
        history.expect(bill, revision)
        if bill.status != BillStatus.OPEN or standing.net_fen(bill) > 0:
            raise IllegalMoveError(_("这笔订单已经有到账或者已经处理，不能撤回。"))
        bill.status = BillStatus.VOID.value
        _note("bill_withdrawn", bill, by)
        db.session.flush()


def ask_invoice(bill: Bill, heading: Heading, *, by: Member) -> InvoiceRequest:
    """Ask for the invoice of a bill, once. Raises RefusedError, IllegalMoveError."""
    with as_platform():
        _held(bill.firm_id, None)
        if bill.status == BillStatus.VOID or bill.total_fen <= 0:
            raise IllegalMoveError(_("这张账单没有金额可以开票。"))
        found = db.session.query(InvoiceRequest).filter_by(bill_id=bill.id).one_or_none()
        if found is not None:
            raise IllegalMoveError(_("这张账单已经申请过开票。"))
        request = InvoiceRequest(
            firm_id=bill.firm_id,
            bill_id=bill.id,
            kind=heading.kind.value,
            title=heading.title,
            tax_number=heading.tax_number,
            address=heading.address,
            phone=heading.phone,
            bank=heading.bank,
            account=heading.account,
            asked_at=clock.now(),
            asked_by_name=by.name,
        )
        db.session.add(request)
        _note("invoice_asked", bill, by)
        db.session.flush()
    return request


def checkout(interval: Interval, *, done: str, back: str, by: Member) -> str:
    """Return the address on which the firm pays by card.

    Raises RefusedError without keys or charged seats, IllegalMoveError while it pays by card
    already or an order waits, StripeRefusedError.
    """
    with as_platform():
        subscription = _held(by.firm_id, None)
        _refuse_second_way(subscription)
        seats = queries.count_seats(by.firm_id)
        start = starts_on(subscription, seats)
        price = queries.prices_on(subscription.plan, start).get(interval)
        quantity = seats - subscription.plan.free_seats
        if price is None or quantity <= 0:
            raise RefusedError(_("在岗律师没有超过免费席位，不用付款。"))
        if subscription.stripe_customer is None:
            subscription.stripe_customer = gateway.make_customer(
                by.firm_id, f"{by.title} {firm_code(by.firm_id)}"
            )
        cost = gateway.price_id(subscription.plan.code, interval, price.seat_fen)
        url = gateway.checkout_url(
            subscription.stripe_customer, cost, quantity, start, done=done, back=back
        )
        history.note("checkout_opened", scope=by.scope, by=by, interval=interval.value)
        db.session.flush()
    return url


def _refuse_second_way(subscription: Subscription) -> None:
    if not queries.takes_cards():
        raise RefusedError(_("平台没有开通银行卡付款，请用对公转账。"))
    if subscription.stripe_subscription is not None:
        raise IllegalMoveError(_("本所已经用银行卡自动付款，不用重复开通。"))
    if queries.open_order(subscription.firm_id) is not None:
        raise IllegalMoveError(_("有一笔对公转账在等付款，请先撤回，再改用银行卡。"))


def portal(back: str, *, by: Member) -> str:
    """Return the address on which the firm changes its card. Raises RefusedError."""
    with as_platform():
        subscription = queries.subscription_of(by.firm_id)
        if subscription is None or subscription.stripe_customer is None:
            raise RefusedError(_("本所还没有用过银行卡付款。"))
        return gateway.portal_url(subscription.stripe_customer, back)


def refresh(*, by: Member) -> None:
    """Take over what Stripe has of the firm now, as after a checkout. Raises RefusedError."""
    with as_platform():
        subscription = standing.hold(by.firm_id)
        if subscription is not None and queries.takes_cards():
            syncing.sync(subscription, by=by)


def set_ending(*, is_ending: bool, revision: int | None, by: Member) -> None:
    """End with the paid period, or go on after all. Raises ConflictError, StripeRefusedError."""
    with as_platform():
        subscription = _held(by.firm_id, revision)
        if subscription.is_ending == is_ending or subscription.provider == Provider.NONE:
            raise IllegalMoveError(_("它现在的状态不允许这项操作，请看最新内容。"))
        if subscription.stripe_subscription is not None:
            gateway.set_ending(subscription.stripe_subscription, is_ending=is_ending)
            syncing.sync(subscription, by=by)
        else:
            subscription.is_ending = is_ending
            standing.recount(subscription, queries.count_seats(by.firm_id))
        act = "subscription_cancelled" if is_ending else "subscription_resumed"
        history.note(act, scope=by.scope, by=by)
        db.session.flush()


def change_interval(interval: Interval, *, revision: int | None, by: Member) -> None:
    """Pay by month or by year from now on; by card the days left are put onto the next bill.

    Raises IllegalMoveError when nothing is paid by card, ConflictError, StripeRefusedError.
    """
    with as_platform():
        subscription = _held(by.firm_id, revision)
        live = (
            gateway.read(subscription.stripe_customer).live
            if subscription.stripe_customer and subscription.stripe_subscription
            else None
        )
        price = queries.prices_on(subscription.plan, clock.today()).get(interval)
        if live is None or price is None or live.interval is interval:
            raise IllegalMoveError(_("它现在的状态不允许这项操作，请看最新内容。"))
        cost = gateway.price_id(subscription.plan.code, interval, price.seat_fen)
        gateway.change_items(live, live.quantity, cost)
        syncing.sync(subscription, by=by)
        act = "subscription_interval"
        history.note(act, scope=by.scope, by=by, interval=interval.value)
        db.session.flush()


def _held(firm_id: UUID, revision: int | None) -> Subscription:
    subscription = standing.hold(firm_id)
    if subscription is None:
        raise RefusedError(_("平台还没有公布套餐价格，现在不用付款。"))
    history.expect(subscription, revision)
    return subscription


def _note(act: str, bill: Bill, by: Member) -> None:
    history.note(act, scope=by.scope, by=by, number=bill.number, total_fen=bill.total_fen)
