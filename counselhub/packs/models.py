"""Rule packs with their versions and example cases: the bureau's, or a street office's own.

A row without a street is the bureau's of its district. Firms read what was activated.
"""

from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.packs.kinds import PackStatus, RehearsalStatus
from counselhub.places.models import District, Street

IN_DISTRICT = "street_code IS NULL OR left(street_code, 6) = district_code"


class Owned(Protocol):
    """What an owner is told by."""

    district_code: Any
    street_code: Any


def owner_of(row: Owned) -> Scope:
    """Return the scope of whoever owns the row: the bureau, or the street's office."""
    if row.street_code is None:
        return Scope(ScopeKind.BUREAU, row.district_code)
    return Scope(ScopeKind.OFFICE, row.street_code)


class OfOwner:
    """A row of a bureau or of an office; its acts join the owner's record alone."""

    data_class = DataClass.BUREAU
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-1)
    district_code: Mapped[str] = mapped_column(ForeignKey("district.code"))
    street_code: Mapped[str | None] = mapped_column(ForeignKey("street.code"))

    @property
    def recorded_in(self) -> Scope:
        """Whose record the acts on it join."""
        return owner_of(self)


class SchemePack(OfOwner, Revised, Base):
    """补贴办法: a rule pack, named by a code that is its owner's."""

    __tablename__ = "scheme_pack"
    __table_args__ = (
        CheckConstraint(IN_DISTRICT, name="street_code"),
        UniqueConstraint(
            "district_code", "street_code", "code", postgresql_nulls_not_distinct=True
        ),
        Index("ix_scheme_pack_street_code", "street_code"),
    )

    code: Mapped[str]
    name: Mapped[str]
    published_at: Mapped[datetime | None]
    """When the first version became active: from then on firms see it."""

    versions: Mapped[list["PackVersion"]] = relationship(
        back_populates="pack", order_by="PackVersion.number"
    )
    street: Mapped[Street | None] = relationship(viewonly=True)
    district: Mapped[District] = relationship(viewonly=True)


class PackVersion(OfOwner, Revised, Base):
    """One version: its terms, and where it stands. Once activated, a trigger keeps its terms.

    `terms` are the columns that a workbook knows, exact numbers as texts; `pack_terms` the rest, as
    `statements.pack_codes` reads it.
    """

    __tablename__ = "scheme_pack_version"
    __table_args__ = (
        one_of("status", PackStatus),
        CheckConstraint(
            "activated_by_id IS DISTINCT FROM proposed_by_id OR activated_by_id IS NULL",
            name="four_eyes",
        ),
        CheckConstraint("status <> 'active' OR activated_at IS NOT NULL", name="activated"),
        UniqueConstraint("pack_id", "number"),
    )

    pack_id: Mapped[UUID] = mapped_column(ForeignKey("scheme_pack.id"))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(default=PackStatus.DRAFT)
    effective_from: Mapped[date]
    terms: Mapped[dict[str, Any]]
    pack_terms: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="")
    """Why it is as it is: the paper it follows."""
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    proposed_at: Mapped[datetime | None]
    proposed_by_id: Mapped[UUID | None]
    proposed_by_name: Mapped[str | None]
    activated_at: Mapped[datetime | None]
    activated_by_id: Mapped[UUID | None]
    activated_by_name: Mapped[str | None]

    pack: Mapped[SchemePack] = relationship(back_populates="versions")
    examples: Mapped[list["PackExample"]] = relationship(
        viewonly=True, order_by="PackExample.made_at, PackExample.id"
    )


class PackExample(OfOwner, Revised, Base):
    """算例: facts of one made-up month, and what the owner expects of them."""

    __tablename__ = "pack_example"
    __table_args__ = (UniqueConstraint("version_id", "name"),)

    version_id: Mapped[UUID] = mapped_column(ForeignKey("scheme_pack_version.id"))
    name: Mapped[str]
    facts: Mapped[dict[str, Any]]
    expected: Mapped[dict[str, Any]]
    """Fen by kind of line, and `total`."""
    made_at: Mapped[datetime]


class PackRehearsal(OfOwner, Revised, Base):
    """试算: past months replayed under a version, by a job that commits firm by firm."""

    __tablename__ = "pack_rehearsal"
    __table_args__ = (
        one_of("status", RehearsalStatus),
        CheckConstraint("months BETWEEN 1 AND 24", name="months"),
        Index("ix_pack_rehearsal_version_id", "version_id", "asked_at"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("scheme_pack_version.id"))
    terms_digest: Mapped[str]
    """Of the terms that were rehearsed: a draft may have changed since."""
    months: Mapped[int]
    last_month: Mapped[date]
    status: Mapped[str] = mapped_column(default=RehearsalStatus.QUEUED)
    firms: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    ended_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")

    version: Mapped[PackVersion] = relationship(viewonly=True)


class RehearsedMonth(Base):
    """What one community's month pays now, and would under the version; names as they were."""

    __tablename__ = "rehearsed_month"
    __table_args__ = (
        UniqueConstraint("rehearsal_id", "law_firm_code", "community_code", "month"),
        Index("ix_rehearsed_month_street_code", "rehearsal_id", "street_code"),
    )
    data_class = DataClass.BUREAU

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-1)
    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey("pack_rehearsal.id", ondelete="CASCADE"))
    district_code: Mapped[str]
    street_code: Mapped[str]
    law_firm_code: Mapped[str]
    law_firm_name: Mapped[str]
    community_code: Mapped[str]
    community_name: Mapped[str]
    month: Mapped[date]
    now_fen: Mapped[int]
    then_fen: Mapped[int]
