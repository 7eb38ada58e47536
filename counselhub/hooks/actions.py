"""Make a hook and change it, pause it, change its secret, remove it; send a trial, send again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update

from counselhub.core import clock, history
from counselhub.core.db import db, reached, take_lock
from counselhub.core.errors import ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.queueing import enqueue
from counselhub.core.tenancy import PLATFORM, ScopeKind, as_platform
from counselhub.hooks import queries, rules, seals
from counselhub.hooks.kinds import (
    DELIVERY_FLOW,
    HOOK_FLOW,
    DeliveryState,
    HookKind,
    HookState,
    PauseCause,
    offered,
)
from counselhub.hooks.models import Hook, HookDelivery, HookPulse

TASK = "send_hooks"
MOST = 20
"""Hooks of one place."""
ILLEGAL = _l("它现在的状态不允许这项操作，请看最新内容。")
WRONG = {
    "shape": _l("请填写完整的网址，例如 https://example.cn/events（不能有空格、中文或 #）。"),
    "https": _l("只能推送到 https 开头的地址。"),
    "login": _l("网址里不能写用户名和密码；请用签名来验明是我们发出的。"),
    "inside": _l("不能推送到内部网络或本机的地址，请填公网上的主机名。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a hook is to be. chosen: codes of what is told."""

    name: str
    address: str
    chosen: Sequence[str]


def may_be_inside() -> bool:
    """Whether hooks may lead into the own network: while developing, never in production."""
    return bool(current_app.config["HOOKS_INSIDE"])


def make(given: Given, *, by: Member) -> tuple[Hook, str]:
    """Make a hook; return it with its secret, which is nowhere else. Raises RefusedError."""
    _refuse(given, by)
    take_lock(f"hooks:{by.scope.kind}:{by.scope.key}")
    if queries.count_of(by.scope) >= MOST:
        raise RefusedError(_("一个单位最多 %(count)d 个推送地址。", count=MOST), at="address")
    hook = Hook(
        id=uuid7(),
        kind=by.scope.kind.value,
        key=by.scope.key,
        name=given.name,
        address=given.address,
        chosen=list(given.chosen),
        sealed="",
        state=HookState.LIVE,
        made_at=clock.now(),
        made_by_name=by.name,
    )
    secret = seals.fresh()
    hook.sealed = seals.sealed(secret, hook)
    with as_platform():
        db.session.add(hook)
        db.session.flush()
        db.session.add(HookPulse(hook_id=hook.id))
    _note("hook_made", hook, by, chosen=list(given.chosen))
    return hook, secret


def _refuse(given: Given, by: Member) -> None:
    if by.scope.kind not in (ScopeKind.FIRM, ScopeKind.OFFICE):
        raise ForbiddenError()
    try:
        rules.target(given.address, inside=may_be_inside())
    except rules.AddressError as wrong:
        raise RefusedError(WRONG[wrong.code], at="address") from wrong
    if not given.chosen or set(given.chosen) - set(offered(by.scope.kind)):
        raise RefusedError(_("请至少选择一种事件。"), at="chosen")


def _note(act: str, hook: Hook, by: Member, **detail: Any) -> None:
    """Tell the place's record; of the address only the host, for a path may be a secret."""
    host = rules.target(hook.address, inside=True).shown_host
    history.note(act, scope=hook.scope, by=by, hook=hook.name, host=host, **detail)


def change(hook: Hook, given: Given, *, revision: int | None, by: Member) -> None:
    """Change name, address or what is told from now on. Raises RefusedError, ConflictError."""
    history.expect(hook, revision)
    _refuse(given, by)
    with as_platform():
        hook.name, hook.address = given.name, given.address
        hook.chosen = list(given.chosen)
    _note("hook_changed", hook, by, chosen=list(given.chosen))


