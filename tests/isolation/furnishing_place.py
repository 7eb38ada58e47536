"""A firm's row of every kind that duty points have, each marked with the firm's token."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.duty.models import DutyPunch
from counselhub.points.models import DutyCode, DutyPoint, PointProposal, ScreenLink
from counselhub.points.proof_models import DutyFix, DutyPosition, DutyScan, PositionChoice

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def furnish_places(room: "Room") -> None:
    """Add a point, a proposal, codes, and what a tap says of its place."""
    here, now = room.tenant, clock.now()
    place = {"community_code": here.town.communities[0]}
    street = {"street_code": here.town.street_code}
    spot = {"latitude": 22.543847, "longitude": 113.912316}
    punch = db.session.scalars(select(DutyPunch)).first()
    assert punch
    proposal = PointProposal(
        adviser_id=here.adviser_id,
        proposed_at=now,
        status="proposed",
        remark=f"点位{room.token}",
        **place,
        **spot,
    )
    db.session.add_all(
        [
            DutyPoint(
                radius_m=200,
                source="typed",
                set_at=now,
                set_by_name=f"内勤{room.token}",
                **place,
                **street,
                **spot,
            ),
            proposal,
            DutyCode(sealed=f"v1.none.{room.token}", sheet=0, sheets=0, **place),
            PositionChoice(adviser_id=here.adviser_id, agreed_at=now, wording=1),
            DutyPosition(punch_id=punch.id, verdict="near", distance_m=5, accuracy_m=9, **street),
            DutyFix(punch_id=punch.id, taken_at=now, **spot),
            DutyScan(
                punch_id=punch.id,
                adviser_id=here.adviser_id,
                verdict="current",
                step=1,
                **place,
                **street,
            ),
        ]
    )
    db.session.flush()
    room.note(proposal_id=proposal.id)
    with as_platform():
        db.session.add(
            ScreenLink(firm_id=here.firm_id, digest=f"screen{room.token}", made_at=now, **place)
        )
