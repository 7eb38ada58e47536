"""Take over what Stripe has of a firm, whole: whatever was told in which order, it ends alike."""

from uuid import UUID

from sqlalchemy import delete, select

from counselhub.billing import gateway, queries, standing
from counselhub.billing.kinds import BillStatus, PaymentKind, Provider
from counselhub.billing.models import Bill, BillPayment, Subscription
from counselhub.billing.remote import Account, RemoteInvoice, RemoteMoney
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member, command_member
from counselhub.core.tenancy import Scope, ScopeKind

STATUSES = {
    "open": BillStatus.OPEN,
    "paid": BillStatus.PAID,
    "void": BillStatus.VOID,
    "uncollectible": BillStatus.VOID,
}
OURS = "Stripe"
"""Who wrote a payment that nobody of us confirmed."""

Picture = dict[str, str]


def sync(subscription: Subscription, *, by: Member | None = None) -> dict[str, tuple[str, str]]:
    """Take over Stripe's present state; return what differed: {what: (ours, theirs)}.

    subscription: held (`standing.hold`) before Stripe is read, so that an older answer never
    follows a newer one. Raises StripeRefusedError. Needs the platform's scope.
    """
    if subscription.stripe_customer is None:
        return {}
    seats = queries.count_seats(subscription.firm_id)
    account = gateway.read(subscription.stripe_customer)
    before = picture(subscription)
    take_over(subscription, account, seats)
    after = picture(subscription)
    different = {
        what: (before.get(what, ""), after.get(what, ""))
        for what in sorted(before.keys() | after.keys())
        if before.get(what) != after.get(what)
    }
    subscription.synced_at = clock.now()
    if different:
        scope = Scope(ScopeKind.FIRM, str(subscription.firm_id))
        actor = by or command_member(scope)
        history.note("subscription_synced", scope=scope, by=actor, changed=sorted(different))
    db.session.flush()
    return different


def take_over(subscription: Subscription, account: Account, seats: int) -> None:
    """Write down what Stripe has. seats: active advisers of today."""
    live, newest = account.live, account.newest
    if live is not None:
        subscription.provider = Provider.STRIPE.value
        subscription.stripe_subscription = live.id
        subscription.interval = live.interval.value
        subscription.billed_seats = subscription.plan.free_seats + live.quantity
        subscription.is_ending = live.is_ending
        subscription.carried_fen = 0
    elif newest is not None and subscription.provider != Provider.TRANSFER:
        subscription.provider = Provider.NONE.value
        subscription.stripe_subscription = None
        subscription.is_ending = newest.is_ending
    by_intent: dict[str, Bill] = {}
    for invoice in account.invoices:
        bill = _write_bill(subscription, invoice)
        by_intent |= dict.fromkeys(invoice.intents, bill)
    db.session.flush()
    _write_moneys(subscription.firm_id, account.moneys, by_intent)
    db.session.flush()
    standing.recount(subscription, seats)


def _write_bill(subscription: Subscription, invoice: RemoteInvoice) -> Bill:
    query = select(Bill).where(Bill.stripe_invoice == invoice.id)
    bill = db.session.scalars(query).one_or_none()
    if bill is None:
        bill = Bill(
            firm_id=subscription.firm_id,
            stripe_invoice=invoice.id,
            number=invoice.number,
            provider=Provider.STRIPE.value,
            made_at=invoice.made_at,
            lines=[],
        )
        db.session.add(bill)
    status = STATUSES.get(invoice.status, BillStatus.OPEN)
    bill.status = status.value
    bill.interval = invoice.interval.value
    bill.seats = subscription.plan.free_seats + invoice.quantity
    bill.period_start, bill.period_end = invoice.start, invoice.end
    bill.total_fen = invoice.total_fen
    bill.paid_on = (invoice.paid_on or invoice.start) if status is BillStatus.PAID else None
    return bill


def _write_moneys(
    firm_id: UUID, moneys: tuple[RemoteMoney, ...], by_intent: dict[str, Bill]
) -> None:
    """Write what moved for a bill of ours; what Stripe no longer has, as a dispute won, goes."""
    told = {one.id: one for one in moneys if one.intent in by_intent and one.amount_fen}
    ours = BillPayment.firm_id == firm_id, BillPayment.stripe_id.is_not(None)
    db.session.execute(delete(BillPayment).where(*ours, BillPayment.stripe_id.not_in(told)))
    found = {row.stripe_id: row for row in db.session.scalars(select(BillPayment).where(*ours))}
    for one in told.values():
        row = found.get(one.id)
        if row is None:
            row = BillPayment(firm_id=firm_id, stripe_id=one.id, by_name=OURS, made_at=clock.now())
            db.session.add(row)
        row.bill_id = by_intent[one.intent].id
        row.kind = PaymentKind.of(one.kind).value
        row.amount_fen, row.on_day = one.amount_fen, one.on_day


def picture(subscription: Subscription) -> Picture:
    """Return what two sides must agree on, each under its name."""
    seen: Picture = {
        "subscription": str(subscription.stripe_subscription or ""),
        "provider": subscription.provider,
        "interval": subscription.interval,
        "seats": str(subscription.billed_seats),
        "ending": str(subscription.is_ending),
        "covered_until": str(subscription.covered_until or ""),
        "read_only_on": str(subscription.read_only_on or ""),
    }
    for bill in queries.bills_with_payments(subscription.firm_id):
        if bill.provider == Provider.STRIPE:
            told = f"{bill.status} {bill.total_fen} {standing.net_fen(bill)} {bill.period_end}"
            seen[f"bill {bill.number}"] = told
    return seen
