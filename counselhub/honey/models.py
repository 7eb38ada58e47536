"""The register of honey rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.db import Base
from counselhub.core.row_security import DataClass


class HoneyRow(Base):
    """One marked row of one firm: in which table, and under which marker."""

    __tablename__ = "honey_row"
    data_class = DataClass.PLATFORM

    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"), primary_key=True)
    table_name: Mapped[str] = mapped_column(primary_key=True)
    marker: Mapped[str] = mapped_column(unique=True)
    """Text of the row that nobody can guess and nothing else contains."""
    planted_at: Mapped[datetime]
