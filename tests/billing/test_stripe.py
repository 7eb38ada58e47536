"""What happens at Stripe happens here: every case, its events in any order and many times."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from counselhub.billing import events, nightly, standing, syncing
from counselhub.billing.kinds import Provider, Standing
from counselhub.billing.models import Bill, BillPayment, StripeEvent
from counselhub.billing.queries import count_seats
from counselhub.billing.rules import standing as standing_on
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from tests.billing.conftest import PAID, Card, advisers, on

UNTIL = date(2027, 5, 9)
"""The last day of the first month that was paid for."""


def hear(card: Card, told: list[bytes]) -> None:
    """Let the service store and handle these events, one by one."""
    for body in told:
        with card.app.app_context():
            event_id = events.store(body)
            db.session.commit()
            assert events.handle(event_id)


def stands(card: Card, day: date) -> Standing:
    with card.app.app_context(), as_platform():
        row = card.subscription()
        return standing_on(standing.facts_of(row, count_seats(row.firm_id)), day)


def seen(card: Card) -> dict[str, str]:
    with card.app.app_context(), as_platform():
        return syncing.picture(card.subscription())


def _upgrade(card: Card) -> None:
    card.own.change(card.bought(), {"items": {"0": item(card, 4)}} | PRORATED)


def _downgrade(card: Card) -> None:
    card.own.change(card.bought(), {"items": {"0": item(card, 1)}} | PRORATED)
    card.own.renew(card.own.all("subscription")[0])


def _failure(card: Card) -> None:
    card.own.renew(card.bought(), is_paid=False)


def _paid_later(card: Card) -> None:
    bill = card.own.renew(card.bought(), is_paid=False)
    card.own.pay(bill)


def _cancellation(card: Card) -> None:
    bought = card.bought()
    card.own.change(bought, {"cancel_at_period_end": "true"})
    card.own.renew(bought)


def _given_up(card: Card) -> None:
    bought = card.bought()
    card.own.renew(bought, is_paid=False)
    card.own.end(bought, "payment_failed")


def _refund(card: Card) -> None:
    card.bought()
    bill = card.own.all("invoice")[0]
    card.own.refund(bill, bill["total"])


def _part_refund(card: Card) -> None:
    card.bought()
    card.own.refund(card.own.all("invoice")[0], 5_000)


def _dispute(card: Card) -> None:
    card.bought()
    card.own.settle(card.own.dispute(card.own.all("invoice")[0]), "lost")


def _dispute_won(card: Card) -> None:
    card.bought()
    card.own.settle(card.own.dispute(card.own.all("invoice")[0]), "won")


PRORATED = {"proration_behavior": "create_prorations"}


def item(card: Card, quantity: int) -> dict[str, str]:
    found = card.own.all("subscription_item")[0]
    return {"id": found["id"], "quantity": str(quantity)}


CLOSES = UNTIL + timedelta(days=32)
RENEWED = date(2027, 6, 9)
CASES: dict[str, tuple[Callable[[Card], None], dict[str, str]]] = {
    "upgrade": (_upgrade, {"seats": "7", "covered_until": str(UNTIL)}),
    "downgrade": (_downgrade, {"seats": "4", "covered_until": str(RENEWED)}),
    "failure": (_failure, {"covered_until": str(UNTIL), "read_only_on": str(CLOSES)}),
    "paid later": (_paid_later, {"covered_until": str(RENEWED), "provider": "stripe"}),
    "cancellation": (_cancellation, {"provider": "none", "read_only_on": "2027-05-10"}),
    "given up": (_given_up, {"provider": "none", "read_only_on": str(CLOSES), "ending": "False"}),
    "refund": (_refund, {"covered_until": "", "read_only_on": "2027-05-11"}),
    "part of it": (_part_refund, {"covered_until": str(UNTIL)}),
    "dispute": (_dispute, {"covered_until": "", "read_only_on": "2027-05-11"}),
    "dispute won": (_dispute_won, {"covered_until": str(UNTIL)}),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("case", "expected"), CASES.values(), ids=list(CASES))
def test_each_case_ends_as_it_should_in_any_order(
    card: Card, case: Callable[[Card], None], expected: dict[str, str], seed: int
) -> None:
    """A storm on a firm that has heard nothing yet: each event three times, shuffled."""
    with on(PAID):
        case(card)
        storm = card.own.events * 3
        random.Random(seed).shuffle(storm)  # noqa: S311  # an order, no secret
        hear(card, storm)
        stormed = seen(card)
        hear(card, card.own.events)
        for body in reversed(card.own.events):
            with card.app.app_context():
                events.replay(None, events.store(body))
    assert {name: stormed[name] for name in expected} == expected
    assert seen(card) == stormed
    with card.app.app_context(), as_platform():
        ours = Bill.firm_id == card.tenant.firm_id
        assert db.session.scalar(select(func.count()).where(ours)) == len(card.own.all("invoice"))
        moved = select(func.count()).where(BillPayment.firm_id == card.tenant.firm_id)
        assert db.session.scalar(moved) == len(money_of(card))


def money_of(card: Card) -> list[dict[str, str]]:
    """What moved at Stripe: charges, refunds and lost disputes."""
    lost = card.own.all("dispute", status="lost")
    return card.own.all("charge") + card.own.all("refund") + lost


@pytest.mark.parametrize("seed", range(5))
def test_what_comes_late_is_no_step_back(card: Card, seed: int) -> None:
    """Old events come between new ones, while Stripe goes on: only the newest state stays."""
    order = random.Random(seed)  # noqa: S311  # an order, no secret
    with on(PAID):
        bought = card.bought()
        _some(card, order)
        card.own.change(bought, {"items": {"0": item(card, 4)}} | PRORATED)
        _some(card, order)
        bill = card.own.renew(bought, is_paid=False)
        _some(card, order)
        card.own.pay(bill)
        _some(card, order)
        storm = card.own.events * 3
        order.shuffle(storm)
        hear(card, storm)
    stands = seen(card)
    assert (stands["seats"], stands["covered_until"]) == ("7", str(RENEWED))
    assert stands[f"bill {bill['number']}"].startswith(f"paid {bill['total']} {bill['total']} ")


def _some(card: Card, order: random.Random) -> None:
    """Let about half of what was told so far come now, in any order."""
    hear(card, order.sample(card.own.events, k=len(card.own.events) // 2))


def test_a_failure_leads_to_read_only_and_money_back_out(card: Card) -> None:
    with on(PAID):
        bill = card.own.renew(card.bought(), is_paid=False)
        hear(card, card.own.events)
    assert stands(card, UNTIL) is Standing.ACTIVE
    assert stands(card, UNTIL + timedelta(days=1)) is Standing.PAST_DUE
    assert stands(card, UNTIL + timedelta(days=31)) is Standing.PAST_DUE
    assert stands(card, UNTIL + timedelta(days=32)) is Standing.READ_ONLY
    with on(CLOSES):
        card.own.pay(bill)
        hear(card, card.own.events[-2:])
    assert stands(card, RENEWED) is Standing.ACTIVE


def test_an_event_that_a_crash_left_behind_is_handled_by_the_next_minute(card: Card) -> None:
    with on(PAID):
        card.bought()
        with card.app.app_context():
            for body in card.own.events:
                events.store(body)
            db.session.commit()
        card.own.is_away = True
        with card.app.app_context():
            events.handle_waiting()
            assert waiting(card) == ["", "", "", "", "APIError"]
        card.own.is_away = False
        with card.app.app_context():
            events.handle_waiting()
            assert waiting(card) == []
    assert seen(card)["covered_until"] == str(UNTIL)


def waiting(card: Card) -> list[str]:
    """The problems of what waits, as far as it is this test's."""
    ours = StripeEvent.id.contains(card.own.run)
    query = select(StripeEvent.problem).where(ours, StripeEvent.handled_at.is_(None))
    with as_platform():
        return sorted(db.session.scalars(query))


