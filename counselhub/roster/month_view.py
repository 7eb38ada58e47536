"""A month of slots as its page draws it: rows of lawyers or communities, days as columns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from counselhub.leave.rules import Absence, overlap
from counselhub.places.models import short_name
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.quotas import stands
from counselhub.roster.working_days import Calendar, DayKind, days_between

SHORT = 2
TONES: dict[str, str] = {
    SlotStatus.PLANNED: "info",
    SlotStatus.DONE: "success",
    SlotStatus.SHORT: "warning",
    SlotStatus.MISSED: "danger",
    SlotStatus.EXCUSED: "neutral",
    SlotStatus.SUBSTITUTED: "success",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One slot. other: whom or what its row does not name; is_hit: its day is off.

    is_left: who is to come is on approved leave then.
    """

    slot: Row[*tuple[Any, ...]]
    other: str
    is_hit: bool
    is_left: bool = False

    @property
    def short(self) -> str:
        """The first characters of the other name, for a narrow column."""
        return self.other[:SHORT]

    @property
    def tone(self) -> str:
        """The tone of its status; red where the day is off or nobody will come."""
        return "danger" if self.is_hit or self.is_left else TONES[self.slot.status]


@dataclass(frozen=True, slots=True)
class Line:
    """One lawyer or community with the month's slots in the order of time."""

    key: str
    name: str
    cells: Sequence[Cell]

    @property
    def minutes(self) -> int:
        """Return the planned minutes, without what was called off."""
        return sum(_minutes(cell.slot) for cell in self._counted())

    @property
    def others(self) -> int:
        """Return how many communities (or lawyers) it has in the month."""
        return len({cell.other for cell in self._counted()})

    @property
    def count(self) -> int:
        """Return how many slots count."""
        return len(list(self._counted()))

    def _counted(self) -> Iterable[Cell]:
        return (cell for cell in self.cells if cell.slot.status != SlotStatus.EXCUSED)


def _minutes(slot: Row[*tuple[Any, ...]]) -> int:
    span: timedelta = datetime.combine(slot.day, slot.ends) - datetime.combine(
        slot.day, slot.starts
    )
    return int(span.total_seconds() // 60)


def lines(
    slots: Sequence[Row[*tuple[Any, ...]]],
    by: str,
    calendar: Calendar,
    away: Iterable[tuple[UUID, Absence]] = (),
) -> list[Line]:
    """Arrange slots, which come row by row, by `adviser` or `community`.

    away: who is on approved leave when.
    """
    result = []
    leave: defaultdict[UUID, list[Absence]] = defaultdict(list)
    for who, absence in away:
        leave[who].append(absence)
    column = "community_code" if by == "community" else "adviser_id"
    for key, group in groupby(slots, key=lambda slot: getattr(slot, column)):
        own = list(group)
        first = own[0]
        name = short_name(first.community) if by == "community" else first.adviser
        cells = [
            Cell(
                slot,
                slot.adviser if by == "community" else short_name(slot.community),
                is_hit(slot, calendar),
                _is_left(slot, leave),
            )
            for slot in own
        ]
        result.append(Line(str(key), name, cells))
    return result


def _is_left(slot: Any, leave: Mapping[UUID, Sequence[Absence]]) -> bool:
    own = leave.get(slot.substitute_id or slot.adviser_id, ())
    if slot.status != SlotStatus.PLANNED or not own:
        return False
    planned = Absence(slot.day, slot.day, slot.starts, slot.ends)
    return any(overlap(planned, absence) for absence in own)


def is_hit(slot: Any, calendar: Calendar) -> bool:
    """Whether a planned slot lies on a day that is off, and nobody has said that it stands."""
    if slot.status != SlotStatus.PLANNED or slot.stands_off:
        return False
    return not stands(slot.day, slot.weekday, calendar)


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the month, as the head of the page shows it."""

    day: date
    is_off: bool
    is_made_up: bool


def columns(first: date, last: date, calendar: Calendar) -> list[Column]:
    """Return the days of a month."""
    return [
        Column(day, not calendar.is_worked(day), calendar.kind(day) is DayKind.MAKEUP)
        for day in days_between(first, last)
    ]
