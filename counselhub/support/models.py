"""What places allowed the operator, and each visit that came of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.placed import Placed
from counselhub.core.row_security import DataClass
from counselhub.support.kinds import VisitEnd


class SupportConsent(Placed, Base):
    """支持访问的同意 of a firm or an office.

    membership_id: under whose account the operator may act, blank for anybody's of the place.
    """

    __tablename__ = "support_consent"
    __table_args__ = (
        CheckConstraint("kind IN ('firm', 'office')", name="kind"),
        CheckConstraint(
            "expires_at > granted_at AND expires_at <= granted_at + interval '24 hours'",
            name="span",
        ),
        CheckConstraint("why <> ''", name="why"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_name IS NULL)", name="revoked"),
        Index("ix_support_consent_place", "kind", "key", "granted_at"),
        Index("ix_support_consent_membership_id", "membership_id"),
        Index("ix_support_consent_expires_at", "expires_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    place_name: Mapped[str]
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("membership.id"))
    person_name: Mapped[str]
    """Whose account that is, '' for anybody's."""
    why: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by_name: Mapped[str]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_name: Mapped[str | None]


class SupportVisit(Base):
    """The operator in one browser, under one account of a place, while its consent stands.

    session_id: the operator's own session, to which the visit is bound.
    """

    __tablename__ = "support_visit"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended"),
        one_of("ended_why", VisitEnd),
        Index(
            "ix_support_visit_one_at_once",
            "session_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_support_visit_consent_id", "consent_id", "began_at"),
        Index("ix_support_visit_membership_id", "membership_id"),
        Index("ix_support_visit_operator_id", "operator_id"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("support_consent.id"))
    session_id: Mapped[UUID]
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    operator_name: Mapped[str]
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"))
    person_name: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]

    consent: Mapped[SupportConsent] = relationship()
