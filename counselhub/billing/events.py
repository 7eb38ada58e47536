"""What Stripe tells: stored first, then handled by asking Stripe how things are now.

An event only says that something of a customer has changed. So it may come twice, late or in any
order, and may be handled again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from counselhub.billing import gateway, queries, standing, syncing
from counselhub.billing.gateway import StripeRefusedError
from counselhub.billing.models import StripeEvent
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.rounds import Round
from counselhub.core.tenancy import as_platform

AT_ONCE = 200
"""How many events one run of the job takes."""
UNKNOWN = "unknown customer"


def store(body: bytes) -> str:
    """Keep a verified event as it came; one that is there already stays. Return its id.

    Raises KeyError, ValueError or TypeError for what is no event.
    """
    told = orjson.loads(body)
    values = {
        "id": str(told["id"]),
        "type": str(told["type"]),
        "api_version": str(told.get("api_version") or ""),
        "customer": _customer(told["data"]["object"]),
        "created_at": datetime.fromtimestamp(int(told["created"]), UTC),
        "received_at": clock.now(),
        "body": body.decode(),
    }
    with as_platform():
        db.session.execute(insert(StripeEvent).values(values).on_conflict_do_nothing())
    return str(values["id"])


def _customer(thing: dict[str, Any]) -> str:
    """Return whose event it is, '' when the object names a charge only."""
    if thing.get("object") == "customer":
        return str(thing["id"])
    return str(thing.get("customer") or "")


def handle(event_id: str) -> bool:
    """Handle one event and all that wait of its customer; commits. False when Stripe was away."""
    with as_platform():
        event = db.session.get(StripeEvent, event_id)
        if event is None or event.handled_at is not None:
            return True
        try:
            _take_over(event)
        except StripeRefusedError as problem:
            db.session.rollback()
            failed = StripeEvent.tries + 1
            db.session.execute(
                update(StripeEvent)
                .where(StripeEvent.id == event_id, StripeEvent.handled_at.is_(None))
                .values(tries=failed, problem=type(problem.__cause__).__name__)
            )
            db.session.commit()
            return False
        db.session.commit()
        return True


def _take_over(event: StripeEvent) -> None:
    customer = event.customer or _customer_of_charge(event)
    found = queries.subscription_by_customer(customer) if customer else None
    if found is None:
        _mark([event.id], UNKNOWN)
        return
    subscription = standing.hold(found.firm_id)
    waiting = select(StripeEvent.id).where(
        StripeEvent.customer == customer, StripeEvent.handled_at.is_(None)
    )
    told = [event.id, *db.session.scalars(waiting)]
    if subscription is not None:
        syncing.sync(subscription)
    _mark(told, "")


def _customer_of_charge(event: StripeEvent) -> str:
    """Return whose charge a refund or a dispute is about, '' for an event of another kind."""
    charge = orjson.loads(event.body)["data"]["object"].get("charge")
    return gateway.customer_of_charge(charge) if isinstance(charge, str) else ""


def _mark(ids: Sequence[str], problem: str) -> None:
    db.session.execute(
        update(StripeEvent)
        .where(StripeEvent.id.in_(ids), StripeEvent.handled_at.is_(None))
        .values(handled_at=clock.now(), tries=StripeEvent.tries + 1, problem=problem)
    )


def handle_waiting() -> int:
    """Handle what is stored and waits, oldest first; return how many were taken up.

    It ends with the first one for which Stripe is away: the next minute begins there again. One
    that cannot be handled holds up no other; SomeFailedError names it at the end.
    """
    if not queries.takes_cards():
        return 0
    query = select(StripeEvent.id).where(StripeEvent.handled_at.is_(None))
    ordered = query.order_by(StripeEvent.received_at, StripeEvent.id)
    with as_platform():
        ids = list(db.session.scalars(ordered.limit(AT_ONCE)))
        db.session.commit()
    with Round() as each:
        for count, event_id in enumerate(ids, start=1):
            is_away = False
            with each.step(event_id):
                is_away = not handle(event_id)
            if is_away:
                current_app.logger.warning("stripe is away, %s events wait", len(ids) - count + 1)
                return count
    return len(ids)


def replay(since: datetime | None, event_id: str | None) -> list[str]:
    """Handle again what is stored: all, those received since, or one; return their ids. Commits."""
    query = select(StripeEvent.id)
    if event_id is not None:
        query = query.where(StripeEvent.id == event_id)
    if since is not None:
        query = query.where(StripeEvent.received_at >= since)
    with as_platform():
        ids = list(db.session.scalars(query.order_by(StripeEvent.received_at, StripeEvent.id)))
        again = update(StripeEvent).where(StripeEvent.id.in_(ids))
        db.session.execute(again.values(handled_at=None, problem=""))
        db.session.commit()
    for one in ids:
        handle(one)
    return ids
