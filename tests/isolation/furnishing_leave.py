"""A furnished firm's leave and corrections, marked with its token."""

from datetime import date, time

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.corrections.models import SessionCorrection
from counselhub.leave.models import LeaveRequest
from tests.factories import Tenant

DAY = date(2026, 9, 9)


def add(tenant: Tenant, token: str) -> dict[str, object]:
    """Add leave and a correction that wait, and one that was agreed to; return ids by parameter."""
    leave = LeaveRequest(
        adviser_id=tenant.adviser_id,
        kind="sick",
        first_on=date(2026, 9, 10),
        last_on=date(2026, 9, 11),
        reason=f"病情{token}",
        asked_at=clock.now(),
        asked_by_name=f"申请{token}",
    )
    asked, agreed = (_correction(tenant, token, hour) for hour in (9, 14))
    agreed.status, agreed.decided_at = "to_adjust", clock.now()
    db.session.add_all([leave, asked, agreed])
    db.session.flush()
    return {"leave_id": leave.id, "correction_id": asked.id}


def _correction(tenant: Tenant, token: str, hour: int) -> SessionCorrection:
    return SessionCorrection(
        adviser_id=tenant.adviser_id,
        community_code=tenant.town.communities[0],
        street_code=tenant.town.street_code,
        day=DAY,
        signed_in_at=clock.instant(DAY, time(hour)),
        signed_out_at=clock.instant(DAY, time(hour + 2)),
        reason="no_sign_in",
        words=f"说明{token}",
        asked_at=clock.now(),
        asked_by_name=f"申请{token}",
    )
