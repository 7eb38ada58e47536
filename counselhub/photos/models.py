"""Photos of sessions, and apart from them their pictures, which only who looks loads."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id


class SessionPhoto(FirmScoped, Base):
    """现场照片: what is known of one picture; government sees it with its session.

    It outlives the picture: the grade of a session stays when the picture's time is over.
    """

    __tablename__ = "session_photo"
    __table_args__ = (
        to_firm("duty_session", "session_id"),
        to_firm("duty_session", "repeats_id"),
        to_firm("adviser", "adviser_id"),
        UniqueConstraint("firm_id", "session_id", "digest"),
        CheckConstraint("width > 0 AND height > 0", name="size"),
        CheckConstraint("repeats_id <> session_id", name="repeats"),
        Index("ix_session_photo_digest", "firm_id", "digest"),
    )
    data_class = DataClass.FIRM_SHARED

    session_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    """Who sent it."""
    digest: Mapped[str]
    """SHA-256 of the file as it was sent, before anything was taken out of it."""
    taken_at: Mapped[datetime | None]
    """By the camera's clock; blank when the file does not say."""
    arrived_at: Mapped[datetime]
    width: Mapped[int]
    height: Mapped[int]
    repeats_id: Mapped[UUID | None]
    """Another session that had the very same file before."""


class PhotoContent(FirmOwned, Base):
    """The picture as it is kept: JPEG without any data of the camera, and a small one of it."""

    __tablename__ = "photo_content"
    __table_args__ = (to_firm("session_photo", "photo_id", ondelete="CASCADE"),)
    data_class = DataClass.FIRM_SHARED

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    photo_id: Mapped[UUID] = mapped_column(primary_key=True)
    picture: Mapped[bytes] = mapped_column(LargeBinary)
    thumb: Mapped[bytes] = mapped_column(LargeBinary)
