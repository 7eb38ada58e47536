"""The months that a submitted statement has closed: their records are frozen."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import current_firm_id


class ClosedMonth(Base):
    """A community (12 digits) or, for online shifts, a street (9 digits) in one month.

    A trigger on every table of evidence refuses a record of a closed month. Querying a line opens
    its community again; the resubmission closes it. Several statements may rest on one month, as a
    quarter's and a month's own: it opens when the last one lets go. The statement is read by its id
    only: the features above own that table.
    """

    __tablename__ = "closed_month"
    data_class = DataClass.FIRM_SHARED

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    place_code: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"), index=True)
    statement_id: Mapped[UUID] = mapped_column(primary_key=True)
    statement_number: Mapped[str]
