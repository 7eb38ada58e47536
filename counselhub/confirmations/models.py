"""Requests to communities, what they answered, and the links that open them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.confirmations.kinds import Answer, Office, RequestStatus
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community

IS_OPEN = text("status = 'open'")


class ConfirmationRequest(FirmScoped, Revised, Base):
    """社区确认: one question to a community, of one session or of a whole month; answered once."""

    __tablename__ = "confirmation_request"
    __table_args__ = (
        of_firm(),
        to_firm("duty_session", "session_id"),
        one_of("status", RequestStatus),
        one_of("office", Office),
        CheckConstraint("(session_id IS NULL) <> (month IS NULL)", name="subject"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        CheckConstraint("(status = 'answered') = (answered_at IS NOT NULL)", name="answered"),
        Index(
            "uq_confirmation_request_session",
            "firm_id",
            "session_id",
            unique=True,
            postgresql_where=IS_OPEN,
        ),
        Index(
            "uq_confirmation_request_month",
            "firm_id",
            "community_code",
            "month",
            unique=True,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_confirmation_request_street", "street_code", "made_at"),
    )
    data_class = DataClass.FIRM_SHARED

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    session_id: Mapped[UUID | None]
    month: Mapped[date | None]
    status: Mapped[str] = mapped_column(default=RequestStatus.OPEN)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    office: Mapped[str | None]
    name_sealed: Mapped[str | None]
    """Who answered; wiped when the time of retention is over."""
    address_digest: Mapped[str | None]
    """Keyed digest of the network address that answered; wiped with the name."""

    community: Mapped[Community] = relationship(viewonly=True)


class SessionAnswer(FirmScoped, Base):
    """What a community said of one session; government sees it with the session."""

    __tablename__ = "session_answer"
    __table_args__ = (
        to_firm("confirmation_request", "request_id"),
        to_firm("duty_session", "session_id"),
        one_of("answer", Answer),
        CheckConstraint("answer <> 'disputed' OR words IS NOT NULL", name="words"),
        CheckConstraint("(settled_at IS NULL) = (settled_words IS NULL)", name="settled"),
        Index("ix_session_answer_session", "firm_id", "session_id", "answered_at"),
        Index("ix_session_answer_request", "firm_id", "request_id"),
    )
    data_class = DataClass.FIRM_SHARED

    request_id: Mapped[UUID]
    session_id: Mapped[UUID]
    answer: Mapped[str]
    words: Mapped[str | None]
    answered_at: Mapped[datetime]
    overtaken_at: Mapped[datetime | None]
    """When the session became another than the one that was confirmed; the database notes it."""
    settled_at: Mapped[datetime | None]
    settled_words: Mapped[str | None]
    """What came of a dispute, in the firm's words."""

    request: Mapped[ConfirmationRequest] = relationship(viewonly=True)


class ConfirmationLink(Base):
    """The way in to a request: who holds the token; only its digest is kept."""

    __tablename__ = "confirmation_link"
    __table_args__ = (to_firm("confirmation_request", "request_id", ondelete="CASCADE"),)
    data_class = DataClass.PLATFORM

    digest: Mapped[str] = mapped_column(primary_key=True)
    firm_id: Mapped[UUID]
    request_id: Mapped[UUID]
