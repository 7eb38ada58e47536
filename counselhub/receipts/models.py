"""Bank receipts of a firm, what of them settles which statement, and small write-offs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.receipts.kinds import How, ReceiptStatus, WriteOffStatus
from counselhub.statements.models import Statement


class BankFormat(FirmScoped, Revised, Base):
    """How one bank writes its statement of account: the column of each field, by its header."""

    __tablename__ = "bank_format"
    __table_args__ = (of_firm(), UniqueConstraint("firm_id", "name"))
    data_class = DataClass.FIRM_PRIVATE

    name: Mapped[str]
    columns: Mapped[dict[str, Any]]
    """{field: header}, as `mapping.Mapping` reads it."""


class BankReceipt(FirmScoped, Revised, Base):
    """One incoming payment as the bank tells of it; its words never change.

    digest: `reading.digests`; a file that comes twice adds nothing. `allocated_fen` is the sum of
    its allocations: the database lets it never exceed the amount.
    """

    __tablename__ = "bank_receipt"
    __table_args__ = (
        of_firm(),
        to_firm("bank_format", "format_id"),
        one_of("status", ReceiptStatus),
        CheckConstraint("amount_fen > 0", name="amount_fen"),
        CheckConstraint("allocated_fen BETWEEN 0 AND amount_fen", name="allocated_fen"),
        CheckConstraint("(status = 'aside') = (aside_words IS NOT NULL)", name="aside_words"),
        UniqueConstraint("firm_id", "digest"),
        Index("ix_bank_receipt_day", "firm_id", "day", "id"),
        Index("ix_bank_receipt_payer", "firm_id", "payer"),
    )
    data_class = DataClass.FIRM_PRIVATE

    format_id: Mapped[UUID]
    digest: Mapped[str]
    day: Mapped[date]
    amount_fen: Mapped[int]
    allocated_fen: Mapped[int] = mapped_column(default=0)
    payer: Mapped[str]
    account: Mapped[str]
    reference: Mapped[str]
    serial: Mapped[str]
    status: Mapped[str] = mapped_column(default=ReceiptStatus.OPEN)
    aside_words: Mapped[str | None]
    imported_at: Mapped[datetime]
    imported_by_name: Mapped[str]

    bank: Mapped[BankFormat] = relationship(viewonly=True)

    @property
    def rest_fen(self) -> int:
        """What of it settles nothing yet."""
        return self.amount_fen - self.allocated_fen


class ReceiptAllocation(FirmScoped, Base):
    """A part of a receipt that settles a part of a statement; only appended.

    An un-match is a row of the opposite amount that names the one it takes back, and why. The
    street's office sees it: day and amount, nothing of the bank.
    """

    __tablename__ = "receipt_allocation"
    __table_args__ = (
        to_firm("bank_receipt", "receipt_id"),
        to_firm("statement", "statement_id"),
        to_firm("receipt_allocation", "reverses_id"),
        one_of("how", How),
        CheckConstraint("(reverses_id IS NULL) = (amount_fen > 0)", name="amount_fen"),
        CheckConstraint("(reverses_id IS NULL) = (words IS NULL)", name="words"),
        UniqueConstraint("firm_id", "reverses_id"),
        Index("ix_receipt_allocation_receipt", "firm_id", "receipt_id"),
        Index("ix_receipt_allocation_statement", "firm_id", "statement_id"),
        Index("ix_receipt_allocation_street_code", "street_code", "made_at"),
    )
    data_class = DataClass.FIRM_SHARED

    receipt_id: Mapped[UUID] = mapped_column(nullable=True)
    """Blank once its firm has left with what its bank told; then no firm reads it any more."""
    statement_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    amount_fen: Mapped[int]
    received_on: Mapped[date]
    how: Mapped[str]
    reverses_id: Mapped[UUID | None]
    words: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]

    statement: Mapped[Statement] = relationship(viewonly=True)
    receipt: Mapped[BankReceipt] = relationship(viewonly=True)


class WriteOff(FirmScoped, Revised, Base):
    """核销: a small difference that the firm lets go; above its limit another person agrees."""

    __tablename__ = "write_off"
    __table_args__ = (
        to_firm("statement", "statement_id"),
        one_of("status", WriteOffStatus),
        CheckConstraint("amount_fen > 0", name="amount_fen"),
        CheckConstraint(
            "NOT is_over_limit OR decided_by_id IS NULL OR decided_by_id <> asked_by_id",
            name="four_eyes",
        ),
        CheckConstraint(
            "NOT is_over_limit OR status = 'asked' OR decided_at IS NOT NULL", name="decided"
        ),
        Index("ix_write_off_statement", "firm_id", "statement_id"),
        Index("ix_write_off_street_code", "street_code", "made_on"),
    )
    data_class = DataClass.FIRM_SHARED

    statement_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    amount_fen: Mapped[int]
    words: Mapped[str]
    is_over_limit: Mapped[bool]
    status: Mapped[str]
    made_on: Mapped[date]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    undo_words: Mapped[str | None]

    statement: Mapped[Statement] = relationship(viewonly=True)


class WriteOffRule(FirmOwned, Revised, Base):
    """核销限额: up to here one person lets a difference go."""

    __tablename__ = "write_off_rule"
    __table_args__ = (CheckConstraint("limit_fen BETWEEN 0 AND 100000", name="limit_fen"),)
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(
        ForeignKey("firm.id"), primary_key=True, default=current_firm_id
    )
    limit_fen: Mapped[int]

    @property
    def id(self) -> UUID:
        """The record of acts names it by its firm: there is one."""
        return self.firm_id
