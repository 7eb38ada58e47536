"""A concluded conference with a seat, a task and minutes, each marked with the firm's token."""

from datetime import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from counselhub.conferences.minutes import digest_of
from counselhub.conferences.models import (
    Conference,
    ConferenceMinutes,
    ConferenceSeat,
    ConferenceTask,
)
from counselhub.core import clock
from counselhub.core.db import db

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add_conference(room: "Room") -> None:
    """Furnish them for the service and the referral that the room has."""
    tenant, token = room.tenant, room.token
    now, today = clock.now(), clock.today()
    row = Conference(
        service_id=UUID(room.ids["service_id"]),
        referral_id=UUID(room.ids["referral_id"]),
        community_code=tenant.town.communities[0],
        title=f"会商{token}",
        day=today,
        starts=time(9),
        ends=time(10),
        mode="on_site",
        place=f"会议室{token}",
        chair_id=tenant.adviser_id,
        agenda=[f"议程{token}"],
        disputes=[f"焦点{token}"],
        status="concluded",
        summary=f"汇总{token}",
        conclusion=f"结论{token}",
        concluded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    of_it: dict[str, Any] = {"conference_id": row.id}
    task = ConferenceTask(owner_id=tenant.backup_id, words=f"任务{token}", due_on=today, **of_it)
    content = _content(token)
    minutes = ConferenceMinutes(
        version=1,
        made_at=now,
        made_by_name=f"主持{token}",
        content=content,
        digest=digest_of(content),
        **of_it,
    )
    seat = ConferenceSeat(
        adviser_id=tenant.adviser_id,
        presence="came",
        opinion=f"意见{token}",
        opined_at=now,
        **of_it,
    )
    db.session.add_all([task, minutes, seat])
    db.session.flush()
    room.note(conference_id=row.id, conference_task_id=task.id, conference_minutes_id=minutes.id)


def _content(token: str) -> dict[str, Any]:
    return {
        "title": f"纪要 {token}",
        "firm": token,
        "facts": [["议题", token]],
        "absent": [],
        "agenda": [],
        "disputes": [],
        "opinions": [],
        "summary": token,
        "conclusion": token,
        "tasks": [],
        "signers": [],
        "chair": token,
    }
