"""The streets that a firm has chosen, and the steps of its first path that it leaves out."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import of_firm, one_of
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.starting.kinds import Step


class ChosenStreet(FirmScoped, Base):
    """A street that the firm serves or is to serve, before there is a contract."""

    __tablename__ = "chosen_street"
    __table_args__ = (of_firm(), UniqueConstraint("firm_id", "street_code"))
    data_class = DataClass.FIRM_PRIVATE

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    chosen_at: Mapped[datetime]


class SkippedStep(FirmScoped, Base):
    """A step that the firm leaves out for now."""

    __tablename__ = "skipped_step"
    __table_args__ = (of_firm(), UniqueConstraint("firm_id", "step"), one_of("step", Step))
    data_class = DataClass.FIRM_PRIVATE

    step: Mapped[str]
    skipped_at: Mapped[datetime]
