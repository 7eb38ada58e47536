"""The figures of a month, of whatever they are summed over. Pure; times are whole minutes."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

from counselhub.roster.kinds import SlotStatus
from counselhub.statements.rules.standing import Standing


@dataclass(slots=True, kw_only=True)
class Figures:
    """Sums that add up. places: communities that owe something, each under each contract.

    counted_*: what counts by the scheme (M3); minutes: of all that was signed in and out. missing_*
    are summed over places, so that what one has too much never fills another's gap. Slots stand
    under the codes of SlotStatus; late ones came after the grace.
    """

    places: int = 0
    met: int = 0
    required_minutes: int = 0
    required_visits: int = 0
    counted_minutes: int = 0
    counted_visits: int = 0
    missing_minutes: int = 0
    missing_visits: int = 0
    sessions: int = 0
    minutes: int = 0
    untold: int = 0
    stood_in: int = 0
    grade_a: int = 0
    grade_b: int = 0
    grade_c: int = 0
    grade_d: int = 0
    planned: int = 0
    done: int = 0
    short: int = 0
    missed: int = 0
    excused: int = 0
    substituted: int = 0
    planned_minutes: int = 0
    late: int = 0
    late_minutes: int = 0

    def add(self, other: Any, names: Iterable[str] = ()) -> None:
        """Add another's figures, or those of a row that has columns of these names."""
        for name in names or NAMES:
            setattr(self, name, getattr(self, name) + int(getattr(other, name)))

    def owe(self, standing: Standing) -> None:
        """Add what a community is required and has."""
        owed, present = standing.owed, standing.present
        self.places += 1
        self.met += standing.is_met
        self.required_minutes += owed.minutes
        self.required_visits += owed.visits
        self.counted_minutes += present.minutes
        self.counted_visits += present.visits
        self.missing_minutes += standing.missing_minutes
        self.missing_visits += standing.missing_visits

    def prove(self, grade: str, sessions: int) -> None:
        """Add sessions of one grade."""
        name = f"grade_{grade.lower()}"
        setattr(self, name, getattr(self, name) + sessions)

    @property
    def slots(self) -> int:
        """How many slots there were, without those that were called off."""
        return sum(int(getattr(self, one.value)) for one in SlotStatus) - self.excused

    @property
    def grades(self) -> dict[str, int]:
        """How many sessions have each grade, the best first."""
        return {"A": self.grade_a, "B": self.grade_b, "C": self.grade_c, "D": self.grade_d}

    @property
    def is_behind(self) -> bool:
        """Whether something required is missing: by the scheme, else by what was planned."""
        if self.places:
            return self.met < self.places
        return self.minutes < self.planned_minutes

    @property
    def is_unproven(self) -> bool:
        """Whether a session has no evidence (D), or nothing at all tells of what was required."""
        wanted = self.required_minutes or self.required_visits or self.slots
        return bool(self.grade_d or (wanted and not self.sessions))

    @property
    def is_absent(self) -> bool:
        """Whether somebody was missed, or left too early."""
        return bool(self.missed or self.short)

    @property
    def percent(self) -> int | None:
        """What counts of what is required, in whole per cent up to 100; None without a wish.

        Minutes where they are required, else visits, else what was planned.
        """
        for owed, missing in (
            (self.required_minutes, self.missing_minutes),
            (self.required_visits, self.missing_visits),
            (self.planned_minutes, max(0, self.planned_minutes - self.minutes)),
        ):
            if owed:
                return (owed - missing) * 100 // owed
        return None

    @classmethod
    def of(cls, several: Iterable[Self]) -> Self:
        """Return the sum of several."""
        total = cls()
        for one in several:
            total.add(one)
        return total


NAMES = tuple(one.name for one in fields(Figures))
OF_SESSIONS = ("sessions", "minutes", "untold", "stood_in")
OF_SLOTS = (*(one.value for one in SlotStatus), "planned_minutes", "late", "late_minutes")
