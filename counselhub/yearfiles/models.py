"""A year's file that somebody asked for: how far it is, and what proves it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.placed import Placed
from counselhub.core.row_security import DataClass
from counselhub.places.models import Community
from counselhub.yearfiles.kinds import FileState


class YearFile(Placed, Base):
    """One community's year, made for one tenant."""

    __tablename__ = "year_file"
    __table_args__ = (
        CheckConstraint("kind IN ('firm', 'office')", name="kind"),
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year"),
        CheckConstraint("done BETWEEN 0 AND parts", name="done"),
        Index(
            "uq_year_file_open",
            "kind",
            "key",
            "community_code",
            "year",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_year_file_tenant", "kind", "key", "year", "asked_at"),
        Index("ix_year_file_open", "asked_at", postgresql_where=text("ended_at IS NULL")),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    year: Mapped[int]
    person_id: Mapped[UUID | None]
    """Who asked: what is walled off from this person is not in the file."""
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    papers: Mapped[str]
    """Where papers are checked, as the asker's browser knows this service."""
    parts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    gaps: Mapped[int] = mapped_column(default=0)
    """Kinds of things that were missing when it was made."""
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    pdf_digest: Mapped[str | None]
    pdf_bytes: Mapped[int | None]
    zip_digest: Mapped[str | None]
    zip_bytes: Mapped[int | None]

    community: Mapped[Community] = relationship(viewonly=True)

    @property
    def state(self) -> FileState:
        """How far it is."""
        if self.ended_at is not None:
            return FileState.FAILED if self.failure else FileState.DONE
        return FileState.WORKING if self.started_at else FileState.WAITING
