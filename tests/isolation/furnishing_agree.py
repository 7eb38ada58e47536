"""What a firm's attendance record says of its session."""

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.duty.models import PunchMatch
from tests.factories import Tenant


def add(tenant: Tenant, session_id: object) -> None:
    """Add the word of one session."""
    db.session.add(
        PunchMatch(
            session_id=session_id,
            session_revision=1,
            street_code=tenant.town.street_code,
            verdict="agrees",
            is_proof=False,
            compared_at=clock.now(),
        )
    )
