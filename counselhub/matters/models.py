"""Matters, parties, checks, conflicts, walls: private to the firm, on tables no office reads.

Whoever is walled off from a matter is shown none of its rows: by the table of `sights.py`, and by
the policies `wall` of the database, which read the person that a transaction carries.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped, current_firm_id
from counselhub.matters.kinds import (
    ConflictCode,
    ConflictStatus,
    DeclineReason,
    Matched,
    MatterKind,
    MatterStatus,
    Occasion,
    PartyKind,
    PartyRole,
    Verdict,
    WallReason,
)
from counselhub.places.models import Community


class Matter(FirmScoped, Revised, Base):
    """事项: what the firm does for somebody against or with others, by one lawyer and a team."""

    __tablename__ = "matter"
    __table_args__ = (
        of_firm(),
        to_firm("adviser", "adviser_id"),
        UniqueConstraint("firm_id", "number"),
        one_of("kind", MatterKind),
        one_of("status", MatterStatus),
        one_of("decline_reason", DeclineReason),
        CheckConstraint("(status = 'declined') = (decline_reason IS NOT NULL)", name="declined"),
        CheckConstraint(
            "(status IN ('declined', 'closed')) = (ended_on IS NOT NULL)", name="ended"
        ),
        Index("ix_matter_list", "firm_id", "opened_on", "id"),
        Index("ix_matter_adviser_id", "firm_id", "adviser_id"),
        Index(
            "ix_matter_title",
            "title",
            postgresql_using="gin",
            postgresql_ops={"title": "gin_trgm_ops"},
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    number: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    community_code: Mapped[str | None] = mapped_column(ForeignKey("community.code"))
    adviser_id: Mapped[UUID]
    """The lawyer responsible."""
    status: Mapped[str] = mapped_column(default=MatterStatus.OPEN)
    opened_on: Mapped[date]
    ended_on: Mapped[date | None]
    decline_reason: Mapped[str | None]
    referred_to: Mapped[str | None]
    """Whom who was declined was pointed to."""
    ending_words: Mapped[str | None]
    wiped_at: Mapped[datetime | None]
    """When the time of the parties' data was over."""

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community | None] = relationship(viewonly=True)


