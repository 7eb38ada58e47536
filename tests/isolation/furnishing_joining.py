"""How the room's firm came: its sign-up, what it accepted, a link that waits."""

from datetime import timedelta
from typing import TYPE_CHECKING

from counselhub.core import clock, data_keys, sender
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.outages import Outage
from counselhub.core.sender import Link, Purpose, WaitingLink
from counselhub.invitations.models import Invitation
from counselhub.joining.actions import place_of
from counselhub.joining.models import Acceptance, SignUp
from counselhub.people.models import Membership
from counselhub.starting.models import ChosenStreet, SkippedStep

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room") -> None:
    """Write them under the platform's scope, as the sign-up does."""
    firm_id, token, now = room.tenant.firm_id, room.token, clock.now()
    person_id = db.session.scalar(
        db.select(Membership.person_id).where(Membership.firm_id == firm_id).limit(1)
    )
    sender.send_links(
        {uuid7(): Link("link@example.test", "http://localhost/welcome/x")},
        Purpose.SIGN_UP,
        about="某所",
        until=now + timedelta(days=1),
    )
    link = db.session.scalars(db.select(WaitingLink).order_by(WaitingLink.id.desc())).first()
    assert link is not None
    sign_up = SignUp(
        id=uuid7(),
        at=now,
        firm_name="某所",
        credit_code="x",
        licence_number="x",
        sealed_contact="",
        outcome="made",
        firm_id=firm_id,
    )
    contact = '{"name": "某人", "email": "contact@example.test", "phone": ""}'
    sign_up.sealed_contact = data_keys.writing_ring().seal(contact, place_of(sign_up))
    db.session.add_all(
        [
            sign_up,
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
    outage = Outage(
        level="notice",
        words_zh="例行维护",
        words_en="Maintenance",
        starts_at=now - timedelta(days=2),
        ends_at=now - timedelta(days=1),
        by_name="平台",
    )
    db.session.add(outage)
    db.session.flush()
    room.note(waiting_link_id=link.id, outage_id=outage.id)
    _invite(room, person_id)


def _invite(room: "Room", person_id: object) -> None:
    """One colleague by the firm, one person of another office by the firm, for the operator."""
    scope, token, now = room.tenant.scope, room.token, clock.now()
    sent = {
        "name": f"某{token}",
        "by_kind": scope.kind.value,
        "by_key": scope.key,
        "by_name": f"张{token}",
        "by_title": f"所{token}",
        "made_at": now,
        "expires_at": now + timedelta(days=7),
    }
    own = Invitation(
        kind="firm", key=scope.key, place_name=f"所{token}", role="clerk",
        email=f"i{token.lower()}@example.test", status="open", digest=token, **sent,
    )  # fmt: skip
    place = Invitation(
        kind="office", key="000000000", place_name="某街道", role="checker",
        email="place@example.test", status="proposed",
        **sent | {"name": "某人", "by_name": "张某", "by_title": "某所"},
    )  # fmt: skip
    db.session.add_all([own, place])
    db.session.flush()
    room.note(invitation_id=own.id, place_invitation_id=place.id, firm_code=room.tenant.code)


def begin(room: "Room") -> None:
    """What the firm wrote on its first path."""
    now, street = clock.now(), room.tenant.town.street_code
    db.session.add(ChosenStreet(street_code=street, chosen_at=now))
    db.session.add(SkippedStep(step="people", skipped_at=now))
    db.session.flush()
