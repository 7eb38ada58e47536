"""Robots of firms and offices; what waits for their groups lies in the outbox of the notices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Index
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import Revised, one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.notices.rules import Hours
from counselhub.robots.kinds import Fault, Style, Vendor


class Robot(Revised, Base):
    """群机器人 of a firm or an office. kind and key are those of the scope.

    sealed: JSON with token and secret of the webhook, bound to this row.
    """

    __tablename__ = "robot"
    __table_args__ = (
        CheckConstraint("kind IN ('firm', 'office')", name="kind"),
        one_of("vendor", Vendor),
        one_of("style", Style),
        one_of("fault", Fault),
        CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23"
            " AND digest_at BETWEEN 0 AND 23",
            name="hours",
        ),
        CheckConstraint("(off_at IS NULL) = (off_by_name IS NULL)", name="off"),
        CheckConstraint("(fault IS NULL) = (fault_at IS NULL)", name="faulted"),
        Index("ix_robot_place", "kind", "key", "created_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    key: Mapped[str]
    vendor: Mapped[str]
    name: Mapped[str]
    style: Mapped[str]
    topics: Mapped[list[str]]
    """The kinds of notices that go to the group."""
    is_daily: Mapped[bool]
    """Whether it tells everything once a day, at digest_at, instead of at once."""
    digest_at: Mapped[int]
    quiet_from: Mapped[int]
    quiet_until: Mapped[int]
    rests: Mapped[bool]
    """Whether it is silent on days that are not worked."""
    sealed: Mapped[str]
    is_signed: Mapped[bool]
    made_by_name: Mapped[str]
    created_at: Mapped[datetime]
    off_at: Mapped[datetime | None]
    off_by_name: Mapped[str | None]
    asked_at: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), default=list)
    """When it asked last, at most as often as a minute allows: kept here, for all workers."""
    blocked_until: Mapped[datetime | None]
    fault: Mapped[str | None]
    """What the last message met, None when it arrived."""
    fault_words: Mapped[str] = mapped_column(default="")
    fault_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    @property
    def hours(self) -> Hours:
        """When its group is left in peace."""
        return Hours(self.quiet_from, self.quiet_until, self.rests, self.digest_at)

    @property
    def scope(self) -> Scope:
        """Whose it is."""
        return Scope(ScopeKind(self.kind), self.key)
