"""What taps say of where they were made. The office reads what came of it, never coordinates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.points.kinds import CodeVerdict, PositionVerdict


class PositionChoice(FirmScoped, Revised, Base):
    """A lawyer's own word on whether taps take the phone's position along; none is a no."""

    __tablename__ = "position_choice"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        UniqueConstraint("firm_id", "adviser_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    adviser_id: Mapped[UUID]
    agreed_at: Mapped[datetime | None]
    """Blank once it was taken back."""
    wording: Mapped[int]
    """Which text of the notice was agreed to."""


class DutyPosition(FirmScoped, Base):
    """What came of a tap's position (EVID-4): it stays when the coordinates have gone."""

    __tablename__ = "duty_position"
    __table_args__ = (
        to_firm("duty_punch", "punch_id"),
        UniqueConstraint("firm_id", "punch_id"),
        one_of("verdict", PositionVerdict),
        CheckConstraint("distance_m >= 0 AND accuracy_m >= 0", name="metres"),
        Index("ix_duty_position_street", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    punch_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    verdict: Mapped[str]
    distance_m: Mapped[int | None]
    accuracy_m: Mapped[int | None]


class DutyFix(FirmScoped, Base):
    """The coordinates themselves, for as long as the claim may be asked about."""

    __tablename__ = "duty_fix"
    __table_args__ = (
        to_firm("duty_punch", "punch_id"),
        UniqueConstraint("firm_id", "punch_id"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        Index("ix_duty_fix_taken_at", "firm_id", "taken_at"),
    )
    data_class = DataClass.FIRM_PRIVATE

    punch_id: Mapped[UUID]
    taken_at: Mapped[datetime]
    latitude: Mapped[float] = mapped_column(Double)
    longitude: Mapped[float] = mapped_column(Double)


class DutyScan(FirmScoped, Base):
    """The community's code that came with a tap, and what it was worth (EVID-5)."""

    __tablename__ = "duty_scan"
    __table_args__ = (
        to_firm("duty_punch", "punch_id"),
        to_firm("adviser", "adviser_id"),
        UniqueConstraint("firm_id", "punch_id"),
        one_of("verdict", CodeVerdict),
        Index("ix_duty_scan_used", "firm_id", "adviser_id", "community_code", "step"),
        Index("ix_duty_scan_street", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    punch_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    """Where the tap was; a code of another place has its verdict."""
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    verdict: Mapped[str]
    step: Mapped[int | None]
    """The half minute of a moving code that held, blank for all others."""
