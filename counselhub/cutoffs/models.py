"""A street's own rule of settlement, and the months that its cut-off has closed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm, one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.cutoffs.kinds import LateCause, OverdueStatus
from counselhub.people.models import Firm
from counselhub.places.models import Street


class SettlementRule(Revised, Base):
    """结算规则 of one street; a street without one has what the defaults say.

    The firms that serve the street read it.
    """

    __tablename__ = "settlement_rule"
    __table_args__ = (
        CheckConstraint("late_months BETWEEN 0 AND 24", name="late_months"),
        CheckConstraint("late_cap_fen > 0", name="late_cap"),
        CheckConstraint("cutoff_day BETWEEN 0 AND 28", name="cutoff_day"),
        CheckConstraint("reminder_days BETWEEN 0 AND 15", name="reminder_days"),
        CheckConstraint("(cutoff_day > 0) = (closes_from IS NOT NULL)", name="closes_from"),
    )
    data_class = DataClass.OFFICE

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"), unique=True)
    late_months: Mapped[int] = mapped_column(default=6)
    """How many months back a late entry may reach; 0: none is taken."""
    late_cap_fen: Mapped[int | None]
    """What late entries may add to one statement; blank: no cap."""
    cutoff_day: Mapped[int] = mapped_column(default=0)
    """On which day of the next month a statement is due, that day included; 0: never."""
    reminder_days: Mapped[int] = mapped_column(default=3)
    closes_from: Mapped[date | None]
    """The first month that the cut-off closes (CUT-2)."""
    changed_at: Mapped[datetime]
    changed_by_name: Mapped[str]


class OverdueMonth(FirmScoped, Revised, Base):
    """逾期月份: a month of a firm and street that was not handed in by its last day.

    The cut-off closes it; the last request and answer stand here, earlier ones in the history.
    """

    __tablename__ = "overdue_month"
    __table_args__ = (
        of_firm(),
        one_of("status", OverdueStatus),
        one_of("cause", LateCause),
        CheckConstraint("extract(day from month) = 1", name="month"),
        CheckConstraint("status <> 'asked' OR (cause IS NOT NULL AND words <> '')", name="asked"),
        CheckConstraint("(status = 'allowed') = (allowed_until IS NOT NULL)", name="allowed"),
        CheckConstraint("status <> 'refused' OR answer <> ''", name="refused"),
        UniqueConstraint("firm_id", "street_code", "month"),
        Index("ix_overdue_month_street_code", "street_code", "status", "month"),
    )
    data_class = DataClass.FIRM_SHARED

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    month: Mapped[date]
    due_on: Mapped[date]
    """The last day on which it was in time, as the rule stood when it was closed."""
    status: Mapped[str] = mapped_column(default=OverdueStatus.CLOSED)
    closed_at: Mapped[datetime]
    cause: Mapped[str | None]
    words: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]
    asked_by_name: Mapped[str | None]
    allowed_until: Mapped[date | None]
    """The last day that the office allows, while it does (CUT-3)."""
    answer: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str | None]

    street: Mapped[Street] = relationship(viewonly=True)
    firm: Mapped[Firm] = relationship(
        viewonly=True, primaryjoin="foreign(OverdueMonth.firm_id) == Firm.id"
    )
