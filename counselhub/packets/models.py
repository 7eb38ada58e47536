"""A packet as three rows: the sender's, which its office reads; its file; and the receiver's."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.packets.kinds import Checked, ConsentHow, PacketStatus, RefusalWhy
from counselhub.places.models import Community
from counselhub.referrals.kinds import Speciality, Urgency
from counselhub.referrals.models import Referral

ONE_WAITING = "uq_packet_waiting"


class Packet(FirmScoped, Revised, Base):
    """转外所: what the street's office knows of it: from, to, community, kind, day, state."""

    __tablename__ = "packet"
    __table_args__ = (
        of_firm(),
        to_firm("referral", "referral_id"),
        one_of("speciality", Speciality),
        one_of("status", PacketStatus),
        CheckConstraint("expires_at > sent_at", name="term"),
        CheckConstraint("(status IN ('sent', 'opened')) = (answered_at IS NULL)", name="answered"),
        Index(
            ONE_WAITING,
            "firm_id",
            "referral_id",
            unique=True,
            postgresql_where=text("status IN ('sent', 'opened', 'accepted')"),
        ),
        Index("ix_packet_list", "firm_id", "sent_at", "id"),
        Index("ix_packet_street", "street_code", "sent_at", "id"),
        Index(
            "ix_packet_waiting",
            "firm_id",
            "expires_at",
            postgresql_where=text("status IN ('sent', 'opened')"),
        ),
    )
    data_class = DataClass.FIRM_SHARED

    referral_id: Mapped[UUID] = mapped_column(nullable=True)
    """Blank once its firm has left with the case; then no firm reads it any more."""
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    speciality: Mapped[str]
    from_name: Mapped[str]
    to_firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    to_name: Mapped[str]
    """Names of the two firms as they were on that day."""
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default=PacketStatus.SENT)
    answered_at: Mapped[datetime | None]
    """When it was accepted, declined, revoked or over."""

    community: Mapped[Community] = relationship(viewonly=True)
    referral: Mapped[Referral] = relationship(viewonly=True)


class PacketFile(FirmOwned, Base):
    """The sender's own: the client's consent, what was sent, what was answered."""

    __tablename__ = "packet_file"
    __table_args__ = (
        to_firm("packet", "packet_id", ondelete="CASCADE"),
        one_of("consent_how", ConsentHow),
        one_of("why", RefusalWhy),
        CheckConstraint("ending IN ('pdf', 'jpg', 'png')", name="ending"),
        CheckConstraint("cardinality(fields) > 0", name="fields"),
    )
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    packet_id: Mapped[UUID] = mapped_column(primary_key=True)
    fields: Mapped[list[str]]
    shows_client: Mapped[bool]
    """Whether the client agreed to be named."""
    consent_on: Mapped[date]
    consent_how: Mapped[str]
    ending: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the consent as it was sent, in hex."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    sealed: Mapped[str | None]
    """What was sent; blank like `content` when its time was over."""
    why: Mapped[str | None]
    answer: Mapped[str | None]


class PacketReceived(FirmScoped, Revised, Base):
    """The receiver's own row of a packet, of the same id; its content goes with a no or an end."""

    __tablename__ = "packet_received"
    __table_args__ = (
        of_firm(),
        one_of("speciality", Speciality),
        one_of("urgency", Urgency),
        one_of("status", PacketStatus),
        one_of("checked", Checked),
        CheckConstraint(
            "status IN ('sent', 'opened', 'accepted') OR sealed IS NULL", name="erased"
        ),
        CheckConstraint(
            "status = 'sent' OR opened_at IS NOT NULL OR status NOT IN ('opened', 'accepted')",
            name="opened",
        ),
        Index("ix_packet_received_list", "firm_id", "sent_at", "id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    from_firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    from_name: Mapped[str]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    speciality: Mapped[str]
    urgency: Mapped[str]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default=PacketStatus.SENT)
    sealed: Mapped[str | None]
    """The chosen fields, and the parties that only the check for conflicts reads."""
    checked: Mapped[str | None]
    reasons: Mapped[list[str]] = mapped_column(default=list)
    """Codes of what the check found, without a word of any matter."""
    checked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    opened_past: Mapped[str | None]
    """Why it was read past a possible conflict, in the words of who decided."""
    answered_at: Mapped[datetime | None]
    why: Mapped[str | None]
    answer: Mapped[str | None]

    community: Mapped[Community] = relationship(viewonly=True)
