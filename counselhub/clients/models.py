"""Clients, the services and cases they had: private to the firm, on tables that no office reads."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import Revised, of_firm, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id


class Client(FirmScoped, Revised, Base):
    """服务对象: name and phone sealed, the phone's keyed digest for finding it again.

    An erased one keeps its row and its services, so that counts stay; nothing tells who it was.
    """

    __tablename__ = "client"
    __table_args__ = (
        of_firm(),
        CheckConstraint("(phone_sealed IS NULL) = (phone_digest IS NULL)", name="digest"),
        CheckConstraint(
            "CASE WHEN erased_at IS NULL THEN name_sealed IS NOT NULL OR phone_sealed IS NOT NULL"
            " ELSE name_sealed IS NULL AND phone_sealed IS NULL END",
            name="erased",
        ),
        Index("ix_client_phone", "firm_id", "phone_digest"),
    )
    data_class = DataClass.FIRM_PRIVATE

    name_sealed: Mapped[str | None]
    phone_sealed: Mapped[str | None]
    phone_digest: Mapped[str | None]
    informed_on: Mapped[date | None]
    """When the client was told what is kept, why and how long (PIPL 17)."""
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class ClaimClient(FirmOwned, Base):
    """Which client a case claim was for. Not on the claim itself: the office reads that."""

    __tablename__ = "claim_client"
    __table_args__ = (
        to_firm("case_claim", "claim_id", ondelete="CASCADE"),
        to_firm("client", "client_id"),
        Index("ix_claim_client_client", "firm_id", "client_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    claim_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]


class ServiceClient(FirmOwned, Base):
    """Which clients a service record was for. Not on the record itself: the office reads that."""

    __tablename__ = "service_client"
    __table_args__ = (
        to_firm("service_record", "service_id", ondelete="CASCADE"),
        to_firm("client", "client_id"),
        Index("ix_service_client_client", "firm_id", "client_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
