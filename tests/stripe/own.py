"""Stripe as far as we use it: what it keeps, and the levers by which a test moves it.

Objects have the shape of the API version that the library pins; the lists hold plain dicts.
"""

import hashlib
import hmac
import itertools
import json
import time
from calendar import monthrange
from datetime import UTC, datetime
from threading import RLock
from typing import Any

import stripe

Thing = dict[str, Any]
SECRET = "whsec_our_own"


def listed(things: list[Thing]) -> Thing:
    """Return a list as the API gives it."""
    return {"object": "list", "data": things, "has_more": False, "url": "/v1/list"}


def after(seconds: int, interval: str) -> int:
    """Return the same moment one month or one year later, on the last day of a shorter month."""
    at = datetime.fromtimestamp(seconds, UTC)
    months = at.year * 12 + at.month - 1 + (12 if interval == "year" else 1)
    year, month = divmod(months, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return int(at.replace(year=year, month=month + 1, day=day).timestamp())


def signature(body: bytes, secret: str = SECRET, at: int | None = None) -> str:
    """Sign bytes as Stripe does: a time, and the HMAC of time and bytes."""
    told = int(time.time()) if at is None else at
    digest = hmac.new(secret.encode(), f"{told}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={told},v1={digest}"


class OwnStripe:
    """What Stripe keeps of one account. now: its clock, in seconds; a test moves it."""

    def __init__(self, now: datetime) -> None:
        """Begin empty."""
        self.now = int(now.timestamp())
        self.lock = RLock()
        self.is_away = False
        self.things: dict[str, Thing] = {}
        self.events: list[bytes] = []
        self.told_once: dict[str, Thing] = {}
        self.requests: list[str] = []
        self._serial = itertools.count(1)
        self.run = f"{time.time_ns():x}"

    def all(self, kind: str, **where: Any) -> list[Thing]:
        """Return the things of a kind with these values, newest first."""
        found = [
            thing
            for thing in self.things.values()
            if thing["object"] == kind and all(thing.get(key) == one for key, one in where.items())
        ]
        return found[::-1]

    def keep(self, prefix: str, kind: str, **values: Any) -> Thing:
        """Keep a new thing under an id of its kind."""
        thing = {
            "id": f"{prefix}_{self.run}{next(self._serial)}",
            "object": kind,
            "livemode": False,
            "created": self.now,
        } | values
        self.things[thing["id"]] = thing
        return thing

    def tell(self, kind: str, thing: Thing) -> None:
        """Put an event into the row of those to be sent, with the thing as it now is."""
        event = {
            "id": f"evt_{self.run}{next(self._serial)}",
            "object": "event",
            "api_version": stripe.api_version,
            "created": self.now,
            "type": kind,
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "data": {"object": thing},
        }
        self.events.append(json.dumps(event).encode())

    def subscribe(self, customer: str, price: str, quantity: int, trial_end: int = 0) -> Thing:
        """Begin a subscription and charge its first period."""
        cost = self.things[price]
        start = self.now
        end = trial_end or after(start, cost["recurring"]["interval"])
        item = self.keep(
            "si",
            "subscription_item",
            quantity=quantity,
            price=cost,
            current_period_start=start,
            current_period_end=end,
        )
        made = self.keep(
            "sub",
            "subscription",
            customer=customer,
            status="trialing" if trial_end else "active",
            cancel_at_period_end=False,
            cancellation_details={"comment": None, "feedback": None, "reason": None},
            items=listed([item]),
            prorations=[],
        )
        self.tell("customer.subscription.created", made)
        self._bill(made, 0 if trial_end else quantity * cost["unit_amount"], is_paid=True)
        return made

    def renew(self, subscription: Thing, *, is_paid: bool = True) -> Thing:
        """Begin the next period; without money the bill stays open and the subscription due."""
        item = subscription["items"]["data"][0]
        self.now = max(self.now, item["current_period_end"])
        item["current_period_start"] = item["current_period_end"]
        interval = item["price"]["recurring"]["interval"]
        item["current_period_end"] = after(item["current_period_start"], interval)
        if subscription["cancel_at_period_end"]:
            return self.end(subscription, "cancellation_requested")
        total = item["quantity"] * item["price"]["unit_amount"]
        bill = self._bill(subscription, total, is_paid=is_paid)
        subscription["status"] = "active" if is_paid else "past_due"
        self.tell("customer.subscription.updated", subscription)
        return bill

    def end(self, subscription: Thing, reason: str) -> Thing:
        """End a subscription now."""
        subscription["status"] = "canceled"
        subscription["cancellation_details"]["reason"] = reason
        self.tell("customer.subscription.deleted", subscription)
        return subscription

    def _bill(self, subscription: Thing, total: int, *, is_paid: bool) -> Thing:
        item = subscription["items"]["data"][0]
        lines = [
            self._line(
                total, item["quantity"], item["current_period_start"], item["current_period_end"]
            ),
            *subscription["prorations"],
        ]
        subscription["prorations"] = []
        whole = sum(line["amount"] for line in lines)
        bill = self.keep(
            "in",
            "invoice",
            customer=subscription["customer"],
            number=f"OWN-{self.run}-{next(self._serial)}",
            status="open",
            currency="cny",
            total=whole,
            amount_due=max(0, whole),
            lines=listed(lines),
            status_transitions={"paid_at": None, "finalized_at": self.now},
            kept_payments=listed([]),
            parent={
                "type": "subscription_details",
                "subscription_details": {"subscription": subscription["id"]},
            },
        )
        self.tell("invoice.created", bill)
        if is_paid:
            self.pay(bill)
        else:
            self.tell("invoice.payment_failed", bill)
        return bill

    def _line(self, amount: int, quantity: int, start: int, end: int) -> Thing:
        return self.keep(
            "il", "line_item", amount=amount, quantity=quantity, period={"start": start, "end": end}
        )

    def pay(self, bill: Thing) -> None:
        """Take the money of a bill; a due subscription runs again."""
        if bill["amount_due"]:
            intent = f"pi_{self.run}{next(self._serial)}"
            self.keep(
                "ch",
                "charge",
                customer=bill["customer"],
                payment_intent=intent,
                amount=bill["amount_due"],
                amount_refunded=0,
                status="succeeded",
                disputed=False,
            )
            bill["kept_payments"]["data"].append(
                {
                    "id": f"inpay_{intent}",
                    "object": "invoice_payment",
                    "status": "paid",
                    "payment": {"type": "payment_intent", "payment_intent": intent},
                }
            )
        bill["status"], bill["status_transitions"]["paid_at"] = "paid", self.now
        self.tell("invoice.paid", bill)
        subscription = self.things[bill["parent"]["subscription_details"]["subscription"]]
        if subscription["status"] == "past_due":
            subscription["status"] = "active"
            self.tell("customer.subscription.updated", subscription)

    def charge_of(self, bill: Thing) -> Thing:
        """Return the charge of a paid bill."""
        payment = bill["kept_payments"]["data"][0]["payment"]
        return self.all("charge", payment_intent=payment["payment_intent"])[0]

    def refund(self, bill: Thing, amount: int) -> None:
        """Give money back."""
        charge = self.charge_of(bill)
        charge["amount_refunded"] += amount
        refund = self.keep(
            "re",
            "refund",
            charge=charge["id"],
            amount=amount,
            status="succeeded",
            payment_intent=charge["payment_intent"],
        )
        self.tell("refund.created", refund)
        self.tell("charge.refunded", charge)

    def dispute(self, bill: Thing) -> Thing:
        """Let the cardholder ask the bank for the money."""
        charge = self.charge_of(bill)
        charge["disputed"] = True
        made = self.keep(
            "dp",
            "dispute",
            charge=charge["id"],
            amount=charge["amount"],
            status="needs_response",
            payment_intent=charge["payment_intent"],
        )
        self.tell("charge.dispute.created", made)
        return made

    def settle(self, dispute: Thing, status: str) -> None:
        """Let the bank decide: won or lost."""
        dispute["status"] = status
        self.tell("charge.dispute.closed", dispute)

    def change(self, subscription: Thing, sent: Thing) -> Thing:
        """Change items with the days left put onto the next bill, or the end of a subscription."""
        if "cancel_at_period_end" in sent:
            subscription["cancel_at_period_end"] = sent["cancel_at_period_end"] == "true"
        for wanted in sent.get("items", {}).values():
            item = self.things[wanted["id"]]
            before = item["quantity"] * item["price"]["unit_amount"]
            item["quantity"] = int(wanted["quantity"])
            if "price" in wanted:
                item["price"] = self.things[wanted["price"]]
            cost = item["quantity"] * item["price"]["unit_amount"] - before
            start, end = item["current_period_start"], item["current_period_end"]
            amount = round(cost * (end - self.now) / (end - start))
            if sent.get("proration_behavior") == "create_prorations" and amount:
                subscription["prorations"].append(
                    self._line(amount, item["quantity"], self.now, end)
                )
        self.tell("customer.subscription.updated", subscription)
        return subscription

    def complete(self, checkout: Thing) -> str:
        """Pay on the page of a checkout; return where the browser goes next."""
        sent = checkout["sent"]
        line = sent["line_items"]["0"]
        trial_end = int(sent.get("subscription_data", {}).get("trial_end", 0))
        made = self.subscribe(checkout["customer"], line["price"], int(line["quantity"]), trial_end)
        checkout |= {"status": "complete", "subscription": made["id"]}
        self.tell("checkout.session.completed", checkout)
        return str(sent["success_url"])
