"""Rotas, their turns, the numbers of who answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.advisers.queries import here
from counselhub.assignments.models import Assignment
from counselhub.assignments.queries import running
from counselhub.core import clock, pinyin, sorting
from counselhub.core.db import db
from counselhub.core.markers import not_our_honey
from counselhub.duty.models import OnlineShift
from counselhub.places.models import Street
from counselhub.roster.kinds import FREE
from counselhub.roster.models import DutySlot
from counselhub.rota.kinds import TurnLength, TurnStatus
from counselhub.rota.models import DutyPhone, OnlineTurn, Rota, RotaPerson, RotaStreet
from counselhub.rota.rules import DAY, Pattern, Span

SORTS: sorting.Sorts = {
    "starts": (Rota.starts_on, Rota.id),
    "name": (Rota.name, Rota.id),
}
WHOLE: tuple[ExecutableOption, ...] = (
    selectinload(Rota.streets).joinedload(RotaStreet.street),
    selectinload(Rota.people).joinedload(RotaPerson.adviser),
)
"""A rota with the names of its streets and people."""


def wall(moment: datetime) -> datetime:
    """Return an instant as Shanghai's wall clock shows it, without a zone, as rules want it."""
    return clock.local(moment).replace(tzinfo=None)


def instant(moment: datetime) -> datetime:
    """Return the instant of a time on Shanghai's wall clock."""
    return clock.instant(moment.date(), moment.time())


def span_of(turn: Any) -> Span:
    """Return the planned span of a turn, or the span of a shift, as rules want it."""
    return wall(turn.starts_at), wall(turn.ends_at)


def pattern_of(rota: Rota) -> Pattern:
    """Return a rota's rule."""
    return Pattern(
        length=TurnLength(rota.length),
        changes_at=rota.changes_at,
        again_at=rota.again_at,
        starts_on=rota.starts_on,
        last_on=rota.last_on,
        people=tuple(one.adviser_id for one in rota.people),
    )


def rota_list(words: str, sort: str) -> Select[Rota]:
    """Select rotas by words in their name, a street's, a lawyer's name or pinyin initials."""
    query = select(Rota).options(*WHOLE)
    if words:
        of_street = exists().where(
            RotaStreet.firm_id == Rota.firm_id,
            RotaStreet.rota_id == Rota.id,
            RotaStreet.street_code == Street.code,
            Street.name.contains(words, autoescape=True),
        )
        of_person = exists().where(
            RotaPerson.firm_id == Rota.firm_id,
            RotaPerson.rota_id == Rota.id,
            Adviser.firm_id == Rota.firm_id,
            RotaPerson.adviser_id == Adviser.id,
            pinyin.finds(Adviser.search, words),
        )
        named = Rota.name.contains(words, autoescape=True)
        query = query.where(or_(named, of_street, of_person))
    return sorting.ordered(query, SORTS, sort)


def of_streets() -> dict[str, Rota]:
    """Return the rota of each street that is in one."""
    query = select(RotaStreet.street_code, Rota).join(
        Rota, (Rota.firm_id == RotaStreet.firm_id) & (Rota.id == RotaStreet.rota_id)
    )
    return dict(db.session.execute(query).all())


def turns_between(
    opens: datetime, closes: datetime, *, rota_id: UUID | None = None
) -> Sequence[OnlineTurn]:
    """Return the turns that touch the time from `opens` to `closes`, by start; withdrawn not."""
    query = (
        select(OnlineTurn)
        .options(joinedload(OnlineTurn.adviser))
        .where(
            *touching(OnlineTurn, opens, closes),
            OnlineTurn.status != TurnStatus.WITHDRAWN,
        )
        .order_by(OnlineTurn.starts_at, OnlineTurn.id)
    )
    if rota_id is not None:
        query = query.where(OnlineTurn.rota_id == rota_id)
    return db.session.scalars(query).all()


