"""The monthly subsidy statement: head, lines, and what the office asks about a line."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.people.models import Firm
from counselhub.places.models import Community, Street
from counselhub.statements.states import (
    LinePayment,
    LineReview,
    RefusalReason,
    Side,
    StatementStatus,
)
from counselhub.statements.thread_models import LineQuery


class Statement(FirmScoped, Revised, Base):
    """补贴结算单: one firm, one street, one calendar month; amounts in whole fen.

    `version` counts submissions, 0 before the first. The office sees it once `submitted_at` is set.
    """

    __tablename__ = "statement"
    __table_args__ = (
        of_firm(),
        one_of("status", StatementStatus),
        one_of("turn_side", Side),
        CheckConstraint("extract(day from month) = 1", name="month"),
        CheckConstraint(
            "approved_by_id IS DISTINCT FROM signed_by_id OR signed_by_id IS NULL", name="four_eyes"
        ),
        Index(
            "ix_statement_one_live",
            "firm_id",
            "street_code",
            "month",
            unique=True,
            postgresql_where=text("status <> 'void'"),
        ),
        UniqueConstraint("firm_id", "number"),
        Index("ix_statement_street_code", "street_code", "month"),
        Index("ix_statement_turn", "street_code", "turn_side", "turn_due_on"),
    )
    data_class = DataClass.FIRM_SHARED

    number: Mapped[str]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    month: Mapped[date]
    status: Mapped[str] = mapped_column(default=StatementStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    total_fen: Mapped[int] = mapped_column(default=0)
    """The sum of the lines; a negative one is paid as 0 and carried into the next month (M11)."""
    funding: Mapped[list[Any]] = mapped_column(default=list)
    """[[source, fen], …] in the order 市级, 区级, 街道; sums to `total_fen` (M12)."""
    payee: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The firm's account as it was at submission: name, bank, account."""
    computed_at: Mapped[datetime]
    certified_at: Mapped[datetime | None]
    certified_by_id: Mapped[UUID | None]
    certified_by_name: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[UUID | None]
    approved_by_name: Mapped[str | None]
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[UUID | None]
    signed_by_name: Mapped[str | None]
    paid_on: Mapped[date | None]
    paid_fen: Mapped[int | None]
    payment_reference: Mapped[str | None]
    turn_side: Mapped[str | None]
    """The side that has it since its submission; None before, and once it is signed or void."""
    turn_since: Mapped[date | None]
    turn_due_on: Mapped[date | None]
    """The last day on which that side is in time (REV-3)."""
    office_days: Mapped[int] = mapped_column(default=0, server_default="0")
    """Working days of the office's earlier turns; likewise the firm's."""
    firm_days: Mapped[int] = mapped_column(default=0, server_default="0")

    street: Mapped[Street] = relationship(viewonly=True)
    firm: Mapped[Firm] = relationship(
        viewonly=True, primaryjoin="foreign(Statement.firm_id) == Firm.id"
    )
    lines: Mapped[list["StatementLine"]] = relationship(
        viewonly=True, order_by="StatementLine.position"
    )

    @property
    def payable_fen(self) -> int:
        """What is paid: never below 0 (M11)."""
        return max(0, self.total_fen)


