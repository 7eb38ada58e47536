"""Late entries of settled months, and what proves each."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.corrections.kinds import PaperKind
from counselhub.earlier.kinds import LateKind, LateReason, LateStatus
from counselhub.places.models import Community

OF_VISIT = "(kind = 'visit') = (signed_in_at IS NOT NULL AND signed_out_at IS NOT NULL)"
OF_LECTURE = "(kind = 'lecture') = (times IS NOT NULL)"
OF_CASE = (
    "(kind = 'case') = (case_number IS NOT NULL AND difficulty IS NOT NULL AND form IS NOT NULL)"
)


class LateEntry(FirmScoped, Revised, Base):
    """以前月份补录: one visit, lecture or case of a month whose statement was approved.

    Its own columns by kind; the office reads it once the firm agreed to it. The sealed month never
    changes: `adjustment.late_entry_id` names what is settled of it later.
    """

    __tablename__ = "late_entry"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        one_of("kind", LateKind),
        one_of("reason", LateReason),
        one_of("status", LateStatus),
        one_of("difficulty", Difficulty),
        one_of("form", AgreementForm),
        CheckConstraint(OF_VISIT, name="visit"),
        CheckConstraint(OF_LECTURE, name="lecture"),
        CheckConstraint(OF_CASE, name="case"),
        CheckConstraint("signed_in_at < signed_out_at", name="order"),
        CheckConstraint("times BETWEEN 1 AND 99", name="times"),
        CheckConstraint(
            "decided_by_id IS DISTINCT FROM asked_by_id OR decided_by_id IS NULL OR is_alone",
            name="four_eyes",
        ),
        Index(
            "uq_late_entry_case", "firm_id", "case_number", unique=True,
            postgresql_where=text("status IN ('asked', 'approved')"),
        ),
        Index("ix_late_entry_list", "firm_id", "status", "asked_at"),
        Index("ix_late_entry_day", "firm_id", "community_code", "day"),
        Index("ix_late_entry_street_code", "street_code", "day"),
    )  # fmt: skip
    data_class = DataClass.FIRM_SHARED

    kind: Mapped[str]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    day: Mapped[date]
    adviser_id: Mapped[UUID]
    signed_in_at: Mapped[datetime | None]
    signed_out_at: Mapped[datetime | None]
    times: Mapped[int | None]
    case_number: Mapped[str | None]
    difficulty: Mapped[str | None]
    form: Mapped[str | None]
    reason: Mapped[str]
    words: Mapped[str]
    status: Mapped[str] = mapped_column(default=LateStatus.ASKED)
    amount_fen: Mapped[int]
    """What it changes in all, as it was worked out when it was asked for or approved."""
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    answer: Mapped[str | None]
    is_alone: Mapped[bool] = mapped_column(default=False)
    """Whether whoever asked decided too, because the firm had nobody else who may."""

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)

    @property
    def month(self) -> date:
        """The first day of the month that it belongs to."""
        return self.day.replace(day=1)


class LateFile(FirmScoped, Base):
    """What proves a late entry; its content goes when its time is over, the rest stays."""

    __tablename__ = "late_file"
    __table_args__ = (
        to_firm("late_entry", "entry_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        one_of("kind", PaperKind),
        CheckConstraint("place BETWEEN 1 AND 3", name="place"),
        UniqueConstraint("firm_id", "entry_id", "place"),
        UniqueConstraint("firm_id", "entry_id", "digest"),
    )
    data_class = DataClass.FIRM_SHARED

    entry_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    place: Mapped[int]
    kind: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the file as it was sent."""
    size_bytes: Mapped[int]
    arrived_at: Mapped[datetime]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    thumb: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    blanked_at: Mapped[datetime | None]
