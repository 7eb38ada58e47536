"""The only place that calls Stripe: the official library, with bounded time and answers.

What comes back are the plain facts of `remote`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _

from counselhub.billing.kinds import Interval
from counselhub.billing.remote import Account, RemoteInvoice, RemoteMoney, RemoteSubscription
from counselhub.core import clock
from counselhub.core.errors import RefusedError

if TYPE_CHECKING:
    from stripe import StripeClient

RETRIES = 2
TOLERANCE_SECONDS = 300
"""How old a signature may be."""
A_PAGE = 100
SHORTEST_TRIAL = timedelta(hours=49)
"""Stripe takes no trial that ends within two days; an hour for the way."""
LIVE = ("active", "past_due", "unpaid", "trialing", "paused")


class StripeRefusedError(RefusedError):
    """Stripe did not answer, or would not do it."""


class SignatureError(ValueError):
    """An event that Stripe did not sign, or too long ago."""


def _client() -> "StripeClient":
    from stripe import StripeClient  # half a second that most processes never need

    from counselhub.billing.stripe_http import BoundedClient

    return StripeClient(
        current_app.config["STRIPE_KEY"],
        base_addresses={"api": current_app.config["STRIPE_API"]},
        max_network_retries=RETRIES,
        http_client=BoundedClient(),
    )


@contextmanager
def _asking() -> Iterator["StripeClient"]:
    """Ask Stripe. Raises StripeRefusedError in words for whatever it would not do."""
    from stripe import StripeError

    try:
        yield _client()
    except StripeError as problem:
        current_app.logger.warning("stripe: %s %s", type(problem).__name__, problem.code or "")
        raise StripeRefusedError(
            _("银行卡服务（Stripe）没有办成这件事，没有扣款。请稍后再试，或者改用对公转账。")
        ) from problem


def make_customer(firm_id: UUID, name: str) -> str:
    """Return the id of a new customer; the same one when it is asked again soon."""
    with _asking() as stripe:
        made = stripe.v1.customers.create(
            {"name": name, "metadata": {"firm_id": str(firm_id)}},
            {"idempotency_key": f"customer-{firm_id}"},
        )
    return made.id


def price_id(code: str, interval: Interval, seat_fen: int) -> str:
    """Return Stripe's price of one seat, made when there is none of that amount yet."""
    key = f"{code}-{interval.value}-{seat_fen}"
    with _asking() as stripe:
        found = stripe.v1.prices.list({"lookup_keys": [key], "active": True, "limit": 1})
        if found.data:
            return found.data[0].id
        made = stripe.v1.prices.create(
            {
                "currency": "cny",
                "unit_amount": seat_fen,
                "recurring": {"interval": interval.value},
                "product_data": {"name": f"CounselHub {code}"},
                "lookup_key": key,
            },
            {"idempotency_key": f"price-{key}"},
        )
    return made.id


def checkout_url(
    customer: str, price: str, quantity: int, starts_on: date, *, done: str, back: str
) -> str:
    """Return the page on which a customer pays; what is covered until `starts_on` stays free."""
    begins = datetime.combine(starts_on, datetime.min.time(), clock.SHANGHAI)
    asked: Any = {
        "mode": "subscription",
        "customer": customer,
        "line_items": [{"price": price, "quantity": quantity}],
        "automatic_tax": {"enabled": False},
        "success_url": done,
        "cancel_url": back,
    }
    if begins - clock.now() > SHORTEST_TRIAL:
        asked["subscription_data"] = {"trial_end": int(begins.timestamp())}
    with _asking() as stripe:
        made = stripe.v1.checkout.sessions.create(asked)
    return str(made.url)


def portal_url(customer: str, back: str) -> str:
    """Return the page on which a customer changes the card and sees receipts."""
    with _asking() as stripe:
        made = stripe.v1.billing_portal.sessions.create({"customer": customer, "return_url": back})
    return made.url


def change_items(subscription: RemoteSubscription, quantity: int, price: str | None) -> None:
    """Change seats, and the price where one is given; Stripe puts the days onto the next bill."""
    item: dict[str, Any] = {"id": subscription.item, "quantity": quantity}
    if price is not None:
        item["price"] = price
    asked: Any = {"items": [item], "proration_behavior": "create_prorations"}
    with _asking() as stripe:
        stripe.v1.subscriptions.update(subscription.id, asked)


