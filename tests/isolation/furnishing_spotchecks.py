"""Rows of an office: a draw, a published check with its photo, a delivered interview."""

from datetime import date, datetime, time
from typing import Any

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.interviews.models import Interview
from counselhub.spotchecks.models import SpotCheck, SpotDraw, SpotPhoto

AT = datetime(2026, 9, 8, 10, tzinfo=clock.SHANGHAI)


def furnish(room: Any, day: date) -> None:
    """Add the rows of the office that concern the room's firm, some unseen by it."""
    here, token = room.tenant, room.token
    street, community = here.town.street_code, here.town.communities[0]
    by = Member(None, f"经办{token}", Role.CHECKER, here.town.scope, "测试司法所")
    draw = SpotDraw(
        street_code=street,
        first_on=day,
        last_on=day,
        wanted=1,
        seed=7,
        population=[],
        sha256="0",
        made_at=AT,
        made_by_name=f"经办{token}",
    )
    db.session.add(draw)
    db.session.flush()
    place = {"firm_id": here.firm_id, "street_code": street}
    shared: dict[str, Any] = {
        **place,
        "draw_id": draw.id,
        "community_code": community,
        "adviser_id": here.adviser_id,
        "day": day,
        "starts": time(9),
        "ends": time(12),
        "finding": "absent",
        "words": f"所见{token}",
        "recorded_at": AT,
        "recorded_by_name": f"经办{token}",
    }
    check = SpotCheck(
        **shared,
        turn=1,
        slot_id=room.ids["slot_id"],
        status="published",
        published_at=AT,
        published_by_name=f"经办{token}",
        answer_due_on=day,
    )
    unseen = SpotCheck(**shared, turn=2, slot_id=uuid7(), status="recorded")
    db.session.add_all([check, unseen])
    db.session.flush()
    size = {"arrived_at": AT, "width": 1, "height": 1, "content": token.encode()}
    photo = SpotPhoto(**place, check_id=check.id, side="firm", **size)
    hidden = SpotPhoto(**place, check_id=unseen.id, side="office", **size)
    told: dict[str, Any] = {
        **place,
        "community_code": community,
        "held_on": day,
        "present": f"参加{token}",
        "reason": "absence",
        "words": f"情况{token}",
        "agreed": "按时到岗",
        "due_on": day,
        "made_at": AT,
        "made_by_name": f"经办{token}",
    }
    interview = Interview(**told, status="published", published_at=AT, published_by_name="经办")
    draft = Interview(**told)
    db.session.add_all([photo, hidden, interview, draft])
    db.session.flush()
    for row, act in ((check, "publish_finding"), (interview, "publish_interview")):
        history.record(row, act, by=by, street_code=street)
    room.note(
        draw_id=draw.id, spot_check_id=check.id, spot_photo_id=photo.id, interview_id=interview.id
    )
