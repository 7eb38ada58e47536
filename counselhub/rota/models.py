"""Who answers online for which streets: rotas, their turns, what is left to the next one."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmOwned, FirmScoped
from counselhub.places.models import Street
from counselhub.rota.kinds import TurnLength, TurnStatus

AGAIN = "(length = 'half_day') = (again_at IS NOT NULL)"


class Rota(FirmScoped, Revised, Base):
    """轮值表: the streets of one cluster (片区), whose calls one lawyer after another answers."""

    __tablename__ = "rota"
    __table_args__ = (
        of_firm(),
        one_of("length", TurnLength),
        CheckConstraint(AGAIN, name="again"),
        CheckConstraint("again_at <> changes_at", name="changes"),
        CheckConstraint("last_on >= starts_on", name="term"),
        UniqueConstraint("firm_id", "name"),
    )
    data_class = DataClass.FIRM_PRIVATE

    name: Mapped[str]
    length: Mapped[str]
    changes_at: Mapped[time]
    """Wall clock of Shanghai; of weeks on the weekday of `starts_on`."""
    again_at: Mapped[time | None]
    """The second change of a day, of half days only."""
    starts_on: Mapped[date]
    last_on: Mapped[date | None]
    desk_phone: Mapped[str]
    """Shown to communities for whoever has not agreed to show the own number."""

    streets: Mapped[list["RotaStreet"]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="RotaStreet.street_code",
    )
    people: Mapped[list["RotaPerson"]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="RotaPerson.place",
    )


class RotaStreet(FirmScoped, Base):
    """One street of a rota; a street is in one rota at most, so that one person answers."""

    __tablename__ = "rota_street"
    __table_args__ = (
        to_firm("rota", "rota_id", ondelete="CASCADE"),
        UniqueConstraint("firm_id", "street_code"),
        Index("ix_rota_street_rota_id", "firm_id", "rota_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    rota_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))

    street: Mapped[Street] = relationship(viewonly=True)


class RotaPerson(FirmScoped, Base):
    """One lawyer of a rota; `place` is the order, from 0."""

    __tablename__ = "rota_person"
    __table_args__ = (
        to_firm("rota", "rota_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        UniqueConstraint("firm_id", "rota_id", "adviser_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    rota_id: Mapped[UUID]
    place: Mapped[int]
    adviser_id: Mapped[UUID]

    adviser: Mapped[Adviser] = relationship(viewonly=True)


class OnlineTurn(FirmScoped, Revised, Base):
    """轮值班次: one lawyer planned for a rota's streets; a plan pays nothing before it is taken.

    The database refuses two turns of a rota at once.
    """

    __tablename__ = "online_turn"
    __table_args__ = (
        to_firm("rota", "rota_id"),
        to_firm("adviser", "adviser_id"),
        one_of("status", TurnStatus),
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("(status IN ('standing', 'done')) = (taken_at IS NOT NULL)", name="taken"),
        ExcludeConstraint(
            ("firm_id", "="),
            ("rota_id", "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=text("status <> 'withdrawn'"),
            name="ex_online_turn_one_at_a_time",
        ),
        Index("ix_online_turn_ends", "firm_id", "ends_at"),
        Index("ix_online_turn_adviser", "firm_id", "adviser_id", "starts_at"),
    )
    data_class = DataClass.FIRM_PRIVATE

    rota_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default=TurnStatus.PLANNED)
    is_moved: Mapped[bool] = mapped_column(default=False)
    """Whether a person has placed it: making the turns again leaves it there."""
    taken_at: Mapped[datetime | None]
    """The minute of the tap, where the shifts of its streets begin."""

    rota: Mapped[Rota] = relationship(
        viewonly=True, foreign_keys="[OnlineTurn.firm_id, OnlineTurn.rota_id]"
    )
    adviser: Mapped[Adviser] = relationship(
        viewonly=True, foreign_keys="[OnlineTurn.firm_id, OnlineTurn.adviser_id]"
    )
    note: Mapped["HandoverNote | None"] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )


class HandoverNote(FirmOwned, Base):
    """交班留言: what the next one must know. It may name clients, and never leaves the firm."""

    __tablename__ = "handover_note"
    __table_args__ = (to_firm("online_turn", "turn_id", ondelete="CASCADE"),)
    data_class = DataClass.FIRM_PRIVATE

    turn_id: Mapped[UUID] = mapped_column(primary_key=True)
    matters: Mapped[str]
    whom_to_call: Mapped[str]
    written_at: Mapped[datetime]


class DutyPhone(FirmOwned, Base):
    """值班电话: the number that a lawyer gave for online duty."""

    __tablename__ = "duty_phone"
    __table_args__ = (to_firm("adviser", "adviser_id", ondelete="CASCADE"),)
    data_class = DataClass.FIRM_PRIVATE

    adviser_id: Mapped[UUID] = mapped_column(primary_key=True)
    phone: Mapped[str]
    is_public: Mapped[bool]
    """Whether the lawyer agreed that communities see name and number on the public page."""
    agreed_at: Mapped[datetime | None]


class AnswerBoard(Base):
    """The public page of a community or street; only the digest of its link's token is kept."""

    __tablename__ = "answer_board"
    __table_args__ = (
        of_firm(),
        CheckConstraint("place_code ~ '^[0-9]{9}([0-9]{3})?$'", name="place"),
    )
    data_class = DataClass.PLATFORM

    firm_id: Mapped[UUID] = mapped_column(primary_key=True)
    place_code: Mapped[str] = mapped_column(primary_key=True)
    """Nine digits: a street, twelve: a community."""
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
