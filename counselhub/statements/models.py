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
from counselhub.statements.states import LinePayment, LineReview, QueryReason, StatementStatus


class Statement(FirmScoped, Revised, Base):
    """补贴结算单: one firm, one street, one calendar month; amounts in whole fen.

    `version` counts submissions, 0 before the first. The office sees it once `submitted_at` is set.
    """

    __tablename__ = "statement"
    __table_args__ = (
        of_firm(),
        one_of("status", StatementStatus),
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
        CheckConstraint(
            "kind IN ('base', 'shortfall', 'lecture', 'online', 'case', 'withhold', 'release',"
            " 'adjustment')",
            name="kind",
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
    trace: Mapped[list[Any]]
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    review: Mapped[str] = mapped_column(default=LineReview.PENDING)
    payment: Mapped[str] = mapped_column(default=LinePayment.UNPAID)
    version: Mapped[int] = mapped_column(default=1)
    """The submission that brought the line in its present form."""
    previous: Mapped[dict[str, Any] | None]
    """Quantity and amount before the last resubmission, when they changed."""

    community: Mapped[Community | None] = relationship(viewonly=True)
    queries: Mapped[list["LineQuery"]] = relationship(viewonly=True, order_by="LineQuery.asked_at")


class LineQuery(FirmScoped, Base):
    """A question of the office on one line, and the firm's answer."""

    __tablename__ = "line_query"
    __table_args__ = (
        to_firm("statement_line", "line_id", ondelete="CASCADE"),
        to_firm("statement", "statement_id", ondelete="CASCADE"),
        one_of("reason", QueryReason),
        Index("ix_line_query_line", "firm_id", "line_id"),
        Index("ix_line_query_statement", "firm_id", "statement_id"),
        Index("ix_line_query_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    statement_id: Mapped[UUID]
    line_id: Mapped[UUID]
    street_code: Mapped[str]
    version: Mapped[int]
    """The submission that was asked about."""
    reason: Mapped[str]
    words: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str | None]


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
