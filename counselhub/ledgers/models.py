"""The office's ledger and what came of it: its own until published to the firm concerned."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.ledgers.kinds import (
    Cause,
    ImportStatus,
    LineStatus,
    Outcome,
    Party,
    SheetStatus,
)
from counselhub.people.models import Firm
from counselhub.places.models import Community, Street

NO_FIRM = UUID(int=0)
"""Whose a ledger row is that no statement and no contract of the street explains."""


class LedgerSetting(Revised, Base):
    """How one street's ledger is read and judged: its columns by our fields, its tolerances."""

    __tablename__ = "ledger_setting"
    __table_args__ = (
        UniqueConstraint("street_code"),
        CheckConstraint(
            "tolerance_fen >= 0 AND tolerance_minutes >= 0 AND tolerance_visits >= 0",
            name="tolerance",
        ),
    )
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{field: the office's header}, "" for a field that its ledger does not have."""
    tolerance_fen: Mapped[int] = mapped_column(default=0)
    tolerance_minutes: Mapped[int] = mapped_column(default=0)
    tolerance_visits: Mapped[int] = mapped_column(default=0)


class LedgerImport(Revised, Base):
    """One uploaded ledger, kept as it came with its digest: tried first, then applied."""

    __tablename__ = "ledger_import"
    __table_args__ = (
        one_of("status", ImportStatus),
        CheckConstraint("extract(day from month) = 1", name="month"),
        CheckConstraint("(status = 'applied') = (applied_at IS NOT NULL)", name="applied"),
        Index("ix_ledger_import_street_code", "street_code", "month", "made_at"),
    )
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    month: Mapped[date]
    firm_code: Mapped[str] = mapped_column(default="")
    """The one firm that the file is about, "" for all firms of the street."""
    name: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    """The file; None when its term of keeping is over."""
    status: Mapped[str] = mapped_column(default=ImportStatus.TRIED)
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    applied_at: Mapped[datetime | None]
    applied_by_name: Mapped[str | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Rows and outcomes as the import found them, in the words of `rules.counted`."""
    changes: Mapped[list[Any]] = mapped_column(default=list)
    """What it changed of the import before it: see `actions.writing`."""


class LedgerLine(FirmScoped, Revised, Base):
    """One line of a month's reconciliation: what each side says, how it was settled."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        to_firm("statement", "statement_id"),
        one_of("outcome", Outcome),
        one_of("status", LineStatus),
        one_of("party", Party),
        one_of("cause", Cause),
        CheckConstraint("(outcome = 'matched') = (status = 'clear')", name="clear"),
        CheckConstraint("ledger IS NOT NULL OR claimed IS NOT NULL", name="sides"),
        UniqueConstraint(
            "firm_id",
            "street_code",
            "month",
            "community_code",
            "contract_number",
            name="uq_ledger_line_key",
        ),
        Index("ix_ledger_line_month", "street_code", "month", "outcome", "status"),
    )
    data_class = DataClass.OFFICE

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    month: Mapped[date]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    contract_number: Mapped[str]
    """As the ledger names it, as the statement does where the ledger has no row; may be ""."""
    outcome: Mapped[str]
    status: Mapped[str]
    differs: Mapped[list[Any]] = mapped_column(default=list)
    ledger: Mapped[dict[str, Any] | None]
    """`rules.Figures` by name, with `note`; None where the ledger has no row."""
    claimed: Mapped[dict[str, Any] | None]
    """`rules.Figures` by name, with `held` and `contract`; None where no statement speaks."""
    ledger_fen: Mapped[int | None]
    claimed_fen: Mapped[int | None]
    gap_fen: Mapped[int]
    """Ledger less statement, a side that is not there as 0."""
    statement_id: Mapped[UUID | None]
    row_number: Mapped[int | None]
    suggestions: Mapped[list[Any]] = mapped_column(default=list)
    earlier: Mapped[dict[str, Any] | None]
    """What was settled before a new comparison opened the line again."""
    party: Mapped[str | None]
    cause: Mapped[str | None]
    words: Mapped[str] = mapped_column(default="")
    routed: Mapped[dict[str, Any] | None]
    """Where a fault of the statement went: {to, line?, query?}."""
    settled_at: Mapped[datetime | None]
    settled_by_name: Mapped[str | None]
    answer_words: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str | None]
    published_at: Mapped[datetime | None]

    community: Mapped[Community] = relationship(viewonly=True)
    firm: Mapped[Firm | None] = relationship(
        viewonly=True, primaryjoin="foreign(LedgerLine.firm_id) == Firm.id"
    )

    @property
    def is_office_only(self) -> bool:
        """Whether its acts stand in the office's record alone: the firm does not know of it."""
        return self.published_at is None


class LedgerSheet(FirmScoped, Revised, Base):
    """对账差异表: one version for one firm, street and month; frozen, it never changes."""

    __tablename__ = "ledger_sheet"
    __table_args__ = (
        of_firm(),
        one_of("status", SheetStatus),
        CheckConstraint(
            "(status = 'open') = (digest IS NULL) OR status = 'replaced'", name="frozen"
        ),
        CheckConstraint(
            "status <> 'signed' OR (firm_confirmed_at IS NOT NULL"
            " AND office_confirmed_at IS NOT NULL)",
            name="both",
        ),
        UniqueConstraint("firm_id", "street_code", "month", "version"),
        Index(
            "uq_ledger_sheet_live",
            "firm_id",
            "street_code",
            "month",
            unique=True,
            postgresql_where=text("status <> 'replaced'"),
        ),
        Index("ix_ledger_sheet_street_code", "street_code", "month"),
    )
    data_class = DataClass.OFFICE

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    month: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default=SheetStatus.OPEN)
    reason: Mapped[str] = mapped_column(default="")
    """Why this version followed the one before."""
    rows: Mapped[list[Any]] = mapped_column(default=list)
    totals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str | None]
    """SHA-256 of `sheets.canonical`, in hex."""
    published_at: Mapped[datetime]
    published_by_name: Mapped[str]
    frozen_at: Mapped[datetime | None]
    frozen_by_id: Mapped[UUID | None]
    frozen_by_name: Mapped[str | None]
    firm_confirmed_at: Mapped[datetime | None]
    firm_confirmed_by_name: Mapped[str | None]
    office_confirmed_at: Mapped[datetime | None]
    office_confirmed_by_name: Mapped[str | None]

    street: Mapped[Street] = relationship(viewonly=True)
    firm: Mapped[Firm] = relationship(
        viewonly=True, primaryjoin="foreign(LedgerSheet.firm_id) == Firm.id"
    )
