"""A long work: who asked for it, how far it is, how it ended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.placed import Placed
from counselhub.core.row_security import DataClass
from counselhub.work.kinds import Fault, WorkState


class LongWork(Placed, Base):
    """后台任务 of one tenant.

    Of one task and subject at most one is open.
    """

    __tablename__ = "long_work"
    __table_args__ = (
        CheckConstraint("done BETWEEN 0 AND parts", name="done"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
        CheckConstraint(
            "(fault IS NOT NULL) = (outcome IS NOT DISTINCT FROM 'failed')", name="fails"
        ),
        one_of("outcome", WorkState),
        one_of("fault", Fault),
        Index(
            "uq_long_work_open",
            "kind",
            "key",
            "task",
            "subject",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_long_work_tenant", "kind", "key", "asked_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    task: Mapped[str]
    """A name of `tasks.LONG_WORKS`."""
    subject: Mapped[str] = mapped_column(default="")
    """Of what, as a code: a month, the digest of a file."""
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What else the work needs to know."""
    person_id: Mapped[UUID | None]
    membership_id: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    locale: Mapped[str]
    """The asker's language, in which what is found is told."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker began it since it was asked for."""
    parts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    doing: Mapped[str] = mapped_column(default="")
    """What is being done, a word of the catalogue."""
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    """When its worker was last heard of."""
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    """How it ended: done, failed or cancelled; None until then."""
    fault: Mapped[str | None]
    words: Mapped[str] = mapped_column(default="")
    """How it ended, in a sentence in the asker's language."""
    faults: Mapped[list[Any]] = mapped_column(default=list)
    """What did not go well, a sentence each."""

    @property
    def state(self) -> WorkState:
        """How far it is."""
        if self.outcome is not None:
            return WorkState.of(self.outcome)
        return WorkState.WORKING if self.started_at else WorkState.WAITING

    @property
    def why(self) -> Fault | None:
        """Why it failed, None when it did not."""
        return Fault.of(self.fault) if self.fault else None
