"""End conflicts, and let a matter go on when none of its conflicts is open any more."""

from sqlalchemy import or_, select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.matters.kinds import (
    CONFLICT_FLOW,
    MATTER_FLOW,
    ConflictStatus,
    MatterStatus,
)
from counselhub.matters.models import Matter, MatterConflict


def settle(conflict: MatterConflict, act: str, words: str, *, by: Member) -> None:
    """Decide on a conflict; its matter goes on when it was the last open one.

    act: one of CONFLICT_FLOW. Raises IllegalMoveError when it was decided already.
    """
    # Two who decide on two conflicts at once wait: the later one is to release the matter.
    matter = db.session.scalars(
        select(Matter).where(Matter.id == conflict.matter_id).with_for_update()
    ).one()
    history.advance(conflict, CONFLICT_FLOW, act, by=by, code=conflict.code)
    conflict.decided_at, conflict.decided_by_name = clock.now(), by.name
    conflict.words = words or None
    db.session.flush()
    still = select(MatterConflict.id).where(
        MatterConflict.matter_id == matter.id, MatterConflict.status == ConflictStatus.OPEN
    )
    if matter.status == MatterStatus.FROZEN and not db.session.scalars(still.limit(1)).first():
        history.advance(matter, MATTER_FLOW, "release", by=by)


def give_up(matter: Matter, *, by: Member) -> None:
    """End the open conflicts of a declined matter, also those that froze another one."""
    touched = or_(MatterConflict.matter_id == matter.id, MatterConflict.other_id == matter.id)
    query = select(MatterConflict).where(touched, MatterConflict.status == ConflictStatus.OPEN)
    for conflict in db.session.scalars(query.order_by(MatterConflict.id)).all():
        settle(conflict, "give_up", "", by=by)
