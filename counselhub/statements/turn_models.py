"""How many working days a street gives its own office and the firms."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.db import Base
from counselhub.core.row_security import DataClass


class ReviewRule(Base):
    """审核期限: one street's, in working days; firms read it, for it is their term too."""

    __tablename__ = "review_rule"
    __table_args__ = (
        CheckConstraint("office_days BETWEEN 1 AND 60", name="office_days"),
        CheckConstraint("firm_days BETWEEN 1 AND 60", name="firm_days"),
        CheckConstraint("appeal_days BETWEEN 1 AND 60", name="appeal_days"),
    )
    data_class = DataClass.OFFICE
    is_office_only = True

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"), primary_key=True)
    office_days: Mapped[int]
    firm_days: Mapped[int]
    appeal_days: Mapped[int]
