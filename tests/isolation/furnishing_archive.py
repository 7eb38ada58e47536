"""An archive that the room's office asked for; it ended without one, so that no worker makes it."""

from typing import TYPE_CHECKING

from counselhub.archives.actions import TASK
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.work.models import LongWork

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room") -> None:
    """Ask for it under the platform's scope, as the action does."""
    archive = LongWork(
        kind="office",
        key=room.tenant.town.street_code,
        task=TASK,
        detail={"has_photos": False, "papers": f"http://localhost/{room.token}"},
        asked_by_name=f"导出{room.token}",
        asked_at=clock.now(),
        locale="zh_CN",
        ended_at=clock.now(),
        outcome="failed",
        fault="error",
    )
    db.session.add(archive)
    db.session.flush()
    room.note(archive_id=archive.id)
