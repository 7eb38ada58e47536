"""A consent of the room's firm, and a visit that came of it."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.people.models import Membership
from counselhub.support.models import SupportConsent, SupportVisit

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room") -> None:
    """Make both under the platform's scope, as the actions do."""
    membership_id, now = UUID(room.ids["membership_id"]), clock.now()
    person_id = db.session.scalars(
        select(Membership.person_id).where(Membership.id == membership_id)
    ).one()
    consent = SupportConsent(
        kind="firm",
        key=str(room.tenant.firm_id),
        place_name=f"律所{room.token}",
        membership_id=membership_id,
        person_name=f"内勤{room.token}",
        why=f"事由{room.token}",
        granted_at=now,
        granted_by_name=f"主任{room.token}",
        expires_at=now + timedelta(hours=24),
    )
    db.session.add(consent)
    db.session.flush()
    visit = SupportVisit(
        consent_id=consent.id,
        session_id=uuid4(),
        operator_id=person_id,
        operator_name=f"运维{room.token}",
        membership_id=membership_id,
        person_name=consent.person_name,
        began_at=now,
    )
    db.session.add(visit)
    db.session.flush()
    room.note(support_consent_id=consent.id)
