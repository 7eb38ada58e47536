"""Agreements between a firm's and a community's party organisations, their signed scans."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.pairings.kinds import PairingStatus
from counselhub.people.models import Firm
from counselhub.places.models import Community, Street

NOTICE_DAYS = 60
"""How long before its last day an agreement asks for renewal, unless the firm says otherwise."""


class Pairing(FirmScoped, Revised, Base):
    """党建结对共建协议; the office sees it once it is signed."""

    __tablename__ = "pairing"
    __table_args__ = (
        of_firm(),
        to_firm("pairing", "renews_id"),
        one_of("status", PairingStatus),
        UniqueConstraint("firm_id", "community_code", "signed_on"),
        UniqueConstraint("firm_id", "renews_id"),
        CheckConstraint("valid_until >= signed_on", name="term"),
        CheckConstraint("(status = 'draft') = (signed_on IS NULL)", name="signed"),
        CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name="ended"),
        CheckConstraint("renews_id <> id", name="renews"),
        Index("ix_pairing_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    status: Mapped[str] = mapped_column(default=PairingStatus.DRAFT)
    party_a: Mapped[str]
    party_b: Mapped[str]
    signed_on: Mapped[date | None]
    """Blank as long as it is a draft."""
    valid_until: Mapped[date | None]
    topics: Mapped[list[str]] = mapped_column(default=list)
    """Codes of `kinds.Topic`."""
    content: Mapped[str | None]
    principles: Mapped[str | None]
    renews_id: Mapped[UUID | None]
    """The agreement that this one continues."""
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]

    community: Mapped[Community] = relationship(viewonly=True)
    street: Mapped[Street] = relationship(viewonly=True)
    firm: Mapped[Firm | None] = relationship(
        viewonly=True, primaryjoin="foreign(Pairing.firm_id) == Firm.id"
    )

    @property
    def last_on(self) -> date | None:
        """The last day on which it holds, None without an end."""
        return self.ended_on or self.valid_until


class PairingScan(FirmScoped, Base):
    """签署件: a file of the signed agreement, kept as it was sent, inside the firm."""

    __tablename__ = "pairing_scan"
    __table_args__ = (
        to_firm("pairing", "pairing_id", ondelete="CASCADE"),
        UniqueConstraint("firm_id", "pairing_id", "digest"),
        CheckConstraint("ending IN ('pdf', 'jpg', 'png')", name="ending"),
        CheckConstraint("size > 0", name="size"),
    )
    data_class = DataClass.FIRM_PRIVATE

    pairing_id: Mapped[UUID]
    digest: Mapped[str]
    """SHA-256 of the bytes that are kept, in hex."""
    name: Mapped[str]
    """As the file was called, made safe."""
    ending: Mapped[str]
    size: Mapped[int]
    added_at: Mapped[datetime]
    added_by_name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class PairingRule(FirmScoped, Base):
    """What a firm has settled for its agreements; without a row the defaults hold."""

    __tablename__ = "pairing_rule"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id"),
        CheckConstraint("notice_days BETWEEN 1 AND 365", name="notice"),
    )
    data_class = DataClass.FIRM_PRIVATE

    notice_days: Mapped[int]
