"""Who answers now, street by street, and which hours of the coming fortnight nobody has."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, SQLColumnExpression, and_, literal, select, union_all

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.duty import shift_queries
from counselhub.duty.models import OnlineShift
from counselhub.rota import queries, rules
from counselhub.rota.kinds import TurnStatus
from counselhub.rota.models import DutyPhone, OnlineTurn, Rota, RotaStreet
from counselhub.rota.queries import span_of, wall
from counselhub.rota.rules import DAY, Span

DAYS_AHEAD = 14
MANY_TURNS = 3
"""A gap of more turns than these is filled by making turns, not by covering one after another."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers a street's calls at one moment; turn and adviser are None when nobody does."""

    street: Any
    rota: Rota | None
    adviser: Any
    until: datetime | None
    is_taken: bool
    """Whether the one who answers has taken over; a plan alone is only a plan."""
    is_late: bool
    """Whether somebody is planned, and has not come while the one before still answers."""
    next: OnlineTurn | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that nobody has; `parts` are what one person covers of it, one turn each."""

    starts: datetime
    ends: datetime
    before: OnlineTurn | None
    after: OnlineTurn | None
    parts: Sequence[Span]

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends - self.starts).total_seconds() // 60)

    @property
    def is_long(self) -> bool:
        """Whether making turns is the way to fill it."""
        return len(self.parts) > MANY_TURNS


@dataclass(frozen=True, slots=True)
class Outlook:
    """The coming fortnight of a rota, or of a street that is in none. late: not taken over."""

    rota: Rota | None
    streets: Sequence[Any]
    gaps: Sequence[Gap]
    late: Sequence[OnlineTurn]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the pages of now and of gaps show, read at one moment."""

    now: datetime
    """On Shanghai's wall clock."""
    streets: Sequence[Any]
    rotas: dict[str, Rota]
    turns: Sequence[OnlineTurn]
    shifts: Sequence[OnlineShift]
    phones: dict[Any, DutyPhone]

    def answers(self) -> list[Answer]:
        """Return who answers each street now, by street."""
        return [self._answer(street) for street in self.streets]

    def _answer(self, street: Any) -> Answer:
        rota = self.rotas.get(street.code)
        turns = [one for one in self.turns if rota is not None and one.rota_id == rota.id]
        shifts = [one for one in self.shifts if one.street_code == street.code]
        following = next((one for one in turns if span_of(one)[0] > self.now), None)
        planned = rules.nearest(turns, span_of, self.now)
        held: OnlineShift | OnlineTurn | None = rules.nearest(shifts, span_of, self.now)
        if held is None:
            held = next(filter(self._holds_on, reversed(turns)), None)
        is_late = planned is not None and planned.status == TurnStatus.PLANNED
        shown = held or planned
        return Answer(
            street=street,
            rota=rota,
            adviser=shown.adviser if shown else None,
            until=shown.ends_at if shown else None,
            is_taken=held is not None,
            is_late=is_late,
            next=planned if is_late and held is not None else following,
        )

    def _holds_on(self, turn: OnlineTurn) -> bool:
        """Tell whether somebody was not relieved and still answers."""
        starts, ends = span_of(turn)
        taken = turn.status == TurnStatus.STANDING and starts - rules.EARLIEST <= self.now
        return taken and rules.still_answers(ends, self.now)

    def public_phone(self, answer: Answer) -> tuple[str, str]:
        """Return (name, number) that a community is shown: the lawyer's own where he agreed.

        Otherwise no name and the number of the firm's desk; both empty where no rota is.
        """
        own = self.phones.get(answer.adviser.id) if answer.adviser else None
        if own is not None and own.is_public:
            return answer.adviser.name, own.phone
        return "", answer.rota.desk_phone if answer.rota else ""

    def outlooks(self) -> list[Outlook]:
        """Return the fortnight of every rota, and of each street in none, by street."""
        found: dict[Any, list[Any]] = {}
        for street in self.streets:
            rota = self.rotas.get(street.code)
            found.setdefault(rota.id if rota else street.code, []).append(street)
        return [self._outlook(streets) for streets in found.values()]

    def _outlook(self, streets: Sequence[Any]) -> Outlook:
        rota = self.rotas.get(streets[0].code)
        window = _window(self.now)
        turns = [one for one in self.turns if rota is not None and one.rota_id == rota.id]
        planned = [span_of(one) for one in turns]
        held = [
            planned + [span_of(one) for one in self.shifts if one.street_code == street.code]
            for street in streets
        ]
        edges = _edges(rota, window)
        return Outlook(
            rota=rota,
            streets=streets,
            gaps=[_gap(one, turns, edges) for one in rules.open_spans(window, held)],
            late=[one for one in turns if _is_late(one, self.now)],
        )


