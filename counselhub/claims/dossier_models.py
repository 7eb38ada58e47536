"""The dossier of a claim: its way, its papers, whose dispute it is, and the office's reading."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.claims.kinds import (
    Basis,
    ClaimStatus,
    ClawReason,
    Difficulty,
    Document,
    FileKind,
    PaperState,
    ReadingStatus,
    Refusal,
    Verdict,
    VisitResult,
    VisitWay,
)
from counselhub.claims.models import CaseClaim
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.people.models import Firm


class ClaimDossier(FirmScoped, Revised, Base):
    """A claim's way from draft to payment, and the case in numbers.

    It has the id of the claim, which a closed month freezes. The street's office reads it once it
    was declared. `office_class`, `refusal` and the names of the two readers are published findings.
    """

    __tablename__ = "claim_dossier"
    __table_args__ = (
        to_firm("case_claim", "id"),
        one_of("status", ClaimStatus),
        one_of("office_class", Difficulty),
        one_of("proposed", Difficulty),
        one_of("refusal", Refusal),
        one_of("claw_reason", ClawReason),
        one_of("visit_way", VisitWay),
        one_of("visit_result", VisitResult),
        CheckConstraint("persons > 0 AND amount_fen >= 0 AND sittings > 0", name="numbers"),
        CheckConstraint("status <> 'refused' OR refusal IS NOT NULL", name="refused"),
        CheckConstraint("(status = 'clawed_back') = (claw_fen IS NOT NULL)", name="clawed_back"),
        Index("ix_claim_dossier_street", "street_code", "status"),
    )
    data_class = DataClass.FIRM_SHARED

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    status: Mapped[str] = mapped_column(default=ClaimStatus.DRAFT)
    persons: Mapped[int | None]
    amount_fen: Mapped[int | None]
    sittings: Mapped[int | None]
    """How often people sat down over the one dispute; it counts once however often (CLASS-5)."""
    is_group: Mapped[bool] = mapped_column(default=False)
    is_violent: Mapped[bool] = mapped_column(default=False)
    proposed: Mapped[str | None]
    """The class by rule as it was when the claim was declared."""
    checklist: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{document: `filed`, `on_paper`, `not_needed` or `missing`} when the claim was declared."""
    visit_on: Mapped[date | None]
    visit_way: Mapped[str | None]
    visit_result: Mapped[str | None]
    visited_by_name: Mapped[str | None]
    declared_at: Mapped[datetime | None]
    declared_by_name: Mapped[str | None]
    office_class: Mapped[str | None]
    refusal: Mapped[str | None]
    refusal_words: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    first_reader_name: Mapped[str | None]
    second_reader_name: Mapped[str | None]
    claw_reason: Mapped[str | None]
    claw_words: Mapped[str | None]
    claw_fen: Mapped[int | None]
    clawed_at: Mapped[datetime | None]
    clawed_by_name: Mapped[str | None]

    claim: Mapped[CaseClaim] = relationship(viewonly=True)
    firm: Mapped[Firm] = relationship(
        viewonly=True, primaryjoin="foreign(ClaimDossier.firm_id) == Firm.id"
    )


class ClaimPaper(FirmScoped, Base):
    """What was said of one document: it lies in the cabinet, or it is not needed and why."""

    __tablename__ = "claim_paper"
    __table_args__ = (
        to_firm("case_claim", "claim_id", ondelete="CASCADE"),
        one_of("document", Document),
        one_of("state", PaperState),
        CheckConstraint("(state = 'not_needed') = (reason <> '')", name="reason"),
        UniqueConstraint("firm_id", "claim_id", "document"),
    )
    data_class = DataClass.FIRM_PRIVATE

    claim_id: Mapped[UUID]
    document: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")


