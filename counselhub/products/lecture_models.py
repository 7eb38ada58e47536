"""Lectures as they are planned and held: the firm's own.

What the office reads of one is its service record: day, place, persons, copies, and the draft and
photos that the firm marks for it.
"""

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.places.models import Community
from counselhub.products.kinds import LectureKind, LectureStatus
from counselhub.services.models import ServiceRecord


class Lecture(FirmScoped, Revised, Base):
    """讲座 in one community by one lawyer; once it is held it has its service record."""

    __tablename__ = "lecture"
    __table_args__ = (
        of_firm(),
        to_firm("adviser", "adviser_id"),
        to_firm("service_record", "service_id", ondelete="SET NULL (service_id)"),
        one_of("kind", LectureKind),
        one_of("status", LectureStatus),
        CheckConstraint("(status = 'cancelled') = (reason IS NOT NULL)", name="reason"),
        UniqueConstraint("firm_id", "service_id"),
        Index("ix_lecture_list", "firm_id", "day", "id"),
        Index("ix_lecture_adviser_id", "firm_id", "adviser_id"),
        Index(
            "ix_lecture_theme",
            "theme",
            postgresql_using="gin",
            postgresql_ops={"theme": "gin_trgm_ops"},
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    kind: Mapped[str]
    theme: Mapped[str]
    place: Mapped[str]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    adviser_id: Mapped[UUID]
    """Who speaks."""
    day: Mapped[date]
    """The day that is planned, of one that was held the day of it."""
    starts: Mapped[time | None]
    status: Mapped[str] = mapped_column(default=LectureStatus.PLANNED)
    reason: Mapped[str | None]
    service_id: Mapped[UUID | None]
    leaflets: Mapped[list[Any]] = mapped_column(default=list)
    """[title, copies] of each."""

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
    service: Mapped[ServiceRecord | None] = relationship(viewonly=True)


class LectureDraft(FirmOwned, Base):
    """讲稿 before the lecture; when it is held the draft becomes a file of its service record."""

    __tablename__ = "lecture_draft"
    __table_args__ = (to_firm("lecture", "lecture_id"),)
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    lecture_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    ending: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the file as it was sent."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