def _window(now: datetime) -> Span:
    return now, datetime.combine(now.date(), datetime.min.time()) + DAYS_AHEAD * DAY


def _is_late(turn: Any, now: datetime) -> bool:
    starts, ends = span_of(turn)
    return turn.status == TurnStatus.PLANNED and starts <= now < ends


def _edges(rota: Rota | None, window: Span) -> list[datetime]:
    """Return the changes of a rota within a window, whatever its first and last day are."""
    if rota is None:
        return []
    found = []
    day = window[0].date()
    while day <= window[1].date():
        hours = (rota.changes_at, rota.again_at)
        found += [datetime.combine(day, hour) for hour in hours if hour is not None]
        day += timedelta(days=1)
    return sorted(found)


def _gap(span: Span, turns: Sequence[OnlineTurn], edges: Sequence[datetime]) -> Gap:
    starts, ends = span
    cuts = [starts, *(one for one in edges if starts < one < ends), ends]
    return Gap(
        starts=starts,
        ends=ends,
        before=next((one for one in reversed(turns) if span_of(one)[1] <= starts), None),
        after=next((one for one in turns if span_of(one)[0] >= ends), None),
        parts=list(itertools.pairwise(cuts)),
    )


def picture(street_code: str | None = None) -> Picture:
    """Return now and the coming fortnight of the firm's streets, or of one of them."""
    streets = [
        one for one in shift_queries.streets() if street_code is None or one.code == street_code
    ]
    shifts, turns = _fortnight(street_code)
    people = {one.adviser_id for one in turns} | {one.adviser_id for one in shifts}
    phones = queries.phones(people)
    now = wall(clock.to_minute(clock.now()))
    return Picture(now, streets, queries.of_streets(), turns, shifts, phones)


def _fortnight(street_code: str | None) -> tuple[Sequence[OnlineShift], Sequence[OnlineTurn]]:
    """Return the shifts and turns of the coming fortnight, and who still answers since before."""
    today = clock.today()
    last = today + timedelta(days=DAYS_AHEAD - 1)
    shifts = shift_queries.shifts_between(today, last, street_code=street_code)
    return shifts, queries.turns_between(*_bounds())


def _bounds() -> tuple[datetime, datetime]:
    """Return the instants of the coming fortnight; who was not relieved before still answers."""
    closes = queries.midnight(clock.today() + DAYS_AHEAD * DAY)
    return clock.to_minute(clock.now()) - rules.GRACE, closes


def gaps_ahead() -> int:
    """Return how many gaps and late turns the firm's rotas have; one statement."""
    now = wall(clock.to_minute(clock.now()))
    rotas: dict[Any, dict[str, list[Span]]] = {}
    late = set()
    for row in _held_between(*_bounds()):
        held = rotas.setdefault(row.rota_id, {}).setdefault(row.street_code, [])
        if row.starts_at is not None:
            held.append(span_of(row))
            late |= {row.id} if _is_late(row, now) else set()
    window = _window(now)
    return len(late) + sum(len(rules.open_spans(window, one.values())) for one in rotas.values())


def _held_between(opens: datetime, closes: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return (rota_id, street_code, id, starts_at, ends_at, status) of turns and shifts.

    One row for each street of a rota that a turn or a shift holds in the time; the last four are
    None for a street that nobody holds.
    """
    in_rota = and_(
        RotaStreet.firm_id == OnlineTurn.firm_id, RotaStreet.rota_id == OnlineTurn.rota_id
    )
    turns = (
        _spans(OnlineTurn, RotaStreet.street_code, OnlineTurn.status, opens, closes)
        .join(RotaStreet, in_rota)
        .where(OnlineTurn.status != TurnStatus.WITHDRAWN)
    )
    stands = literal(TurnStatus.STANDING)
    shifts = _spans(OnlineShift, OnlineShift.street_code, stands, opens, closes)
    held = union_all(turns, shifts).subquery()
    of_street = held.c.street_code == RotaStreet.street_code
    columns = held.c.id, held.c.starts_at, held.c.ends_at, held.c.status
    query = select(RotaStreet.rota_id, RotaStreet.street_code, *columns).outerjoin(held, of_street)
    return db.session.execute(query).all()


def _spans(
    model: type[OnlineTurn | OnlineShift],
    street: SQLColumnExpression[Any],
    status: SQLColumnExpression[Any],
    opens: datetime,
    closes: datetime,
) -> Select[*tuple[Any, ...]]:
    """Select what holds a street in a time."""
    columns: tuple[Any, ...] = model.id, model.starts_at, model.ends_at, status.label("status")
    return select(street.label("street_code"), *columns).where(
        *queries.touching(model, opens, closes)
    )


def gap_count(picture: Picture) -> int:
    """Return how many gaps and late turns stand on the page of gaps."""
    return sum(len(one.gaps) + len(one.late) for one in picture.outlooks())
