"""Templates of documents and what was drafted from them: the firm's own, no office reads any."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import of_firm, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community


class DocumentTemplate(FirmScoped, Base):
    """文书模板: a Word file of the firm's own with {{字段}}."""

    __tablename__ = "document_template"
    __table_args__ = (of_firm(), UniqueConstraint("firm_id", "name"))
    data_class = DataClass.FIRM_PRIVATE

    name: Mapped[str]
    fields: Mapped[list[str]]
    digest: Mapped[str]
    """SHA-256 of the file."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]
    by_name: Mapped[str]


class DraftedDocument(FirmScoped, Base):
    """文书 made from a template; its bytes go when their time is over, the digest stays."""

    __tablename__ = "drafted_document"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        to_firm("service_record", "service_id", ondelete="SET NULL (service_id)"),
        Index("ix_drafted_document_list", "firm_id", "made_at", "id"),
        Index("ix_drafted_document_adviser_id", "firm_id", "adviser_id"),
        Index("ix_drafted_document_service_id", "firm_id", "service_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    title: Mapped[str]
    template_name: Mapped[str]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    adviser_id: Mapped[UUID]
    service_id: Mapped[UUID | None]
    """The service that it is the fruit of, where one was logged."""
    digest: Mapped[str]
    """SHA-256 of the file."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]
    by_name: Mapped[str]

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
