"""Instalments of contracts, their invoices and payments.

`street_code` is the street that pays, as under a procurement contract: its office reads the row.
It is blank where a community pays, which stays inside the firm.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.contracts.models import Contract
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.instalments.kinds import (
    Condition,
    FileKind,
    InstalmentStatus,
    InvoiceKind,
    Subject,
)
from counselhub.people.models import Firm
from counselhub.places.models import Street

PAID_TWICE = "instalment_paid_twice"
"""What the database calls an instalment for something that a statement line pays already."""


class Instalment(FirmScoped, Revised, Base):
    """一期款 of a contract; amounts in whole fen.

    invoiced_fen, paid_fen: the sums of its invoices and payments, red ones and reversals taken off.
    """

    __tablename__ = "instalment"
    __table_args__ = (
        to_firm("contract", "contract_id"),
        one_of("subject", Subject),
        one_of("condition", Condition),
        one_of("status", InstalmentStatus),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("invoiced_fen BETWEEN 0 AND amount_fen", name="invoiced"),
        CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name="paid"),
        CheckConstraint("(status = 'paid') = (paid_fen = amount_fen)", name="settled"),
        CheckConstraint("status <> 'cancelled' OR invoiced_fen + paid_fen = 0", name="cancelled"),
        CheckConstraint(
            "due_on IS NOT NULL OR status IN ('planned', 'cancelled') AND condition <> 'day'",
            name="due_on",
        ),
        CheckConstraint("position >= 1", name="position"),
        Index("ix_instalment_contract_id", "firm_id", "contract_id", "position"),
        Index("ix_instalment_due_on", "firm_id", "due_on", "id"),
        Index("ix_instalment_street_code", "street_code", "due_on", "id"),
    )
    data_class = DataClass.FIRM_SHARED

    contract_id: Mapped[UUID]
    street_code: Mapped[str | None] = mapped_column(ForeignKey("street.code"))
    position: Mapped[int]
    name: Mapped[str]
    subject: Mapped[str]
    condition: Mapped[str]
    amount_fen: Mapped[int]
    due_on: Mapped[date | None]
    """Planned until it is due, then the day on which it fell due."""
    is_retention: Mapped[bool] = mapped_column(default=False)
    """Whether it is what is kept back until the end (质保金、考核预留)."""
    status: Mapped[str] = mapped_column(default=InstalmentStatus.PLANNED)
    met_words: Mapped[str | None]
    """How its condition was met."""
    invoiced_fen: Mapped[int] = mapped_column(default=0)
    paid_fen: Mapped[int] = mapped_column(default=0)

    contract: Mapped[Contract] = relationship(viewonly=True)
    street: Mapped[Street | None] = relationship(viewonly=True)
    firm: Mapped[Firm | None] = relationship(
        viewonly=True, primaryjoin="foreign(Instalment.firm_id) == Firm.id"
    )

    @property
    def unpaid_fen(self) -> int:
        """What is still to come."""
        return self.amount_fen - self.paid_fen


class Invoice(FirmScoped, Revised, Base):
    """发票 for an instalment; a red one (红字) is negative and names the one that it takes back."""

    __tablename__ = "invoice"
    __table_args__ = (
        to_firm("instalment", "instalment_id"),
        to_firm("invoice", "red_of_id"),
        one_of("kind", InvoiceKind),
        CheckConstraint("(red_of_id IS NULL) = (amount_fen > 0)", name="amount"),
        CheckConstraint("reversed_fen BETWEEN 0 AND greatest(amount_fen, 0)", name="reversed"),
        CheckConstraint("tax_percent BETWEEN 0 AND 100", name="tax_percent"),
        UniqueConstraint("firm_id", "number", "code", postgresql_nulls_not_distinct=True),
        Index("ix_invoice_instalment_id", "firm_id", "instalment_id"),
        Index("ix_invoice_red_of_id", "firm_id", "red_of_id"),
        Index("ix_invoice_list", "firm_id", "issued_on", "id"),
        Index("ix_invoice_street_code", "street_code", "issued_on", "id"),
        Index(
            "ix_invoice_search",
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
    )
    data_class = DataClass.FIRM_SHARED

    instalment_id: Mapped[UUID]
    street_code: Mapped[str | None] = mapped_column(ForeignKey("street.code"))
    kind: Mapped[str]
    number: Mapped[str]
    code: Mapped[str | None]
    """发票代码, which an electronic one has none of."""
    issued_on: Mapped[date]
    amount_fen: Mapped[int]
    """Tax included."""
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    buyer: Mapped[str]
    buyer_tax_number: Mapped[str | None]
    red_of_id: Mapped[UUID | None]
    reversed_fen: Mapped[int] = mapped_column(default=0)
    """How much of it red ones have taken back."""
    search: Mapped[str]
    """Number, code and buyer in lower case."""
    entered_at: Mapped[datetime]
    entered_by_name: Mapped[str]

    instalment: Mapped[Instalment] = relationship(viewonly=True)


class InstalmentPayment(FirmScoped, Base):
    """到账 of an instalment, only appended: what was wrong is reversed by a negative row."""

    __tablename__ = "instalment_payment"
    __table_args__ = (
        to_firm("instalment", "instalment_id"),
        to_firm("instalment_payment", "reverses_id"),
        CheckConstraint("(reverses_id IS NULL) = (amount_fen > 0)", name="amount"),
        CheckConstraint("(reverses_id IS NULL) = (reason IS NULL)", name="reason"),
        UniqueConstraint("firm_id", "reverses_id"),
        Index("ix_instalment_payment_instalment_id", "firm_id", "instalment_id", "paid_on"),
        Index("ix_instalment_payment_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    instalment_id: Mapped[UUID]
    street_code: Mapped[str | None] = mapped_column(ForeignKey("street.code"))
    paid_on: Mapped[date]
    amount_fen: Mapped[int]
    reference: Mapped[str]
    """流水号, the same on each part of one receipt."""
    payer: Mapped[str]
    reverses_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    """Why a payment was reversed."""
    entered_at: Mapped[datetime]
    entered_by_name: Mapped[str]

    instalment: Mapped[Instalment] = relationship(viewonly=True)


class InstalmentFile(FirmScoped, Base):
    """A file of an instalment, kept as it was sent, inside the firm."""

    __tablename__ = "instalment_file"
    __table_args__ = (
        to_firm("instalment", "instalment_id"),
        to_firm("invoice", "invoice_id"),
        one_of("kind", FileKind),
        CheckConstraint("ending IN ('pdf', 'jpg', 'png')", name="ending"),
        CheckConstraint("(kind = 'invoice') = (invoice_id IS NOT NULL)", name="invoice_id"),
        UniqueConstraint("firm_id", "instalment_id", "digest"),
        Index("ix_instalment_file_invoice_id", "firm_id", "invoice_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    instalment_id: Mapped[UUID]
    invoice_id: Mapped[UUID | None]
    kind: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the bytes that are kept, in hex."""
    name: Mapped[str]
    ending: Mapped[str]
    added_at: Mapped[datetime]
    added_by_name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
