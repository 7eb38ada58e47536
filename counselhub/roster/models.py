"""Planned duty: notices of holidays, terms of contracts, slots."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.db import Base
from counselhub.core.row_security import DataClass


class HolidayNotice(Base):
    """One day of the State Council's notice of a year: off, or worked for another (调休)."""

    __tablename__ = "holiday_notice"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        CheckConstraint("extract(year from day) BETWEEN year - 1 AND year", name="day"),
    )
    data_class = DataClass.REFERENCE

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_off: Mapped[bool]
