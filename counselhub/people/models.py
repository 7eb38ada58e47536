"""Law firms as tenants, persons, and the memberships that join them to a firm, office or bureau."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.people.kinds import SessionEnd

if TYPE_CHECKING:
    from counselhub.people.departures import Departure


class Firm(Base):
    """律师事务所: a tenant. `code` is the short name that commands use."""

    __tablename__ = "firm"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$'", name="code"),
        CheckConstraint("closed_at IS NULL OR credit_code IS NULL", name="closed"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    credit_code: Mapped[str | None] = mapped_column(unique=True)
    """统一社会信用代码; blank on firms that a command made."""
    licence_number: Mapped[str | None]
    trial_ends_on: Mapped[date | None]
    """The last day of the trial; blank on firms that never had one."""
    closed_at: Mapped[datetime | None]
    """When the operator closed a firm that was made by mistake: its code and numbers are free."""

    departure: Mapped["Departure | None"] = relationship(
        primaryjoin="and_(Departure.firm_id == Firm.id, Departure.status != 'withdrawn')",
        viewonly=True,
    )
    """Whether it leaves or has left; None for one that stays."""


class Person(Base):
    """Somebody who signs in; what they may do comes from a membership."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    password_set_at: Mapped[datetime | None]
    """Blank on accounts older than this column: then the password is as old as the account."""
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
    """A one-time link for the first sign-in or a new password; only its token's digest is kept.

    used_at: when it was used, or died because a newer one was made or used.
    """

    __tablename__ = "sign_in_link"
    data_class = DataClass.PLATFORM

    digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInSession(Base):
    """One browser of one person from sign-in to its end; the cookie holds the token, not this.

    last_seen_at: to the minute. confirmed_at: when the person last proved to be there.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended"),
        one_of("ended_why", SessionEnd),
        Index("ix_sign_in_session_person_id", "person_id", "created_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    address: Mapped[str]
    agent: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]


class PasswordBefore(Base):
    """A password that a person had: the last five are not taken again."""

    __tablename__ = "password_before"
    __table_args__ = (Index("ix_password_before_person_id", "person_id", "replaced_at"),)
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    password_hash: Mapped[str]
    replaced_at: Mapped[datetime]


class SignInTries(Base):
    """Failed tries in a row, of one account or from one address; `key` tells neither in clear."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index("ix_sign_in_tries_last_at", "last_at"),)
    data_class = DataClass.PLATFORM

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    last_at: Mapped[datetime]


class AccountRule(Base):
    """What one firm, office or bureau asks of its accounts; kind and key are those of its scope."""

    __tablename__ = "account_rule"
    __table_args__ = (CheckConstraint("password_days BETWEEN 30 AND 730", name="password_days"),)
    data_class = DataClass.PLATFORM

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    password_days: Mapped[int | None]
    """The longest a password may be used; blank: for ever."""
