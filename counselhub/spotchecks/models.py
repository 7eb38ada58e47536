"""Spot checks: the office's until it publishes them, then the firm's too."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.spotchecks.kinds import Answer, CheckStatus, Finding, Side

FOUND = "(status IN ('drawn', 'withdrawn')) OR finding IS NOT NULL"
PUBLISHED = (
    "CASE status WHEN 'drawn' THEN published_at IS NULL WHEN 'recorded' THEN published_at IS NULL"
    " WHEN 'withdrawn' THEN true ELSE published_at IS NOT NULL END"
)


class SpotDraw(Base):
    """抽签: a draw as it was made; it is never changed, so that anybody can repeat it.

    population: what could be drawn, as `rules.listed` writes it; no firm ever reads it.
    """

    __tablename__ = "spot_draw"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="days"),
        CheckConstraint("wanted > 0", name="wanted"),
        Index("ix_spot_draw_street_code", "street_code", "made_at"),
    )
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    wanted: Mapped[int]
    seed: Mapped[int]
    population: Mapped[list[Any]]
    sha256: Mapped[str]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


class SpotCheck(FirmScoped, Revised, Base):
    """抽查: one drawn slot, what was found there, what the firm answered, what became of it.

    The slot is named without a key and its plan copied: were it bound, a firm that plans anew
    would learn from the refusal what was drawn.
    """

    __tablename__ = "spot_check"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        one_of("status", CheckStatus),
        one_of("finding", Finding),
        one_of("answer", Answer),
        CheckConstraint(FOUND, name="found"),
        CheckConstraint("(finding = 'substitute') = (found_name IS NOT NULL)", name="found_name"),
        CheckConstraint(PUBLISHED, name="published"),
        Index(
            "uq_spot_check_live_slot",
            "firm_id",
            "slot_id",
            unique=True,
            postgresql_where=text("status <> 'withdrawn'"),
        ),
        Index("ix_spot_check_street_code", "street_code", "day"),
        Index("ix_spot_check_draw_id", "draw_id"),
    )
    data_class = DataClass.OFFICE

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("spot_draw.id"))
    turn: Mapped[int]
    slot_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    adviser_id: Mapped[UUID]
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    status: Mapped[str] = mapped_column(default=CheckStatus.DRAWN)
    finding: Mapped[str | None]
    found_name: Mapped[str | None]
    """Who stood in, as the checker heard it."""
    words: Mapped[str | None]
    opened_at: Mapped[datetime | None]
    """When the checker's page left the server; it may come back later, without a signal."""
    recorded_at: Mapped[datetime | None]
    recorded_by_name: Mapped[str | None]
    form_key: Mapped[UUID | None]
    """Of the form that recorded it: sent twice, it is recorded once."""
    published_at: Mapped[datetime | None]
    published_by_name: Mapped[str | None]
    answer_due_on: Mapped[date | None]
    answer: Mapped[str | None]
    answer_words: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by_name: Mapped[str | None]
    closing_words: Mapped[str | None]

    adviser: Mapped[Adviser | None] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
    firm: Mapped[Firm | None] = relationship(
        viewonly=True, primaryjoin="foreign(SpotCheck.firm_id) == Firm.id"
    )

    @property
    def is_office_only(self) -> bool:
        """Whether its acts stand in the office's record alone: the firm does not know of it."""
        return self.published_at is None


class SpotPhoto(FirmScoped, Base):
    """A photo that belongs to a check, written anew without what the camera added."""

    __tablename__ = "spot_photo"
    __table_args__ = (
        to_firm("spot_check", "check_id", ondelete="CASCADE"),
        one_of("side", Side),
        Index("ix_spot_photo_check", "firm_id", "check_id"),
    )
    data_class = DataClass.OFFICE

    check_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    side: Mapped[str]
    arrived_at: Mapped[datetime]
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)
