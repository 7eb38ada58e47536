"""Where events are told, what is to be told there, and how each attempt went."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import Revised, one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.placed import Placed
from counselhub.core.row_security import DataClass
from counselhub.hooks.kinds import DeliveryState, Fault, HookState, PauseCause


class Hook(Placed, Revised, Base):
    """事件推送 of a firm or an office.

    The secrets are sealed; the one before the last signs as well until `before_until`.
    """

    __tablename__ = "hook"
    __table_args__ = (
        CheckConstraint("kind IN ('firm', 'office')", name="kind"),
        CheckConstraint("cardinality(chosen) > 0", name="chosen"),
        CheckConstraint("(sealed_before IS NULL) = (before_until IS NULL)", name="before"),
        CheckConstraint("(state = 'paused') = (cause IS NOT NULL)", name="paused"),
        one_of("state", HookState),
        one_of("cause", PauseCause),
        Index("ix_hook_place", "kind", "key", "made_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    address: Mapped[str]
    chosen: Mapped[list[str]]
    """Codes of `HookKind`."""
    sealed: Mapped[str]
    sealed_before: Mapped[str | None]
    before_until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default=HookState.LIVE)
    cause: Mapped[str | None]
    paused_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


class HookPulse(Base):
    """How a hook fares: written by the worker alone, so that no form is stale because of it."""

    __tablename__ = "hook_pulse"
    data_class = DataClass.PLATFORM

    hook_id: Mapped[UUID] = mapped_column(
        ForeignKey("hook.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(default=0)
    """How many deliveries have been begun."""
    failures: Mapped[int] = mapped_column(default=0)
    """Attempts in a row that did not arrive."""
    deaths: Mapped[int] = mapped_column(default=0)
    """Deliveries given up since one arrived."""
    rests_until: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    """When one last arrived."""


class HookDelivery(Base):
    """One event for one hook. The trigger `tell_hooks` writes it with the act itself."""

    __tablename__ = "hook_delivery"
    __table_args__ = (
        one_of("state", DeliveryState),
        CheckConstraint("(subject IS NULL) = (subject_id IS NULL)", name="subject"),
        CheckConstraint("(state = 'waiting') = (done_at IS NULL)", name="done"),
        Index("ix_hook_delivery_hook_id", "hook_id", "at", "id"),
        Index("ix_hook_delivery_at", "at"),
        Index(
            "ix_hook_delivery_due",
            "hook_id",
            "due_at",
            postgresql_where=text("state = 'waiting'"),
        ),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    hook_id: Mapped[UUID] = mapped_column(ForeignKey("hook.id", ondelete="CASCADE"))
    event_id: Mapped[UUID]
    kind: Mapped[str]
    at: Mapped[datetime]
    firm_id: Mapped[UUID | None]
    """Whose the thing is; None for a trial of an office."""
    subject: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    sequence: Mapped[int | None]
    """Its number among those of the hook, given when it is first sent."""
    state: Mapped[str]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    """While a worker sends it; a worker that was killed loses it then."""
    tries: Mapped[int] = mapped_column(default=0)
    tries_before: Mapped[int] = mapped_column(default=0)
    """Of the tries, those before it was last begun anew."""
    done_at: Mapped[datetime | None]


class HookAttempt(Base):
    """What one try was answered: the status, or why there was none; the first letters."""

    __tablename__ = "hook_attempt"
    __table_args__ = (
        one_of("fault", Fault),
        CheckConstraint("milliseconds >= 0", name="milliseconds"),
    )
    data_class = DataClass.PLATFORM

    delivery_id: Mapped[UUID] = mapped_column(
        ForeignKey("hook_delivery.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    status: Mapped[int | None]
    fault: Mapped[str | None]
    milliseconds: Mapped[int]
    answer: Mapped[str]
