"""What a street's office may spend in a year."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import Revised
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass


class Appropriation(Revised, Base):
    """年度预算: fen by source, None where the office has entered nothing; one row a year."""

    __tablename__ = "appropriation"
    __table_args__ = (
        UniqueConstraint("street_code", "year"),
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year"),
        CheckConstraint("city_fen >= 0 AND district_fen >= 0 AND street_fen >= 0", name="amounts"),
    )
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    year: Mapped[int]
    city_fen: Mapped[int | None]
    district_fen: Mapped[int | None]
    street_fen: Mapped[int | None]
    words: Mapped[str] = mapped_column(default="")
    """The document that grants it."""
