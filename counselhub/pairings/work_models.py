"""What is done under an agreement: three lists, a yearly plan, activities and their photos."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.pairings.kinds import ItemStatus, ListKind, ProjectStatus, Side
from counselhub.pairings.models import Pairing


class PairingItem(FirmScoped, Revised, Base):
    """One line of the list of resources or of needs."""

    __tablename__ = "pairing_item"
    __table_args__ = (
        to_firm("pairing", "pairing_id", ondelete="CASCADE"),
        one_of("kind", ListKind),
        one_of("party", Side),
        one_of("status", ItemStatus),
        Index("ix_pairing_item_pairing_id", "firm_id", "pairing_id"),
    )
    data_class = DataClass.FIRM_SHARED

    pairing_id: Mapped[UUID]
    kind: Mapped[str]
    party: Mapped[str]
    """Whose item it is, of `Side`."""
    title: Mapped[str]
    quantity: Mapped[str | None]
    """How much, as it was agreed: 4 场, 每季度一次."""
    wanted: Mapped[str | None]
    """When, as it was agreed."""
    status: Mapped[str] = mapped_column(default=ItemStatus.OFFERED)


class PairingProject(FirmScoped, Revised, Base):
    """One line of the list of projects: a resource that meets a need."""

    __tablename__ = "pairing_project"
    __table_args__ = (
        to_firm("pairing", "pairing_id", ondelete="CASCADE"),
        to_firm("pairing_item", "need_id"),
        to_firm("pairing_item", "resource_id"),
        one_of("status", ProjectStatus),
        Index("ix_pairing_project_pairing_id", "firm_id", "pairing_id"),
        Index(
            "uq_pairing_project_need",
            "firm_id",
            "need_id",
            unique=True,
            postgresql_where=text("status <> 'dropped'"),
        ),
        Index("ix_pairing_project_resource_id", "firm_id", "resource_id"),
    )
    data_class = DataClass.FIRM_SHARED

    pairing_id: Mapped[UUID]
    title: Mapped[str]
    need_id: Mapped[UUID]
    resource_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default=ProjectStatus.RUNNING)
    outcome: Mapped[str | None]

    need: Mapped[PairingItem] = relationship(
        viewonly=True,
        primaryjoin="and_(PairingProject.firm_id == PairingItem.firm_id,"
        " foreign(PairingProject.need_id) == PairingItem.id)",
    )
    resource: Mapped[PairingItem] = relationship(
        viewonly=True,
        primaryjoin="and_(PairingProject.firm_id == PairingItem.firm_id,"
        " foreign(PairingProject.resource_id) == PairingItem.id)",
    )


class PlannedActivity(FirmScoped, Revised, Base):
    """One line of a year's plan."""

    __tablename__ = "planned_activity"
    __table_args__ = (
        to_firm("pairing", "pairing_id", ondelete="CASCADE"),
        CheckConstraint("year BETWEEN 2000 AND 2099", name="year"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("minutes BETWEEN 0 AND 60000", name="minutes"),
        Index("ix_planned_activity_pairing_id", "firm_id", "pairing_id", "year"),
    )
    data_class = DataClass.FIRM_SHARED

    pairing_id: Mapped[UUID]
    year: Mapped[int]
    month: Mapped[int]
    theme: Mapped[str]
    minutes: Mapped[int]


class PairingActivity(FirmScoped, Revised, Base):
    """An activity that took place; the office sees it once it is shared."""

    __tablename__ = "pairing_activity"
    __table_args__ = (
        to_firm("pairing", "pairing_id"),
        to_firm("planned_activity", "plan_id"),
        to_firm("pairing_project", "project_id"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint(
            "least(firm_count, community_count, residents_count) >= 0"
            " AND firm_count + community_count + residents_count > 0",
            name="attendance",
        ),
        Index("ix_pairing_activity_pairing_id", "firm_id", "pairing_id", "day"),
        Index("ix_pairing_activity_plan_id", "firm_id", "plan_id"),
        Index("ix_pairing_activity_project_id", "firm_id", "project_id"),
    )
    data_class = DataClass.FIRM_SHARED

    pairing_id: Mapped[UUID]
    plan_id: Mapped[UUID | None]
    project_id: Mapped[UUID | None]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    day: Mapped[date]
    theme: Mapped[str]
    place: Mapped[str]
    firm_count: Mapped[int]
    community_count: Mapped[int]
    residents_count: Mapped[int]
    minutes: Mapped[int]
    summary: Mapped[str]
    shared_at: Mapped[datetime | None]

    pairing: Mapped[Pairing] = relationship(viewonly=True)
    note: Mapped["ActivityNote | None"] = relationship(
        back_populates="activity", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def present(self) -> int:
        """How many persons took part, of both sides and residents."""
        return self.firm_count + self.community_count + self.residents_count


class ActivityNote(FirmOwned, Base):
    """What the firm keeps to itself about an activity."""

    __tablename__ = "activity_note"
    __table_args__ = (to_firm("pairing_activity", "activity_id", ondelete="CASCADE"),)
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    activity_id: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[str]

    activity: Mapped[PairingActivity] = relationship(back_populates="note")


class ActivityAdviser(FirmOwned, Base):
    """A lawyer of the firm who took part."""

    __tablename__ = "activity_adviser"
    __table_args__ = (
        to_firm("pairing_activity", "activity_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        Index("ix_activity_adviser_adviser_id", "firm_id", "adviser_id"),
    )
    data_class = DataClass.FIRM_SHARED

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    activity_id: Mapped[UUID] = mapped_column(primary_key=True)
    adviser_id: Mapped[UUID] = mapped_column(primary_key=True)


class ActivityPhoto(FirmScoped, Base):
    """A picture of an activity without any data of the camera; it goes when its time is over."""

    __tablename__ = "activity_photo"
    __table_args__ = (
        to_firm("pairing_activity", "activity_id", ondelete="CASCADE"),
        UniqueConstraint("firm_id", "activity_id", "digest"),
        CheckConstraint("width > 0 AND height > 0", name="size"),
        CheckConstraint("(picture IS NULL) = (thumb IS NULL)", name="picture"),
    )
    data_class = DataClass.FIRM_SHARED

    activity_id: Mapped[UUID]
    digest: Mapped[str]
    """SHA-256 of the file as it was sent, before anything was taken out of it."""
    added_at: Mapped[datetime]
    width: Mapped[int]
    height: Mapped[int]
    picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    thumb: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
