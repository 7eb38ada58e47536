"""Send what is due: claimed, signed, sent, and what came of it noted, each on its own.

A claim lasts for a while and then lapses, so that what a killed worker had in hand is sent again:
perhaps a second time, but under the same id. Several workers never claim one delivery.
"""

import time
from collections.abc import Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import bindparam, select, text

from counselhub.core import clock, programs
from counselhub.core.db import db
from counselhub.core.members import command_member
from counselhub.core.queueing import enqueue
from counselhub.core.rounds import Round
from counselhub.core.sealing import UnsealError
from counselhub.core.tenancy import as_platform
from counselhub.hooks import actions, posting, rules, seals, telling
from counselhub.hooks.kinds import (
    DELIVERY_FLOW,
    DeliveryState,
    HookState,
    PauseCause,
)
from counselhub.hooks.models import Hook, HookAttempt, HookDelivery, HookPulse
from counselhub.hooks.posting import Outcome

AT_ONCE = 16
OF_ONE = 4
"""How many are sent at a time: in all, and to one hook, so that a slow one holds up few."""
CLAIM = timedelta(seconds=60)
RUN_SECONDS = 50
"""A run begins nothing after this, for the timetable begins another."""
GONE = 410
AGENT = "CounselHub-Hooks/1"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one thread sends. number: which try it is."""

    delivery_id: UUID
    hook_id: UUID
    number: int
    at: datetime
    address: str
    body: bytes
    headers: dict[str, str]


def ask() -> None:
    """Ask for a run when something is due: what waits for strangers holds up no timetable."""
    is_due = select(HookDelivery.id).where(
        HookDelivery.state == DeliveryState.WAITING, HookDelivery.due_at <= clock.now()
    )
    with as_platform():
        if db.session.scalar(select(is_due.exists())):
            enqueue(actions.TASK, once="due")
        db.session.commit()


def run() -> int:
    """Send all that is due and becomes due meanwhile; return how many attempts were made.

    Raises SomeFailedError at the end, for attempts whose outcome could not be noted.
    """
    ends = time.monotonic() + RUN_SECONDS
    inside = actions.may_be_inside()
    under_way: dict[Future[Outcome], Claimed] = {}
    count = 0
    with Round() as each, ThreadPoolExecutor(AT_ONCE) as pool:
        while True:
            if time.monotonic() < ends:
                busy = {one.hook_id for one in under_way.values()}
                for one in claim(AT_ONCE - len(under_way), busy):
                    sent = pool.submit(
                        posting.post, one.address, one.body, one.headers, inside=inside
                    )
                    under_way[sent] = one
            if not under_way:
                return count
            done, _others = wait(under_way, timeout=1, return_when=FIRST_COMPLETED)
            for future in done:
                one = under_way.pop(future)
                with each.step(f"delivery:{one.delivery_id}"):
                    note(one, future.result())
                    count += 1


_DUE = text(
    "SELECT due.id FROM hook JOIN hook_pulse pulse ON pulse.hook_id = hook.id"
    " CROSS JOIN LATERAL (SELECT one.id, one.due_at FROM hook_delivery one"
    "  WHERE one.hook_id = hook.id AND one.state = 'waiting' AND one.due_at <= :now"
    "  AND (one.claimed_until IS NULL OR one.claimed_until <= :now)"
    "  ORDER BY one.due_at, one.event_id LIMIT :each FOR UPDATE SKIP LOCKED) due"
    " WHERE hook.state = 'live' AND hook.id <> ALL(:busy)"
    " AND (pulse.rests_until IS NULL OR pulse.rests_until <= :now)"
    " ORDER BY due.due_at LIMIT :most"
)


def claim(most: int, busy: Collection[UUID] = ()) -> list[Claimed]:
    """Take what is due, of no hook in `busy`, at most OF_ONE of each; commits the claim."""
    if most <= 0:
        return []
    now = clock.now()
    told = {"now": now, "each": OF_ONE, "busy": list(busy), "most": most}
    with as_platform():
        ids = db.session.scalars(_DUE, told).all()
        rows = db.session.execute(_CLAIMED, {"ids": ids}).all()
        taken = [one for _id, part in groupby(rows, _hook_of) for one in _taken([*part], now)]
        db.session.commit()
    return taken


_CLAIMED = (
    select(HookDelivery, Hook, HookPulse)
    .join(Hook, Hook.id == HookDelivery.hook_id)
    .join(HookPulse, HookPulse.hook_id == Hook.id)
    .where(HookDelivery.id.in_(bindparam("ids", expanding=True)))
    .order_by(HookDelivery.hook_id, HookDelivery.due_at, HookDelivery.event_id)
    .with_for_update(of=HookPulse)
    .execution_options(populate_existing=True)
)
"""Pulses are locked in one order, for they count the numbers."""
Taken = tuple[HookDelivery, Hook, HookPulse]


def _hook_of(row: Taken) -> UUID:
    return row[1].id


def _taken(rows: Sequence[Taken], now: datetime) -> list[Claimed]:
    """Number the deliveries of one hook, claim them and sign them."""
    _delivery, hook, pulse = rows[0]
    for row, _hook, _pulse in rows:
        if row.sequence is None:
            pulse.sequence += 1
            row.sequence = pulse.sequence
        row.claimed_until, row.tries = now + CLAIM, row.tries + 1
    try:
        secrets = seals.opened(hook, now)
    except UnsealError:  # its key has left the environment: the claim lapses, and it waits
        return []
    return [_signed(hook, row[0], secrets, now) for row in rows]


def _signed(hook: Hook, row: HookDelivery, secrets: Sequence[str], now: datetime) -> Claimed:
    body = telling.body_of(row)
    headers = {
        "Content-Type": programs.JSON,
        "User-Agent": AGENT,
        "CounselHub-Event": row.kind,
        "CounselHub-Delivery": str(row.id),
        "CounselHub-Signature": rules.signature(body, int(now.timestamp()), secrets),
    }
    return Claimed(row.id, hook.id, row.tries, now, hook.address, body, headers)


def note(one: Claimed, outcome: Outcome) -> None:
    """Note how an attempt went, and when the next one is; commits.

    An attempt whose claim had lapsed is told in the log and decides nothing.
    """
    now = clock.now()
    with as_platform():
        is_own = (
            HookDelivery.id == one.delivery_id,
            HookDelivery.tries == one.number,
            HookDelivery.state == DeliveryState.WAITING,
        )
        row = db.session.scalar(select(HookDelivery).where(*is_own).with_for_update())
        if row is not None:
            _settle(row, outcome, now)
        _log(one, outcome)
        db.session.commit()


def _log(one: Claimed, outcome: Outcome) -> None:
    """Keep the answer, unless the hook was removed meanwhile and its log with it."""
    if db.session.scalar(select(HookDelivery.id).where(HookDelivery.id == one.delivery_id)):
        db.session.add(
            HookAttempt(
                delivery_id=one.delivery_id,
                number=one.number,
                at=one.at,
                status=outcome.status,
                fault=outcome.fault,
                milliseconds=outcome.milliseconds,
                answer=outcome.answer,
            )
        )


def _settle(row: HookDelivery, outcome: Outcome, now: datetime) -> None:
    pulse = db.session.scalars(
        select(HookPulse).where(HookPulse.hook_id == row.hook_id).with_for_update()
    ).one()
    row.claimed_until = None
    if outcome.fault is None:
        row.state, row.done_at = DELIVERY_FLOW["arrive"].target, now
        pulse.failures, pulse.deaths = 0, 0
        pulse.rests_until, pulse.arrived_at = None, now
        return
    pulse.failures += 1
    pulse.rests_until = now + rules.rest_after(pulse.failures)
    is_gone = outcome.status == GONE
    pause = None if is_gone else rules.wait_after(row.tries - row.tries_before)
    if pause is not None:
        row.due_at = now + pause
        return
    row.state, row.done_at = DELIVERY_FLOW["give_up"].target, now
    pulse.deaths += 1
    if is_gone or pulse.deaths >= rules.DEATHS:
        _pause(row.hook_id, PauseCause.GONE if is_gone else PauseCause.DEAD)


def _pause(hook_id: UUID, cause: PauseCause) -> None:
    """Pause a hook that nobody hears at, unless somebody has."""
    hook = db.session.scalar(select(Hook).where(Hook.id == hook_id).with_for_update())
    if hook is not None and hook.state == HookState.LIVE:
        actions.pause(hook, cause, by=command_member(hook.scope))
