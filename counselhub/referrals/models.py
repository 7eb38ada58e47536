"""Referrals: what is asked, who was offered it, who helps, when the clock stood, changes of hands.

All of it stays inside the firm: what is hard about a matter is under the lawyer's duty of secrecy.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community
from counselhub.referrals.kinds import (
    Conflict,
    DeclineWhy,
    HandKind,
    HandState,
    OfferState,
    ReferralStatus,
    Speciality,
    TeamRole,
    Urgency,
)
from counselhub.referrals.team_models import Team
from counselhub.services.models import ServiceRecord

ONE_LIVE = "uq_referral_live"
ONE_NUMBER = "uq_referral_firm_id_number"
ONE_HANDOVER = "uq_referral_handover_asked"
ENDED = text("status NOT IN ('closed', 'withdrawn')")


class Referral(FirmScoped, Revised, Base):
    """转介: a service that goes to a team; a service has one that lives at a time."""

    __tablename__ = "referral"
    __table_args__ = (
        of_firm(),
        to_firm("service_record", "service_id"),
        to_firm("adviser", "asker_id"),
        to_firm("adviser", "receiver_id"),
        to_firm("team", "team_id"),
        to_firm("matter", "matter_id"),
        to_firm("matter", "conflict_matter_id"),
        UniqueConstraint("firm_id", "number"),
        one_of("status", ReferralStatus),
        one_of("urgency", Urgency),
        one_of("speciality", Speciality),
        one_of("conflict", Conflict),
        CheckConstraint(
            "(status IN ('accepted', 'conferring', 'opined', 'fed_back', 'closed'))"
            " <= (receiver_id IS NOT NULL)",
            name="received",
        ),
        CheckConstraint(
            "(status IN ('opined', 'fed_back', 'closed')) <= (opinion IS NOT NULL)", name="opinion"
        ),
        Index(ONE_LIVE, "firm_id", "service_id", unique=True, postgresql_where=ENDED),
        Index("ix_referral_board", "firm_id", "status", "due_at", "id"),
        Index("ix_referral_list", "firm_id", "asked_at", "id"),
        Index("ix_referral_asker", "firm_id", "asker_id", "asked_at"),
        Index("ix_referral_receiver", "firm_id", "receiver_id", "accepted_at"),
        Index("ix_referral_service", "firm_id", "service_id"),
        Index("ix_referral_matter", "firm_id", "matter_id"),
        Index(
            "ix_referral_escalated",
            "firm_id",
            "due_at",
            postgresql_where=text("escalated_at IS NOT NULL"),
        ),
        Index(
            "ix_referral_words",
            "words",
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    number: Mapped[str]
    service_id: Mapped[UUID]
    """来源记录."""
    matter_id: Mapped[UUID | None]
    """The matter it belongs to, once there is one."""
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    speciality: Mapped[str]
    urgency: Mapped[str]
    words: Mapped[str]
    """案由和难点."""
    status: Mapped[str] = mapped_column(default=ReferralStatus.ASKED)
    asker_id: Mapped[UUID]
    """转出律师."""
    asked_at: Mapped[datetime]
    team_id: Mapped[UUID | None]
    receiver_id: Mapped[UUID | None]
    """承办律师."""
    conflict: Mapped[str] = mapped_column(default=Conflict.UNKNOWN)
    conflict_codes: Mapped[list[str]] = mapped_column(default=list)
    """Why there may be one: codes of `ConflictCode`, the gravest first."""
    conflict_matter_id: Mapped[UUID | None]
    """The matter that stands against it, or its own with the conflict."""
    accepted_at: Mapped[datetime | None]
    step_at: Mapped[datetime]
    """When the present step began: what its limit counts from."""
    due_at: Mapped[datetime | None]
    """When the present step is due; blank while the client is waited for, and at the end."""
    escalated_at: Mapped[datetime | None]
    """When the emergency liaison was told of the present step; blank once settled."""
    escalation_words: Mapped[str | None]
    opinion: Mapped[str | None]
    concluded_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """Why it was withdrawn or sent back, in words."""

    service: Mapped[ServiceRecord] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
    team: Mapped[Team | None] = relationship(viewonly=True)
    asker: Mapped[Adviser] = relationship(
        viewonly=True, foreign_keys="[Referral.firm_id, Referral.asker_id]"
    )
    receiver: Mapped[Adviser | None] = relationship(
        viewonly=True, foreign_keys="[Referral.firm_id, Referral.receiver_id]"
    )


class ReferralOffer(FirmScoped, Base):
    """征询: a lawyer who is asked to take it, in the order of what speaks for him."""

    __tablename__ = "referral_offer"
    __table_args__ = (
        to_firm("referral", "referral_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        one_of("state", OfferState),
        one_of("why", DeclineWhy),
        CheckConstraint(
            "(state = 'queued') = (offered_at IS NULL) OR state = 'dropped'", name="offered"
        ),
        CheckConstraint("(offered_at IS NULL) = (expires_at IS NULL)", name="limit"),
        CheckConstraint("(state = 'declined') = (why IS NOT NULL)", name="why_told"),
        Index("ix_referral_offer_referral", "firm_id", "referral_id", "rank"),
        Index("ix_referral_offer_adviser", "firm_id", "adviser_id", "referral_id"),
        Index(
            "ix_referral_offer_open",
            "firm_id",
            "expires_at",
            postgresql_where=text("state = 'open'"),
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    referral_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    rank: Mapped[int]
    score: Mapped[int]
    pluses: Mapped[list[Any]] = mapped_column(default=list)
    """Codes of `Plus` with their points: why he is asked."""
    state: Mapped[str] = mapped_column(default=OfferState.QUEUED)
    offered_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    why: Mapped[str | None]
    words: Mapped[str | None]

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    referral: Mapped[Referral] = relationship(viewonly=True)


class ReferralMember(FirmScoped, Base):
    """组队: a lawyer who works on a referral beside its receiver."""

    __tablename__ = "referral_member"
    __table_args__ = (
        to_firm("referral", "referral_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        one_of("role", TeamRole),
        UniqueConstraint("firm_id", "referral_id", "adviser_id"),
        Index("ix_referral_member_adviser", "firm_id", "adviser_id", "referral_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    referral_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    role: Mapped[str]

    adviser: Mapped[Adviser] = relationship(viewonly=True)


class ReferralPause(FirmScoped, Base):
    """等待当事人: while it lasts the clock stands; a referral has one without an end at a time."""

    __tablename__ = "referral_pause"
    __table_args__ = (
        to_firm("referral", "referral_id", ondelete="CASCADE"),
        CheckConstraint("ended_at >= began_at", name="order"),
        Index("ix_referral_pause_referral", "firm_id", "referral_id", "began_at"),
        Index(
            "uq_referral_pause_open",
            "firm_id",
            "referral_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    referral_id: Mapped[UUID]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    words: Mapped[str]


class ReferralHandover(FirmScoped, Base):
    """移交: a change of hands, asked by one and agreed by another."""

    __tablename__ = "referral_handover"
    __table_args__ = (
        to_firm("referral", "referral_id", ondelete="CASCADE"),
        to_firm("adviser", "from_id"),
        to_firm("adviser", "to_id"),
        one_of("kind", HandKind),
        one_of("status", HandState),
        CheckConstraint("from_id <> to_id", name="two"),
        CheckConstraint("(status = 'asked') = (answered_at IS NULL)", name="answered"),
        Index(
            ONE_HANDOVER,
            "firm_id",
            "referral_id",
            unique=True,
            postgresql_where=text("status = 'asked'"),
        ),
        Index("ix_referral_handover_to", "firm_id", "to_id", "referral_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    referral_id: Mapped[UUID]
    kind: Mapped[str]
    from_id: Mapped[UUID]
    to_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default=HandState.ASKED)
    words: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    giver: Mapped[Adviser] = relationship(
        viewonly=True, foreign_keys="[ReferralHandover.firm_id, ReferralHandover.from_id]"
    )
    taker: Mapped[Adviser] = relationship(
        viewonly=True, foreign_keys="[ReferralHandover.firm_id, ReferralHandover.to_id]"
    )
