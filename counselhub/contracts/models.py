"""Contracts, and the communities that each covers."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.contracts.kinds import ContractKind, ContractStatus, EndCause, PaidBy
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community
from counselhub.schemes.models import Scheme


class Contract(FirmScoped, Revised, Base):
    """聘用合同 or 政府购买服务合同; in force from `starts_on` to `last_on`, both included."""

    __tablename__ = "contract"
    __table_args__ = (
        UniqueConstraint("firm_id", "number"),
        to_firm("scheme", "scheme_id"),
        to_firm("contract", "renews_id"),
        Index("ix_contract_renews_id", "firm_id", "renews_id"),
        one_of("kind", ContractKind),
        one_of("status", ContractStatus),
        one_of("paid_by", PaidBy),
        one_of("end_cause", EndCause),
        CheckConstraint("ends_on >= starts_on", name="term"),
        CheckConstraint("terminated_on BETWEEN starts_on AND ends_on", name="termination"),
        Index("ix_contract_scheme_id", "firm_id", "scheme_id"),
    )
    data_class = DataClass.FIRM_SHARED

    number: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(default=ContractStatus.DRAFT)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    signed_on: Mapped[date | None]
    terminated_on: Mapped[date | None]
    """The last day in force of a contract that ended early."""
    termination_reason: Mapped[str | None]
    end_cause: Mapped[str | None]
    scheme_id: Mapped[UUID]
    annual_fen: Mapped[int | None]
    """Per community; replaces the scheme's annual standard."""
    paid_by: Mapped[str] = mapped_column(
        default=PaidBy.STATEMENT, server_default=PaidBy.STATEMENT.value
    )

    filing_number: Mapped[str | None]
    filed_on: Mapped[date | None]
    renews_id: Mapped[UUID | None]
    """The contract that this one continues."""

    scheme: Mapped[Scheme] = relationship(viewonly=True)
    communities: Mapped[list["ContractCommunity"]] = relationship(
        back_populates="contract",
        cascade="all, delete-orphan",
        order_by="ContractCommunity.community_code",
    )

    @property
    def last_on(self) -> date:
        """The last day in force."""
        return self.terminated_on or self.ends_on


class ContractCommunity(FirmScoped, Base):
    """One community under one contract. Kind and days are the contract's, kept by its actions, so
    that the database itself refuses two contracts of one kind for one community at a time.
    """

    __tablename__ = "contract_community"
    __table_args__ = (
        to_firm("contract", "contract_id", ondelete="CASCADE"),
        UniqueConstraint("firm_id", "contract_id", "community_code"),
        ExcludeConstraint(
            ("firm_id", "="),
            ("community_code", "="),
            ("kind", "="),
            (text("daterange(starts_on, last_on, '[]')"), "&&"),
            name="ex_contract_community_overlap",
        ),
        Index("ix_contract_community_street_code", "street_code", "firm_id"),
    )
    data_class = DataClass.FIRM_SHARED

    contract_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    kind: Mapped[str]
    starts_on: Mapped[date]
    last_on: Mapped[date]

    contract: Mapped[Contract] = relationship(back_populates="communities")
    community: Mapped[Community] = relationship(viewonly=True)


class ContractNotice(FirmScoped, Base):
    """到期提醒: that a contract ends within so many days, given once for each last day."""

    __tablename__ = "contract_notice"
    __table_args__ = (
        to_firm("contract", "contract_id", ondelete="CASCADE"),
        UniqueConstraint("firm_id", "contract_id", "ends_on", "days"),
        CheckConstraint("days IN (30, 60, 90)", name="days"),
    )
    data_class = DataClass.FIRM_PRIVATE

    contract_id: Mapped[UUID]
    ends_on: Mapped[date]
    days: Mapped[int]
    noted_on: Mapped[date]
