"""Requests for cover and whom they were offered; reasons of absences; answers to alerts.

All of it stays inside the firm: why somebody could not come may tell of health. What the street
sees is the slot: who covers it, who came, and the code of an accepted reason.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.contracts.models import Contract
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.cover import rules
from counselhub.cover.kinds import (
    CoverStatus,
    CoverWhy,
    Ending,
    ReasonCode,
    ReasonStatus,
    Telling,
)
from counselhub.roster.models import DutySlot

ONE_LIVE = "uq_cover_request_live"
ONE_REASON = "uq_absence_reason_firm_id_slot_id"


class CoverRequest(FirmScoped, Revised, Base):
    """替班申请: somebody is wanted for a slot; a slot has one that lives at a time."""

    __tablename__ = "cover_request"
    __table_args__ = (
        to_firm("duty_slot", "slot_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        to_firm("adviser", "substitute_id"),
        one_of("why", CoverWhy),
        one_of("status", CoverStatus),
        one_of("ending", Ending),
        CheckConstraint(
            "status NOT IN ('taken', 'approved') OR substitute_id IS NOT NULL", name="taken"
        ),
        CheckConstraint("(status = 'withdrawn') = (ending IS NOT NULL)", name="ending_told"),
        Index(
            ONE_LIVE,
            "firm_id",
            "slot_id",
            unique=True,
            postgresql_where=text("status <> 'withdrawn'"),
        ),
        Index("ix_cover_request_adviser", "firm_id", "adviser_id", "asked_at"),
    )
    data_class = DataClass.FIRM_PRIVATE

    slot_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    """Who cannot come."""
    why: Mapped[str]
    words: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=CoverStatus.ASKED)
    asked_at: Mapped[datetime]
    substitute_id: Mapped[UUID | None]
    ending: Mapped[str | None]
    told_at: Mapped[datetime | None]
    """When the community was told what stands: who comes instead, or that nobody does."""
    agreed_at: Mapped[datetime | None]
    """When somebody was agreed on; blank when it was taken back before the community was told."""
    known_at: Mapped[datetime | None]
    """When the community said by its page that it knows what stands."""

    slot: Mapped[DutySlot] = relationship(viewonly=True)
    adviser: Mapped[Adviser] = relationship(
        viewonly=True, foreign_keys="[CoverRequest.firm_id, CoverRequest.adviser_id]"
    )
    substitute: Mapped[Adviser | None] = relationship(
        viewonly=True, foreign_keys="[CoverRequest.firm_id, CoverRequest.substitute_id]"
    )
    offers: Mapped[list["CoverOffer"]] = relationship(
        viewonly=True, order_by="CoverOffer.rank", lazy="raise"
    )

    @property
    def telling(self) -> Telling | None:
        """What the community knows, None while there is nothing to tell."""
        return rules.telling(self.agreed_at, self.told_at, self.known_at)


class CoverOffer(FirmScoped, Base):
    """A colleague who was asked, in the order of what speaks for him."""

    __tablename__ = "cover_offer"
    __table_args__ = (
        to_firm("cover_request", "request_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        UniqueConstraint("firm_id", "request_id", "adviser_id"),
        Index("ix_cover_offer_adviser", "firm_id", "adviser_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    request_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    rank: Mapped[int]
    pluses: Mapped[list[Any]] = mapped_column(default=list)
    """Codes of `Plus`: why he was asked."""
    offered_at: Mapped[datetime]
    declined_at: Mapped[datetime | None]

    adviser: Mapped[Adviser] = relationship(viewonly=True)


class AbsenceReason(FirmScoped, Revised, Base):
    """缺勤理由: why a slot was missed or short, and whether that stands."""

    __tablename__ = "absence_reason"
    __table_args__ = (
        to_firm("duty_slot", "slot_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        one_of("code", ReasonCode),
        one_of("status", ReasonStatus),
        UniqueConstraint("firm_id", "slot_id"),
        CheckConstraint(
            "code <> 'other' OR words IS NOT NULL OR blanked_at IS NOT NULL", name="other"
        ),
        CheckConstraint("(status = 'given') = (judged_at IS NULL)", name="judged"),
        Index("ix_absence_reason_adviser", "firm_id", "adviser_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    slot_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    code: Mapped[str]
    words: Mapped[str | None]
    evidence: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=ReasonStatus.GIVEN)
    given_at: Mapped[datetime]
    judgement: Mapped[str | None]
    judged_at: Mapped[datetime | None]
    blanked_at: Mapped[datetime | None]
    """When the words went because their time was over; code and verdict stay."""

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    slot: Mapped[DutySlot] = relationship(viewonly=True)


class ReplacementAnswer(FirmScoped, Base):
    """What the manager answered to a reminder that a lawyer may have to be replaced (更换提醒)."""

    __tablename__ = "replacement_answer"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        to_firm("contract", "contract_id"),
        Index("ix_replacement_answer_adviser", "firm_id", "adviser_id", "contract_id"),
        Index("ix_replacement_answer_contract", "firm_id", "contract_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    adviser_id: Mapped[UUID]
    contract_id: Mapped[UUID]
    slots: Mapped[list[Any]] = mapped_column(default=list)
    """The ids of the absences that were answered for."""
    words: Mapped[str]
    answered_at: Mapped[datetime]

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    contract: Mapped[Contract] = relationship(viewonly=True)


class ChangePage(Base):
    """变更页: a community's page about who comes; only the digest of its link's token is kept."""

    __tablename__ = "change_page"
    __table_args__ = (of_firm(), CheckConstraint("made_at < expires_at", name="order"))
    data_class = DataClass.PLATFORM

    firm_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"), primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
