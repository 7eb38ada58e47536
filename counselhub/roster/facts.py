"""What the rules of the roster may know: frozen facts, no rows. Minutes are of the day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from counselhub.roster.kinds import OnHoliday, TermKind


@dataclass(frozen=True, slots=True)
class Ask:
    """What one term of a contract asks of one community; first and last are days in force."""

    term_id: UUID
    community: str
    first: date
    last: date
    kind: TermKind
    begins: int
    ends: int
    weekday: int | None = None
    """0 is Monday; of hours and days a month only a wish."""
    weeks: tuple[int, ...] = ()
    """Which of the month's such weekdays, counted from 1; none: all of them."""
    required_minutes: int = 0
    required_days: int = 0
    on_holiday: OnHoliday = OnHoliday.NEXT

    @property
    def street(self) -> str:
        """The street of the community: the first nine digits of its code."""
        return self.community[:9]


class Key(NamedTuple):
    """Which quota a slot fills: the `turn`-th, from 1, that a term asks of a community."""

    term_id: UUID
    community: str
    turn: int


@dataclass(frozen=True, slots=True)
class Post:
    """An adviser's days in a community, both included; `last` blank is open."""

    adviser_id: UUID
    community: str
    first: date
    last: date | None
    is_lead: bool

    def holds(self, day: date) -> bool:
        """Whether he serves there on `day`."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Place:
    """One adviser in one community on one day, from `begins` up to `ends`."""

    adviser_id: UUID
    community: str
    day: date
    begins: int
    ends: int

    @property
    def street(self) -> str:
        """The street of the community."""
        return self.community[:9]


@dataclass(frozen=True, slots=True)
class Held:
    """A slot that is there. fixed: a person moved it, it is past or no longer planned."""

    place: Place
    key: Key | None
    is_fixed: bool
    is_free: bool = False
    """Whether it takes nobody's time, as one that was cancelled."""


@dataclass(frozen=True, slots=True)
class Travel:
    """Whole minutes from one community to another."""

    same_street: int
    other_street: int

    def between(self, one: Place, other: Place) -> int:
        """Return the minutes between two places, 0 within one community."""
        if one.community == other.community:
            return 0
        return self.same_street if one.street == other.street else self.other_street


class Why(StrEnum):
    """Why a quota has no slot."""

    SKIPPED = "skipped"
    """The day is off, and the contract says that nothing is made up for."""
    NO_WORKDAY = "no_workday"
    PAST = "past"
    NO_ADVISER = "no_adviser"
    AWAY = "away"
    BUSY = "busy"
    TWICE = "twice"
    """Every day that is left has a slot of the same term already."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A quota without a slot. other: what is in the way of a busy adviser."""

    key: Key
    why: Why
    day: date | None
    begins: int
    ends: int
    other: Place | None = None
