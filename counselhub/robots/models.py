"""Robots of firms and offices; what waits for their groups lies in the outbox of the notices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Index
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import Revised, one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.placed import Placed
from counselhub.core.row_security import DataClass
from counselhub.notices.models import Restful, hours_of_the_day
from counselhub.robots.kinds import Fault, Style, Vendor


class Robot(Placed, Restful, Revised, Base):
    """群机器人 of a firm or an office.

    sealed: JSON with token and secret of the webhook, bound to this row.
    """

    __tablename__ = "robot"
    __table_args__ = (
        CheckConstraint("kind IN ('firm', 'office')", name="kind"),
        one_of("vendor", Vendor),
        one_of("style", Style),
        one_of("fault", Fault),
        hours_of_the_day(),
        CheckConstraint("(off_at IS NULL) = (off_by_name IS NULL)", name="off"),
        CheckConstraint("(fault IS NULL) = (fault_at IS NULL)", name="faulted"),
        Index("ix_robot_place", "kind", "key", "created_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    vendor: Mapped[str]
    name: Mapped[str]
    style: Mapped[str]
    topics: Mapped[list[str]]
    """The kinds of notices that go to the group."""
    is_daily: Mapped[bool]
    """Whether it tells everything once a day, at digest_at, instead of at once."""
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
