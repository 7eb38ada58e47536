"""Planned duty: notices of holidays, terms of contracts, slots, the lawyer's feed."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.contracts.models import Contract
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community
from counselhub.roster.kinds import OnHoliday, SlotStatus, TermKind

TIMES = "starts < ends"
TOLERANCE_MINUTES = 15
LATE_MINUTES = 10
ABSENCE_LIMIT = 3
COMES = "coalesce(substitute_id, adviser_id)"
"""Who comes to a slot: who covers it, else its own adviser."""


class HolidayNotice(Base):
    """One day of the State Council's notice of a year: off, or worked for another (调休)."""

    __tablename__ = "holiday_notice"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        CheckConstraint("extract(year from day) BETWEEN year - 1 AND year", name="day"),
    )
    data_class = DataClass.REFERENCE

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_off: Mapped[bool]


class DutyTerm(FirmScoped, Revised, Base):
    """值班约定: what a contract asks of the named communities, or of all that no other names."""

    __tablename__ = "duty_term"
    __table_args__ = (
        to_firm("contract", "contract_id"),
        one_of("kind", TermKind),
        one_of("on_holiday", OnHoliday),
        CheckConstraint(TIMES, name="times"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("kind NOT IN ('weekly', 'nth') OR weekday IS NOT NULL", name="fixed"),
        CheckConstraint("(kind = 'hours') = (required_hours IS NOT NULL)", name="hours"),
        CheckConstraint("(kind = 'days') = (required_days IS NOT NULL)", name="days"),
        Index("ix_duty_term_contract_id", "firm_id", "contract_id"),
    )
    data_class = DataClass.FIRM_SHARED

    contract_id: Mapped[UUID]
    kind: Mapped[str]
    weekday: Mapped[int | None]
    """0 is Monday; of hours and days a month only a wish."""
    weeks: Mapped[list[Any]] = mapped_column(default=list)
    required_hours: Mapped[int | None]
    required_days: Mapped[int | None]
    starts: Mapped[time]
    ends: Mapped[time]
    on_holiday: Mapped[str] = mapped_column(default=OnHoliday.NEXT)
    class_name: Mapped[str | None]
    """What the named communities have in common, as 偏远山村."""
    communities: Mapped[list[str]] = mapped_column(default=list)
    last_on: Mapped[date | None]
    """The last day that it plans for; blank with the contract."""

    contract: Mapped[Contract] = relationship(viewonly=True)


class DutySlot(FirmScoped, Revised, Base):
    """值班班次: one adviser planned for one community on one day, wall-clock times of Shanghai.

    It fills the `turn`-th quota that its term has in `month`; one without a term (加班次) was
    planned by hand beside them. The database refuses one adviser in two places at once; the moves
    of a whole month are checked when they all are made.
    """

    __tablename__ = "duty_slot"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        to_firm("adviser", "substitute_id"),
        to_firm("adviser", "came_id"),
        to_firm("duty_term", "term_id"),
        CheckConstraint("substitute_id <> adviser_id", name="substitute"),
        one_of("status", SlotStatus),
        CheckConstraint(TIMES, name="times"),
        CheckConstraint("month = date_trunc('month', day::timestamp)::date", name="month"),
        UniqueConstraint("firm_id", "term_id", "community_code", "month", "turn"),
        ExcludeConstraint(
            ("firm_id", "="),
            (text(COMES), "="),
            (text("tsrange(day + starts, day + ends)"), "&&"),
            where=text("status IN ('planned', 'done', 'short')"),
            name="ex_duty_slot_two_places",
            deferrable=True,
            initially="IMMEDIATE",
        ),
        Index("ix_duty_slot_month", "firm_id", "month", "community_code"),
        Index("ix_duty_slot_adviser", "firm_id", "adviser_id", "day"),
        Index("ix_duty_slot_street", "street_code", "month"),
        Index(
            "ix_duty_slot_substitute",
            "firm_id",
            "substitute_id",
            "day",
            postgresql_where=text("substitute_id IS NOT NULL"),
        ),
    )
    data_class = DataClass.FIRM_SHARED

    term_id: Mapped[UUID | None]
    turn: Mapped[int]
    month: Mapped[date]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    adviser_id: Mapped[UUID]
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    status: Mapped[str] = mapped_column(default=SlotStatus.PLANNED)
    is_moved: Mapped[bool] = mapped_column(default=False)
    """Whether a person has placed it: making the month again leaves it there."""
    stands_off: Mapped[bool] = mapped_column(default=False)
    """Whether a person has said that it stands although its day is off."""
    reason: Mapped[str | None]
    substitute_id: Mapped[UUID | None]
    """Who was agreed to come in place of its adviser, whose time is free then."""
    came_id: Mapped[UUID | None]
    present_minutes: Mapped[int | None]
    late_minutes: Mapped[int | None]
    early_minutes: Mapped[int | None]
    """Who came, for how long, and what lacks at either end; blank until it is judged."""

    adviser: Mapped[Adviser] = relationship(
        viewonly=True, foreign_keys="[DutySlot.firm_id, DutySlot.adviser_id]"
    )
    substitute: Mapped[Adviser | None] = relationship(
        viewonly=True, foreign_keys="[DutySlot.firm_id, DutySlot.substitute_id]"
    )
    came: Mapped[Adviser | None] = relationship(
        viewonly=True, foreign_keys="[DutySlot.firm_id, DutySlot.came_id]"
    )
    community: Mapped[Community] = relationship(viewonly=True)


