"""An archive that somebody of an office asked for: how far it is, and what proves it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.archives.kinds import ArchiveState
from counselhub.core.columns import one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass


class OfficeArchive(Base):
    """全部资料导出 of one street; at most one of a street is being made."""

    __tablename__ = "office_archive"
    __table_args__ = (
        CheckConstraint("done BETWEEN 0 AND parts", name="done"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(outcome = 'done') = (digest IS NOT NULL)", name="digest"),
        one_of("outcome", ArchiveState),
        Index(
            "uq_office_archive_open",
            "street_code",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_office_archive_street_code", "street_code", "asked_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    person_id: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    has_photos: Mapped[bool]
    """Whether photos of duty and of visits are wanted too: they are most of its size."""
    papers: Mapped[str]
    """Where papers are checked, as the asker's browser knows this service."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker began it: one that dies each time must not hold up the others."""
    parts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    """How it ended: done, failed or cancelled; None until then."""
    rows: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str | None]
    """SHA-256 of the file, in hex."""
    size_bytes: Mapped[int | None]

    @property
    def state(self) -> ArchiveState:
        """How far it is."""
        if self.outcome is not None:
            return ArchiveState.of(self.outcome)
        return ArchiveState.WORKING if self.started_at else ArchiveState.WAITING
