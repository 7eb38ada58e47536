"""Who signed up, and which texts a firm has accepted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.joining.kinds import Outcome, Text


class SignUp(Base):
    """One form of the sign-up page, whatever came of it; the contact's data is sealed."""

    __tablename__ = "sign_up"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint("(outcome = 'made') = (firm_id IS NOT NULL)", name="firm"),
        Index("ix_sign_up_at", "at", "id"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    at: Mapped[datetime]
    firm_name: Mapped[str]
    credit_code: Mapped[str]
    licence_number: Mapped[str]
    sealed_contact: Mapped[str]
    """JSON: name, email, phone."""
    outcome: Mapped[str]
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"))


class Acceptance(Base):
    """A firm accepted one version of one text; digest: SHA-256 of what was shown."""

    __tablename__ = "acceptance"
    __table_args__ = (one_of("kind", Text), Index("ix_acceptance_firm_id", "firm_id", "at"))
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    kind: Mapped[str]
    version: Mapped[str]
    digest: Mapped[str]
    at: Mapped[datetime]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
