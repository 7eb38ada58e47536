"""Plans and prices, how a firm pays, and the lists of bills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload, selectinload

from counselhub.advisers.models import Adviser
from counselhub.billing.kinds import (
    BillStatus,
    Interval,
    PaymentKind,
    Provider,
    RequestStatus,
    Standing,
)
from counselhub.billing.models import (
    Bill,
    BillDifference,
    BillPayment,
    InvoiceRequest,
    Plan,
    PlanPrice,
    StripeEvent,
    Subscription,
)
from counselhub.billing.rules import TRIAL_DAYS, Price
from counselhub.core import clock
from counselhub.core.columns import containing
from counselhub.core.db import db
from counselhub.core.tenancy import as_firm, as_platform
from counselhub.people.models import Firm

MONEY_BACK = (PaymentKind.REFUND, PaymentKind.DISPUTE)


@dataclass(frozen=True, slots=True)
class Payee:
    """The account that transfers go to."""

    holder: str
    bank: str
    account: str


def payee() -> Payee | None:
    """Return where firms transfer to, None when the operator has not said."""
    found = Payee(*current_app.config["PAYEE"])
    return found if found.account else None


def takes_cards() -> bool:
    """Say whether the keys of Stripe are set."""
    return bool(current_app.config["STRIPE_KEY"] and current_app.config["STRIPE_WEBHOOK_SECRET"])


def offered_plan(today: date) -> Plan | None:
    """Return the plan that firms are asked to pay for, None when there is no price yet."""
    query = (
        select(Plan)
        .join(PlanPrice, PlanPrice.plan_id == Plan.id)
        .where(PlanPrice.valid_from <= today)
        .order_by(PlanPrice.valid_from.desc(), Plan.code)
    )
    return db.session.scalars(query.limit(1)).one_or_none()


def prices_on(plan: Plan, day: date) -> dict[Interval, Price]:
    """Return what a plan costs on a day, by interval."""
    query = (
        select(PlanPrice)
        .where(PlanPrice.plan_id == plan.id, PlanPrice.valid_from <= day)
        .order_by(PlanPrice.valid_from)
    )
    # Of one interval the newest price comes last, and stays.
    return {
        Interval.of(row.interval): Price(plan.free_seats, row.seat_fen, Interval.of(row.interval))
        for row in db.session.scalars(query)
    }


def count_seats(firm_id: UUID) -> int:
    """Return how many active advisers a firm has today: what a seat is."""
    today = clock.today()
    query = select(func.count()).where(
        Adviser.firm_id == firm_id,
        or_(Adviser.left_on.is_(None), Adviser.left_on >= today),
        or_(Adviser.joined_on.is_(None), Adviser.joined_on <= today),
    )
    with as_firm(firm_id):
        return db.session.scalar(query) or 0


def subscription_of(firm_id: UUID) -> Subscription | None:
    """Return how a firm pays, None before it was ever asked to."""
    query = select(Subscription).where(Subscription.firm_id == firm_id)
    return db.session.scalars(query.options(joinedload(Subscription.plan))).one_or_none()


def subscription_by_customer(customer: str) -> Subscription | None:
    """Return the subscription of one of Stripe's customers."""
    query = select(Subscription).where(Subscription.stripe_customer == customer)
    return db.session.scalars(query.options(joinedload(Subscription.plan))).one_or_none()


def read_only_on(firm_id: UUID) -> date | None:
    """Return from which day on a firm may only read, None for never."""
    query = select(Subscription.read_only_on).where(Subscription.firm_id == firm_id)
    with as_platform():
        return db.session.scalar(query)


def standing_on(today: date) -> ColumnElement[str]:
    """Return where a firm stands as SQL, of rows of Firm joined with Subscription outside.

    As `rules.standing` says, from what last night worked out: without a first read-only day nothing
    is charged.
    """
    created_on = cast(func.timezone(clock.SHANGHAI.key, Firm.created_at), Date)
    trial_ends_on = func.coalesce(Firm.trial_ends_on, created_on + TRIAL_DAYS)
    closes = Subscription.read_only_on
    return case(
        (closes.is_(None), Standing.FREE.value),
        (and_(closes <= today, Subscription.is_ending), Standing.CANCELLED.value),
        (closes <= today, Standing.READ_ONLY.value),
        (Subscription.covered_until >= today, Standing.ACTIVE.value),
        (or_(trial_ends_on >= today, Subscription.grace_from > today), Standing.TRIAL.value),
        else_=Standing.PAST_DUE.value,
    )


def bills_with_payments(firm_id: UUID) -> Sequence[Bill]:
    """Return all bills of a firm, oldest first, as they stand in the database."""
    query = select(Bill).where(Bill.firm_id == firm_id).options(selectinload(Bill.payments))
    fresh = query.order_by(Bill.made_at, Bill.id).execution_options(populate_existing=True)
    return db.session.scalars(fresh).all()


def bills(firm_id: UUID, q: str) -> Select[Bill, InvoiceRequest]:
    """Select a firm's bills with the invoice request of each, newest first. q: of the number."""
    return (
        select(Bill, InvoiceRequest)
        .outerjoin(InvoiceRequest, InvoiceRequest.bill_id == Bill.id)
        .where(Bill.firm_id == firm_id, Bill.number.icontains(q, autoescape=True))
        .order_by(Bill.made_at.desc(), Bill.id.desc())
    )


def open_order(firm_id: UUID) -> Bill | None:
    """Return the transfer that the operator still waits for."""
    query = select(Bill).where(
        Bill.firm_id == firm_id,
        Bill.provider == Provider.TRANSFER,
        Bill.status == BillStatus.OPEN,
    )
    return db.session.scalars(query.options(selectinload(Bill.payments))).one_or_none()


def transfers(status: str, q: str) -> Select[Any]:
    """Select the transfers of all firms with what came in. q: a firm's name or a number."""
    paid = (
        select(cast(func.coalesce(func.sum(BillPayment.amount_fen), 0), BigInteger))
        .where(BillPayment.bill_id == Bill.id, BillPayment.undone_at.is_(None))
        .scalar_subquery()
    )
    query = (
        select(Bill, paid.label("paid_fen"))
        .join(Bill.firm)
        .options(joinedload(Bill.firm))
        .where(Bill.provider == Provider.TRANSFER)
    )
    if status in set(BillStatus):
        query = query.where(Bill.status == status)
    query = query.where(containing(q, Firm.name, Bill.number))
    return query.order_by(Bill.made_at.desc(), Bill.id.desc())


def waiting_requests() -> Sequence[InvoiceRequest]:
    """Return the oldest invoice requests that nobody has answered."""
    query = (
        select(InvoiceRequest)
        .where(InvoiceRequest.status == RequestStatus.ASKED)
        .options(joinedload(InvoiceRequest.firm), joinedload(InvoiceRequest.bill))
        .order_by(InvoiceRequest.asked_at, InvoiceRequest.id)
    )
    return db.session.scalars(query.limit(50)).all()


def newest_differences() -> Sequence[BillDifference]:
    """Return what was last found different from Stripe."""
    query = select(BillDifference).options(joinedload(BillDifference.firm))
    ordered = query.order_by(BillDifference.found_at.desc(), BillDifference.id.desc())
    return db.session.scalars(ordered.limit(20)).all()


def count_unhandled() -> int:
    """Return how many of Stripe's events nothing was done about yet."""
    query = select(func.count()).where(StripeEvent.handled_at.is_(None))
    return db.session.scalar(query) or 0
