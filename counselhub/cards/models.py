"""Public cards and the word of party members who agree to be named as such."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import of_firm, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, current_firm_id


class PublicCard(Base):
    """The public page of a community; only the digest of its link's token is kept."""

    __tablename__ = "public_card"
    __table_args__ = (
        of_firm(),
        CheckConstraint("community_code ~ '^[0-9]{12}$'", name="community"),
    )
    data_class = DataClass.PLATFORM

    firm_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_code: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]


class PartyConsent(FirmOwned, Base):
    """A lawyer's own agreement that public cards call him a party member; no row: none."""

    __tablename__ = "party_consent"
    __table_args__ = (to_firm("adviser", "adviser_id", ondelete="CASCADE"),)
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    adviser_id: Mapped[UUID] = mapped_column(primary_key=True)
    agreed_at: Mapped[datetime]
