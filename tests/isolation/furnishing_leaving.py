"""The room's firm has thought of leaving, and stays: what the platform keeps of that."""

from datetime import timedelta
from typing import TYPE_CHECKING

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.people.departures import Departure
from counselhub.people.states import DepartureStatus

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room") -> None:
    """Write it under the platform's scope, as the actions do."""
    departure = Departure(
        firm_id=room.tenant.firm_id,
        asked_at=clock.now(),
        asked_by_name=f"主任{room.token}",
        deletes_on=clock.today() + timedelta(days=30),
        code_digest=f"digest-{room.token}",
        check_at="http://localhost/certificates",
    )
    db.session.add(departure)
    db.session.flush()
    departure.status, departure.ended_at = DepartureStatus.WITHDRAWN, clock.now()
    departure.ended_by_name = f"主任{room.token}"
    room.note(departure_id=departure.id)
