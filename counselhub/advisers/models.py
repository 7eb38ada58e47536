"""Lawyers and legal workers who advise communities; what is private lies on its own table."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.kinds import AdviserCategory, PoliticalStatus
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id


class Adviser(FirmScoped, Revised, Base):
    """法律顾问: what the community's notice board and the justice office know."""

    __tablename__ = "adviser"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id", "licence_number"),
        one_of("category", AdviserCategory),
        CheckConstraint(
            "left_on IS NULL OR joined_on IS NULL OR left_on >= joined_on", name="stay"
        ),
        Index(
            "ix_adviser_search",
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
    )
    data_class = DataClass.FIRM_SHARED

    name: Mapped[str]
    pinyin: Mapped[str]
    search: Mapped[str]
    licence_number: Mapped[str]
    category: Mapped[str]
    specialties: Mapped[list[str]] = mapped_column(default=list)
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]

    contact: Mapped["AdviserContact | None"] = relationship(
        back_populates="adviser", cascade="all, delete-orphan", passive_deletes=True
    )


class AdviserContact(FirmOwned, Base):
    """A lawyer's private data: never leaves the firm."""

    __tablename__ = "adviser_contact"
    __table_args__ = (
        to_firm("adviser", "adviser_id", ondelete="CASCADE"),
        one_of("political_status", PoliticalStatus),
    )
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    adviser_id: Mapped[UUID] = mapped_column(primary_key=True)
    phone: Mapped[str | None]
    email: Mapped[str | None]
    political_status: Mapped[str | None]

    adviser: Mapped[Adviser] = relationship(back_populates="contact")
