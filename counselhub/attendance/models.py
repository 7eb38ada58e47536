"""Imported files, people and places of other systems, their punches, and checks against them.

All private to the firm: punches tell where lawyers are all day, on duty or not. An office sees what
came of them: the session, its source and the acts on it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.attendance.kinds import CheckStatus, Finding, Layout, Mark, Vendor, Verdict
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.duty.models import DutySession
from counselhub.places.models import Community


class AttendanceFile(FirmScoped, Base):
    """An export that was imported; its bytes are not kept, only their digest."""

    __tablename__ = "attendance_file"
    __table_args__ = (
        of_firm(),
        one_of("layout", Layout),
        UniqueConstraint("firm_id", "digest"),
        Index("ix_attendance_file_at", "firm_id", "imported_at"),
    )
    data_class = DataClass.FIRM_PRIVATE

    digest: Mapped[str]
    name: Mapped[str]
    layout: Mapped[str]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]
    rows: Mapped[int]
    new: Mapped[int]
    """Rows that brought a punch nobody knew."""
    faults: Mapped[list[Any]] = mapped_column(default=list)
    """{cell, message} of at most MOST_FAULTS rows at fault."""
    fault_count: Mapped[int] = mapped_column(default=0)


class AttendanceAccount(FirmScoped, Revised, Base):
    """A person as DingTalk or WeCom knows one, and which adviser that is."""

    __tablename__ = "attendance_account"
    __table_args__ = (
        of_firm(),
        to_firm("adviser", "adviser_id"),
        one_of("vendor", Vendor),
        UniqueConstraint("firm_id", "vendor", "known_as"),
        Index("ix_attendance_account_adviser", "firm_id", "adviser_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    vendor: Mapped[str]
    known_as: Mapped[str]
    """`id:` with the userid, else `name:` with the name."""
    userid: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    adviser_id: Mapped[UUID | None]
    is_stranger: Mapped[bool] = mapped_column(default=False)
    """Whether a person has said that this is none of the firm's advisers."""
    fetched_until: Mapped[datetime | None]
    """Up to when the interface has been asked."""

    adviser: Mapped[Adviser | None] = relationship(viewonly=True)


class AttendancePlace(FirmScoped, Revised, Base):
    """An address or base name as punches write it, and which community that is."""

    __tablename__ = "attendance_place"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id", "words"),
        CheckConstraint("community_code IS NULL OR NOT is_ignored", name="ignored"),
    )
    data_class = DataClass.FIRM_PRIVATE

    words: Mapped[str]
    community_code: Mapped[str | None] = mapped_column(ForeignKey("community.code"))
    is_ignored: Mapped[bool] = mapped_column(default=False)
    """Whether punches there are none of duty, as at the firm's own office."""

    community: Mapped[Community | None] = relationship(viewonly=True)


class AttendancePunch(FirmScoped, Base):
    """One punch of one account in one minute."""

    __tablename__ = "attendance_punch"
    __table_args__ = (
        to_firm("attendance_account", "account_id"),
        to_firm("attendance_place", "place_id"),
        to_firm("attendance_file", "file_id"),
        one_of("mark", Mark),
        UniqueConstraint("firm_id", "account_id", "minute"),
        Index("ix_attendance_punch_day", "firm_id", "day"),
        Index("ix_attendance_punch_place", "firm_id", "place_id"),
        Index("ix_attendance_punch_file", "firm_id", "file_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    account_id: Mapped[UUID]
    minute: Mapped[datetime]
    day: Mapped[date]
    planned_at: Mapped[datetime | None]
    result: Mapped[str]
    place_id: Mapped[UUID | None]
    device: Mapped[str]
    remark: Mapped[str]
    mark: Mapped[str]
    file_id: Mapped[UUID | None]
    """The file it first came with; blank when it came by the interface."""
    cell: Mapped[str]

    account: Mapped[AttendanceAccount] = relationship(viewonly=True)
    place: Mapped[AttendancePlace | None] = relationship(viewonly=True)


class AttendanceDay(FirmScoped, Base):
    """What the other system made of an account's day, in its own words."""

    __tablename__ = "attendance_day"
    __table_args__ = (
        to_firm("attendance_account", "account_id"),
        UniqueConstraint("firm_id", "account_id", "day"),
    )
    data_class = DataClass.FIRM_PRIVATE

    account_id: Mapped[UUID]
    day: Mapped[date]
    words: Mapped[str]


class AttendanceCheck(FirmScoped, Revised, Base):
    """打卡核对: one adviser's visit by the other system, held against the phone's session."""

    __tablename__ = "attendance_check"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        to_firm("duty_session", "session_id"),
        one_of("finding", Finding),
        one_of("mark", Mark),
        one_of("status", CheckStatus),
        one_of("verdict", Verdict),
        UniqueConstraint("firm_id", "adviser_id", "day", "community_code"),
        CheckConstraint("(status = 'settled') = (verdict IS NOT NULL)", name="verdict_given"),
        Index("ix_attendance_check_day", "firm_id", "day"),
        Index("ix_attendance_check_session", "firm_id", "session_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    adviser_id: Mapped[UUID]
    day: Mapped[date]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    punches: Mapped[int]
    mark: Mapped[str]
    is_placed: Mapped[bool] = mapped_column(default=False)
    """Whether the firm has said of each punch's address that it is this community."""
    session_id: Mapped[UUID | None]
    """The phone's first session there that day; of a difference of place the one elsewhere."""
    session_revision: Mapped[int | None]
    finding: Mapped[str]
    status: Mapped[str] = mapped_column(default=CheckStatus.OPEN)
    verdict: Mapped[str | None]
    reason: Mapped[str | None]
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
    session: Mapped[DutySession | None] = relationship(viewonly=True)


class AttendanceLink(FirmScoped, Revised, Base):
    """A firm's key to DingTalk's interface; its secret is sealed and never shown again."""

    __tablename__ = "attendance_link"
    __table_args__ = (of_firm(), UniqueConstraint("firm_id"))
    data_class = DataClass.FIRM_PRIVATE

    app_key: Mapped[str]
    sealed_secret: Mapped[str]
    since: Mapped[date]
    """From which day on punches are fetched."""
    tried_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")
    """What the last try met, in words; blank when it went well."""
