"""The outbox: what waits is claimed before it is sent, ended after, and tried again in between.

A claim is committed before anything leaves, under the number of the message (`batch_id`), which
stays the same at every further try. A worker that dies in between leaves a claim behind, which is
taken up again after ABANDONED_AFTER: then a message may arrive twice, under one number, rather than
never. Every function commits.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock
from counselhub.core.db import db, reached, take_lock
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import Scope, as_platform
from counselhub.notices.kinds import DeliveryState
from counselhub.notices.models import Delivery
from counselhub.notices.rules import MOST_TRIES, wait_after

ABANDONED_AFTER = timedelta(minutes=10)
"""A claim of this age is of a dead worker: no channel may take as long for one message."""
LAPSES_AFTER = timedelta(days=3)
"""What could not be sent for so long is no news any more; it stays in the app."""

WORKER_LOST = "worker_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What one channel is to bring to one target; together with kind and key it goes once.

    kind: a code of `Kind`, or one of the channel's own. facts: as `texts.checked` returns them.
    """

    channel: str
    target_id: UUID
    scope: Scope
    kind: str
    key: str
    facts: Mapping[str, Any]
    path: str
    due_at: datetime
    lapses_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """One message that is to be sent now. tries: how often it was tried before."""

    id: UUID
    channel: str
    target_id: UUID
    tries: int
    claimed_at: datetime
    rows: tuple[Delivery, ...]


def put(some: Iterable[Outgoing]) -> int:
    """Let messages wait, within the caller's transaction; return how many are new.

    What waits or went already, by channel, target, kind and key, is left as it is. Does not commit.
    """
    now = clock.now()
    rows = [
        {
            "id": uuid7(),
            "channel": one.channel,
            "target_id": one.target_id,
            "place_kind": one.scope.kind.value,
            "place_key": one.scope.key,
            "kind": one.kind,
            "key": one.key,
            "facts": dict(one.facts),
            "path": one.path,
            "made_at": now,
            "due_at": one.due_at,
            "lapses_at": one.lapses_at or max(now, one.due_at) + LAPSES_AFTER,
            "state": DeliveryState.WAITING.value,
            "tries": 0,
            "problem": "",
        }
        for one in some
    ]
    if not rows:
        return 0
    adding = insert(Delivery).on_conflict_do_nothing().returning(Delivery.id)
    with as_platform():
        return len(db.session.scalars(adding, rows).all())


