"""A furnished firm's leave, marked with its token."""

from datetime import date

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.leave.models import LeaveRequest
from tests.factories import Tenant


def add(tenant: Tenant, token: str) -> dict[str, object]:
    """Add a request that nobody has decided; return the ids by the name of their parameter."""
    leave = LeaveRequest(
        adviser_id=tenant.adviser_id,
        kind="sick",
        first_on=date(2026, 9, 10),
        last_on=date(2026, 9, 11),
        reason=f"病情{token}",
        asked_at=clock.now(),
        asked_by_name=f"申请{token}",
    )
    db.session.add(leave)
    db.session.flush()
    return {"leave_id": leave.id}
