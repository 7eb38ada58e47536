"""A token of the room's firm, what a request of it was answered; a hook, and what it was told."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.hooks import seals
from counselhub.hooks.kinds import DeliveryState, Fault, HookKind
from counselhub.hooks.models import Hook, HookAttempt, HookDelivery, HookPulse
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
    _add_hook(room)


def _add_hook(room: "Room") -> None:
    """A hook at an address where nobody is, with a delivery and the answer to it."""
    hook = Hook(
        kind="firm",
        key=str(room.tenant.firm_id),
        name=f"推送{room.token}",
        address=f"https://{room.token}.invalid/",
        chosen=[HookKind.PING],
        sealed="",
        made_at=clock.now(),
        made_by_name=f"主任{room.token}",
    )
    hook.id = uuid7()
    hook.sealed = seals.sealed(room.token, hook)
    db.session.add(hook)
    db.session.flush()
    delivery = HookDelivery(
        hook_id=hook.id,
        event_id=uuid7(),
        kind=HookKind.PING,
        at=clock.now(),
        firm_id=room.tenant.firm_id,
        state=DeliveryState.DEAD,
        due_at=clock.now(),
        done_at=clock.now(),
        tries=1,
    )
    db.session.add_all([HookPulse(hook_id=hook.id), delivery])
    db.session.flush()
    db.session.add(
        HookAttempt(
            delivery_id=delivery.id,
            number=1,
            at=clock.now(),
            status=500,
            fault=Fault.STATUS,
            milliseconds=1,
            answer=room.token,
        )
    )
    db.session.flush()
    room.note(hook_id=hook.id, hook_delivery_id=delivery.id)
