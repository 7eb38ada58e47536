"""What a member of the room's firm was told, how the member wants it, and what went out."""

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.notices.kinds import DeliveryState, Kind, Mode
from counselhub.notices.models import Delivery, Notice, NoticeChoice, NoticeSetting
from counselhub.people.models import Membership

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room") -> None:
    """Write it under the platform's scope, as the actions do."""
    membership_id, now = UUID(room.ids["membership_id"]), clock.now()
    person_id = db.session.scalar(
        select(Membership.person_id).where(Membership.id == membership_id)
    )
    told = {
        "place_kind": "firm",
        "place_key": str(room.tenant.firm_id),
        "kind": Kind.COVERAGE_GAP.value,
        "key": room.token,
        "facts": {"community": f"社区{room.token}", "day": date(2026, 12, 1).isoformat()},
        "path": "/coverage",
        "made_at": now,
    }
    notice = Notice(membership_id=membership_id, **told)
    delivery = Delivery(
        channel="mail",
        target_id=membership_id,
        state=DeliveryState.SENT,
        due_at=now,
        lapses_at=now + timedelta(days=3),
        ended_at=now,
        **told,
    )
    choice = NoticeChoice(person_id=person_id, kind=Kind.COVERAGE_GAP.value, mode=Mode.DIGEST)
    db.session.add_all([notice, delivery, choice, NoticeSetting(person_id=person_id)])
    db.session.flush()
    room.note(notice_id=notice.id)