def claim(channel: str, most: int) -> Batch | None:
    """Take the message that is due longest, at most `most` notices of one target; None for none.

    Workers claim one after another, so that the notices of one message stay together; rows that
    somebody else holds are passed over.
    """
    with as_platform():
        take_lock(f"outbox:{channel}")
        _end_stale(channel)
        first = db.session.scalar(
            select(Delivery)
            .where(_is_due(channel))
            .order_by(Delivery.due_at, Delivery.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if first is None:
            db.session.commit()
            return None
        rows = db.session.scalars(
            select(Delivery)
            .where(_is_due(channel), _goes_with(first))
            .order_by(Delivery.made_at, Delivery.id)
            .limit(most)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        return _claimed(first, rows)


def _is_due(channel: str) -> ColumnElement[bool]:
    now = clock.now()
    return and_(
        Delivery.channel == channel,
        or_(
            and_(Delivery.state == DeliveryState.WAITING, Delivery.due_at <= now),
            and_(
                Delivery.state == DeliveryState.SENDING,
                Delivery.claimed_at <= now - ABANDONED_AFTER,
            ),
        ),
    )


def _goes_with(first: Delivery) -> ColumnElement[bool]:
    """Return what goes in one message with `first`: what did before, else what is new too."""
    if first.batch_id is not None:
        return Delivery.batch_id == first.batch_id
    return and_(Delivery.target_id == first.target_id, Delivery.batch_id.is_(None))


def _claimed(first: Delivery, rows: Sequence[Delivery]) -> Batch:
    now, batch_id = clock.now(), first.batch_id or uuid7()
    tries = first.tries + (first.state == DeliveryState.SENDING)  # a worker died over it
    for row in rows:
        row.tries = tries
        row.state, row.claimed_at, row.batch_id = DeliveryState.SENDING, now, batch_id
    batch = Batch(batch_id, first.channel, first.target_id, tries, now, tuple(rows))
    db.session.flush()
    for row in rows:
        db.session.expunge(row)  # a message is sent from what was claimed, outside the transaction
    db.session.commit()
    return batch


def _end_stale(channel: str) -> None:
    """End what has waited too long, and what workers died over again and again."""
    now, own = clock.now(), Delivery.channel == channel
    without = {"synchronize_session": False}
    late = update(Delivery).where(own, Delivery.state == DeliveryState.WAITING)
    db.session.execute(
        late.where(Delivery.lapses_at <= now).values(state=DeliveryState.LAPSED, ended_at=now),
        execution_options=without,
    )
    deadly = update(Delivery).where(
        own,
        Delivery.state == DeliveryState.SENDING,
        Delivery.claimed_at <= now - ABANDONED_AFTER,
        Delivery.tries >= MOST_TRIES - 1,
    )
    values = {"state": DeliveryState.FAILED, "claimed_at": None, "ended_at": now}
    db.session.execute(deadly.values(problem=WORKER_LOST, **values), execution_options=without)


def sent(batch: Batch) -> bool:
    """Note that a message went out. False when another worker has taken it over meanwhile."""
    return _end(batch, state=DeliveryState.SENT, ended_at=clock.now(), problem="")


def drop(batch: Batch) -> bool:
    """Note that a message is not needed any more. False as in `sent`."""
    return _end(batch, state=DeliveryState.NEEDLESS, ended_at=clock.now(), problem="")


def give_up(batch: Batch, problem: str) -> bool:
    """Note that a message will not go out, and why: a code. False as in `sent`."""
    return _end(batch, state=DeliveryState.FAILED, ended_at=clock.now(), problem=problem)


def try_again(
    batch: Batch,
    problem: str,
    *,
    after: timedelta | None = None,
    fit: Callable[[datetime], datetime] = lambda at: at,
) -> bool:
    """Note a failure that may pass: it waits longer each time, or is given up. False as in `sent`.

    after: how long to wait at least. fit: moves the time out of quiet hours.
    """
    wait = wait_after(batch.tries + 1)
    if wait is None:
        return give_up(batch, problem)
    due_at = fit(clock.now() + max(wait, after or wait))
    waiting = DeliveryState.WAITING
    return _end(batch, state=waiting, due_at=due_at, tries=batch.tries + 1, problem=problem)


def put_back(batch: Batch, until: datetime) -> bool:
    """Let a message wait that was not tried, as when a limit is reached. False as in `sent`."""
    return _end(batch, state=DeliveryState.WAITING, due_at=until)


def _end(batch: Batch, **values: Any) -> bool:
    """End a claim, only under the time it was made: who was taken for dead ends nothing."""
    held = update(Delivery).where(
        Delivery.batch_id == batch.id,
        Delivery.state == DeliveryState.SENDING,
        Delivery.claimed_at == batch.claimed_at,
    )
    with as_platform():
        ended = db.session.execute(
            held.values(claimed_at=None, **values).returning(Delivery.id),
            execution_options={"synchronize_session": False},
        ).all()
        db.session.commit()
    return bool(ended)


def begin_again(channel: str) -> int:
    """Let what was given up wait anew, with all its tries; return how many. Does not commit."""
    now = clock.now()
    again = update(Delivery).where(
        Delivery.channel == channel, Delivery.state == DeliveryState.FAILED
    )
    values = {"due_at": now, "tries": 0, "ended_at": None, "lapses_at": now + LAPSES_AFTER}
    with as_platform():
        return reached(again.values(state=DeliveryState.WAITING, **values))