class ClaimFile(FirmScoped, Base):
    """One file of a document: what is known of it; its content stands apart and may go earlier."""

    __tablename__ = "claim_file"
    __table_args__ = (
        to_firm("case_claim", "claim_id", ondelete="CASCADE"),
        one_of("document", Document),
        one_of("kind", FileKind),
        UniqueConstraint("firm_id", "claim_id", "document", "digest"),
    )
    data_class = DataClass.FIRM_PRIVATE

    claim_id: Mapped[UUID]
    document: Mapped[str]
    kind: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the file as it was sent."""
    size_bytes: Mapped[int]
    arrived_at: Mapped[datetime]
    arrived_by_name: Mapped[str]


class ClaimFileContent(FirmOwned, Base):
    """The file as it is kept: a JPEG of ours, or the PDF that came."""

    __tablename__ = "claim_file_content"
    __table_args__ = (to_firm("claim_file", "file_id", ondelete="CASCADE"),)
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DisputeKey(FirmScoped, Base):
    """What identifies the dispute of a claim or of a legal-aid service, as a keyed digest.

    The digest has one key for all firms, so that equals are found; the text is sealed under the
    firm's own. What another firm has is never read: `dispute_clashes()` tells month and street.
    """

    __tablename__ = "dispute_key"
    __table_args__ = (
        to_firm("case_claim", "claim_id", ondelete="CASCADE"),
        to_firm("service_record", "service_id", ondelete="CASCADE"),
        one_of("basis", Basis),
        CheckConstraint("num_nonnulls(claim_id, service_id) = 1", name="subject"),
        CheckConstraint("(sealed IS NULL) = (digest IS NULL)", name="sealed"),
        UniqueConstraint("firm_id", "claim_id", "basis"),
        UniqueConstraint("firm_id", "service_id", "basis"),
        Index("ix_dispute_key_digest", "digest"),
    )
    data_class = DataClass.FIRM_PRIVATE

    claim_id: Mapped[UUID | None]
    service_id: Mapped[UUID | None]
    basis: Mapped[str]
    sealed: Mapped[str | None]
    """The text as it was typed; blank when its time was over."""
    digest: Mapped[str | None]
    month: Mapped[date]
    """First day of the month in which the case was closed or the service given."""
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))


class ClaimScale(FirmScoped, Revised, Base):
    """The firm's own thresholds of the proposal of a class; without a row the usual ones hold."""

    __tablename__ = "claim_scale"
    __table_args__ = (of_firm(), UniqueConstraint("firm_id"))
    data_class = DataClass.FIRM_PRIVATE

    persons: Mapped[list[Any]]
    amount_fen: Mapped[list[Any]]
    sittings: Mapped[list[Any]]


class ClaimReading(FirmScoped, Revised, Base):
    """审阅: the office's own class and verdict; the firm's too once a second reader agreed."""

    __tablename__ = "claim_reading"
    __table_args__ = (
        to_firm("case_claim", "id"),
        one_of("status", ReadingStatus),
        one_of("difficulty", Difficulty),
        one_of("verdict", Verdict),
        one_of("reason", Refusal),
        CheckConstraint("(verdict = 'refuse') = (reason IS NOT NULL)", name="refused"),
        CheckConstraint("(status = 'confirmed') = (published_at IS NOT NULL)", name="published"),
        CheckConstraint(
            "second_by_id IS DISTINCT FROM read_by_id OR second_by_id IS NULL", name="four_eyes"
        ),
        Index("ix_claim_reading_street_code", "street_code", "status"),
    )
    data_class = DataClass.OFFICE

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    status: Mapped[str] = mapped_column(default=ReadingStatus.READ)
    difficulty: Mapped[str]
    verdict: Mapped[str]
    reason: Mapped[str | None]
    words: Mapped[str] = mapped_column(default="")
    read_at: Mapped[datetime]
    read_by_id: Mapped[UUID | None]
    read_by_name: Mapped[str]
    second_by_id: Mapped[UUID | None]
    second_by_name: Mapped[str | None]
    second_words: Mapped[str | None]
    published_at: Mapped[datetime | None]

    @property
    def is_office_only(self) -> bool:
        """Whether its acts stand in the office's record alone: the firm does not know of it."""
        return self.published_at is None
