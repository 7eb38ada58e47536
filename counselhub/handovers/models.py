"""Packs of what is handed over, promises made to communities, groups kept for them.

All of it stays inside the firm: lines name matters, promises name people.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole, EndCause
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.handovers.kinds import GroupLevel, LineKind, PackStatus
from counselhub.places.models import Community

ONE_NAME = "uq_chat_group_name"


class HandoverPack(FirmScoped, Revised, Base):
    """交接清单: made when another lawyer is named, signed by him; gone with a withdrawn change."""

    __tablename__ = "handover_pack"
    __table_args__ = (
        to_firm("assignment", "ended_id", ondelete="CASCADE"),
        to_firm("assignment", "begun_id", ondelete="CASCADE"),
        to_firm("adviser", "from_adviser_id"),
        to_firm("adviser", "to_adviser_id"),
        one_of("role", AssignmentRole),
        one_of("cause", EndCause),
        one_of("status", PackStatus),
        CheckConstraint("(status = 'signed') = (signed_at IS NOT NULL)", name="signed_at"),
        CheckConstraint("from_adviser_id <> to_adviser_id", name="another"),
        UniqueConstraint("firm_id", "begun_id"),
        Index("ix_handover_pack_ended_id", "firm_id", "ended_id"),
        Index("ix_handover_pack_list", "firm_id", "starts_on", "id"),
        Index("ix_handover_pack_community_code", "firm_id", "community_code"),
        Index(
            "ix_handover_pack_open",
            "firm_id",
            "starts_on",
            postgresql_where=text("status = 'open'"),
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    ended_id: Mapped[UUID]
    begun_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    role: Mapped[str]
    from_adviser_id: Mapped[UUID]
    to_adviser_id: Mapped[UUID]
    starts_on: Mapped[date]
    """The first day of the successor."""
    cause: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=PackStatus.OPEN)
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    signed_at: Mapped[datetime | None]
    signed_by_name: Mapped[str | None]

    community: Mapped[Community] = relationship(viewonly=True)
    giver: Mapped[Adviser] = relationship(
        viewonly=True, foreign_keys="[HandoverPack.firm_id, HandoverPack.from_adviser_id]"
    )
    taker: Mapped[Adviser] = relationship(
        viewonly=True, foreign_keys="[HandoverPack.firm_id, HandoverPack.to_adviser_id]"
    )


class HandoverLine(FirmScoped, Base):
    """One thing that is handed over; never says what a matter is about, only its number."""

    __tablename__ = "handover_line"
    __table_args__ = (
        to_firm("handover_pack", "pack_id", ondelete="CASCADE"),
        one_of("kind", LineKind),
        UniqueConstraint("firm_id", "pack_id", "place"),
        CheckConstraint("(taken_at IS NULL) = (taken_by_name IS NULL)", name="taken"),
    )
    data_class = DataClass.FIRM_PRIVATE

    pack_id: Mapped[UUID]
    place: Mapped[int]
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    """The row that it tells of, where it has one."""
    words: Mapped[str]
    due_on: Mapped[date | None]
    taken_at: Mapped[datetime | None]
    taken_by_name: Mapped[str | None]
    remark: Mapped[str | None]


class Promise(FirmScoped, Revised, Base):
    """承诺事项: what a lawyer has promised to whom, by when."""

    __tablename__ = "promise"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        CheckConstraint("done_on >= made_on", name="days"),
        Index("ix_promise_community_code", "firm_id", "community_code", "due_on"),
    )
    data_class = DataClass.FIRM_PRIVATE

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    adviser_id: Mapped[UUID]
    """Who is to keep it now."""
    to_whom: Mapped[str]
    words: Mapped[str]
    made_on: Mapped[date]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]

    adviser: Mapped[Adviser] = relationship(viewonly=True)


class ChatGroup(FirmScoped, Revised, Base):
    """微信群 for a community: whoever owns it keeps it (谁建群谁管理)."""

    __tablename__ = "chat_group"
    __table_args__ = (
        to_firm("adviser", "owner_id"),
        one_of("level", GroupLevel),
        CheckConstraint("member_count BETWEEN 1 AND 5000", name="member_count"),
        Index(
            ONE_NAME,
            "firm_id",
            "community_code",
            "name",
            unique=True,
            postgresql_where=text("closed_on IS NULL"),
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    name: Mapped[str]
    level: Mapped[str]
    owner_id: Mapped[UUID | None]
    """The lawyer who owns it, blank where somebody else does."""
    member_count: Mapped[int | None]
    is_real_name: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None]

    owner: Mapped[Adviser | None] = relationship(viewonly=True)
