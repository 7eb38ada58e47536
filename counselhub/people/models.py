"""Law firms as tenants, persons, and the memberships that join them to a firm, office or bureau."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass


class Firm(Base):
    """律师事务所: a tenant. `code` is the short name that commands use."""

    __tablename__ = "firm"
    __table_args__ = (CheckConstraint("code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$'", name="code"),)
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class Person(Base):
    """Somebody who signs in; what they may do comes from a membership."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]


class Membership(Base):
    """One person in one firm, office, bureau or on the platform, in one role."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'firm') = (firm_id IS NOT NULL)"
            " AND (kind = 'office') = (street_code IS NOT NULL)"
            " AND (kind = 'bureau') = (district_code IS NOT NULL)"
            " AND kind IN ('firm', 'office', 'bureau', 'platform')",
            name="place",
        ),
        CheckConstraint(
            "CASE kind WHEN 'office' THEN role IN ('checker', 'approver')"
            " WHEN 'bureau' THEN role IN ('reader', 'assessor')"
            " WHEN 'platform' THEN role = 'operator'"
            " ELSE role IN ('manager', 'clerk', 'finance', 'party_secretary', 'adviser',"
            " 'team_leader') END",
            name="role",
        ),
        ForeignKeyConstraint(["firm_id", "adviser_id"], ["adviser.firm_id", "adviser.id"]),
        Index(
            "ix_membership_one_firm_at_once",
            "person_id",
            unique=True,
            postgresql_where=text("kind = 'firm' AND ended_at IS NULL"),
        ),
        Index("ix_membership_person_id", "person_id"),
        Index("ix_membership_firm_id", "firm_id"),
        Index("ix_membership_street_code", "street_code"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"))
    street_code: Mapped[str | None] = mapped_column(ForeignKey("street.code"))
    district_code: Mapped[str | None] = mapped_column(ForeignKey("district.code"))
    role: Mapped[str]
    adviser_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class SignInLink(Base):
    """A one-time link for the first sign-in; only the digest of its token is kept."""

    __tablename__ = "sign_in_link"
    data_class = DataClass.PLATFORM

    digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
