"""Keep a subscription's days in line with its bills: the one place that works them out."""

from datetime import date
from uuid import UUID

from counselhub.billing import queries
from counselhub.billing.kinds import BillStatus
from counselhub.billing.models import Bill, Subscription
from counselhub.billing.rules import (
    A_DAY,
    TRIAL_DAYS,
    Facts,
    Paid,
    charged,
    covered_until,
    read_only_on,
)
from counselhub.core import clock
from counselhub.core.db import db, take_lock
from counselhub.people.models import Firm


def trial_ends_on(firm: Firm) -> date:
    """Return the last day of a firm's trial; who did not sign up has one from the day it came."""
    if firm.trial_ends_on is not None:
        return firm.trial_ends_on
    return clock.local(firm.created_at).date() + TRIAL_DAYS * A_DAY


def hold(firm_id: UUID) -> Subscription | None:
    """Return a firm's subscription for a change, made when there is none; others wait.

    None when there is nothing to pay for. Needs the platform's scope.
    """
    take_lock(f"billing:{firm_id}")
    found = queries.subscription_of(firm_id)
    if found is not None:
        db.session.refresh(found)
        return found
    plan = queries.offered_plan(clock.today())
    if plan is None:
        return None
    made = Subscription(firm_id=firm_id, plan_id=plan.id, grace_from=clock.today())
    db.session.add(made)
    db.session.flush()
    return made


def facts_of(subscription: Subscription, seats: int) -> Facts:
    """Return what the rules may know. seats: active advisers of today."""
    return Facts(
        charged_seats=charged(seats, subscription.plan.free_seats),
        trial_ends_on=trial_ends_on(subscription.firm),
        covered_until=subscription.covered_until,
        grace_from=subscription.grace_from,
        is_ending=subscription.is_ending,
    )


def recount(subscription: Subscription, seats: int) -> None:
    """Work out again until when the firm has paid, and from when on it may only read."""
    bills = queries.bills_with_payments(subscription.firm_id)
    subscription.covered_until = covered_until(map(_paid, bills))
    if back := [day for bill in bills if (day := _went_back_on(bill)) is not None]:
        subscription.grace_from = max(subscription.grace_from, *back)
    subscription.read_only_on = read_only_on(facts_of(subscription, seats))
    db.session.flush()


def net_fen(bill: Bill) -> int:
    """Return what came in for a bill, less what went back."""
    return sum(one.amount_fen for one in bill.payments if one.undone_at is None)


def _paid(bill: Bill) -> Paid:
    is_settled = bill.status == BillStatus.PAID
    return Paid(bill.period_end, bill.total_fen, net_fen(bill), is_settled)


def _went_back_on(bill: Bill) -> date | None:
    """Return when a settled bill's whole money went back, None when it did not."""
    back = [one.on_day for one in bill.payments if one.kind in queries.MONEY_BACK]
    return max(back) if back and net_fen(bill) <= 0 else None
