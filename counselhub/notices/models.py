"""What people were told, how they want to be told, and what waits to go out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.notices.kinds import DeliveryState, Language, Mode
from counselhub.notices.rules import Hours

ONCE = "uq_delivery_channel_target_id_kind_key"


USUAL = Hours()


class Restful:
    """When somebody, or a group, is left in peace; hours as in `rules.Hours`."""

    quiet_from: Mapped[int] = mapped_column(default=USUAL.quiet_from)
    quiet_until: Mapped[int] = mapped_column(default=USUAL.quiet_until)
    rests: Mapped[bool] = mapped_column(default=USUAL.rests)
    digest_at: Mapped[int] = mapped_column(default=USUAL.digest_at)

    @property
    def hours(self) -> Hours:
        """The four together."""
        return Hours.of(self)


def hours_of_the_day() -> CheckConstraint:
    """Return the CHECK of a Restful table."""
    columns = ("quiet_from", "quiet_until", "digest_at")
    return CheckConstraint(" AND ".join(f"{one} BETWEEN 0 AND 23" for one in columns), name="hours")


class Notice(Base):
    """One thing that one member was told: kind and facts, worded when it is read.

    kind: a code of `Kind`, which `actions` alone writes: a new kind needs no change of a table.

    place_kind and place_key are those of the scope it is from; path: where in the app it leads.
    key: with it a member is told of one thing once, whatever is repeated.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("path ~ '^/([^/]|$)'", name="path"),
        UniqueConstraint("membership_id", "kind", "key"),
        Index("ix_notice_unread", "membership_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notice_list", "membership_id", "made_at", "id"),
        Index("ix_notice_made_at", "made_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"))
    place_kind: Mapped[str]
    place_key: Mapped[str]
    key: Mapped[str]
    facts: Mapped[dict[str, Any]]
    path: Mapped[str]
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class NoticeChoice(Base):
    """How one person wants one kind; without a row as `texts.ABOUT` has it."""

    __tablename__ = "notice_choice"
    __table_args__ = (one_of("mode", Mode),)
    data_class = DataClass.PLATFORM

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    mode: Mapped[str]


class NoticeSetting(Restful, Base):
    """When one person is left in peace, and in which language mail is written.

    bounced_email: an address that took nothing, with when and why: nothing goes there any more.
    """

    __tablename__ = "notice_setting"
    __table_args__ = (
        hours_of_the_day(),
        CheckConstraint("(bounced_email IS NULL) = (bounced_at IS NULL)", name="bounced"),
        one_of("language", Language),
    )
    data_class = DataClass.PLATFORM

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    language: Mapped[str] = mapped_column(default=Language.CHINESE)
    bounced_email: Mapped[str | None]
    bounced_at: Mapped[datetime | None]
    bounced_why: Mapped[str] = mapped_column(default="")


class Delivery(Base):
    """One notice that is to go out by one channel to one target: the outbox.

    target_id: for mail a membership, for links the waiting link, for a robot the robot. batch_id:
    the message that it went, or is to go, in; it stays the same at every further try.
    problem: a code, never words of what was sent.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("state", DeliveryState),
        CheckConstraint("(state = 'sending') = (claimed_at IS NOT NULL)", name="claimed"),
        UniqueConstraint("channel", "target_id", "kind", "key"),
        Index(
            "ix_delivery_due",
            "channel",
            "due_at",
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        Index("ix_delivery_batch_id", "batch_id"),
        Index("ix_delivery_state", "channel", "state"),
        Index("ix_delivery_made_at", "made_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    channel: Mapped[str]
    target_id: Mapped[UUID]
    place_kind: Mapped[str]
    place_key: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    facts: Mapped[dict[str, Any]]
    path: Mapped[str]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    batch_id: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")
