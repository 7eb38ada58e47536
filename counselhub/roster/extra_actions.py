"""Plan one slot by hand beside what the terms ask for (加班次)."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm.attributes import set_committed_value

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.places.models import Community
from counselhub.roster import holiday_queries
from counselhub.roster.models import DutySlot
from counselhub.roster.slot_actions import Target, refuse_impossible, written


@dataclass(frozen=True, slots=True)
class Extra:
    """Where, who and when, and what for."""

    community_code: str
    target: Target
    reason: str


def add(extra: Extra, *, by: Member) -> DutySlot:
    """Plan it; it is counted as planned, and making the month again leaves it there.

    Raises RefusedError naming what is in the way, FrozenError in a closed month.
    """
    community = db.session.get(Community, extra.community_code)
    if community is None:
        raise RefusedError(_("没有这个社区，请刷新页面后再试。"), at="community_code")
    target = extra.target
    slot = DutySlot(
        turn=1,
        month=target.day.replace(day=1),
        community_code=community.code,
        street_code=community.code[:9],
        adviser_id=target.adviser_id,
        day=target.day,
        starts=target.starts,
        ends=target.ends,
        is_moved=True,
        stands_off=not holiday_queries.calendar(target.day, target.day).is_worked(target.day),
    )
    set_committed_value(slot, "community", community)  # the checks name it before it is stored
    refuse_impossible(slot, target)
    with written(slot):
        db.session.add(slot)
    history.record(slot, "add", by=by, street_code=slot.street_code, reason=extra.reason)
    return slot
