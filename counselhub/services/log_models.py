"""What stands beside a service record: follow-ups, files, and what makes the next entry quick."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.services.kinds import SHAREABLE, DisputeKind, FileKind, ServiceKind, ServiceMode

SHARED_KINDS = ", ".join(f"'{kind.value}'" for kind in FileKind if kind in SHAREABLE)


class ServiceFollowUp(FirmScoped, Base):
    """跟进: what was done later on one matter, on a day of its own; seen with its record.

    It counts nothing (件次) unless it says so, and is sealed with the month of its day.
    """

    __tablename__ = "service_follow_up"
    __table_args__ = (
        to_firm("service_record", "service_id", ondelete="CASCADE"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("count BETWEEN 0 AND 1", name="count"),
        CheckConstraint("recovered_fen >= 0", name="recovered"),
        Index("ix_service_follow_up_service", "firm_id", "service_id", "day"),
        Index("ix_service_follow_up_day", "firm_id", "day"),
    )
    data_class = DataClass.FIRM_SHARED

    service_id: Mapped[UUID]
    day: Mapped[date]
    count: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int | None]
    recovered_fen: Mapped[int | None]
    outcome: Mapped[str | None]
    created_at: Mapped[datetime]

    note: Mapped["FollowUpNote | None"] = relationship(
        back_populates="follow_up", cascade="all, delete-orphan", passive_deletes=True
    )


class FollowUpNote(FirmOwned, Base):
    """What was said at a follow-up: inside the firm, like the words of a record."""

    __tablename__ = "follow_up_note"
    __table_args__ = (
        to_firm("service_follow_up", "follow_up_id", ondelete="CASCADE"),
        Index(
            "ix_follow_up_note_bigrams", "firm_id", text("bigrams(content)"), postgresql_using="gin"
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    follow_up_id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[str]

    follow_up: Mapped[ServiceFollowUp] = relationship(back_populates="note")


class ServiceFile(FirmScoped, Revised, Base):
    """附件 of a record: what is known of a file. It may hold client data, so it stays in the firm;

    the office reads scene photos and lecture drafts that the firm has marked 可供司法所查看.
    """

    __tablename__ = "service_file"
    __table_args__ = (
        to_firm("service_record", "service_id", ondelete="CASCADE"),
        one_of("kind", FileKind),
        CheckConstraint(f"NOT is_shared OR kind IN ({SHARED_KINDS})", name="shared"),
        UniqueConstraint("firm_id", "service_id", "digest"),
    )
    data_class = DataClass.FIRM_SHARED

    service_id: Mapped[UUID]
    kind: Mapped[str]
    name: Mapped[str]
    ending: Mapped[str]
    """What the content is: .pdf, .docx, .jpg."""
    size_bytes: Mapped[int]
    digest: Mapped[str]
    """SHA-256 of the file as it was sent."""
    is_shared: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[datetime]


class ServiceFileContent(FirmOwned, Base):
    """The bytes of a file, which only who opens it loads; they go when their time is over."""

    __tablename__ = "service_file_content"
    __table_args__ = (to_firm("service_file", "file_id", ondelete="CASCADE"),)
    data_class = DataClass.FIRM_SHARED

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class EntryTemplate(FirmScoped, Revised, Base):
    """A member's own way of beginning an entry: one tap fills the form, the second one saves."""

    __tablename__ = "entry_template"
    __table_args__ = (
        of_firm(),
        one_of("kind", ServiceKind),
        one_of("mode", ServiceMode),
        one_of("dispute_kind", DisputeKind),
        UniqueConstraint("firm_id", "membership_id", "name"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("persons >= 0", name="persons"),
    )
    data_class = DataClass.FIRM_PRIVATE

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"))
    name: Mapped[str]
    kind: Mapped[str]
    mode: Mapped[str | None]
    dispute_kind: Mapped[str | None]
    minutes: Mapped[int | None]
    persons: Mapped[int | None]
    content: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    """The order of the buttons, from 1; two may share one for a moment."""


class SavedFilter(FirmScoped, Base):
    """A search of records under a name: the member's own, or the firm's when it is shared."""

    __tablename__ = "saved_filter"
    __table_args__ = (of_firm(), UniqueConstraint("firm_id", "membership_id", "name"))
    data_class = DataClass.FIRM_PRIVATE

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"))
    name: Mapped[str]
    asked: Mapped[dict[str, Any]]
    """The filters as the address of the list names them."""
    is_shared: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]


class InspectionRule(FirmOwned, Base):
    """What the firm's own checks before submission ask for; one row, none until it is set."""

    __tablename__ = "inspection_rule"
    __table_args__ = (
        of_firm(),
        CheckConstraint("thin_letters BETWEEN 0 AND 200", name="thin_letters"),
    )
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    thin_letters: Mapped[int]
    """An entry with fewer letters is thin."""
    skipped: Mapped[list[str]] = mapped_column(default=list)
    """Codes of the checks that the firm does not want."""
