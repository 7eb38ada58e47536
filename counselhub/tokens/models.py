"""Tokens of programs, and the answers kept for a request that is sent again."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.placed import Placed
from counselhub.core.row_security import DataClass


class ApiToken(Placed, Base):
    """访问令牌 of one member of a firm or an office.

    Only the digest of the secret is kept; `start` are its first letters, to know it by.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("kind IN ('firm', 'office')", name="kind"),
        CheckConstraint("cardinality(scopes) > 0", name="scopes"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_name IS NULL)", name="revoked"),
        Index("ix_api_token_place", "kind", "key", "created_at"),
        Index("ix_api_token_membership_id", "membership_id"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    made_by_name: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    scopes: Mapped[list[str]]
    digest: Mapped[str] = mapped_column(unique=True)
    start: Mapped[str]
    created_at: Mapped[datetime]
    expires_on: Mapped[date]
    """The last day on which it counts."""
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_name: Mapped[str | None]


class ApiAnswer(Base):
    """What a POST with an Idempotency-Key was answered, for a day; the body is sealed."""

    __tablename__ = "api_answer"
    __table_args__ = (Index("ix_api_answer_made_at", "made_at"),)
    data_class = DataClass.PLATFORM

    token_id: Mapped[UUID] = mapped_column(ForeignKey("api_token.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    """SHA-256 of method, address and body: another request under the same key is refused."""
    row_id: Mapped[UUID] = mapped_column(default=uuid7)
    """What the sealed body is bound to."""
    status: Mapped[int]
    sealed: Mapped[str]
    made_at: Mapped[datetime]
