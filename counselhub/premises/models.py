"""Premises: rooms and issues are the office's, a report is the firm's that sent it.

A firm reads the rooms and issues of the communities that it has agreed to serve, no more: neither
letters nor notes nor who looked.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.premises.kinds import (
    FileKind,
    IssueKind,
    IssueStatus,
    ReportStatus,
    RoomKind,
)

IN_STREET = "left(community_code, 9) = street_code"
PLAN_BEFORE_LETTER = (
    "status NOT IN ('explained', 'due', 'overdue')"
    " OR (planned_on IS NOT NULL AND explained_on IS NOT NULL)"
)


class Premises(Revised, Base):
    """值班场所 of one community, as the office found it; None is what nobody has looked at."""

    __tablename__ = "premises"
    __table_args__ = (
        UniqueConstraint("community_code"),
        CheckConstraint(IN_STREET, name="street_code"),
        CheckConstraint("area_m2 BETWEEN 1 AND 10000", name="area_m2"),
        one_of("room_kind", RoomKind),
        Index("ix_premises_street_code", "street_code"),
    )
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    has_room: Mapped[bool | None]
    address: Mapped[str | None]
    area_m2: Mapped[int | None]
    room_kind: Mapped[str | None]
    hours: Mapped[str | None]
    """When the room is open, as the office wrote it."""
    conditions: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    has_board: Mapped[bool | None]
    board_current_on: Mapped[date | None]
    """Up to which day the board's content was right."""
    inspected_on: Mapped[date | None]
    inspected_by_name: Mapped[str | None]
    remark: Mapped[str | None]

    community: Mapped[Community] = relationship(viewonly=True)


class PremisesIssue(Revised, Base):
    """无办公场所整改: one thing that a community lacks, until it is there."""

    __tablename__ = "premises_issue"
    __table_args__ = (
        CheckConstraint(IN_STREET, name="street_code"),
        one_of("kind", IssueKind),
        one_of("status", IssueStatus),
        CheckConstraint(PLAN_BEFORE_LETTER, name="planned"),
        CheckConstraint("(status = 'solved') = (solved_on IS NOT NULL)", name="solved_on"),
        CheckConstraint("solved_on >= reported_on", name="days"),
        Index(
            "uq_premises_issue_open",
            "community_code",
            "kind",
            unique=True,
            postgresql_where=text("status NOT IN ('solved', 'withdrawn')"),
        ),
        Index("ix_premises_issue_street_code", "street_code", "reported_on"),
        Index("ix_premises_issue_community_code", "community_code"),
        Index(
            "ix_premises_issue_planned_on",
            "planned_on",
            postgresql_where=text("status IN ('explained', 'due')"),
        ),
    )
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(default=IssueStatus.REPORTED)
    reported_on: Mapped[date]
    words: Mapped[str | None]
    letter_due_on: Mapped[date]
    cause: Mapped[str | None]
    responsible_body: Mapped[str | None]
    responsible_person: Mapped[str | None]
    planned_on: Mapped[date | None]
    government_on: Mapped[date | None]
    """When it was reported to the government."""
    explained_on: Mapped[date | None]
    """When the stamped letter for the present plan came."""
    replans: Mapped[int] = mapped_column(default=0)
    solved_on: Mapped[date | None]
    closing_words: Mapped[str | None]

    community: Mapped[Community] = relationship(viewonly=True)


class PremisesStep(Base):
    """进展: what was done about an issue, by whom, with what words; only added."""

    __tablename__ = "premises_step"
    __table_args__ = (Index("ix_premises_step_issue_id", "issue_id", "at"),)
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    issue_id: Mapped[UUID] = mapped_column(ForeignKey("premises_issue.id"))
    at: Mapped[datetime]
    by_name: Mapped[str]
    act: Mapped[str]
    words: Mapped[str | None]


class PremisesFile(Base):
    """A photo of a room, a stamped letter, or what shows that an issue is solved.

    digest: SHA-256 of what was sent. A scan (PDF) has no thumb.
    """

    __tablename__ = "premises_file"
    __table_args__ = (
        one_of("kind", FileKind),
        CheckConstraint("(kind = 'room') = (premises_id IS NOT NULL)", name="premises_id"),
        CheckConstraint("(kind <> 'room') = (issue_id IS NOT NULL)", name="issue_id"),
        UniqueConstraint("premises_id", "digest"),
        UniqueConstraint("issue_id", "digest"),
    )
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    premises_id: Mapped[UUID | None] = mapped_column(ForeignKey("premises.id"))
    issue_id: Mapped[UUID | None] = mapped_column(ForeignKey("premises_issue.id"))
    kind: Mapped[str]
    digest: Mapped[str]
    arrived_at: Mapped[datetime]
    by_name: Mapped[str]
    is_photo: Mapped[bool]
    content: Mapped[bytes] = mapped_column(deferred=True)
    thumb: Mapped[bytes | None] = mapped_column(deferred=True)


class PremisesRule(Base):
    """The weekday (0 is Monday) on which letters are handed in to one office."""

    __tablename__ = "premises_rule"
    __table_args__ = (CheckConstraint("letter_weekday BETWEEN 0 AND 4", name="letter_weekday"),)
    data_class = DataClass.OFFICE
    is_office_only = True

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"), primary_key=True)
    letter_weekday: Mapped[int]


class PremisesReport(FirmScoped, Revised, Base):
    """What a lawyer reports of a community's premises, with a photo or without."""

    __tablename__ = "premises_report"
    __table_args__ = (
        of_firm(),
        to_firm("adviser", "adviser_id"),
        CheckConstraint(IN_STREET, name="street_code"),
        one_of("kind", IssueKind),
        one_of("status", ReportStatus),
        CheckConstraint("(status = 'sent') = (answered_at IS NULL)", name="answered_at"),
        CheckConstraint("(status = 'taken') = (issue_id IS NOT NULL)", name="issue_id"),
        Index(
            "uq_premises_report_sent",
            "firm_id",
            "community_code",
            "kind",
            unique=True,
            postgresql_where=text("status = 'sent'"),
        ),
        Index("ix_premises_report_street_code", "street_code", "sent_at"),
    )
    data_class = DataClass.FIRM_SHARED

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    adviser_id: Mapped[UUID | None]
    kind: Mapped[str]
    words: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=ReportStatus.SENT)
    sent_at: Mapped[datetime]
    sent_by_name: Mapped[str]
    has_photo: Mapped[bool] = mapped_column(default=False)
    photo: Mapped[bytes | None] = mapped_column(deferred=True)
    issue_id: Mapped[UUID | None] = mapped_column(ForeignKey("premises_issue.id"))
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str | None]

    adviser: Mapped[Adviser | None] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
    firm: Mapped[Firm | None] = relationship(
        viewonly=True, primaryjoin="foreign(PremisesReport.firm_id) == Firm.id"
    )