def change_secret(hook: Hook, *, by: Member) -> str:
    """Give a hook a new secret and return it; the last one signs as well for a day."""
    secret = seals.fresh()
    with as_platform():
        hook.sealed_before, hook.before_until = hook.sealed, clock.now() + rules.TOGETHER
        hook.sealed = seals.sealed(secret, hook)
    _note("hook_secret_changed", hook, by)
    return secret


def pause(hook: Hook, cause: PauseCause, *, by: Member) -> None:
    """Send nothing for now; events go on being gathered. Raises IllegalMoveError."""
    with as_platform():
        _move(hook, "pause")
        hook.cause, hook.paused_at = cause, clock.now()
    _note("hook_paused", hook, by, cause=cause.value)


def resume(hook: Hook, *, by: Member) -> None:
    """Send again, first what has waited. Raises IllegalMoveError."""
    now = clock.now()
    with as_platform():
        _move(hook, "resume")
        hook.cause = hook.paused_at = None
        is_waiting = (HookDelivery.hook_id == hook.id, HookDelivery.state == DeliveryState.WAITING)
        db.session.execute(update(HookDelivery).where(*is_waiting).values(due_at=now))
        _awaken(hook)
    _note("hook_resumed", hook, by)
    enqueue(TASK, scope=PLATFORM)


def _move(hook: Hook, act: str) -> None:
    move = HOOK_FLOW[act]
    if hook.state not in move.sources:
        raise IllegalMoveError(ILLEGAL, row=hook)
    hook.state = move.target


def _awaken(hook: Hook) -> None:
    """Let the worker begin at once with what is due, and count failures from nothing.

    After the deliveries, as the worker does it, so that neither waits for the other.
    """
    change = update(HookPulse).where(HookPulse.hook_id == hook.id)
    db.session.execute(change.values(failures=0, deaths=0, rests_until=None))


def remove(hook: Hook, *, by: Member) -> None:
    """Remove a hook with its secret and its log."""
    _note("hook_removed", hook, by)
    with as_platform():
        db.session.execute(delete(Hook).where(Hook.id == hook.id))


def send_trial(hook: Hook, *, by: Member) -> HookDelivery:
    """Send an event that says nothing, to see whether it arrives."""
    is_firm = by.scope.kind is ScopeKind.FIRM
    now = clock.now()
    row = HookDelivery(
        id=uuid7(),
        hook_id=hook.id,
        event_id=uuid7(),
        kind=HookKind.PING,
        at=now,
        firm_id=by.firm_id if is_firm else None,
        state=DeliveryState.WAITING,
        due_at=now,
    )
    with as_platform():
        db.session.add(row)
        _awaken(hook)
    _note("hook_tested", hook, by)
    enqueue(TASK, scope=PLATFORM)
    return row


def replay(hook: Hook, delivery: HookDelivery, *, by: Member) -> None:
    """Send a delivery again under its id. Raises IllegalMoveError for one that waits anyway."""
    if delivery.state not in DELIVERY_FLOW["replay"].sources:
        raise IllegalMoveError(ILLEGAL, row=delivery)
    _begin_anew(hook, HookDelivery.id == delivery.id)
    _note("hook_replayed", hook, by, count=1, delivery=str(delivery.id))


def replay_dead(hook: Hook, *, by: Member) -> int:
    """Send again all that was given up, under their ids; return how many."""
    count = _begin_anew(hook, HookDelivery.state == DeliveryState.DEAD)
    if count:
        _note("hook_replayed", hook, by, count=count)
    return count


def _begin_anew(hook: Hook, which: Any) -> int:
    change = (
        update(HookDelivery)
        .where(HookDelivery.hook_id == hook.id, which)
        .where(HookDelivery.state.in_(DELIVERY_FLOW["replay"].sources))
        .values(
            state=DELIVERY_FLOW["replay"].target,
            due_at=clock.now(),
            claimed_until=None,
            done_at=None,
            tries_before=HookDelivery.tries,
        )
    )
    with as_platform():
        count = reached(change)
        _awaken(hook)
    enqueue(TASK, scope=PLATFORM)
    return count
