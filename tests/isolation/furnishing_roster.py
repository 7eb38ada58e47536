"""A firm's planned duty, marked."""

from datetime import date, time
from typing import Any

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.roster.models import (
    CalendarFeed,
    DutySlot,
    DutyTerm,
    HolidayNotice,
    RosterMonth,
    RosterRule,
)


def add_roster(room: Any, on: date) -> None:
    """Add a term, a slot of it, the month and rule of planning, a lawyer's feed."""
    term = DutyTerm(
        contract_id=room.tenant.contract_id,
        kind="weekly",
        weekday=3,
        starts=time(9),
        ends=time(12),
        class_name=f"类别{room.token}",
    )
    db.session.add_all(
        [
            term,
            RosterMonth(
                month=on.replace(day=1),
                seed=room.tenant.firm_id.int % 2**31,
                made_at=clock.now(),
            ),
            RosterRule(same_street_minutes=30, other_street_minutes=60),
        ]
    )
    db.session.flush()
    slot = room.row(
        DutySlot,
        term_id=term.id,
        turn=1,
        month=on.replace(day=1),
        day=on,
        starts=time(9),
        ends=time(12),
        adviser_id=room.tenant.adviser_id,
        reason=f"原因{room.token}",
    )
    with as_platform():
        db.session.merge(HolidayNotice(year=2099, day=date(2099, 1, 1), name="元旦", is_off=True))
        db.session.add(
            CalendarFeed(
                firm_id=room.tenant.firm_id,
                adviser_id=room.tenant.adviser_id,
                digest=f"feed{room.token}",
                made_at=clock.now(),
            )
        )
    room.note(term_id=term.id, slot_id=slot.id)
