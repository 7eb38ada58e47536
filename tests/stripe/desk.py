"""Stripe's test mode as the cases move it: the one place that knows its clocks and its cards.

All of it goes over HTTP by the official library, to Stripe's own test mode or to our own server.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from stripe import StripeClient

Card = Literal["pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_createDispute"]
GOOD: Card = "pm_card_visa"
FAILING: Card = "pm_card_chargeCustomerFail"
DISPUTED: Card = "pm_card_createDispute"
PATIENCE_SECONDS = 180
"""How long what Stripe does by itself may take: a clock that moves on, a dispute."""
DRAFT = timedelta(hours=2)
"""After the end of a period: the next bill is a draft for an hour before it is paid."""
LOSING = "losing_evidence"
"""The words with which a dispute of the test mode is lost."""
NEWEST = 100

Answer = TypeVar("Answer")


class Desk:
    """One customer under a clock of its own; `close` takes both away."""

    def __init__(self, key: str, address: str, now: datetime) -> None:
        """Let the customer's clock stand at `now`."""
        self.stripe = StripeClient(key, base_addresses={"api": address})
        self.now = now
        self.clock = self.stripe.v1.test_helpers.test_clocks.create(
            {"frozen_time": int(now.timestamp()), "name": "CounselHub"}
        ).id
        made = self.stripe.v1.customers.create({"name": "某某所", "test_clock": self.clock})
        self.customer = made.id
        self._told: set[str] = set()

    def close(self) -> None:
        """Delete the clock, which deletes the customer with all it has."""
        self.stripe.v1.test_helpers.test_clocks.delete(self.clock)

    def pay_with(self, card: Card) -> None:
        """Let the customer pay with one of the test mode's cards from now on."""
        method = self.stripe.v1.payment_methods.attach(card, {"customer": self.customer})
        chosen: Any = {"invoice_settings": {"default_payment_method": method.id}}
        self.stripe.v1.customers.update(self.customer, chosen)

    def subscribe(self, price: str, quantity: int) -> None:
        """Begin a subscription, as the page of a checkout does."""
        wanted: Any = {"items": [{"price": price, "quantity": quantity}]}
        self.stripe.v1.subscriptions.create({"customer": self.customer} | wanted)

    def move_to(self, moment: datetime) -> None:
        """Move the clock on and wait until Stripe has done what falls due."""
        clocks = self.stripe.v1.test_helpers.test_clocks
        clocks.advance(self.clock, {"frozen_time": int(moment.timestamp())})
        _until(lambda: clocks.retrieve(self.clock).status == "ready", "the clock to be ready")
        self.now = moment

    def end_period(self) -> None:
        """Move beyond the end of the paid period, until the next bill is paid or was not."""
        found = self.stripe.v1.subscriptions.list({"customer": self.customer, "limit": 1})
        until = found.data[0]["items"].data[0].current_period_end
        self.move_to(datetime.fromtimestamp(until, self.now.tzinfo) + DRAFT)

    def refund(self) -> None:
        """Give the newest charge back, whole."""
        intent = str(self._charge().payment_intent)
        self.stripe.v1.refunds.create({"payment_intent": intent})

    def lose_dispute(self) -> None:
        """Wait for the dispute of the newest charge, answer it badly, wait until it is lost."""
        disputes, charge = self.stripe.v1.disputes, self._charge().id
        found = _until(lambda: disputes.list({"charge": charge}).data, "the dispute")[0]
        disputes.update(found.id, {"evidence": {"uncategorized_text": LOSING}, "submit": True})
        _until(
            lambda: disputes.list({"charge": charge}).data[0].status == "lost",
            "the dispute to be lost",
        )

    def _charge(self) -> Any:
        return self.stripe.v1.charges.list({"customer": self.customer, "limit": 1}).data[0]

    def told(self) -> list[bytes]:
        """Return what Stripe has told of the customer since it was asked last; at least one.

        A dispute names its charge alone, which is the customer's all the same.
        """
        charges = self.stripe.v1.charges.list({"customer": self.customer, "limit": NEWEST}).data
        names = [self.customer, *(one.id for one in charges)]
        found = _until(lambda: self._untold(names), "events")
        self._told |= found.keys()
        return list(found.values())

    def _untold(self, names: list[str]) -> dict[str, bytes]:
        newest = self.stripe.v1.events.list({"limit": NEWEST}).data
        bodies = {one.id: str(one) for one in newest if one.id not in self._told}
        return {
            event_id: body.encode()
            for event_id, body in bodies.items()
            if any(name in body for name in names)
        }


def _until(ask: Callable[[], Answer], what: str) -> Answer:
    """Ask until the answer is true; return it. Raises TimeoutError."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not (answer := ask()):
        if time.monotonic() > give_up:
            raise TimeoutError(f"waited {PATIENCE_SECONDS} s for {what}")
        time.sleep(1)
    return answer
