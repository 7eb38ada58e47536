"""Plans and their prices, a firm's subscription, its bills and payments, what Stripe told."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.billing.kinds import (
    BillStatus,
    Interval,
    InvoiceKind,
    PaymentKind,
    Provider,
    RequestStatus,
)
from counselhub.core.columns import Revised, one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.people.models import Firm


class Plan(Base):
    """套餐: what firms may subscribe to. Without any, nobody is asked to pay."""

    __tablename__ = "plan"
    __table_args__ = (CheckConstraint("free_seats >= 0", name="free_seats"),)
    data_class = DataClass.REFERENCE

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    free_seats: Mapped[int]


class PlanPrice(Base):
    """What one charged seat of a plan costs for one interval, from a day on."""

    __tablename__ = "plan_price"
    __table_args__ = (
        UniqueConstraint("plan_id", "interval", "valid_from"),
        CheckConstraint("seat_fen BETWEEN 1 AND 100000000", name="seat_fen"),
        one_of("interval", Interval),
    )
    data_class = DataClass.REFERENCE

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    interval: Mapped[str]
    valid_from: Mapped[date]
    seat_fen: Mapped[int]


class Subscription(Revised, Base):
    """订阅: how one firm pays, and from which day on it may only read."""

    __tablename__ = "subscription"
    __table_args__ = (
        one_of("provider", Provider),
        one_of("interval", Interval),
        CheckConstraint("billed_seats >= 0", name="billed_seats"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"), unique=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    provider: Mapped[str] = mapped_column(default=Provider.NONE.value)
    interval: Mapped[str] = mapped_column(default=Interval.MONTH.value)
    billed_seats: Mapped[int] = mapped_column(default=0)
    """Active advisers that the present bill was made for, changes since then included."""
    anchor_on: Mapped[date | None]
    """The day on which the first of the present row of periods began."""
    covered_until: Mapped[date | None]
    is_ending: Mapped[bool] = mapped_column(default=False)
    grace_from: Mapped[date]
    carried_fen: Mapped[int] = mapped_column(default=0)
    """What changes of seats put onto the next bill; below 0 it is taken off. Of transfers only."""
    read_only_on: Mapped[date | None]
    stripe_customer: Mapped[str | None] = mapped_column(unique=True)
    stripe_subscription: Mapped[str | None] = mapped_column(unique=True)
    synced_at: Mapped[datetime | None]

    firm: Mapped[Firm] = relationship()
    plan: Mapped[Plan] = relationship()


class Bill(Revised, Base):
    """账单: what a firm owes or paid for one period.

    reference: what a transfer must name. lines: what it is made of, as [what, fen].
    """

    __tablename__ = "bill"
    __table_args__ = (
        one_of("provider", Provider),
        one_of("status", BillStatus),
        one_of("interval", Interval),
        CheckConstraint("period_end >= period_start", name="period"),
        CheckConstraint("(status = 'paid') = (paid_on IS NOT NULL)", name="paid"),
        Index(
            "uq_bill_open_transfer",
            "firm_id",
            unique=True,
            postgresql_where=text("status = 'open' AND provider = 'transfer'"),
        ),
        Index("ix_bill_firm_id", "firm_id", "made_at"),
        Index("ix_bill_status", "status", "made_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    number: Mapped[str] = mapped_column(unique=True)
    provider: Mapped[str]
    status: Mapped[str]
    interval: Mapped[str]
    seats: Mapped[int]
    period_start: Mapped[date]
    period_end: Mapped[date]
    lines: Mapped[list[Any]]
    total_fen: Mapped[int]
    made_at: Mapped[datetime]
    paid_on: Mapped[date | None]
    stripe_invoice: Mapped[str | None] = mapped_column(unique=True)
    refusal: Mapped[str] = mapped_column(default="")
    """Why the operator would not have a transfer."""

    firm: Mapped[Firm] = relationship()
    payments: Mapped[list["BillPayment"]] = relationship(
        order_by="BillPayment.made_at, BillPayment.id", back_populates="bill"
    )


class BillPayment(Base):
    """Money that came in for a bill, or (below 0) went back."""

    __tablename__ = "bill_payment"
    __table_args__ = (
        one_of("kind", PaymentKind),
        CheckConstraint("(kind IN ('transfer', 'card')) = (amount_fen > 0)", name="amount_fen"),
        CheckConstraint("amount_fen <> 0", name="amount_some"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_name IS NULL)", name="undone"),
        Index("ix_bill_payment_bill_id", "bill_id"),
        Index("ix_bill_payment_firm_id", "firm_id"),
        Index(
            "uq_bill_payment_bank_reference",
            "bank_reference",
            unique=True,
            postgresql_where=text("bank_reference <> '' AND undone_at IS NULL"),
        ),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    bill_id: Mapped[UUID] = mapped_column(ForeignKey("bill.id"))
    kind: Mapped[str]
    amount_fen: Mapped[int]
    on_day: Mapped[date]
    bank_reference: Mapped[str] = mapped_column(default="")
    stripe_id: Mapped[str | None] = mapped_column(unique=True)
    by_name: Mapped[str]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_name: Mapped[str | None]

    bill: Mapped[Bill] = relationship(back_populates="payments")


class InvoiceRequest(Revised, Base):
    """开票申请: what the invoice of one bill is to say, and its number once it is issued."""

    __tablename__ = "invoice_request"
    __table_args__ = (
        one_of("kind", InvoiceKind),
        one_of("status", RequestStatus),
        CheckConstraint("(status = 'issued') = (issued_number <> '')", name="issued"),
        CheckConstraint(
            "kind <> 'special' OR (address <> '' AND phone <> '' AND bank <> '' AND account <> '')",
            name="special",
        ),
        Index("ix_invoice_request_firm_id", "firm_id"),
        Index("ix_invoice_request_status", "status", "asked_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    bill_id: Mapped[UUID] = mapped_column(ForeignKey("bill.id"), unique=True)
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(default=RequestStatus.ASKED.value)
    title: Mapped[str]
    tax_number: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    bank: Mapped[str] = mapped_column(default="")
    account: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    issued_number: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]

    firm: Mapped[Firm] = relationship()
    bill: Mapped[Bill] = relationship()


class StripeEvent(Base):
    """What Stripe told, as it was told, stored before anything is done about it."""

    __tablename__ = "stripe_event"
    __table_args__ = (
        Index(
            "ix_stripe_event_waiting",
            "received_at",
            "id",
            postgresql_where=text("handled_at IS NULL"),
        ),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    api_version: Mapped[str]
    customer: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")
    body: Mapped[str]


class BillDifference(Base):
    """What a night's comparison found different from Stripe, and took over from it."""

    __tablename__ = "bill_difference"
    __table_args__ = (Index("ix_bill_difference_firm_id", "firm_id", "found_at"),)
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    found_at: Mapped[datetime]
    what: Mapped[str]
    ours: Mapped[str]
    theirs: Mapped[str]

    firm: Mapped[Firm] = relationship()
