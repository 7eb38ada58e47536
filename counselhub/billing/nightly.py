"""Each night: seats counted, changes told or carried, days worked out, Stripe compared."""

from dataclasses import dataclass
from uuid import UUID

from flask import current_app

from counselhub.billing import announcing, gateway, queries, standing, syncing
from counselhub.billing.kinds import Interval, Provider
from counselhub.billing.models import BillDifference, Subscription
from counselhub.billing.rules import charged, period_from, proration_fen
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.rounds import Round
from counselhub.core.tenancy import as_platform
from counselhub.people.queries import every_paying_firm


@dataclass(frozen=True, slots=True)
class Difference:
    """What differed from Stripe and was mended. what: a name of `syncing.picture`."""

    firm_id: UUID
    what: str
    ours: str
    theirs: str


def run() -> None:
    """Pass the day, firm by firm; each is kept before the next begins."""
    with Round() as each:
        for firm_id, _code in every_paying_firm():
            with each.step(f"firm:{firm_id}"), as_platform():
                pass_day(firm_id)
                db.session.commit()
        with each.step("reconcile"):
            reconcile()


def pass_day(firm_id: UUID) -> None:
    """Count the firm's seats and work out its days; without a price there is nothing to do."""
    subscription = standing.hold(firm_id)
    if subscription is None:
        return
    seats = queries.count_seats(firm_id)
    if subscription.provider == Provider.TRANSFER:
        carry_change(subscription, seats)
    standing.recount(subscription, seats)
    announcing.tell_standing(subscription, standing.facts_of(subscription, seats))


def carry_change(subscription: Subscription, seats: int) -> None:
    """Put what a change of seats costs for the days left onto the next bill (BILL-3)."""
    today, until = clock.today(), subscription.covered_until
    if seats == subscription.billed_seats or until is None or subscription.anchor_on is None:
        return
    paid = [
        bill
        for bill in queries.bills_with_payments(subscription.firm_id)
        if bill.provider == Provider.TRANSFER and bill.period_start <= today <= bill.period_end
    ]
    if paid:
        interval = Interval.of(paid[-1].interval)
        price = queries.prices_on(subscription.plan, paid[-1].period_start)[interval]
        period = period_from(paid[-1].period_start, subscription.anchor_on, interval)
        subscription.carried_fen += proration_fen(
            subscription.billed_seats, seats, today, period, price
        )
        subscription.billed_seats = seats


def reconcile() -> list[Difference]:
    """Tell Stripe of seats, take over what it has; return what differed. Commits each firm.

    A firm for which Stripe does not answer is left for the next night; another fault is raised at
    the end, as SomeFailedError.
    """
    found: list[Difference] = []
    if not queries.takes_cards():
        return found
    with Round() as each:
        for firm_id, code in every_paying_firm():
            with each.step(f"firm:{firm_id}"), as_platform():
                try:
                    found += _reconcile_one(firm_id)
                    db.session.commit()
                except RefusedError:
                    db.session.rollback()
                    current_app.logger.warning("not reconciled with stripe: %s", code)
    return found


def _reconcile_one(firm_id: UUID) -> list[Difference]:
    known = queries.subscription_of(firm_id)
    if known is None or known.stripe_customer is None:
        return []
    subscription = standing.hold(firm_id) or known
    different = syncing.sync(subscription)
    tell_seats(subscription)
    now = clock.now()
    found = [Difference(firm_id, what, *both) for what, both in different.items()]
    db.session.add_all(
        BillDifference(
            firm_id=firm_id, found_at=now, what=one.what, ours=one.ours, theirs=one.theirs
        )
        for one in found
    )
    db.session.flush()
    return found


def tell_seats(subscription: Subscription) -> None:
    """Let Stripe charge the advisers that are active today. Raises StripeRefusedError."""
    if subscription.provider != Provider.STRIPE or subscription.stripe_customer is None:
        return
    live = gateway.read(subscription.stripe_customer).live
    free = subscription.plan.free_seats
    quantity = charged(queries.count_seats(subscription.firm_id), free)
    if live is not None and live.quantity != quantity:
        gateway.change_items(live, quantity, None)
        syncing.sync(subscription)
