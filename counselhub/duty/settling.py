"""Judge planned slots by the sessions of their days: at once, and for days past."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, tuple_

from counselhub.closing.models import ClosedMonth
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.duty.session_queries import assigned_at_the_time
from counselhub.roster import holiday_queries
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.roster.outcomes import Came
from counselhub.roster.settling import Held, Place, Settled, settle, slots

CAME = (
    DutySession.community_code,
    DutySession.day,
    DutySession.adviser_id,
    DutySession.substitute_for_id,
    DutySession.signed_in_at,
    DutySession.signed_out_at,
)


def after(session: DutySession, *, by: Member) -> None:
    """Judge the slots of a session's community and day, now that it is another."""
    settle_places({(session.community_code, session.day)}, by=by)


def settle_places(places: Iterable[Place], *, by: Member) -> Settled:
    """Judge the slots of communities on days; four statements, and those of each change."""
    wanted = list(places)
    months = {day.replace(day=1) for _code, day in wanted}
    held = slots(
        DutySlot.month.in_(months), tuple_(DutySlot.community_code, DutySlot.day).in_(wanted)
    )
    if not held:
        return Settled()
    db.session.flush()
    at = tuple_(DutySession.community_code, DutySession.day).in_(wanted)
    return _settled(held, at, by)


def settle_past(until: date, *, by: Member) -> Settled:
    """Judge every slot up to a day, at the latest yesterday's; idempotent.

    What is planned still, and again what was judged since the first of the last month: sessions
    may have come or been corrected. Slots of closed months are counted, never written.
    """
    last = min(until, clock.today() - timedelta(days=1))
    again = clock.previous_month(clock.today())
    held = slots(
        DutySlot.day <= last,
        (DutySlot.day >= again) | (DutySlot.status == SlotStatus.PLANNED),
    )
    closed = _closed()
    open_ = [one for one in held if (one[0].community_code, one[0].month) not in closed]
    left = Settled(closed=len(held) - len(open_))
    if not open_:
        return left
    first = open_[0][0].day
    return left + _settled(open_, DutySession.day.between(first, last), by)


def _closed() -> set[tuple[str, date]]:
    rows = db.session.execute(select(ClosedMonth.place_code, ClosedMonth.month).distinct())
    return {(code, month) for code, month in rows}


def _settled(held: list[Held], at: Any, by: Member) -> Settled:
    days = [slot.day for slot, _weekday in held]
    calendar = holiday_queries.calendar(min(days), max(days))
    return settle(held, _came(at), calendar, by=by)


def _came(at: Any) -> dict[Place, list[Came]]:
    query = select(*CAME, assigned_at_the_time()).where(
        at, DutySession.status != SessionStatus.VOIDED
    )
    found: defaultdict[Place, list[Came]] = defaultdict(list)
    for code, day, adviser_id, stands_in_for, begin, end, is_assigned in db.session.execute(query):
        sign_out = _minute(end) if end else None
        found[code, day].append(
            Came(adviser_id, stands_in_for, _minute(begin), sign_out, is_assigned)
        )
    return found


def _minute(moment: datetime) -> int:
    local = clock.local(moment)
    return local.hour * 60 + local.minute
