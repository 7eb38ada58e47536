"""How far is a pairing, when does it want renewal, what becomes of a resource? Pure.

PAIR-1: a planned activity is done when an activity names it; until its month is over it is due or
    coming, after that it is late.
PAIR-2: the percentage is done over planned, whole per cents rounded down; 100 only when all is
    done. Nothing planned is no percentage.
PAIR-3: renewal is asked for from `notice_days` before the last day on, the last day included, while
    no newer agreement continues this one.
PAIR-4: a resource serves several needs: it is matched while one of its projects runs, done when the
    last of them was finished, offered when all were dropped.
PAIR-5: an agreement that comes from a file is active up to its last day, ended after it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from counselhub.pairings.kinds import ItemStatus, PairingStatus, ProjectStatus

ONE_DAY = timedelta(days=1)
YEARS = range(2000, 2100)
"""Years that a plan may be written for."""


class PlanState(StrEnum):
    """How a planned activity stands on a day (PAIR-1)."""

    DONE = "done"
    LATE = "late"
    DUE = "due"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned activity; month: 1 to 12."""

    id: UUID
    year: int
    month: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Held:
    """An activity that took place; plan_id: the planned one it names, if any."""

    plan_id: UUID | None
    year: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A year against its plan; minutes are whole minutes."""

    planned: int
    done: int
    late: int
    held: int
    planned_minutes: int
    held_minutes: int

    @property
    def percent(self) -> int | None:
        """Whole per cents of the plan that are done (PAIR-2), None when nothing is planned."""
        return self.done * 100 // self.planned if self.planned else None


def state_of(planned: Planned, done: Collection[UUID], today: date) -> PlanState:
    """Return how a planned activity stands (PAIR-1). done: the planned ones that took place."""
    if planned.id in done:
        return PlanState.DONE
    now, then = (today.year, today.month), (planned.year, planned.month)
    if then < now:
        return PlanState.LATE
    return PlanState.DUE if then == now else PlanState.COMING


def done_of(held: Iterable[Held]) -> set[UUID]:
    """Return the planned activities that took place, in whatever year."""
    return {one.plan_id for one in held if one.plan_id is not None}


def progress(year: int, plan: Sequence[Planned], held: Sequence[Held], today: date) -> Progress:
    """Return how a year stands; plan: that year's of one pairing.

    held: the pairing's, also of other years: one that was made up for in January is done.
    """
    done = done_of(held)
    states = [state_of(one, done, today) for one in plan]
    held = [one for one in held if one.year == year]
    return Progress(
        planned=len(plan),
        done=states.count(PlanState.DONE),
        late=states.count(PlanState.LATE),
        held=len(held),
        planned_minutes=sum(one.minutes for one in plan),
        held_minutes=sum(one.minutes for one in held),
    )


def wants_renewal(
    last_on: date | None, today: date, notice_days: int, *, is_continued: bool
) -> bool:
    """Say whether an agreement in force asks for renewal (PAIR-3); last_on None: it has no end."""
    if last_on is None or is_continued:
        return False
    return last_on - timedelta(days=notice_days) <= today <= last_on


def resource_status(projects: Collection[str]) -> ItemStatus:
    """Return where a resource stands by the states of all its projects (PAIR-4)."""
    if ProjectStatus.RUNNING in projects:
        return ItemStatus.MATCHED
    return ItemStatus.DONE if ProjectStatus.DONE in projects else ItemStatus.OFFERED


def status_by_dates(last_on: date | None, today: date) -> PairingStatus:
    """Return the state of an agreement that comes from a file (PAIR-5)."""
    is_over = last_on is not None and last_on < today
    return PairingStatus.ENDED if is_over else PairingStatus.ACTIVE


def renewal(first: date, last: date | None) -> tuple[date, date | None]:
    """Return the days of the agreement that follows: as many years, else as many days."""
    if last is None:
        return first, None
    start = last + ONE_DAY
    years = start.year - first.year
    if years and (start.month, start.day) == (first.month, first.day):
        return start, date(start.year + years, start.month, start.day) - ONE_DAY
    return start, start + (last - first)