class RosterMonth(FirmScoped, Revised, Base):
    """A month that was rostered: with which seed, so that the same facts give the same again."""

    __tablename__ = "roster_month"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id", "month"),
        CheckConstraint("extract(day from month) = 1", name="month"),
    )
    data_class = DataClass.FIRM_PRIVATE

    month: Mapped[date]
    seed: Mapped[int]
    made_at: Mapped[datetime]


class RosterRule(FirmScoped, Revised, Base):
    """The firm's own rules of planning; a firm without a row has the defaults."""

    __tablename__ = "roster_rule"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id"),
        CheckConstraint("same_street_minutes BETWEEN 0 AND 240", name="same_street"),
        CheckConstraint("other_street_minutes BETWEEN 0 AND 240", name="other_street"),
        CheckConstraint("tolerance_minutes BETWEEN 0 AND 120", name="tolerance"),
        CheckConstraint("late_minutes BETWEEN 0 AND 120", name="late"),
        CheckConstraint("absence_limit BETWEEN 1 AND 12", name="absence_limit"),
        CheckConstraint("absence_months BETWEEN 1 AND 36", name="absence_months"),
    )
    data_class = DataClass.FIRM_PRIVATE

    same_street_minutes: Mapped[int]
    other_street_minutes: Mapped[int]
    tolerance_minutes: Mapped[int] = mapped_column(default=TOLERANCE_MINUTES)
    """What a slot may lack and still be done (ROSTER-8)."""
    late_minutes: Mapped[int] = mapped_column(default=LATE_MINUTES)
    """From how many minutes on pages call a sign-in late, a sign-out early."""
    absence_limit: Mapped[int] = mapped_column(default=ABSENCE_LIMIT)
    absence_months: Mapped[int | None]
    """How many unexcused absences ask for another lawyer, within so many months; blank: within the
    term of the contract."""
    approves_cover: Mapped[bool] = mapped_column(default=True)
    """Whether a person approves each cover; otherwise whoever takes it has it."""
    trainees_cover: Mapped[bool] = mapped_column(default=False)


class CalendarFeed(Base):
    """A lawyer's calendar for a phone; only its token's digest is kept, a new one ends the old."""

    __tablename__ = "calendar_feed"
    __table_args__ = (to_firm("adviser", "adviser_id", ondelete="CASCADE"),)
    data_class = DataClass.PLATFORM

    firm_id: Mapped[UUID] = mapped_column(primary_key=True)
    adviser_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
