"""Write what became of slots; whoever knows the sessions of a day brings them.

Layers stand so that duty knows the roster: `duty/settling.py` gathers sessions and calls this.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import FrozenError
from counselhub.core.members import Member
from counselhub.roster import term_queries
from counselhub.roster.gather import minute
from counselhub.roster.kinds import BY_OUTCOME, SLOT_FLOW, SlotStatus
from counselhub.roster.making import TWO_PLACES
from counselhub.roster.models import TOLERANCE_MINUTES, DutySlot, DutyTerm
from counselhub.roster.outcomes import Came, Outcome, Plan, outcomes
from counselhub.roster.quotas import stands
from counselhub.roster.working_days import Calendar

Held = tuple[DutySlot, int | None]
"""A slot and the weekday that its term is agreed for."""
Place = tuple[str, date]
"""A community on a day."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many slots were judged anew, stayed, fell on a day off, or lie in a closed month."""

    changed: int = 0
    same: int = 0
    off: int = 0
    closed: int = 0

    def __add__(self, other: "Settled") -> "Settled":
        return Settled(
            self.changed + other.changed,
            self.same + other.same,
            self.off + other.off,
            self.closed + other.closed,
        )


def slots(*conditions: object) -> list[Held]:
    """Return the slots that sessions decide, with the weekday of their terms; one statement."""
    query: Select[DutySlot, int | None] = (
        select(DutySlot, DutyTerm.weekday)
        .outerjoin(
            DutyTerm, (DutyTerm.firm_id == DutySlot.firm_id) & (DutyTerm.id == DutySlot.term_id)
        )
        .where(DutySlot.status != SlotStatus.EXCUSED, *conditions)  # type: ignore[arg-type]  # clauses
        .order_by(DutySlot.day, DutySlot.community_code, DutySlot.id)
    )
    return [(slot, weekday) for slot, weekday in db.session.execute(query)]


def tolerance_minutes() -> int:
    """Return what a slot of the firm may lack and still be done; one statement."""
    rule = term_queries.rule()
    return rule.tolerance_minutes if rule else TOLERANCE_MINUTES


def settle(
    held: Sequence[Held],
    came: Mapping[Place, Sequence[Came]],
    calendar: Calendar,
    *,
    by: Member,
) -> Settled:
    """Write the outcome of whole days: all slots of a community and day, and all who came.

    The same sessions change nothing. A slot on a day that is off, to which nobody came, stays
    planned; what a closed month holds stays as it is.
    """
    tolerance, total = tolerance_minutes(), Settled()
    for place, group in _by_place(held).items():
        found = outcomes(
            [_plan(slot) for slot, _weekday in group],
            came.get(place, ()),
            tolerance_minutes=tolerance,
            is_over=place[1] < clock.today(),
        )
        for slot, weekday in group:
            outcome = found[slot.id]
            is_off = not slot.stands_off and not stands(slot.day, weekday, calendar)
            if is_off and outcome.status == SlotStatus.MISSED:
                outcome = Outcome(SlotStatus.PLANNED)
                total += Settled(off=1)
            total += _written(slot, outcome, by)
    return total


def _by_place(held: Iterable[Held]) -> dict[Place, list[Held]]:
    found: dict[Place, list[Held]] = {}
    for slot, weekday in held:
        found.setdefault((slot.community_code, slot.day), []).append((slot, weekday))
    return found


def _plan(slot: DutySlot) -> Plan:
    return Plan(
        slot.id, slot.adviser_id, slot.substitute_id, minute(slot.starts), minute(slot.ends)
    )


def _written(slot: DutySlot, outcome: Outcome, by: Member) -> Settled:
    """Write one outcome in a savepoint of its own."""
    if _told(slot) == outcome:
        return Settled(same=1)
    try:
        with guarded():
            _write(slot, outcome, by)
    except FrozenError:
        return Settled(closed=1)
    except IntegrityError as error:  # its time was given to another slot since it was judged
        if constraint_of(error) != TWO_PLACES:
            raise
        return Settled(same=1)
    return Settled(changed=1)


def _told(slot: DutySlot) -> Outcome:
    came: UUID | None = slot.came_id
    return Outcome(
        SlotStatus(slot.status), slot.present_minutes, slot.late_minutes, slot.early_minutes, came
    )


def _write(slot: DutySlot, outcome: Outcome, by: Member) -> None:
    slot.present_minutes, slot.came_id = outcome.present_minutes, outcome.came_id
    slot.late_minutes, slot.early_minutes = outcome.late_minutes, outcome.early_minutes
    place = slot.street_code
    if slot.status == outcome.status:
        history.record(slot, "remeasure", by=by, street_code=place)
        return
    history.advance(slot, SLOT_FLOW, BY_OUTCOME[outcome.status], by=by, street_code=place)
