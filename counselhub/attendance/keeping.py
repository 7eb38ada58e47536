"""Compare again every night: what was corrected or entered since the last file came."""

from sqlalchemy import func, select

from counselhub.attendance.comparing import refresh
from counselhub.attendance.gather import Span
from counselhub.attendance.importing import take_turn
from counselhub.attendance.models import AttendancePunch
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.rounds import Round
from counselhub.people.queries import every_firm


def compare_all() -> None:
    """Compare last month and this one anew in every firm that has punches of them."""
    with Round() as each:
        for firm_id, _code in every_firm():
            with each.firm(firm_id) as member:
                if span := _span():
                    take_turn(firm_id)
                    refresh(span, by=member)
                db.session.commit()


def _span() -> Span | None:
    """Return the days that the firm in scope has punches of, since last month began."""
    since = clock.previous_month(clock.today().replace(day=1))
    days = select(func.min(AttendancePunch.day), func.max(AttendancePunch.day))
    first, last = db.session.execute(days.where(AttendancePunch.day >= since)).one()
    return Span(first, last) if first else None
