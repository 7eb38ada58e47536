"""A long work that the room's firm asked for; it failed, so that no worker does it."""

from typing import TYPE_CHECKING

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.job_faults import JobFault
from counselhub.core.tenancy import as_platform
from counselhub.statements.actions.months import TASK
from counselhub.work.models import LongWork

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def room_number(room: "Room") -> int:
    """Return a job's number that no queue reaches, of this room alone."""
    return int.from_bytes(room.token.encode()[-6:]) + 10**15


def add(room: "Room") -> None:
    """Ask for it under the platform's scope, as the action does."""
    scope = room.tenant.scope
    work = LongWork(
        kind=scope.kind.value,
        key=scope.key,
        task=TASK,
        subject="2026-08",
        asked_by_name=f"任务{room.token}",
        asked_at=clock.now(),
        locale="zh_CN",
        ended_at=clock.now(),
        outcome="failed",
        fault="refused",
        words=f"原因{room.token}",
    )
    fault = JobFault(
        job_id=room_number(room), error="ValueError", place=f"made_{room.token}", at=clock.now()
    )
    with as_platform():
        db.session.add_all((work, fault))
        db.session.flush()
    room.note(work_id=work.id)
