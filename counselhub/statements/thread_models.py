"""What the office and the firm say to one another about a line: asked, said, shown."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.statements.states import QueryReason, Side


class LineQuery(FirmScoped, Base):
    """A question of the office on one line: it opens a thread, and is never edited."""

    __tablename__ = "line_query"
    __table_args__ = (
        to_firm("statement_line", "line_id", ondelete="CASCADE"),
        to_firm("statement", "statement_id", ondelete="CASCADE"),
        one_of("reason", QueryReason),
        Index("ix_line_query_line", "firm_id", "line_id"),
        Index("ix_line_query_statement", "firm_id", "statement_id"),
        Index("ix_line_query_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    statement_id: Mapped[UUID]
    line_id: Mapped[UUID]
    street_code: Mapped[str]
    version: Mapped[int]
    """The submission that was asked about."""
    reason: Mapped[str]
    words: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]

    entries: Mapped[list["LineEntry"]] = relationship(
        viewonly=True, order_by="[LineEntry.at, LineEntry.id]"
    )
    files: Mapped[list["LineFile"]] = relationship(
        viewonly=True, order_by="[LineFile.at, LineFile.id]"
    )

    @property
    def answer(self) -> "LineEntry | None":
        """What the firm said last, None before its first word."""
        said = (entry for entry in reversed(self.entries) if entry.side == Side.FIRM)
        return next(said, None)

    def files_of(self, entry: "LineEntry | None" = None) -> list["LineFile"]:
        """Return the files that came with an entry; without one, with the question."""
        said = entry.id if entry else None
        return [file for file in self.files if file.entry_id == said]


class LineEntry(FirmScoped, Base):
    """What one side added to a thread; only appended."""

    __tablename__ = "line_entry"
    __table_args__ = (
        to_firm("line_query", "query_id", ondelete="CASCADE"),
        one_of("side", Side),
        Index("ix_line_entry_query", "firm_id", "query_id", "at"),
        Index("ix_line_entry_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    query_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    side: Mapped[str]
    words: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str]


class LineFile(FirmScoped, Base):
    """附件: what is known of a file in a thread or an appeal; it outlives its content."""

    __tablename__ = "line_file"
    __table_args__ = (
        to_firm("line_query", "query_id", ondelete="CASCADE"),
        to_firm("line_entry", "entry_id", ondelete="CASCADE"),
        to_firm("line_appeal", "appeal_id"),
        one_of("side", Side),
        CheckConstraint("size_bytes > 0", name="size_bytes"),
        CheckConstraint("num_nonnulls(query_id, appeal_id) = 1", name="whole"),
        Index("ix_line_file_query", "firm_id", "query_id"),
        Index("ix_line_file_appeal", "firm_id", "appeal_id"),
        Index("ix_line_file_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    query_id: Mapped[UUID | None]
    entry_id: Mapped[UUID | None]
    """None came with the question itself."""
    appeal_id: Mapped[UUID | None]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    side: Mapped[str]
    name: Mapped[str]
    ending: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the file as it was sent, in hex."""
    size_bytes: Mapped[int]
    """Of what is kept."""
    at: Mapped[datetime]
    by_name: Mapped[str]


class LineFileContent(FirmOwned, Base):
    """The bytes of a file: a picture written anew, or the document that came."""

    __tablename__ = "line_file_content"
    __table_args__ = (
        to_firm("line_file", "file_id", ondelete="CASCADE"),
        Index("ix_line_file_content_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
