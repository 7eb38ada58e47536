"""Requests to correct a session, with both versions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.corrections.kinds import CorrectionStatus, PaperKind
from counselhub.corrections.rules import Version
from counselhub.duty.kinds import CorrectionReason
from counselhub.places.models import Community

ASKED = text("status = 'asked'")


class SessionCorrection(FirmScoped, Revised, Base):
    """补正申请: a session as it was (`was_…`, blank for one that was never recorded) and should be.

    Its office reads it once the firm agreed to it.
    """

    __tablename__ = "session_correction"
    __table_args__ = (
        to_firm("duty_session", "session_id"),
        to_firm("adviser", "adviser_id"),
        to_firm("adviser", "substitute_for_id"),
        to_firm("adviser", "was_substitute_for_id"),
        one_of("reason", CorrectionReason),
        one_of("status", CorrectionStatus),
        CheckConstraint("signed_in_at < signed_out_at", name="order"),
        CheckConstraint("session_id IS NOT NULL OR was_signed_in_at IS NULL", name="was"),
        CheckConstraint(
            "status IN ('asked', 'withdrawn') OR decided_at IS NOT NULL", name="decided"
        ),
        CheckConstraint(
            "decided_by_id IS DISTINCT FROM asked_by_id OR decided_by_id IS NULL OR is_alone",
            name="four_eyes",
        ),
        Index(
            "uq_session_correction_session", "firm_id", "session_id", unique=True,
            postgresql_where=ASKED,
        ),
        Index(
            "uq_session_correction_begin", "firm_id", "adviser_id", "signed_in_at", unique=True,
            postgresql_where=ASKED,
        ),
        Index("ix_session_correction_session", "firm_id", "session_id"),
        Index("ix_session_correction_day", "firm_id", "status", "day"),
        Index("ix_session_correction_street", "street_code", "day"),
    )  # fmt: skip
    data_class = DataClass.FIRM_SHARED

    session_id: Mapped[UUID | None]
    adviser_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    day: Mapped[date]
    signed_in_at: Mapped[datetime]
    signed_out_at: Mapped[datetime]
    substitute_for_id: Mapped[UUID | None]
    was_community_code: Mapped[str | None] = mapped_column(ForeignKey("community.code"))
    was_signed_in_at: Mapped[datetime | None]
    was_signed_out_at: Mapped[datetime | None]
    was_substitute_for_id: Mapped[UUID | None]
    reason: Mapped[str]
    words: Mapped[str]
    status: Mapped[str] = mapped_column(default=CorrectionStatus.ASKED)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    answer: Mapped[str | None]
    is_alone: Mapped[bool] = mapped_column(default=False)
    """Whether whoever asked decided too, because the firm had nobody else who may."""
    blanked_at: Mapped[datetime | None]
    """When the words went because their time was over; both versions and the decision stay."""

    adviser: Mapped[Adviser] = relationship(
        viewonly=True, foreign_keys="[SessionCorrection.firm_id, SessionCorrection.adviser_id]"
    )
    substitute_for: Mapped[Adviser | None] = relationship(
        viewonly=True,
        foreign_keys="[SessionCorrection.firm_id, SessionCorrection.substitute_for_id]",
    )
    was_substitute_for: Mapped[Adviser | None] = relationship(
        viewonly=True,
        foreign_keys="[SessionCorrection.firm_id, SessionCorrection.was_substitute_for_id]",
    )
    community: Mapped[Community] = relationship(
        viewonly=True, foreign_keys="[SessionCorrection.community_code]"
    )
    was_community: Mapped[Community | None] = relationship(
        viewonly=True, foreign_keys="[SessionCorrection.was_community_code]"
    )

    @property
    def wanted(self) -> Version:
        """The session as it should be."""
        return Version(
            self.community_code, self.signed_in_at, self.signed_out_at, self.substitute_for_id
        )

    @property
    def was(self) -> Version | None:
        """The session as it was when this was asked for, None when it was never recorded."""
        if self.was_community_code is None or self.was_signed_in_at is None:
            return None
        return Version(
            self.was_community_code,
            self.was_signed_in_at,
            self.was_signed_out_at,
            self.was_substitute_for_id,
        )


class CorrectionFile(FirmScoped, Base):
    """附件: what is known of one file of a request; government reads it with the request.

    It outlives its content, whose time of retention is shorter than the request's.
    """

    __tablename__ = "correction_file"
    __table_args__ = (
        to_firm("session_correction", "correction_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        one_of("kind", PaperKind),
        CheckConstraint("place BETWEEN 1 AND 3", name="place"),
        UniqueConstraint("firm_id", "correction_id", "place"),
        UniqueConstraint("firm_id", "correction_id", "digest"),
    )
    data_class = DataClass.FIRM_SHARED

    correction_id: Mapped[UUID]
    place: Mapped[int]
    """1 to 3, in the order in which they were sent (CORR-4)."""
    adviser_id: Mapped[UUID]
    """Whose session it is about."""
    kind: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the file as it was sent."""
    size_bytes: Mapped[int]
    """Of what is kept."""
    taken_at: Mapped[datetime | None]
    """By the camera's clock; blank for a scan and when the file does not say."""
    arrived_at: Mapped[datetime]


class CorrectionFileContent(FirmOwned, Base):
    """The file as it is kept: a JPEG of ours with a small one of it, or the PDF that came."""

    __tablename__ = "correction_file_content"
    __table_args__ = (to_firm("correction_file", "file_id", ondelete="CASCADE"),)
    data_class = DataClass.FIRM_SHARED

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    thumb: Mapped[bytes | None] = mapped_column(LargeBinary)
