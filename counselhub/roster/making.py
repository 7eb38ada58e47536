"""Make a month's roster: look at what it would be, then store exactly that."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from counselhub.assignments.rules import COMFORTABLE_COMMUNITIES
from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.roster.facts import Key, Missing, Place
from counselhub.roster.gather import Gathered, clock_time, gathered, place_of
from counselhub.roster.models import DutySlot, RosterMonth
from counselhub.roster.rules import loads, roster
from counselhub.roster.wording import BENIGN

TWO_PLACES = "ex_duty_slot_two_places"
SAME_QUOTA = "uq_duty_slot_firm_id_term_id_community_code_month_turn"


@dataclass(frozen=True, slots=True)
class Preview:
    """What making a month would do. kept: what a person moved, what is past or settled."""

    month: date
    made: Mapping[Key, Place]
    changed: Sequence[tuple[DutySlot, Place]]
    dropped: Sequence[DutySlot]
    kept: int
    same: int
    missing: Sequence[Missing]
    overloaded: Sequence[tuple[str, int]]
    """(name, communities) of advisers above the limit: told, never refused."""
    known: Gathered

    @property
    def is_change(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.made or self.changed or self.dropped)

    @property
    def gaps(self) -> list[Missing]:
        """Return the quotas that somebody has to do something about."""
        return [one for one in self.missing if one.why not in BENIGN]

    @property
    def skipped(self) -> int:
        """Return how many quotas fall to a holiday or the past, as they should."""
        return len(self.missing) - len(self.gaps)

    @property
    def digest(self) -> str:
        """Return what tells this preview from any other."""
        changed = sorted((str(slot.id), slot.revision, str(place)) for slot, place in self.changed)
        dropped = sorted((str(slot.id), slot.revision) for slot in self.dropped)
        made = sorted((str(key), str(place)) for key, place in self.made.items())
        words = repr((self.month, made, changed, dropped))
        return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()


def preview(month: date) -> Preview:
    """Return what making `month` (its first day) now would do; writes nothing."""
    known = gathered(month)
    found = roster(known.facts)
    fixed = [one for one in known.facts.held if one.is_fixed]
    settled = {one.key for one in fixed}
    movable = {key: slot for key, slot in known.slots.items() if key not in settled}
    changed = [
        (slot, found.slots[key])
        for key, slot in movable.items()
        if key in found.slots and place_of(slot) != found.slots[key]
    ]
    dropped = [slot for key, slot in movable.items() if key not in found.slots]
    busy = loads([*found.slots.values(), *(one.place for one in fixed)])
    over = [
        (known.advisers[one].name, count)
        for one, count in busy.items()
        if count > COMFORTABLE_COMMUNITIES
    ]
    return Preview(
        month=month,
        made={key: place for key, place in found.slots.items() if key not in known.slots},
        changed=changed,
        dropped=dropped,
        kept=len(fixed),
        same=len(movable) - len(changed) - len(dropped),
        missing=found.missing,
        overloaded=sorted(over, key=lambda one: (-one[1], one[0])),
        known=known,
    )


def make(month: date, digest: str, *, by: Member) -> Preview:
    """Store what was previewed. Raises ConflictError when it would not be the same any more."""
    plan = preview(month)
    if plan.digest != digest:
        raise ConflictError(_("预览之后约定、指派或班次有变动，下面是重新算出的结果，请再确认。"))
    try:
        with guarded():
            _store(plan)
    except IntegrityError as error:
        if constraint_of(error) not in (TWO_PLACES, SAME_QUOTA):
            raise
        raise ConflictError(_("别人正在改同一个月的排班，请重新预览后再保存。")) from error
    row = _month_row(plan)
    history.record(
        row,
        "make_roster",
        by=by,
        made=len(plan.made),
        changed=len(plan.changed),
        dropped=len(plan.dropped),
        kept=plan.kept,
        gaps=len(plan.gaps),
    )
    return plan


def _store(plan: Preview) -> None:
    """Write the slots; that nobody is in two places is asked when all of them are written."""
    db.session.execute(text(f"SET CONSTRAINTS {TWO_PLACES} DEFERRED"))
    if plan.dropped:
        gone = [slot.id for slot in plan.dropped]
        db.session.execute(delete(DutySlot).where(DutySlot.id.in_(gone)))
    for slot, place in plan.changed:
        slot.adviser_id, slot.day = place.adviser_id, place.day
        slot.starts, slot.ends = clock_time(place.begins), clock_time(place.ends)
    db.session.flush()
    if plan.made:
        db.session.execute(insert(DutySlot), [_values(plan, *one) for one in plan.made.items()])
    db.session.execute(text(f"SET CONSTRAINTS {TWO_PLACES} IMMEDIATE"))


def _values(plan: Preview, key: Key, place: Place) -> dict[str, object]:
    return {
        "id": uuid7(),
        "term_id": key.term_id,
        "turn": key.turn,
        "month": plan.month,
        "community_code": place.community,
        "street_code": place.street,
        "adviser_id": place.adviser_id,
        "day": place.day,
        "starts": clock_time(place.begins),
        "ends": clock_time(place.ends),
    }


def _month_row(plan: Preview) -> RosterMonth:
    row = db.session.scalar(select(RosterMonth).where(RosterMonth.month == plan.month))
    if row is None:
        row = RosterMonth(month=plan.month, seed=plan.known.facts.seed, made_at=clock.now())
        db.session.add(row)
    else:
        row.made_at = clock.now()
        flag_modified(row, "made_at")
    db.session.flush()
    return row
