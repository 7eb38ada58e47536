"""A place's hooks, what was sent to one of them, and how often it arrived."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, Text, and_, cast, func, or_, select

from counselhub.core.columns import containing
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.tenancy import Scope, as_platform
from counselhub.hooks.kinds import DeliveryState, HookKind, HookState
from counselhub.hooks.models import Hook, HookAttempt, HookDelivery, HookPulse


def hooks(scope: Scope, words: str, state: str) -> Select[Hook, HookPulse]:
    """Select a place's hooks, newest first; to be sent under the platform's scope.

    words: each is in the name or the address. state: '' for all.
    """
    query = (
        select(Hook, HookPulse)
        .join(HookPulse, HookPulse.hook_id == Hook.id)
        .where(Hook.of(scope), containing(words, Hook.name, Hook.address))
    )
    if state in set(HookState):
        query = query.where(Hook.state == state)
    return query.order_by(Hook.made_at.desc(), Hook.id)


def count_of(scope: Scope) -> int:
    """Return how many hooks a place has."""
    query = select(func.count()).select_from(Hook).where(Hook.of(scope))
    with as_platform():
        return db.session.scalar(query) or 0


def pulse_of(hook: Hook) -> HookPulse:
    """Return how a hook fares."""
    with as_platform():
        return db.session.scalars(select(HookPulse).where(HookPulse.hook_id == hook.id)).one()


def standing(hook: Hook) -> Mapping[str, int]:
    """Return how many of a hook's deliveries are in each state."""
    query = (
        select(HookDelivery.state, func.count().label("number"))
        .where(HookDelivery.hook_id == hook.id)
        .group_by(HookDelivery.state)
    )
    with as_platform():
        found = {one.state: one.number for one in db.session.execute(query)}
    return {state.value: found.get(state.value, 0) for state in DeliveryState}


def deliveries(hook: Hook, state: str, kind: str, words: str) -> Select[HookDelivery, HookAttempt]:
    """Select a hook's deliveries with the last attempt of each, newest first.

    To be sent under the platform's scope. state, kind: '' for all. words: each is the beginning of
    the id of a delivery, of an event or of a thing.
    """
    last = and_(
        HookAttempt.delivery_id == HookDelivery.id, HookAttempt.number == HookDelivery.tries
    )
    query = select(HookDelivery, HookAttempt).outerjoin(HookAttempt, last)
    query = query.where(HookDelivery.hook_id == hook.id)
    if state in set(DeliveryState):
        query = query.where(HookDelivery.state == state)
    if kind in set(HookKind):
        query = query.where(HookDelivery.kind == kind)
    ids = (HookDelivery.id, HookDelivery.event_id, HookDelivery.subject_id)
    for word in words.lower().split():
        query = query.where(
            or_(*(cast(one, Text).startswith(word, autoescape=True) for one in ids))
        )
    return query.order_by(HookDelivery.at.desc(), HookDelivery.id)


def delivery_of(hook: Hook, delivery_id: UUID, *, locked: bool = False) -> HookDelivery:
    """Return one delivery of a hook. Raises NotFoundError."""
    query = select(HookDelivery).where(
        HookDelivery.id == delivery_id, HookDelivery.hook_id == hook.id
    )
    with as_platform():
        found = db.session.scalar(query.with_for_update() if locked else query)
    if found is None:
        raise NotFoundError()
    return found


def attempts(delivery: HookDelivery) -> list[HookAttempt]:
    """Return how each try of a delivery went, newest first."""
    query = select(HookAttempt).where(HookAttempt.delivery_id == delivery.id)
    with as_platform():
        return list(db.session.scalars(query.order_by(HookAttempt.number.desc())))
