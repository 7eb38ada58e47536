"""What a person proves the second step with, and which places ask for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass


class Totp(Base):
    """The authenticator app of a person; it counts from when a code has confirmed it."""

    __tablename__ = "totp"
    data_class = DataClass.PLATFORM

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None]
    """The half minute of the last code that was used: no code counts twice."""


class RecoveryCode(Base):
    """A code for the day the phone is lost; only its digest is kept."""

    __tablename__ = "recovery_code"
    data_class = DataClass.PLATFORM

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key that a device or a password manager keeps for a person, bound to one host name."""

    __tablename__ = "passkey"
    __table_args__ = (
        CheckConstraint("sign_count >= 0", name="sign_count"),
        Index("ix_passkey_person_id", "person_id"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    credential_id: Mapped[str] = mapped_column(unique=True)
    """Base64url, as browsers write it."""
    public_key: Mapped[str]
    """COSE, base64url."""
    sign_count: Mapped[int]
    host: Mapped[str]
    name: Mapped[str]
    transports: Mapped[list[str]]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """What a passkey is asked to sign; taken out by the first answer."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (Index("ix_passkey_challenge_expires_at", "expires_at"),)
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str]
    challenge: Mapped[str]
    """Base64url."""
    expires_at: Mapped[datetime]


class FactorTries(Base):
    """Wrong answers of a person since the last right one; a row is there only after one."""

    __tablename__ = "factor_tries"
    data_class = DataClass.PLATFORM

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]


class FactorRule(Base):
    """A place (kind and key as of a scope) asks those of one role for a second factor."""

    __tablename__ = "factor_rule"
    __table_args__ = (
        CheckConstraint("kind IN ('firm', 'office')", name="kind"),
        CheckConstraint("grace_days BETWEEN 0 AND 90", name="grace_days"),
    )
    data_class = DataClass.PLATFORM

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    grace_days: Mapped[int]
    """How many days who is there already, or who joins, may take to set one up."""
