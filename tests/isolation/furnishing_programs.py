"""A token of the room's firm, and what a request of it was answered."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.people.models import Membership
from counselhub.tokens.actions import digest
from counselhub.tokens.models import ApiAnswer, ApiToken

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room") -> None:
    """Make both under the platform's scope, as the actions do."""
    membership_id = UUID(room.ids["membership_id"])
    person_id = db.session.scalar(
        select(Membership.person_id).where(Membership.id == membership_id)
    )
    token = ApiToken(
        kind="firm",
        key=str(room.tenant.firm_id),
        membership_id=membership_id,
        person_id=person_id,
        made_by_name=f"主任{room.token}",
        name=f"程序{room.token}",
        role="clerk",
        scopes=["places:read"],
        digest=digest(room.token),
        start=room.token[:6],
        created_at=clock.now(),
        expires_on=clock.today(),
    )
    answer = ApiAnswer(
        token_id=token.id,
        key=room.token,
        digest=digest(room.token),
        status=201,
        sealed=room.token,
        made_at=clock.now(),
    )
    db.session.add(token)
    db.session.flush()
    db.session.add(answer)
    db.session.flush()
    room.note(api_token_id=token.id)
