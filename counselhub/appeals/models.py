"""Appeals: seen by the firm, the street's office and the district's bureau, and by nobody else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.appeals.states import AppealStatus
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.people.models import Firm
from counselhub.places.models import Street
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.thread_models import LineFile

UPHELD = (
    "CASE status WHEN 'open' THEN upheld_fen IS NULL WHEN 'dismissed' THEN upheld_fen = 0"
    " WHEN 'upheld' THEN upheld_fen = refused_fen ELSE upheld_fen BETWEEN 1 AND refused_fen - 1 END"
)


class LineAppeal(FirmScoped, Revised, Base):
    """申诉: one a line, against a refusal that was signed; the bureau decides it once."""

    __tablename__ = "line_appeal"
    __table_args__ = (
        to_firm("statement_line", "line_id"),
        to_firm("statement", "statement_id"),
        one_of("status", AppealStatus),
        CheckConstraint("refused_fen > 0", name="refused_fen"),
        CheckConstraint(UPHELD, name="upheld_fen"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_at"),
        UniqueConstraint("firm_id", "line_id"),
        Index("ix_line_appeal_street_code", "street_code", "status", "appealed_at"),
    )
    data_class = DataClass.FIRM_SHARED

    line_id: Mapped[UUID]
    statement_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    status: Mapped[str] = mapped_column(default=AppealStatus.OPEN)
    refused_fen: Mapped[int]
    words: Mapped[str]
    appealed_at: Mapped[datetime]
    appealed_by_id: Mapped[UUID | None]
    appealed_by_name: Mapped[str]
    upheld_fen: Mapped[int | None]
    """What is paid after all, as an adjustment of the next statement."""
    decision_words: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]

    line: Mapped[StatementLine] = relationship(viewonly=True)
    statement: Mapped[Statement] = relationship(viewonly=True)
    firm: Mapped[Firm] = relationship(
        viewonly=True, primaryjoin="foreign(LineAppeal.firm_id) == Firm.id"
    )
    street: Mapped[Street] = relationship(viewonly=True)
    files: Mapped[list[LineFile]] = relationship(viewonly=True, order_by="LineFile.id")
