"""Requests of leave; what they say may be about health, so only the firm has them."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.leave.kinds import LeaveKind, LeaveStatus
from counselhub.leave.rules import Absence

STRETCH = (
    "tsrange(first_on + coalesce(starts, '00:00'::time), last_on + coalesce(ends, '24:00'::time))"
)


class LeaveRequest(FirmScoped, Revised, Base):
    """请假: one lawyer away for whole days or some hours of one day, Shanghai's wall clock.

    The database refuses two of one lawyer for the same time, asked or approved.
    """

    __tablename__ = "leave_request"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        one_of("kind", LeaveKind),
        one_of("status", LeaveStatus),
        CheckConstraint("first_on <= last_on", name="order"),
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="hours"),
        CheckConstraint("starts IS NULL OR (first_on = last_on AND starts < ends)", name="one_day"),
        CheckConstraint(
            "(status IN ('approved', 'refused')) <= (decided_at IS NOT NULL)", name="decided"
        ),
        ExcludeConstraint(
            ("firm_id", "="),
            ("adviser_id", "="),
            (text(STRETCH), "&&"),
            where=text("status IN ('asked', 'approved')"),
            name="ex_leave_request_twice",
        ),
        Index("ix_leave_request_days", "firm_id", "last_on", "first_on"),
    )
    data_class = DataClass.FIRM_PRIVATE

    adviser_id: Mapped[UUID]
    kind: Mapped[str]
    first_on: Mapped[date]
    last_on: Mapped[date]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    reason: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=LeaveStatus.ASKED)
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    """Who asked: the lawyer, or the manager for him."""
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str | None]
    answer: Mapped[str | None]
    """What the manager said when deciding."""

    adviser: Mapped[Adviser] = relationship(viewonly=True)

    @property
    def absence(self) -> Absence:
        """When it is, as the rules know it."""
        return Absence(self.first_on, self.last_on, self.starts, self.ends)
