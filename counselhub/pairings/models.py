"""Agreements between a firm's and a community's party organisations."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community


class Pairing(FirmScoped, Revised, Base):
    """党建结对共建协议."""

    __tablename__ = "pairing"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id", "community_code", "signed_on"),
        CheckConstraint("valid_until >= signed_on", name="term"),
        Index("ix_pairing_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    party_a: Mapped[str]
    party_b: Mapped[str]
    signed_on: Mapped[date]
    valid_until: Mapped[date | None]
    content: Mapped[str | None]

    community: Mapped[Community] = relationship(viewonly=True)
