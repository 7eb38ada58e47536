"""Revised texts, their versions and opinions: private to the firm, on tables no office reads."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community
from counselhub.products.kinds import Answer, Risk, TextKind, TextSource, TextStatus
from counselhub.services.models import ServiceRecord


class TextReview(FirmScoped, Revised, Base):
    """文本审改: one contract or 村规民约 on its way from the first draft to the settled text."""

    __tablename__ = "text_review"
    __table_args__ = (
        of_firm(),
        to_firm("adviser", "adviser_id"),
        to_firm("service_record", "service_id", ondelete="SET NULL (service_id)"),
        one_of("kind", TextKind),
        one_of("status", TextStatus),
        CheckConstraint(
            "(status = 'settled') = (settled_number IS NOT NULL)"
            " AND (status = 'settled') = (settled_on IS NOT NULL)",
            name="settled",
        ),
        CheckConstraint("settled_number <= last_number", name="settled_number"),
        Index("ix_text_review_list", "firm_id", "begun_on", "id"),
        Index("ix_text_review_adviser_id", "firm_id", "adviser_id"),
        Index("ix_text_review_service_id", "firm_id", "service_id"),
        Index(
            "ix_text_review_title",
            "title",
            postgresql_using="gin",
            postgresql_ops={"title": "gin_trgm_ops"},
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    kind: Mapped[str]
    title: Mapped[str]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    adviser_id: Mapped[UUID]
    """The lawyer who revises."""
    service_id: Mapped[UUID | None]
    """The service that it is the fruit of, where one was logged."""
    status: Mapped[str] = mapped_column(default=TextStatus.OPEN)
    begun_on: Mapped[date]
    last_number: Mapped[int] = mapped_column(default=0)
    """How many versions there are."""
    settled_number: Mapped[int | None]
    settled_on: Mapped[date | None]
    conclusion: Mapped[str | None]
    """What the lawyer says of the text as a whole; of a void one why."""

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
    service: Mapped[ServiceRecord | None] = relationship(viewonly=True)


class TextVersion(FirmScoped, Base):
    """One version of a text, never changed. The file itself is not kept, its digest is."""

    __tablename__ = "text_version"
    __table_args__ = (
        to_firm("text_review", "review_id"),
        one_of("source", TextSource),
        CheckConstraint("number >= 1", name="number"),
        UniqueConstraint("firm_id", "review_id", "number"),
    )
    data_class = DataClass.FIRM_PRIVATE

    review_id: Mapped[UUID]
    number: Mapped[int]
    content: Mapped[str] = mapped_column(deferred=True)
    """One paragraph a line."""
    paragraphs: Mapped[int]
    letters: Mapped[int]
    source: Mapped[str]
    file_name: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of what was sent."""
    remark: Mapped[str]
    made_at: Mapped[datetime]
    by_name: Mapped[str]


class TextOpinion(FirmScoped, Base):
    """意见 on one paragraph of one version: what is at risk, and how it had better be worded."""

    __tablename__ = "text_opinion"
    __table_args__ = (
        to_firm("text_review", "review_id"),
        one_of("risk", Risk),
        one_of("answer", Answer),
        CheckConstraint("number >= 1 AND paragraph >= 1", name="place"),
        Index("ix_text_opinion_review_id", "firm_id", "review_id", "number", "paragraph"),
    )
    data_class = DataClass.FIRM_PRIVATE

    review_id: Mapped[UUID]
    number: Mapped[int]
    """The version that it was written on."""
    paragraph: Mapped[int]
    """Counted from 1 within that version."""
    quote: Mapped[str]
    """The paragraph as it read."""
    risk: Mapped[str]
    words: Mapped[str]
    proposal: Mapped[str | None]
    answer: Mapped[str] = mapped_column(default=Answer.OPEN)
    made_at: Mapped[datetime]
    by_name: Mapped[str]
