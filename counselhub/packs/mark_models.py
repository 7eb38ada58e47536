"""绩效评分: what the office gives or takes in points of a firm's month in a community (M17)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import of_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.people.models import Firm
from counselhub.places.models import Community


class PerformanceMark(FirmScoped, Base):
    """One mark with its reason; several of a month add up. The firm reads it at once."""

    __tablename__ = "performance_mark"
    __table_args__ = (
        of_firm(),
        CheckConstraint("extract(day from month) = 1", name="month"),
        CheckConstraint("points BETWEEN -1000 AND 1000 AND points <> 0", name="points"),
        CheckConstraint("left(community_code, 9) = street_code", name="street_code"),
        Index("ix_performance_mark_month", "firm_id", "month", "community_code"),
        Index("ix_performance_mark_street_code", "street_code", "month"),
    )
    data_class = DataClass.OFFICE

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    month: Mapped[date]
    points: Mapped[int]
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]

    community: Mapped[Community] = relationship(viewonly=True)
    firm: Mapped[Firm] = relationship(
        viewonly=True, primaryjoin="foreign(PerformanceMark.firm_id) == Firm.id"
    )
