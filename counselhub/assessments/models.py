"""A year's assessment, and what it lets a statement release."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.assessments.kinds import AssessmentStatus, YearGrade
from counselhub.contracts.models import Contract
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community


class Assessment(FirmScoped, Revised, Base):
    """年度考核 of one contract in one community: the office's own until it is published."""

    __tablename__ = "assessment"
    __table_args__ = (
        to_firm("contract", "contract_id"),
        UniqueConstraint("firm_id", "contract_id", "community_code", "year"),
        one_of("grade", YearGrade),
        one_of("status", AssessmentStatus),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("(status = 'confirmed') = (published_at IS NOT NULL)", name="published"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id IS DISTINCT FROM proposed_by_id",
            name="four_eyes",
        ),
        Index("ix_assessment_street_code", "street_code", "year"),
    )
    data_class = DataClass.OFFICE

    contract_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    year: Mapped[int]
    grade: Mapped[str]
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    words: Mapped[str]
    status: Mapped[str] = mapped_column(default=AssessmentStatus.PROPOSED)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[UUID | None]
    proposed_by_name: Mapped[str]
    published_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[UUID | None]
    confirmed_by_name: Mapped[str | None]

    contract: Mapped[Contract] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)

    @property
    def is_office_only(self) -> bool:
        """Whether the firm does not know of it yet."""
        return self.published_at is None


class AssessmentRelease(FirmScoped, Revised, Base):
    """What a confirmed assessment releases: once ever for a year, contract and community."""

    __tablename__ = "assessment_release"
    __table_args__ = (
        to_firm("contract", "contract_id"),
        to_firm("statement", "statement_id"),
        UniqueConstraint("firm_id", "contract_id", "community_code", "year"),
        one_of("grade", YearGrade),
        CheckConstraint("withheld_fen >= 0 AND base_fen >= 0", name="amounts"),
        Index("ix_assessment_release_statement", "firm_id", "statement_id"),
        Index("ix_assessment_release_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    contract_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    year: Mapped[int]
    grade: Mapped[str]
    last_month: Mapped[date]
    """The last month that was withheld in; a later statement releases."""
    withheld_fen: Mapped[int]
    base_fen: Mapped[int]
    """What was withheld of which base, by the year's approved statements."""
    statement_id: Mapped[UUID | None]
    """The statement that takes it."""
    handed_in_at: Mapped[datetime | None]
