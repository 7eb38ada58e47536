"""Service records: what the office reads on one table, what was said on another."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.places.models import Community
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode


class ServiceRecord(FirmScoped, Revised, Base):
    """服务记录 without client data: kind, day, counts, result. `count` (件次) and `persons` (人次)
    are different units and never added.
    """

    __tablename__ = "service_record"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        UniqueConstraint("firm_id", "number"),
        one_of("kind", ServiceKind),
        one_of("mode", ServiceMode),
        one_of("dispute_kind", DisputeKind),
        CheckConstraint("count >= 0 AND persons >= 0 AND copies >= 0", name="counts"),
        CheckConstraint("recovered_fen >= 0", name="recovered"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("ends > starts", name="order"),
        Index("ix_service_record_month", "firm_id", "community_code", "day"),
        Index(
            "ix_service_record_list",
            "firm_id",
            "day",
            "id",
            postgresql_include=["street_code", "count", "persons"],
        ),
        Index("ix_service_record_adviser", "firm_id", "adviser_id", "day"),
        Index("ix_service_record_street", "street_code", "day"),
    )
    data_class = DataClass.FIRM_SHARED

    number: Mapped[str] = mapped_column(server_default=FetchedValue())
    """Made while the row is written when the entry has none, and read back with it."""
    day: Mapped[date]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    adviser_id: Mapped[UUID]
    kind: Mapped[str]
    mode: Mapped[str | None]
    dispute_kind: Mapped[str | None]
    count: Mapped[int] = mapped_column(default=1)
    persons: Mapped[int | None]
    copies: Mapped[int | None]
    recovered_fen: Mapped[int | None]
    outcome: Mapped[str | None]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    minutes: Mapped[int | None]
    """How long it took; with 起止时间 what lies between them."""
    place: Mapped[str | None]
    """服务地点, for the office too: never a client's door."""
    created_at: Mapped[datetime]

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
    note: Mapped["ServiceNote | None"] = relationship(
        back_populates="service", cascade="all, delete-orphan", passive_deletes=True
    )


class ServiceNote(FirmOwned, Base):
    """内容: what was said. The lawyer's duty of secrecy keeps it inside the firm."""

    __tablename__ = "service_note"
    __table_args__ = (
        to_firm("service_record", "service_id", ondelete="CASCADE"),
        Index(
            "ix_service_note_content",
            "content",
            postgresql_using="gin",
            postgresql_ops={"content": "gin_trgm_ops"},
        ),
        Index(
            "ix_service_note_bigrams", "firm_id", text("bigrams(content)"), postgresql_using="gin"
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[str]

    service: Mapped[ServiceRecord] = relationship(back_populates="note")