class StatementLine(FirmScoped, Revised, Base):
    """One amount with the trace that made it. An accepted line is sealed: a trigger keeps it."""

    __tablename__ = "statement_line"
    __table_args__ = (
        to_firm("statement", "statement_id", ondelete="CASCADE"),
        one_of("review", LineReview),
        one_of("payment", LinePayment),
        one_of("refusal", RefusalReason),
        CheckConstraint(
            "kind IN ('base', 'shortfall', 'attendance', 'lecture', 'online', 'case', 'activity',"
            " 'performance', 'withhold', 'release', 'grade', 'adjustment')",
            name="kind",
        ),
        CheckConstraint(
            "review IN ('deferred', 'refused') AND amount_fen = 0"
            " OR review NOT IN ('deferred', 'refused') AND held_fen = 0",
            name="held_fen",
        ),
        UniqueConstraint(
            "firm_id",
            "statement_id",
            "contract_number",
            "community_code",
            "kind",
            "month",
            postgresql_nulls_not_distinct=True,
        ),
    )
    data_class = DataClass.FIRM_SHARED

    statement_id: Mapped[UUID]
    street_code: Mapped[str]
    position: Mapped[int]
    contract_id: Mapped[UUID | None]
    contract_number: Mapped[str]
    community_code: Mapped[str | None] = mapped_column(ForeignKey("community.code"))
    kind: Mapped[str]
    month: Mapped[date]
    quantity: Mapped[str]
    amount_fen: Mapped[int]
    held_fen: Mapped[int] = mapped_column(default=0, server_default="0")
    """What a deferred or refused line would have paid; its amount is 0 meanwhile."""
    trace: Mapped[list[Any]]
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    review: Mapped[str] = mapped_column(default=LineReview.PENDING)
    reviewed_at: Mapped[datetime | None]
    """When the office last accepted, queried or refused it: lines of one gesture share it."""
    reviewed_by_id: Mapped[UUID | None]
    reviewed_by_name: Mapped[str | None]
    refusal: Mapped[str | None]
    refusal_words: Mapped[str | None]
    payment: Mapped[str] = mapped_column(default=LinePayment.UNPAID)
    version: Mapped[int] = mapped_column(default=1)
    """The submission that brought the line in its present form."""
    previous: Mapped[dict[str, Any] | None]
    """Quantity and amount before the last resubmission, when they changed."""

    community: Mapped[Community | None] = relationship(viewonly=True)
    queries: Mapped[list[LineQuery]] = relationship(viewonly=True, order_by="LineQuery.asked_at")


class StatementSeal(FirmScoped, Base):
    """A digest over a statement as it was submitted, approved or signed; only appended.

    See `statements.sealing`. `lines` holds the digest of each line by its id.
    """

    __tablename__ = "statement_seal"
    __table_args__ = (
        to_firm("statement", "statement_id"),
        Index("ix_statement_seal_statement", "firm_id", "statement_id", "at"),
    )
    data_class = DataClass.FIRM_SHARED

    statement_id: Mapped[UUID]
    street_code: Mapped[str]
    version: Mapped[int]
    act: Mapped[str]
    at: Mapped[datetime]
    digest: Mapped[bytes]
    lines: Mapped[dict[str, Any]]
    total_fen: Mapped[int | None]
    frozen: Mapped[bytes | None]
    """The digest of the submission frozen whole; None on what an office sealed."""
    code: Mapped[str | None]
    """What a paper of this seal is looked up by: 32 hexadecimal digits, random."""


class CasePayment(FirmOwned, Base):
    """The registry that pays one 案件编号 once ever, whatever firm repeats it (M8).

    A firm sees its own rows; what others took it learns only through `cases_taken_elsewhere()`.
    """

    __tablename__ = "case_payment"
    __table_args__ = (
        to_firm("statement", "statement_id", ondelete="CASCADE"),
        Index("ix_case_payment_statement", "firm_id", "statement_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    case_number: Mapped[str] = mapped_column(primary_key=True)
    firm_id: Mapped[UUID] = mapped_column(default=current_firm_id)
    statement_id: Mapped[UUID]


class CertifyingRule(FirmOwned, Base):
    """Whether a firm's statement is certified by another person than who worked it out."""

    __tablename__ = "certifying_rule"
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(
        ForeignKey("firm.id"), primary_key=True, default=current_firm_id
    )
    differs: Mapped[bool]


class FirmAccount(FirmOwned, Base):
    """收款账户: where the street pays the firm; copied onto a statement when it is submitted."""

    __tablename__ = "firm_account"
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(
        ForeignKey("firm.id"), primary_key=True, default=current_firm_id
    )
    payee: Mapped[str]
    bank: Mapped[str]
    account: Mapped[str]
