"""An office's own sentences for its questions."""

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import Revised, one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.statements.states import QueryReason


class CannedReason(Revised, Base):
    """常用语: a sentence for one reason, with blanks in braces: {日期}到岗缺签退."""

    __tablename__ = "canned_reason"
    __table_args__ = (
        one_of("reason", QueryReason),
        UniqueConstraint("street_code", "reason", "words"),
    )
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    reason: Mapped[str]
    words: Mapped[str]