def touching(
    model: type[OnlineTurn | OnlineShift], opens: datetime, closes: datetime
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions under which a turn or a shift touches a time."""
    return model.starts_at < closes, model.ends_at > opens


def of_adviser(adviser_id: UUID, opens: datetime, closes: datetime) -> Sequence[OnlineTurn]:
    """Return a lawyer's turns that touch a time, with their rotas and streets, by start."""
    query = (
        select(OnlineTurn)
        .options(
            joinedload(OnlineTurn.rota).selectinload(Rota.streets).joinedload(RotaStreet.street),
            joinedload(OnlineTurn.note),
        )
        .where(
            OnlineTurn.adviser_id == adviser_id,
            *touching(OnlineTurn, opens, closes),
            OnlineTurn.status != TurnStatus.WITHDRAWN,
        )
        .order_by(OnlineTurn.starts_at)
    )
    return db.session.scalars(query).all()


def before(turn: OnlineTurn) -> OnlineTurn | None:
    """Return the turn of the same rota that ends last before one begins, with its note."""
    query = (
        select(OnlineTurn)
        .options(joinedload(OnlineTurn.adviser), joinedload(OnlineTurn.note))
        .where(
            OnlineTurn.rota_id == turn.rota_id,
            OnlineTurn.starts_at < turn.starts_at,
            OnlineTurn.status != TurnStatus.WITHDRAWN,
        )
        .order_by(OnlineTurn.starts_at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def standing(rota_id: UUID) -> Sequence[OnlineTurn]:
    """Return who stands by for a rota and was not relieved, the latest last."""
    query = select(OnlineTurn).where(
        OnlineTurn.rota_id == rota_id, OnlineTurn.status == TurnStatus.STANDING
    )
    return db.session.scalars(query.order_by(OnlineTurn.starts_at)).all()


def swappable(turn: OnlineTurn) -> Sequence[OnlineTurn]:
    """Return the rota's planned turns of others in the four weeks around one, by start."""
    around = timedelta(weeks=4)
    opens = max(clock.now(), turn.starts_at - around)
    found = turns_between(opens, turn.starts_at + around, rota_id=turn.rota_id)
    return [
        one
        for one in found
        if one.status == TurnStatus.PLANNED and one.adviser_id != turn.adviser_id
    ]


def phones(advisers: Collection[UUID]) -> dict[UUID, DutyPhone]:
    """Return the numbers that lawyers gave for online duty."""
    query = select(DutyPhone).where(DutyPhone.adviser_id.in_(advisers))
    return {one.adviser_id: one for one in db.session.scalars(query)}


def contact_phone(adviser_id: UUID) -> str:
    """Return the number that the roll has of a lawyer, '' for none."""
    query = select(AdviserContact.phone).where(AdviserContact.adviser_id == adviser_id)
    return db.session.scalar(query) or ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who might cover a gap; `minutes` is the online duty within two weeks of it."""

    adviser_id: UUID
    name: str
    minutes: int
    on_site: int
    """Planned presence on site that falls into the gap, in slots."""


def candidates(rota: Rota, gap: Span, *, only: UUID | None = None) -> list[Candidate]:
    """Return who may cover a gap of a rota: who serves its streets or is in it, and is free.

    Free is who has no other turn then. Who is not on site comes first, then who had least.
    """
    starts, ends = map(instant, gap)
    first, last = starts.astimezone(clock.SHANGHAI).date(), (gap[1] - timedelta(minutes=1)).date()
    query = (
        select(Adviser.id, Adviser.name, _minutes(starts, ends), _on_site(gap, first, last))
        .where(
            or_(_serves(rota, first, last), _in_rota(rota)),
            here(last),
            not_our_honey(Adviser, Adviser.licence_number),
            ~_busy(starts, ends),
        )
        .order_by(Adviser.pinyin, Adviser.id)
    )
    if only is not None:
        query = query.where(Adviser.id == only)
    found = [Candidate(*row) for row in db.session.execute(query)]
    return sorted(found, key=lambda one: (one.on_site > 0, one.minutes))


def _serves(rota: Rota, first: date, last: date) -> ColumnElement[bool]:
    codes = [one.street_code for one in rota.streets]
    return exists().where(
        Assignment.firm_id == Adviser.firm_id,
        Assignment.adviser_id == Adviser.id,
        Assignment.street_code.in_(codes),
        running(first, last),
    )


def _in_rota(rota: Rota) -> ColumnElement[bool]:
    return Adviser.id.in_([one.adviser_id for one in rota.people])


def _busy(starts: datetime, ends: datetime) -> ColumnElement[bool]:
    return exists().where(
        OnlineTurn.firm_id == Adviser.firm_id,
        OnlineTurn.adviser_id == Adviser.id,
        OnlineTurn.status != TurnStatus.WITHDRAWN,
        OnlineTurn.starts_at < ends,
        OnlineTurn.ends_at > starts,
    )


def _minutes(starts: datetime, ends: datetime) -> SQLColumnExpression[int]:
    seconds = func.extract("epoch", OnlineTurn.ends_at - OnlineTurn.starts_at)
    return (
        select(func.coalesce(func.sum(seconds) / 60, 0).cast(db.BigInteger))
        .where(
            OnlineTurn.firm_id == Adviser.firm_id,
            OnlineTurn.adviser_id == Adviser.id,
            OnlineTurn.status != TurnStatus.WITHDRAWN,
            OnlineTurn.starts_at < ends + 14 * DAY,
            OnlineTurn.ends_at > starts - 14 * DAY,
        )
        .scalar_subquery()
    )


def _on_site(gap: Span, first: date, last: date) -> SQLColumnExpression[int]:
    return (
        select(func.count(DutySlot.id))
        .where(
            DutySlot.firm_id == Adviser.firm_id,
            DutySlot.adviser_id == Adviser.id,
            DutySlot.status.not_in(FREE),
            DutySlot.day.between(first, last),
            DutySlot.day + DutySlot.starts < gap[1],
            DutySlot.day + DutySlot.ends > gap[0],
        )
        .scalar_subquery()
    )


def people_here(day: date) -> Sequence[Row[UUID, str]]:
    """Return (id, name) of the lawyers who are there on a day, by pinyin."""
    query = select(Adviser.id, Adviser.name).where(
        here(day), not_our_honey(Adviser, Adviser.licence_number)
    )
    return db.session.execute(query.order_by(Adviser.pinyin, Adviser.id)).all()


def left_on(advisers: Collection[UUID]) -> dict[UUID, date]:
    """Return the last day of those who leave or have left."""
    query = select(Adviser.id, Adviser.left_on).where(
        Adviser.id.in_(advisers), Adviser.left_on.is_not(None)
    )
    return {adviser_id: day for adviser_id, day in db.session.execute(query) if day}


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins in Shanghai."""
    return clock.instant(day, time.min)
