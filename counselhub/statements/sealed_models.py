"""What a seal keeps beside its digests: the submission frozen whole, and the codes of papers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped


class StatementFreeze(FirmScoped, Base):
    """A submission as it was handed over; only appended. See `statements.frozen`."""

    __tablename__ = "statement_freeze"
    __table_args__ = (
        to_firm("statement", "statement_id"),
        UniqueConstraint("firm_id", "statement_id", "version"),
    )
    data_class = DataClass.FIRM_SHARED

    statement_id: Mapped[UUID]
    street_code: Mapped[str]
    version: Mapped[int]
    at: Mapped[datetime]
    digest: Mapped[bytes]
    content: Mapped[bytes]
    """The canonical JSON of lines, facts and terms, compressed."""


class PaperCode(Base):
    """Which seal the code on a paper stands for; only the code's digest is kept here."""

    __tablename__ = "paper_code"
    __table_args__ = (
        to_firm("statement_seal", "seal_id", ondelete="CASCADE"),
        UniqueConstraint("firm_id", "seal_id"),
    )
    data_class = DataClass.PLATFORM

    digest: Mapped[str] = mapped_column(primary_key=True)
    firm_id: Mapped[UUID]
    seal_id: Mapped[UUID]
    key: Mapped[bytes]
    """Signs the files that are made of the paper; nobody's page ever shows it."""
