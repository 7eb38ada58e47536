"""Interviews: the office's until they are delivered, then the firm's too."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.interviews.kinds import InterviewReason, InterviewStatus
from counselhub.people.models import Firm
from counselhub.places.models import Community, Street

PUBLISHED = (
    "CASE status WHEN 'draft' THEN published_at IS NULL WHEN 'withdrawn' THEN true"
    " ELSE published_at IS NOT NULL END"
)


class Interview(FirmScoped, Revised, Base):
    """约谈记录: one talk of an office with a firm, of one community and lawyer or of none.

    month: what it is about, the first day of a calendar month; blank when it is about none.
    """

    __tablename__ = "interview"
    __table_args__ = (
        of_firm(),
        to_firm("adviser", "adviser_id"),
        one_of("status", InterviewStatus),
        one_of("reason", InterviewReason),
        CheckConstraint("extract(day from month) = 1", name="month"),
        CheckConstraint("due_on >= held_on", name="due_on"),
        CheckConstraint(PUBLISHED, name="published"),
        Index("ix_interview_street_code", "street_code", "held_on"),
    )
    data_class = DataClass.OFFICE

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    community_code: Mapped[str | None] = mapped_column(ForeignKey("community.code"))
    adviser_id: Mapped[UUID | None]
    month: Mapped[date | None]
    held_on: Mapped[date]
    present: Mapped[str]
    """Who took part, as the office wrote it."""
    reason: Mapped[str]
    words: Mapped[str]
    agreed: Mapped[str]
    due_on: Mapped[date]
    status: Mapped[str] = mapped_column(default=InterviewStatus.DRAFT)
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    published_at: Mapped[datetime | None]
    published_by_name: Mapped[str | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_name: Mapped[str | None]
    answer: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by_name: Mapped[str | None]
    closing_words: Mapped[str | None]

    adviser: Mapped[Adviser | None] = relationship(viewonly=True)
    community: Mapped[Community | None] = relationship(viewonly=True)
    street: Mapped[Street] = relationship(viewonly=True)
    firm: Mapped[Firm | None] = relationship(viewonly=True)

    @property
    def is_office_only(self) -> bool:
        """Whether its acts stand in the office's record alone: the firm does not know of it."""
        return self.published_at is None