def test_two_events_at_once_write_nothing_twice(card: Card) -> None:
    with on(PAID):
        card.bought()

    def one(body: bytes) -> None:
        hear(card, [body])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, card.own.events * 2))
    with card.app.app_context(), as_platform():
        ours = BillPayment.firm_id == card.tenant.firm_id
        assert db.session.scalars(select(BillPayment.amount_fen).where(ours)).all() == [19_800]


def test_the_night_tells_seats_and_mends_what_differs(card: Card) -> None:
    with on(PAID):
        bought = card.bought()
        hear(card, card.own.events)
    with card.app.app_context(), as_platform():
        advisers(card.tenant, 2)
        row = card.subscription()
        row.covered_until = date(2030, 1, 1)
        db.session.commit()
    with card.app.app_context(), on(PAID + timedelta(days=1)):
        found = {
            one.what: (one.ours, one.theirs)
            for one in nightly.reconcile()
            if one.firm_id == card.tenant.firm_id
        }
    assert found["covered_until"] == ("2030-01-01", str(UNTIL))
    assert bought["items"]["data"][0]["quantity"] == 4
    assert seen(card)["seats"] == "7"
    with card.app.app_context(), on(PAID + timedelta(days=1)):
        assert not [one for one in nightly.reconcile() if one.firm_id == card.tenant.firm_id]


def test_nobody_pays_twice_for_days_that_are_paid(card: Card) -> None:
    """A checkout before the trial's end begins with its end, as Stripe's own trial."""
    from counselhub.billing import gateway
    from counselhub.billing.kinds import Interval

    with card.app.app_context(), as_platform(), on(date(2027, 3, 2)):
        row = standing.hold(card.tenant.firm_id)
        assert row is not None
        row.stripe_customer = gateway.make_customer(card.tenant.firm_id, "某某所")
        price = gateway.price_id("standard", Interval.YEAR, 99_000)
        begins = date(2027, 4, 1)
        gateway.checkout_url(
            row.stripe_customer, price, 2, begins, done="http://d", back="http://b"
        )
        db.session.commit()
        card.own.now = int(PAID.strftime("%s")) - 40 * 86_400
        card.own.complete(card.own.all("checkout.session")[0])
        hear(card, card.own.events)
        row = card.subscription()
        assert (row.provider, row.covered_until) == (Provider.STRIPE, date(2027, 3, 31))
        assert row.interval == "year"
