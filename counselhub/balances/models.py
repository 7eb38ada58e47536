"""Statements of account as they were drawn up, and what is disputed on them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.balances.kinds import BalanceStatus
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.people.models import Firm
from counselhub.places.models import Street

ONE_PERIOD = "uq_balance_firm_id_street_code_first_on_last_on"


class Balance(FirmScoped, Revised, Base):
    """往来对账单: an account of a period as drawn up; fixed once both sides have confirmed."""

    __tablename__ = "balance"
    __table_args__ = (
        of_firm(),
        one_of("status", BalanceStatus),
        CheckConstraint("first_on <= last_on", name="days"),
        CheckConstraint(
            "(status = 'confirmed') ="
            " (firm_confirmed_at IS NOT NULL AND office_confirmed_at IS NOT NULL)",
            name="confirmed",
        ),
        UniqueConstraint("firm_id", "street_code", "first_on", "last_on"),
        Index("ix_balance_street_code", "street_code", "last_on"),
    )
    data_class = DataClass.FIRM_SHARED

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    status: Mapped[str] = mapped_column(default=BalanceStatus.OPEN)
    figures: Mapped[dict[str, Any]]
    """As `rules.figures` works them out, and `ageing`."""
    entries: Mapped[list[Any]]
    digest: Mapped[str]
    drawn_at: Mapped[datetime]
    drawn_by_name: Mapped[str]
    firm_confirmed_at: Mapped[datetime | None]
    firm_confirmed_by_name: Mapped[str | None]
    office_confirmed_at: Mapped[datetime | None]
    office_confirmed_by_name: Mapped[str | None]

    street: Mapped[Street] = relationship(viewonly=True)
    firm: Mapped[Firm | None] = relationship(
        viewonly=True, primaryjoin="foreign(Balance.firm_id) == Firm.id"
    )


class BalanceDispute(FirmScoped, Revised, Base):
    """What one side does not agree with on one line, and what became of it."""

    __tablename__ = "balance_dispute"
    __table_args__ = (
        to_firm("balance", "balance_id"),
        CheckConstraint("side IN ('firm', 'office')", name="side"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer"),
        Index("ix_balance_dispute_balance", "firm_id", "balance_id"),
        Index("ix_balance_dispute_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    balance_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    line: Mapped[str]
    """The key of the entry; '' for the account as a whole."""
    side: Mapped[str]
    words: Mapped[str]
    raised_at: Mapped[datetime]
    raised_by_name: Mapped[str]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by_name: Mapped[str | None]

    balance: Mapped[Balance] = relationship(viewonly=True)
