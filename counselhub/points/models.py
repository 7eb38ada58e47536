"""Duty points, what lawyers propose for them, and the codes that communities show."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community
from counselhub.points.geo import Spot
from counselhub.points.kinds import PointSource, ProposalStatus

IN_CHINA = "latitude BETWEEN 3 AND 54 AND longitude BETWEEN 73 AND 136"
RADIUS = "radius_m BETWEEN 20 AND 2000"
DEFAULT_RADIUS_M = 200


class DutyPoint(FirmScoped, Revised, Base):
    """值班点位: where a community's duty is done, in WGS-84, and how far around it still counts."""

    __tablename__ = "duty_point"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id", "community_code"),
        one_of("source", PointSource),
        CheckConstraint(IN_CHINA, name="place"),
        CheckConstraint(RADIUS, name="radius"),
        Index("ix_duty_point_street", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    latitude: Mapped[float] = mapped_column(Double)
    longitude: Mapped[float] = mapped_column(Double)
    radius_m: Mapped[int]
    source: Mapped[str]
    set_at: Mapped[datetime]
    set_by_name: Mapped[str]

    community: Mapped[Community] = relationship(viewonly=True)

    @property
    def spot(self) -> Spot:
        """The middle."""
        return Spot(self.latitude, self.longitude)


class PointProposal(FirmScoped, Revised, Base):
    """A lawyer's "here it is"; where he was stands on it only until somebody has decided."""

    __tablename__ = "point_proposal"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        one_of("status", ProposalStatus),
        CheckConstraint(
            "(status = 'proposed') = (latitude IS NOT NULL)"
            " AND (latitude IS NULL) = (longitude IS NULL)",
            name="decided",
        ),
        Index(
            "uq_point_proposal_waiting",
            "firm_id",
            "community_code",
            "adviser_id",
            unique=True,
            postgresql_where=text("status = 'proposed'"),
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    adviser_id: Mapped[UUID]
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    accuracy_m: Mapped[int | None]
    """Of a phone's own position; blank for one from a map."""
    remark: Mapped[str | None]
    proposed_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default=ProposalStatus.PROPOSED)

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)


class DutyCode(FirmScoped, Revised, Base):
    """值班码: the secret behind a community's codes, and which of them are in use."""

    __tablename__ = "duty_code"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id", "community_code"),
        CheckConstraint("sheet BETWEEN 0 AND sheets", name="sheet"),
        CheckConstraint("(sheet > 0) = (sheet_at IS NOT NULL)", name="sheet_at"),
    )
    data_class = DataClass.FIRM_PRIVATE

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    sealed: Mapped[str]
    screen_at: Mapped[datetime | None]
    """Since when the present link shows moving codes; blank: no screen does."""
    sheet: Mapped[int] = mapped_column(default=0)
    """The version on the wall, 0: none."""
    sheets: Mapped[int] = mapped_column(default=0)
    """The last version that was ever made."""
    sheet_at: Mapped[datetime | None]


class ScreenLink(Base):
    """What opens a community's screen without an account; only the token's digest is kept."""

    __tablename__ = "screen_link"
    __table_args__ = (of_firm(),)
    data_class = DataClass.PLATFORM

    firm_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"), primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
