"""On-site sessions and online shifts: the evidence that presence is paid on."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.duty.kinds import (
    DutySource,
    MatchVerdict,
    PunchKind,
    PunchTiming,
    PunchVerdict,
    SessionStatus,
)
from counselhub.places.models import Community

SHANGHAI_DAY = "(signed_in_at AT TIME ZONE 'Asia/Shanghai')::date"


class DutySession(FirmScoped, Revised, Base):
    """现场值班: one adviser on site in one community on one day, whole minutes.

    The database refuses one adviser at two communities at once.
    """

    __tablename__ = "duty_session"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        to_firm("adviser", "substitute_for_id"),
        one_of("source", DutySource),
        one_of("status", SessionStatus),
        UniqueConstraint("firm_id", "adviser_id", "community_code", "signed_in_at"),
        CheckConstraint(f"day = {SHANGHAI_DAY}", name="day"),
        CheckConstraint("signed_out_at > signed_in_at", name="order"),
        CheckConstraint("(status = 'open') <= (signed_out_at IS NULL)", name="open"),
        ExcludeConstraint(
            ("firm_id", "="),
            ("adviser_id", "="),
            ("community_code", "<>"),
            (text("tstzrange(signed_in_at, signed_out_at)"), "&&"),
            where=text("signed_out_at IS NOT NULL AND status <> 'voided'"),
            name="ex_duty_session_two_places",
        ),
        Index("ix_duty_session_month", "firm_id", "community_code", "day"),
        Index("ix_duty_session_street", "street_code", "day"),
        Index("ix_duty_session_adviser", "firm_id", "adviser_id", "day"),
    )
    data_class = DataClass.FIRM_SHARED

    adviser_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    day: Mapped[date]
    signed_in_at: Mapped[datetime]
    signed_out_at: Mapped[datetime | None]
    """Blank on an open session, and on one whose sign-out was never told: it counts for nothing."""
    status: Mapped[str] = mapped_column(default=SessionStatus.OPEN)
    source: Mapped[str] = mapped_column(default=DutySource.PHONE)
    substitute_for_id: Mapped[UUID | None]
    community_confirmed: Mapped[bool | None]
    """By the community's own answer, or by somebody at the desk who saw its signature on paper."""
    remark: Mapped[str | None]
    is_corrected: Mapped[bool] = mapped_column(default=False)
    """Whether somebody has changed by hand where or when it was: it is proven no better."""

    adviser: Mapped[Adviser] = relationship(
        viewonly=True, foreign_keys="[DutySession.firm_id, DutySession.adviser_id]"
    )
    substitute_for: Mapped[Adviser | None] = relationship(
        viewonly=True, foreign_keys="[DutySession.firm_id, DutySession.substitute_for_id]"
    )
    community: Mapped[Community] = relationship(viewonly=True)


class OnlineShift(FirmScoped, Revised, Base):
    """线上值班: one adviser answering for one street, from `starts_at` up to `ends_at`."""

    __tablename__ = "online_shift"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        UniqueConstraint("firm_id", "adviser_id", "street_code", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("ix_online_shift_street", "street_code", "starts_at"),
    )
    data_class = DataClass.FIRM_SHARED

    adviser_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    remark: Mapped[str | None]

    adviser: Mapped[Adviser] = relationship(viewonly=True)


class DutyPunch(FirmScoped, Base):
    """One tap on the phone, with what it claims and when it arrived; sessions follow from these.

    `key` is made on the phone, so that a tap that is sent again is known.
    """

    __tablename__ = "duty_punch"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        to_firm("adviser", "substitute_for_id"),
        to_firm("duty_session", "session_id"),
        one_of("kind", PunchKind),
        one_of("timing", PunchTiming),
        one_of("verdict", PunchVerdict),
        UniqueConstraint("firm_id", "adviser_id", "key"),
        CheckConstraint("(kind = 'out') = (ends_key IS NOT NULL)", name="ends"),
        Index("ix_duty_punch_day", "firm_id", "adviser_id", "day"),
        Index("ix_duty_punch_ends", "firm_id", "adviser_id", "ends_key"),
        Index("ix_duty_punch_session", "firm_id", "session_id"),
    )
    data_class = DataClass.FIRM_SHARED

    adviser_id: Mapped[UUID]
    key: Mapped[UUID]
    kind: Mapped[str]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    substitute_for_id: Mapped[UUID | None]
    ends_key: Mapped[UUID | None]
    """The key of the sign-in, or the id of the session, that a sign-out ends."""
    remark: Mapped[str | None]
    community_confirmed: Mapped[bool | None]
    """Whether the lawyer says that the community signed on paper: an own word, and no proof."""
    tapped_at: Mapped[datetime]
    """By the phone's clock, right or wrong."""
    offset_seconds: Mapped[int | None]
    """What the server's clock was ahead of the phone's when they last spoke; blank: never."""
    claimed_at: Mapped[datetime]
    """When it was tapped, with the phone's clock put right."""
    arrived_at: Mapped[datetime]
    counts_at: Mapped[datetime]
    day: Mapped[date]
    timing: Mapped[str]
    verdict: Mapped[str]
    session_id: Mapped[UUID | None]
    session_revision: Mapped[int | None]
    """The session as this tap left it; another revision means that somebody changed it by hand."""


class PunchMatch(FirmScoped, Base):
    """打卡核对（钉钉）: what came of holding a session against the firm's attendance record.

    The record itself is the firm's own; the office reads this word of it. A session without a row
    was held against nothing.
    """

    __tablename__ = "punch_match"
    __table_args__ = (
        to_firm("duty_session", "session_id"),
        one_of("verdict", MatchVerdict),
        UniqueConstraint("firm_id", "session_id"),
        Index("ix_punch_match_street", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    session_id: Mapped[UUID]
    session_revision: Mapped[int]
    """The session as it was compared; changed since, it waits to be compared anew."""
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    verdict: Mapped[str]
    is_proof: Mapped[bool]
    """Whether the record vouches for the session (EVID-8); a closed month keeps what it had."""
    compared_at: Mapped[datetime]