class MatterMember(FirmOwned, Base):
    """A lawyer who works on a matter beside the one responsible."""

    __tablename__ = "matter_member"
    __table_args__ = (
        to_firm("matter", "matter_id"),
        to_firm("adviser", "adviser_id"),
        Index("ix_matter_member_adviser_id", "firm_id", "adviser_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    matter_id: Mapped[UUID] = mapped_column(primary_key=True)
    adviser_id: Mapped[UUID] = mapped_column(primary_key=True)


class MatterParty(FirmScoped, Base):
    """当事人: everything that tells who it is sealed; of an organisation a plain core of the name.

    Wiped when the time of its matter is over: then nothing tells who it was.
    """

    __tablename__ = "matter_party"
    __table_args__ = (
        to_firm("matter", "matter_id"),
        to_firm("client", "client_id"),
        one_of("role", PartyRole),
        one_of("kind", PartyKind),
        CheckConstraint("kind = 'organisation' OR near IS NULL", name="near"),
        Index("ix_matter_party_matter_id", "firm_id", "matter_id"),
        Index("ix_matter_party_client_id", "firm_id", "client_id"),
        Index(
            "ix_matter_party_near",
            "near",
            postgresql_using="gin",
            postgresql_ops={"near": "gin_trgm_ops"},
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    matter_id: Mapped[UUID]
    client_id: Mapped[UUID | None]
    role: Mapped[str]
    kind: Mapped[str]
    name_sealed: Mapped[str | None]
    aliases_sealed: Mapped[str | None]
    """One a line."""
    phone_sealed: Mapped[str | None]
    identity_sealed: Mapped[str | None]
    near: Mapped[str | None]
    """The core of an organisation's name, for likeness: names of organisations are public."""


class PartyKey(FirmOwned, Base):
    """A keyed digest of one mark of a party: its name, an alias, a phone, a number."""

    __tablename__ = "party_key"
    __table_args__ = (
        to_firm("matter_party", "party_id", ondelete="CASCADE"),
        CheckConstraint("kind IN ('id', 'name', 'alias', 'phone')", name="kind"),
        Index("ix_party_key_digest", "firm_id", "digest"),
    )
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)


class ConflictCheck(FirmScoped, Base):
    """A check that was made: what was asked as digests, and what it said."""

    __tablename__ = "conflict_check"
    __table_args__ = (
        of_firm(),
        to_firm("matter", "matter_id"),
        one_of("occasion", Occasion),
        one_of("verdict", Verdict),
        Index("ix_conflict_check_matter_id", "firm_id", "matter_id"),
        Index("ix_conflict_check_at", "firm_id", "at"),
    )
    data_class = DataClass.FIRM_PRIVATE

    matter_id: Mapped[UUID | None]
    at: Mapped[datetime]
    by_name: Mapped[str]
    occasion: Mapped[str]
    verdict: Mapped[str]
    codes: Mapped[list[str]]
    digests: Mapped[list[str]]
    """Of every mark that was asked about; emptied when their time is over."""


class MatterConflict(FirmScoped, Revised, Base):
    """A possible conflict of a matter: with another one, or with the firm itself."""

    __tablename__ = "matter_conflict"
    __table_args__ = (
        to_firm("matter", "matter_id"),
        to_firm("matter", "other_id"),
        to_firm("conflict_check", "check_id"),
        to_firm("matter_party", "party_id", ondelete="SET NULL (party_id)"),
        one_of("code", ConflictCode),
        one_of("how", Matched),
        one_of("status", ConflictStatus),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("other_id <> matter_id", name="other"),
        Index("ix_matter_conflict_matter_id", "firm_id", "matter_id"),
        Index("ix_matter_conflict_other_id", "firm_id", "other_id"),
        Index(
            "ix_matter_conflict_open",
            "firm_id",
            postgresql_where=text("status = 'open'"),
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    matter_id: Mapped[UUID]
    other_id: Mapped[UUID | None]
    check_id: Mapped[UUID]
    party_id: Mapped[UUID | None]
    code: Mapped[str]
    how: Mapped[str]
    status: Mapped[str] = mapped_column(default=ConflictStatus.OPEN)
    concerned: Mapped[list[str]]
    """Ids of the lawyers on both sides: both matters are closed to them while it is open."""
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str | None]
    words: Mapped[str | None]
    own_consent_on: Mapped[date | None]
    other_consent_on: Mapped[date | None]


class MatterWall(FirmScoped, Base):
    """隔离: one lawyer, or one person of the firm who is none, is kept from a matter."""

    __tablename__ = "matter_wall"
    __table_args__ = (
        to_firm("matter", "matter_id"),
        to_firm("adviser", "adviser_id"),
        to_firm("matter_conflict", "conflict_id"),
        one_of("reason", WallReason),
        CheckConstraint("(adviser_id IS NULL) <> (person_id IS NULL)", name="whom"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_name IS NULL)", name="lifted"),
        Index(
            "ix_matter_wall_adviser",
            "firm_id",
            "matter_id",
            "adviser_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL AND adviser_id IS NOT NULL"),
        ),
        Index(
            "ix_matter_wall_person",
            "firm_id",
            "matter_id",
            "person_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL AND person_id IS NOT NULL"),
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    matter_id: Mapped[UUID]
    adviser_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    conflict_id: Mapped[UUID | None]
    reason: Mapped[str]
    words: Mapped[str]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by_name: Mapped[str | None]
    lifting_words: Mapped[str | None]


class MatterPaper(FirmScoped, Base):
    """The written waiver of a conflict, as it was sent."""

    __tablename__ = "matter_paper"
    __table_args__ = (
        to_firm("matter", "matter_id"),
        to_firm("matter_conflict", "conflict_id"),
        CheckConstraint("ending IN ('pdf', 'jpg', 'png')", name="ending"),
        UniqueConstraint("firm_id", "conflict_id", "digest"),
        Index("ix_matter_paper_matter_id", "firm_id", "matter_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    matter_id: Mapped[UUID]
    conflict_id: Mapped[UUID]
    ending: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the bytes."""
    bytes_count: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    arrived_at: Mapped[datetime]
    by_name: Mapped[str]


class MatterService(FirmOwned, Base):
    """Which services belong to a matter. Not on the record itself: the office reads that."""

    __tablename__ = "matter_service"
    __table_args__ = (
        to_firm("matter", "matter_id"),
        to_firm("service_record", "service_id", ondelete="CASCADE"),
        Index("ix_matter_service_matter_id", "firm_id", "matter_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    matter_id: Mapped[UUID]
