"""A request for cover with its offer, the reason of an absence, an answer to a reminder."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.cover.models import (
    AbsenceReason,
    ChangePage,
    CoverOffer,
    CoverRequest,
    ReplacementAnswer,
)

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add_cover(room: "Room") -> None:
    """Furnish them for the slot that the room has."""
    slot_id, adviser_id = UUID(room.ids["slot_id"]), room.tenant.adviser_id
    request = CoverRequest(
        slot_id=slot_id,
        adviser_id=adviser_id,
        why="ill",
        words=f"替班{room.token}",
        status="offered",
        asked_at=clock.now(),
    )
    db.session.add(request)
    db.session.flush()
    db.session.add_all(
        [
            CoverOffer(
                request_id=request.id,
                adviser_id=adviser_id,  # who signs in as a colleague is asked nothing
                rank=0,
                pluses=["backup"],
                offered_at=clock.now(),
            ),
            AbsenceReason(
                slot_id=slot_id,
                adviser_id=adviser_id,
                code="other",
                words=f"理由{room.token}",
                given_at=clock.now(),
            ),
            ReplacementAnswer(
                adviser_id=adviser_id,
                contract_id=room.tenant.contract_id,
                slots=[str(slot_id)],
                words=f"约谈{room.token}",
                answered_at=clock.now(),
            ),
        ]
    )
    db.session.flush()
    room.note(cover_id=request.id)
    now = clock.now()
    with as_platform():
        db.session.add(
            ChangePage(
                firm_id=room.tenant.firm_id,
                community_code=room.tenant.town.communities[0],
                digest=f"changes{room.token}",
                made_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
