"""What follows a referral's handling: feedback with its satisfaction, visits at home."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.referrals.kinds import FeedbackTo, RatedBy
from counselhub.referrals.models import Referral


class ReferralFeedback(FirmScoped, Base):
    """反馈: who was told, when and in what words; how satisfied they are, 5 is best."""

    __tablename__ = "referral_feedback"
    __table_args__ = (
        to_firm("referral", "referral_id", ondelete="CASCADE"),
        one_of("whom", FeedbackTo),
        one_of("rated_by", RatedBy),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction"),
        CheckConstraint(
            "(satisfaction IS NULL) = (rated_at IS NULL)"
            " AND (satisfaction IS NULL) = (rated_by IS NULL)",
            name="rated",
        ),
        Index("ix_referral_feedback_referral", "firm_id", "referral_id", "told_on"),
    )
    data_class = DataClass.FIRM_PRIVATE

    referral_id: Mapped[UUID]
    whom: Mapped[str]
    told_on: Mapped[date]
    words: Mapped[str]
    told_by: Mapped[str]
    satisfaction: Mapped[int | None]
    rated_at: Mapped[datetime | None]
    rated_by: Mapped[str | None]
    rating_words: Mapped[str | None]

    referral: Mapped[Referral] = relationship(viewonly=True)


class FeedbackLink(Base):
    """The way in to the question of satisfaction; only the digest of its token is kept."""

    __tablename__ = "feedback_link"
    __table_args__ = (to_firm("referral_feedback", "feedback_id", ondelete="CASCADE"),)
    data_class = DataClass.PLATFORM

    digest: Mapped[str] = mapped_column(primary_key=True)
    firm_id: Mapped[UUID]
    feedback_id: Mapped[UUID]
    expires_at: Mapped[datetime]


class HomeVisit(FirmScoped, Base):
    """上门走访: two go, never one alone; the address is sealed and goes when its time is over."""

    __tablename__ = "home_visit"
    __table_args__ = (
        to_firm("referral", "referral_id", ondelete="CASCADE"),
        to_firm("adviser", "first_id"),
        CheckConstraint("length(second_person) > 0", name="second"),
        Index("ix_home_visit_referral", "firm_id", "referral_id", "visited_on"),
    )
    data_class = DataClass.FIRM_PRIVATE

    referral_id: Mapped[UUID]
    visited_on: Mapped[date]
    address_sealed: Mapped[str | None]
    first_id: Mapped[UUID]
    second_person: Mapped[str]
    """Who went along: a colleague's name, or who of the community."""
    result: Mapped[str]

    first: Mapped[Adviser] = relationship(viewonly=True)
    referral: Mapped[Referral] = relationship(viewonly=True)
