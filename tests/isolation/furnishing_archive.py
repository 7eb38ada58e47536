"""An archive that the room's office asked for; it ended without one, so that no worker makes it."""

from typing import TYPE_CHECKING

from counselhub.archives.models import OfficeArchive
from counselhub.core import clock
from counselhub.core.db import db

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room") -> None:
    """Ask for it under the platform's scope, as the action does."""
    archive = OfficeArchive(
        street_code=room.tenant.town.street_code,
        asked_by_name=f"导出{room.token}",
        asked_at=clock.now(),
        has_photos=False,
        papers=f"http://localhost/{room.token}",
        ended_at=clock.now(),
        outcome="failed",
    )
    db.session.add(archive)
    db.session.flush()
    room.note(archive_id=archive.id)
