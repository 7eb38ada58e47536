"""Check-ups of companies: what was found stays inside the firm, on tables no office reads."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community
from counselhub.products.kinds import CheckupStatus, Verdict
from counselhub.services.models import ServiceRecord


class Company(FirmScoped, Base):
    """A company of a community that the firm looks over, again and again."""

    __tablename__ = "company"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id", "credit_code"),
        UniqueConstraint("firm_id", "community_code", "name"),
        Index(
            "ix_company_name",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    name: Mapped[str]
    credit_code: Mapped[str | None]
    """统一社会信用代码, its check sign proved."""
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))

    community: Mapped[Community] = relationship(viewonly=True)


class Checklist(FirmScoped, Revised, Base):
    """A checklist of the firm's own, beside the one that is built in."""

    __tablename__ = "checklist"
    __table_args__ = (of_firm(), UniqueConstraint("firm_id", "name"))
    data_class = DataClass.FIRM_PRIVATE

    name: Mapped[str]
    sections: Mapped[list[Any]]
    """As `products.checklist` writes them."""


class Checkup(FirmScoped, Revised, Base):
    """法治体检 of one company by one lawyer, with the checklist as it then was."""

    __tablename__ = "checkup"
    __table_args__ = (
        to_firm("company", "company_id"),
        to_firm("adviser", "adviser_id"),
        to_firm("service_record", "service_id", ondelete="SET NULL (service_id)"),
        one_of("status", CheckupStatus),
        CheckConstraint("next_on > day", name="next_on"),
        Index("ix_checkup_list", "firm_id", "day", "id"),
        Index("ix_checkup_company_id", "firm_id", "company_id", "day"),
        Index("ix_checkup_adviser_id", "firm_id", "adviser_id"),
        Index("ix_checkup_service_id", "firm_id", "service_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    company_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    service_id: Mapped[UUID | None]
    """The service that it is the fruit of, where one was logged."""
    status: Mapped[str] = mapped_column(default=CheckupStatus.OPEN)
    day: Mapped[date]
    next_on: Mapped[date | None]
    """When the company is to be looked over again."""
    list_name: Mapped[str]
    sections: Mapped[list[Any]]
    """The checklist as it was when the check-up began."""
    conclusion: Mapped[str | None]

    company: Mapped[Company] = relationship(viewonly=True)
    adviser: Mapped[Adviser] = relationship(viewonly=True)
    service: Mapped[ServiceRecord | None] = relationship(viewonly=True)


class CheckupItem(FirmScoped, Revised, Base):
    """What was found at one item; of what does not comply also until when, and when it was done."""

    __tablename__ = "checkup_item"
    __table_args__ = (
        to_firm("checkup", "checkup_id"),
        one_of("verdict", Verdict),
        CheckConstraint("verdict = 'bad' OR (due_on IS NULL AND mended_on IS NULL)", name="bad"),
        UniqueConstraint("firm_id", "checkup_id", "code"),
        Index(
            "ix_checkup_item_open",
            "firm_id",
            "due_on",
            "id",
            postgresql_where=text("verdict = 'bad' AND mended_on IS NULL"),
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    checkup_id: Mapped[UUID]
    code: Mapped[str]
    verdict: Mapped[str]
    note: Mapped[str | None]
    advice: Mapped[str | None]
    due_on: Mapped[date | None]
    mended_on: Mapped[date | None]
    mending: Mapped[str | None]
    changed_at: Mapped[datetime]

    checkup: Mapped[Checkup] = relationship(viewonly=True)