def set_ending(subscription_id: str, *, is_ending: bool) -> None:
    """End a subscription with its period, or let it go on."""
    with _asking() as stripe:
        stripe.v1.subscriptions.update(subscription_id, {"cancel_at_period_end": is_ending})


def cancel(subscription_id: str) -> None:
    """End a subscription at once; what is paid already stays paid."""
    with _asking() as stripe:
        stripe.v1.subscriptions.cancel(subscription_id)


def read(customer: str) -> Account:
    """Return all that Stripe has of a customer."""
    with _asking() as stripe:
        subscriptions = stripe.v1.subscriptions.list(
            {"customer": customer, "status": "all", "limit": A_PAGE}
        )
        invoices = stripe.v1.invoices.list(
            {"customer": customer, "limit": A_PAGE, "expand": ["data.payments"]}
        )
        charges = stripe.v1.charges.list({"customer": customer, "limit": A_PAGE})
        moneys: list[RemoteMoney] = []
        for charge in charges.auto_paging_iter():
            moneys += _moneys(stripe, charge)
        return Account(
            tuple(map(_subscription, subscriptions.auto_paging_iter())),
            tuple(_invoice(one) for one in invoices.auto_paging_iter() if one.status != "draft"),
            tuple(moneys),
        )


def _subscription(found: Any) -> RemoteSubscription:
    item = found["items"].data[0]
    reason = found.cancellation_details.reason if found.cancellation_details else None
    is_live = found.status in LIVE
    return RemoteSubscription(
        id=found.id,
        item=item.id,
        is_live=is_live,
        is_ending=found.cancel_at_period_end if is_live else reason == "cancellation_requested",
        quantity=item.quantity or 0,
        interval=Interval.of(item.price.recurring.interval),
        created_at=_instant(found.created),
    )


def _invoice(found: Any) -> RemoteInvoice:
    lines = found.lines.data
    last = max(lines, key=lambda line: (line.period.end, line.amount))
    paid_at = found.status_transitions.paid_at
    long = (last.period.end - last.period.start) > timedelta(days=60).total_seconds()
    start, end = _day(last.period.start), _day(last.period.end)
    return RemoteInvoice(
        id=found.id,
        number=found.number or found.id,
        status=found.status,
        interval=Interval.YEAR if long else Interval.MONTH,
        quantity=last.quantity or 0,
        start=start,
        end=max(start, end - timedelta(days=1)),
        total_fen=found.total,
        made_at=_instant(found.created),
        paid_on=_day(paid_at) if paid_at else None,
        intents=tuple(_intents(found)),
    )


def _intents(found: Any) -> Iterator[str]:
    payments = found.payments.data if found.payments else ()
    for one in payments:
        if one.payment.type == "payment_intent":
            yield str(one.payment.payment_intent)


def _moneys(stripe: "StripeClient", charge: Any) -> Iterator[RemoteMoney]:
    """Yield a charge that succeeded with what went back of it."""
    intent = str(charge.payment_intent or "")
    if charge.status != "succeeded":
        return
    yield RemoteMoney(charge.id, "card", charge.amount, _day(charge.created), intent)
    if charge.amount_refunded:
        for one in stripe.v1.refunds.list({"charge": charge.id, "limit": A_PAGE}).data:
            if one.status == "succeeded":
                yield RemoteMoney(one.id, "refund", -one.amount, _day(one.created), intent)
    if charge.disputed:
        for dispute in stripe.v1.disputes.list({"charge": charge.id, "limit": A_PAGE}).data:
            if dispute.status == "lost":
                day = _day(dispute.created)
                yield RemoteMoney(dispute.id, "dispute", -dispute.amount, day, intent)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _day(seconds: int) -> date:
    return clock.local(_instant(seconds)).date()


def customer_of_charge(charge: str) -> str:
    """Return whose charge it is, '' for nobody's. Raises StripeRefusedError."""
    with _asking() as stripe:
        found = stripe.v1.charges.retrieve(charge)
    return str(found.customer or "")


def verify(body: bytes, signature: str) -> None:
    """Prove that Stripe signed this event within the last minutes. Raises SignatureError."""
    from stripe import SignatureVerificationError, Webhook

    secret = current_app.config["STRIPE_WEBHOOK_SECRET"]
    try:
        Webhook.construct_event(body, signature, secret, TOLERANCE_SECONDS)
    except (SignatureVerificationError, ValueError) as problem:
        raise SignatureError from problem
