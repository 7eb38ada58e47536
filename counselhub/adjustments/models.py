"""What is still to be settled of earlier months, and the statement that took it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.contracts.models import Contract
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community

OPEN = "statement_id IS NULL AND withdrawn_at IS NULL"


class Adjustment(FirmScoped, Revised, Base):
    """以前月份调整: a difference in whole fen, of either sign, to a month that was settled (M10).

    Open, until a draft takes it (`statement_id`); final, once that is handed in. A trigger keeps
    what it says; a statement that is given up or no longer counts it gives it back.
    """

    __tablename__ = "adjustment"
    __table_args__ = (
        to_firm("contract", "contract_id"),
        to_firm("statement_line", "line_id"),
        to_firm("statement", "statement_id"),
        to_firm("late_entry", "late_entry_id"),
        to_firm("session_correction", "correction_id"),
        one_of("cause", AdjustmentCause),
        CheckConstraint("amount_fen <> 0", name="amount"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        CheckConstraint("left(community_code, 9) = street_code", name="street"),
        CheckConstraint("statement_id IS NULL OR withdrawn_at IS NULL", name="withdrawn"),
        CheckConstraint("handed_in_at IS NULL OR statement_id IS NOT NULL", name="handed_in"),
        Index("ix_adjustment_open", "firm_id", "street_code", postgresql_where=text(OPEN)),
        Index("ix_adjustment_statement", "firm_id", "statement_id"),
        Index("ix_adjustment_line", "firm_id", "line_id"),
        Index("ix_adjustment_late_entry", "firm_id", "late_entry_id"),
        Index("ix_adjustment_correction", "firm_id", "correction_id"),
        Index("ix_adjustment_street_code", "street_code", "entered_at"),
    )
    data_class = DataClass.FIRM_SHARED

    contract_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    month: Mapped[date]
    """The first day of the month that is corrected."""
    amount_fen: Mapped[int]
    cause: Mapped[str]
    words: Mapped[str]
    line_id: Mapped[UUID | None]
    """The line that it comes from, when it comes from one."""
    late_entry_id: Mapped[UUID | None]
    """The late entry that it settles, when it settles one."""
    correction_id: Mapped[UUID | None]
    """The correction of a session that it settles, when it settles one."""
    entered_at: Mapped[datetime]
    entered_by_name: Mapped[str]
    statement_id: Mapped[UUID | None]
    """The statement that takes it."""
    handed_in_at: Mapped[datetime | None]
    """Since when that statement is at the office: from then on nothing takes it back."""
    withdrawn_at: Mapped[datetime | None]

    contract: Mapped[Contract] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)

    @property
    def is_open(self) -> bool:
        """Whether no statement has taken it and nobody has withdrawn it."""
        return self.statement_id is None and self.withdrawn_at is None
