"""Another lawyer comes: the change of assignments, the coming duty, and the pack, in one act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments import actions as assigning
from counselhub.assignments.kinds import EndCause
from counselhub.assignments.models import Assignment
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import DomainError, RefusedError
from counselhub.core.members import Member
from counselhub.handovers import sources
from counselhub.handovers.kinds import LineKind
from counselhub.handovers.models import HandoverLine, HandoverPack
from counselhub.handovers.rules import Draft
from counselhub.handovers.sources import Leaving
from counselhub.roster import slot_actions
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.roster.slot_actions import Target


@dataclass(frozen=True, slots=True)
class Change:
    """How the hands change. starts_on: the successor's first day, ends_on his last or None."""

    cause: EndCause
    starts_on: date
    ends_on: date | None = None
    reason: str = ""
    moves_duty: bool = True
    """Whether the coming slots go to the successor, where they can."""


@dataclass(frozen=True, slots=True)
class Went:
    """How one coming slot went: whether it is the successor's now, and its line of the pack."""

    is_moved: bool
    draft: Draft


def replace(old: Assignment, adviser: Adviser, change: Change, *, by: Member) -> HandoverPack:
    """End one assignment, begin another the day after, and make the pack of what is handed over.

    Raises what `assignments.actions.replace` raises, RefusedError for the same lawyer or an other
    cause without words; then nothing has changed.
    """
    with db.session.begin_nested():
        new, duty = tried(old, adviser, change, by=by)
        return _pack(old, new, change, [went.draft for went in duty], by=by)


def tried(
    old: Assignment, adviser: Adviser, change: Change, *, by: Member
) -> tuple[Assignment, list[Went]]:
    """Replace the assignment and move its duty, without a pack. Raises as `replace`."""
    _refuse_unfit(old, adviser, change)
    new = assigning.replace(
        old,
        adviser,
        change.starts_on,
        change.ends_on,
        reason=change.reason or change.cause.word,
        cause=change.cause,
        by=by,
    )
    slots = _coming(old, change)
    if not change.moves_duty:
        return new, [Went(False, _left(slot)) for slot in slots]
    return new, [_moved(slot, adviser.id, by) for slot in slots]


def _refuse_unfit(old: Assignment, adviser: Adviser, change: Change) -> None:
    if adviser.id == old.adviser_id:
        raise RefusedError(_("接任的和现任的是同一位律师，请另选一位。"))
    if change.cause is EndCause.OTHER and not change.reason:
        raise RefusedError(_("原因选“其他”时，请用一句话写明。"), at="reason")


def _coming(old: Assignment, change: Change) -> Sequence[DutySlot]:
    """Return the slots of the one who leaves that are planned for the successor's days."""
    query = select(DutySlot).where(
        DutySlot.adviser_id == old.adviser_id,
        DutySlot.community_code == old.community_code,
        DutySlot.status == SlotStatus.PLANNED,
        DutySlot.day >= max(change.starts_on, clock.today()),
    )
    if change.ends_on:
        query = query.where(DutySlot.day <= change.ends_on)
    query = query.options(joinedload(DutySlot.community), joinedload(DutySlot.substitute))
    return db.session.scalars(query.order_by(DutySlot.day, DutySlot.starts)).all()


def _moved(slot: DutySlot, to_id: UUID, by: Member) -> Went:
    """Move a slot to the successor; what is in the way is told in its line."""
    target = Target(to_id, slot.day, slot.starts, slot.ends)
    try:
        slot_actions.move(slot, target, revision=None, by=by)
    except DomainError as refusal:
        return Went(False, _left(slot, refusal.message))
    words = f"{_when(slot)}值班，已转给接任律师"
    return Went(True, Draft(LineKind.DUTY, words, slot.day, slot.id))


def _left(slot: DutySlot, why: str = "") -> Draft:
    words = f"{_when(slot)}值班还排着原律师，请在排班里另行安排"
    return Draft(LineKind.DUTY, f"{words}（{why}）" if why else words, slot.day, slot.id)


def _when(slot: DutySlot) -> str:
    return f"{slot.day} {slot.starts:%H:%M}–{slot.ends:%H:%M} "


def _pack(
    old: Assignment, new: Assignment, change: Change, duty: Sequence[Draft], *, by: Member
) -> HandoverPack:
    pack = HandoverPack(
        ended_id=old.id,
        begun_id=new.id,
        community_code=old.community_code,
        role=old.role,
        from_adviser_id=old.adviser_id,
        to_adviser_id=new.adviser_id,
        starts_on=change.starts_on,
        cause=change.cause,
        reason=change.reason,
        made_at=clock.now(),
        made_by_name=by.name,
    )
    db.session.add(pack)
    db.session.flush()
    leaving = Leaving(old.community_code, old.adviser_id, new.adviser_id, by, duty)
    drafts = sources.gather(leaving)
    db.session.add_all(_line(pack, place, draft) for place, draft in enumerate(drafts, 1))
    history.record(pack, "make_pack", by=by, count=len(drafts))
    db.session.flush()
    return pack


def _line(pack: HandoverPack, place: int, draft: Draft) -> HandoverLine:
    return HandoverLine(
        pack_id=pack.id,
        place=place,
        kind=draft.kind,
        words=draft.words,
        due_on=draft.due_on,
        subject_id=draft.subject_id,
    )
