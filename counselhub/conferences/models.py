"""Conferences: who was called, what each one thinks, what came of it, the minutes as they were.

All of it stays inside the firm, and nobody past a wall is shown a row: the policies `wall` of the
database read the person that a transaction carries.
"""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.conferences.kinds import ConferenceMode, ConferenceStatus, Presence
from counselhub.conferences.rules import Span
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community
from counselhub.referrals.models import Referral
from counselhub.services.models import ServiceRecord


class Conference(FirmScoped, Revised, Base):
    """会商 on a service, and on its referral when there is one; times are Shanghai's wall clock."""

    __tablename__ = "conference"
    __table_args__ = (
        to_firm("service_record", "service_id"),
        to_firm("referral", "referral_id"),
        to_firm("adviser", "chair_id"),
        one_of("mode", ConferenceMode),
        one_of("status", ConferenceStatus),
        CheckConstraint("starts < ends", name="times"),
        CheckConstraint("(status = 'concluded') = (concluded_at IS NOT NULL)", name="concluded"),
        CheckConstraint("feedback_on IS NULL OR status = 'concluded'", name="feedback"),
        Index("ix_conference_list", "firm_id", "day", "starts", "id"),
        Index("ix_conference_status", "firm_id", "status", "day", "starts", "id"),
        Index("ix_conference_service", "firm_id", "service_id"),
        Index("ix_conference_referral", "firm_id", "referral_id"),
        Index("ix_conference_chair", "firm_id", "chair_id", "day"),
        Index(
            "ix_conference_title",
            "title",
            postgresql_using="gin",
            postgresql_ops={"title": "gin_trgm_ops"},
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    service_id: Mapped[UUID]
    """来源记录."""
    referral_id: Mapped[UUID | None]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    title: Mapped[str]
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    mode: Mapped[str]
    place: Mapped[str]
    """Where they meet, or by which means."""
    chair_id: Mapped[UUID]
    guests: Mapped[str] = mapped_column(default="")
    """列席: who comes beside the firm's lawyers."""
    agenda: Mapped[list[str]]
    disputes: Mapped[list[str]]
    """争议焦点, in order."""
    status: Mapped[str] = mapped_column(default=ConferenceStatus.PLANNED)
    summary: Mapped[str] = mapped_column(default="")
    """意见汇总."""
    conclusion: Mapped[str] = mapped_column(default="")
    concluded_at: Mapped[datetime | None]
    feedback_on: Mapped[date | None]
    feedback_words: Mapped[str | None]
    reason: Mapped[str | None]
    """Why it was cancelled."""
    wiped_at: Mapped[datetime | None]
    """When the time of what was said was over."""

    service: Mapped[ServiceRecord] = relationship(viewonly=True)
    referral: Mapped[Referral | None] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
    chair: Mapped[Adviser] = relationship(viewonly=True)

    @property
    def span(self) -> Span:
        """When it takes its lawyers' time."""
        begin, end = (datetime.combine(self.day, at) for at in (self.starts, self.ends))
        return Span(begin, end)


class ConferenceSeat(FirmScoped, Revised, Base):
    """One lawyer who was called: whether he came, and his own opinion."""

    __tablename__ = "conference_seat"
    __table_args__ = (
        to_firm("conference", "conference_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        one_of("presence", Presence),
        CheckConstraint("presence <> 'excused' OR reason <> ''", name="excused"),
        CheckConstraint("(opinion IS NOT NULL) <= (opined_at IS NOT NULL)", name="opined"),
        UniqueConstraint("firm_id", "conference_id", "adviser_id"),
        Index("ix_conference_seat_adviser", "firm_id", "adviser_id", "conference_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    conference_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    presence: Mapped[str] = mapped_column(default=Presence.INVITED)
    reason: Mapped[str] = mapped_column(default="")
    """Why he did not come."""
    opinion: Mapped[str | None]
    opined_at: Mapped[datetime | None]

    adviser: Mapped[Adviser] = relationship(viewonly=True)


class ConferenceTask(FirmScoped, Revised, Base):
    """后续任务: who does what until when."""

    __tablename__ = "conference_task"
    __table_args__ = (
        to_firm("conference", "conference_id", ondelete="CASCADE"),
        to_firm("adviser", "owner_id"),
        CheckConstraint("(done_on IS NULL) = (done_words IS NULL)", name="done"),
        Index("ix_conference_task_conference", "firm_id", "conference_id", "due_on"),
        Index(
            "ix_conference_task_open",
            "firm_id",
            "due_on",
            "id",
            postgresql_where=text("done_on IS NULL"),
        ),
        Index("ix_conference_task_owner", "firm_id", "owner_id", "due_on"),
    )
    data_class = DataClass.FIRM_PRIVATE

    conference_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    words: Mapped[str]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_words: Mapped[str | None]

    owner: Mapped[Adviser] = relationship(viewonly=True)
    conference: Mapped[Conference] = relationship(viewonly=True)


class ConferenceMinutes(FirmScoped, Base):
    """纪要: one version as it was issued; the document is made from `content` alone."""

    __tablename__ = "conference_minutes"
    __table_args__ = (
        to_firm("conference", "conference_id", ondelete="CASCADE"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("version = 1 OR reason <> ''", name="reason"),
        UniqueConstraint("firm_id", "conference_id", "version"),
    )
    data_class = DataClass.FIRM_PRIVATE

    conference_id: Mapped[UUID]
    version: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    """Why it was revised."""
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    content: Mapped[dict[str, Any] | None]
    """Every value as the document says it; blank when its time was over."""
    digest: Mapped[str]
    """SHA-256 of the content as canonical JSON, in hex."""
