"""Of Stripe's test mode what the cases use: clocks, cards that behave as told, refunds, disputes.

Routes of our own server; the state they change is `OwnStripe`'s.
"""

import json
from collections.abc import Callable

from tests.stripe.own import OwnStripe, Thing, listed

FAILING, DISPUTED = "pm_card_chargeCustomerFail", "pm_card_createDispute"
DRAFT_SECONDS = 3_600
"""How long a bill of a new period is a draft before its money is asked for."""


def _clock(own: OwnStripe, sent: Thing) -> Thing:
    own.now = int(sent["frozen_time"])
    return own.keep("clock", "test_helpers.test_clock", frozen_time=own.now, status="ready")


def _advance(own: OwnStripe, sent: Thing, clock: str) -> Thing:
    """Move the clock; every period that ends on the way is renewed or ended."""
    until = int(sent["frozen_time"])
    for subscription in own.all("subscription"):
        item = subscription["items"]["data"][0]
        while (
            subscription["status"] != "canceled"
            and item["current_period_end"] + DRAFT_SECONDS <= until
        ):
            own.renew(subscription, is_paid=_card(own, subscription["customer"]) != FAILING)
    own.now = own.things[clock]["frozen_time"] = until
    return own.things[clock]


def _card(own: OwnStripe, customer: str) -> str:
    """Return the test card that a customer pays with, '' for none."""
    chosen = own.things[customer].get("invoice_settings", {}).get("default_payment_method")
    return str(own.things[chosen]["card_of_test"]) if chosen else ""


def _attach(own: OwnStripe, sent: Thing, card: str) -> Thing:
    return own.keep("pm", "payment_method", customer=sent["customer"], card_of_test=card)


def _change_customer(own: OwnStripe, sent: Thing, customer: str) -> Thing:
    own.things[customer] |= sent
    return own.things[customer]


def _subscribe(own: OwnStripe, sent: Thing) -> Thing:
    wanted = sent["items"]["0"]
    made = own.subscribe(sent["customer"], wanted["price"], int(wanted["quantity"]))
    if _card(own, sent["customer"]) == DISPUTED:
        own.dispute(own.all("invoice", customer=sent["customer"])[0])
    return made


def _refund(own: OwnStripe, sent: Thing) -> Thing:
    for bill in own.all("invoice", status="paid"):
        charge = own.charge_of(bill)
        if charge["payment_intent"] == sent["payment_intent"]:
            own.refund(bill, charge["amount"])
    return own.all("refund", payment_intent=sent["payment_intent"])[0]


def _answer_dispute(own: OwnStripe, sent: Thing, dispute: str) -> Thing:
    if sent.get("submit") == "true":
        lost = sent["evidence"]["uncategorized_text"] == "losing_evidence"
        own.settle(own.things[dispute], "lost" if lost else "won")
    return own.things[dispute]


def _events(own: OwnStripe, sent: Thing) -> Thing:
    return listed([json.loads(body) for body in own.events[::-1]][: int(sent["limit"])])


ROUTES: dict[tuple[str, str], Callable[..., Thing]] = {
    ("POST", "/v1/test_helpers/test_clocks"): _clock,
    ("POST", "/v1/test_helpers/test_clocks/([^/]+)/advance"): _advance,
    ("GET", "/v1/test_helpers/test_clocks/([^/]+)"): lambda own, _sent, one: own.things[one],
    ("DELETE", "/v1/test_helpers/test_clocks/([^/]+)"): lambda own, _sent, one: own.things.pop(one),
    ("POST", "/v1/payment_methods/([^/]+)/attach"): _attach,
    ("POST", "/v1/customers/([^/]+)"): _change_customer,
    ("POST", "/v1/subscriptions"): _subscribe,
    ("POST", "/v1/refunds"): _refund,
    ("POST", "/v1/disputes/([^/]+)"): _answer_dispute,
    ("GET", "/v1/events"): _events,
}
