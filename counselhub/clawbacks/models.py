"""A claw-back of one paid line."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.adjustments.models import Adjustment
from counselhub.clawbacks.kinds import ClawbackReason, ClawbackStatus
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.statements.models import Statement, StatementLine


class Clawback(FirmScoped, Revised, Base):
    """追回: at most one a line; the adjustment takes the amount off a later statement."""

    __tablename__ = "clawback"
    __table_args__ = (
        to_firm("statement", "statement_id"),
        to_firm("statement_line", "line_id"),
        to_firm("adjustment", "adjustment_id"),
        one_of("reason", ClawbackReason),
        one_of("status", ClawbackStatus),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("(objection IS NULL) = (objected_at IS NULL)", name="objection"),
        Index(
            "uq_clawback_line", "firm_id", "line_id", unique=True,
            postgresql_where=text("status <> 'withdrawn'"),
        ),
        Index("ix_clawback_adjustment", "firm_id", "adjustment_id"),
        Index("ix_clawback_statement", "firm_id", "statement_id"),
        Index("ix_clawback_street_code", "street_code", "asked_at"),
    )  # fmt: skip
    data_class = DataClass.FIRM_SHARED

    statement_id: Mapped[UUID]
    """The paid statement."""
    line_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    adjustment_id: Mapped[UUID]
    """What takes it off: the first adjustment, or the one that carried it over."""
    amount_fen: Mapped[int]
    """What is taken back, above 0."""
    reason: Mapped[str]
    words: Mapped[str]
    status: Mapped[str] = mapped_column(default=ClawbackStatus.AWAITING)
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    objection: Mapped[str | None]
    objected_at: Mapped[datetime | None]
    objected_by_name: Mapped[str | None]

    statement: Mapped[Statement] = relationship(viewonly=True)
    line: Mapped[StatementLine] = relationship(viewonly=True)
    adjustment: Mapped[Adjustment] = relationship(viewonly=True)
