"""Clauses and papers of contracts: the firm's own, no office reads any."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.agreements.kinds import PaperKind
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped


class ContractClause(FirmScoped, Revised, Base):
    """条款 of the firm's library; fields in {{}}. contract_kind: blank for both kinds."""

    __tablename__ = "contract_clause"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id", "title"),
        CheckConstraint("contract_kind IN ('engagement', 'procurement')", name="contract_kind"),
        CheckConstraint("position BETWEEN 1 AND 999", name="position"),
    )
    data_class = DataClass.FIRM_PRIVATE

    title: Mapped[str]
    body: Mapped[str]
    position: Mapped[int]
    contract_kind: Mapped[str | None]
    is_mandatory: Mapped[bool] = mapped_column(default=False)


class ContractPaper(FirmScoped, Base):
    """A paper of a contract, never changed: a draft as it was made, a scan as it was sent."""

    __tablename__ = "contract_paper"
    __table_args__ = (
        to_firm("contract", "contract_id"),
        one_of("kind", PaperKind),
        CheckConstraint("ending IN ('docx', 'pdf', 'jpg', 'png')", name="ending"),
        UniqueConstraint("firm_id", "contract_id", "kind", "digest"),
        Index("ix_contract_paper_contract_id", "firm_id", "contract_id", "added_at"),
    )
    data_class = DataClass.FIRM_PRIVATE

    contract_id: Mapped[UUID]
    kind: Mapped[str]
    name: Mapped[str]
    ending: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the bytes that are kept, in hex."""
    clauses: Mapped[list[str]] = mapped_column(default=list)
    """The titles of the clauses that a draft has."""
    added_at: Mapped[datetime]
    added_by_name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
