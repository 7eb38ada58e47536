"""A month that the cut-off has closed to a furnished firm, marked with its token."""

from datetime import date
from typing import Any

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.cutoffs.models import OverdueMonth


def add(room: Any) -> None:
    """Let the firm ask for the month all the same."""
    row = OverdueMonth(
        street_code=room.tenant.town.street_code,
        month=date(2026, 5, 1),
        due_on=date(2026, 6, 10),
        status="asked",
        closed_at=clock.now(),
        cause="evidence",
        words=f"逾期{room.token}",
        asked_at=clock.now(),
        asked_by_name=f"申请{room.token}",
    )
    db.session.add(row)
    db.session.flush()
    room.note(overdue_id=row.id)
