"""How the room's firm came: its sign-up, what it accepted, a link that waits."""

from datetime import timedelta
from typing import TYPE_CHECKING

from counselhub.core import clock, sender
from counselhub.core.db import db
from counselhub.core.sender import Purpose, WaitingLink
from counselhub.joining.models import Acceptance, SignUp
from counselhub.people.models import Membership

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room") -> None:
    """Write them under the platform's scope, as the sign-up does."""
    firm_id, token, now = room.tenant.firm_id, room.token, clock.now()
    person_id = db.session.scalar(
        db.select(Membership.person_id).where(Membership.firm_id == firm_id).limit(1)
    )
    sender.send_link(
        f"{token}@example.test",
        Purpose.SIGN_UP,
        f"http://localhost/welcome/{token}",
        about="某所",
        until=now + timedelta(days=1),
    )
    link = db.session.scalars(db.select(WaitingLink).order_by(WaitingLink.id.desc())).first()
    assert link is not None
    db.session.add_all(
        [
            SignUp(
                at=now,
                firm_name="某所",
                credit_code="x",
                licence_number="x",
                sealed_contact="x",
                outcome="made",
                firm_id=firm_id,
            ),
            Acceptance(
                firm_id=firm_id,
                kind="terms",
                version="1",
                digest=token,
                at=now,
                person_id=person_id,
                name=f"张{token}",
            ),
        ]
    )
    db.session.flush()
    room.note(waiting_link_id=link.id)
