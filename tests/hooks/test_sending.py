"""How deliveries fare against real receivers: content, slow, broken, gone, away and back."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, update

from counselhub.core import clock, placed
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.hooks import actions, posting, rules, sending
from counselhub.hooks.models import Hook, HookDelivery, HookPulse
from counselhub.retention.actions import run as sweep
from counselhub.retention.kinds import Kept
from counselhub.retention.rules import periods
from tests.counting import statements
from tests.factories import Tenant
from tests.hooks.conftest import Made, act, attempts, deliveries, hook_now, make_hook, send
from tests.hooks.receiver import Receiver, is_signed, receiving


def later(app: Flask, hook: Made, **more: object) -> None:
    """Let the time of the next try have come."""
    with app.app_context(), as_platform():
        mine = HookDelivery.hook_id == hook.id
        due = clock.now() - timedelta(seconds=1)
        waits = update(HookDelivery).where(mine, HookDelivery.state == "waiting")
        db.session.execute(waits.values(due_at=due, **more))
        pulse = update(HookPulse).where(HookPulse.hook_id == hook.id)
        db.session.execute(pulse.values(rests_until=None))
        db.session.commit()


def test_a_storm_arrives_whole_and_numbered(
    app: Flask, tenant: Tenant, manager: Member, hook: Made, receiver: Receiver
) -> None:
    receiver.pause = 0.005
    act(app, tenant, manager, many=120)
    assert send(app) == 120
    assert len(set(receiver.ids)) == 120
    assert sorted(one["sequence"] for one in receiver.told) == list(range(1, 121))
    assert 1 < receiver.most_at_once <= sending.OF_ONE
    assert {one.state for one in deliveries(app, hook)} == {"sent"}


def test_two_workers_send_nothing_twice(
    app: Flask, tenant: Tenant, manager: Member, hook: Made, receiver: Receiver
) -> None:
    act(app, tenant, manager, many=60)
    gate = Barrier(3)

    def worker(_number: int) -> int:
        gate.wait()
        return send(app)

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(worker, range(3))) == 60
    assert len(receiver.ids) == len(set(receiver.ids)) == 60
    assert sorted(one["sequence"] for one in receiver.told) == list(range(1, 61))


def test_a_claim_asks_as_often_for_many_hooks_as_for_one(
    app: Flask, tenant: Tenant, manager: Member, receiver: Receiver
) -> None:
    asked = []
    for more in (1, 3):
        hooks = {make_hook(app, manager, receiver.address).id for _number in range(more)}
        act(app, tenant, manager)
        with app.app_context(), statements() as sent:
            assert hooks <= {one.hook_id for one in sending.claim(sending.AT_ONCE)}
        asked.append(len(sent))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("status", "fault"), [(500, "status"), (404, "status"), (302, "redirect"), (307, "redirect")]
)
def test_what_is_not_taken_is_tried_again(
    app: Flask,
    tenant: Tenant,
    manager: Member,
    hook: Made,
    receiver: Receiver,
    status: int,
    fault: str,
) -> None:
    with receiving() as elsewhere:
        receiver.status, receiver.body = status, "不行 \x00".encode()
        receiver.headers = {"Location": elsewhere.address}
        act(app, tenant, manager)
        assert send(app) == 1
        assert elsewhere.arrived == [], "a redirect was followed"
    (tried,) = attempts(app, hook)
    assert (tried.status, tried.fault, tried.number) == (status, fault, 1)
    assert tried.answer == "不行 �"
    (row,) = deliveries(app, hook)
    assert row.state == "waiting"
    assert timedelta(0) < row.due_at - clock.now() <= rules.WAITS[0]
    assert send(app) == 0, "it is not due yet"
    receiver.status = 200
    later(app, hook)
    assert send(app) == 1
    assert receiver.ids == [str(row.id)] * 2
    assert receiver.arrived[0][1] == receiver.arrived[1][1], "the same body"
    assert deliveries(app, hook)[0].state == "sent"


def test_a_hook_that_fails_rests_and_the_others_do_not(
    app: Flask, tenant: Tenant, manager: Member, hook: Made, receiver: Receiver
) -> None:
    receiver.status = 500
    with receiving() as content:
        make_hook(app, manager, content.address)
        act(app, tenant, manager, many=30)
        send(app)
        assert len(content.ids) == 30
    assert len(receiver.ids) == sending.OF_ONE, "what was under way, then nothing"


def test_an_outage_ends_in_a_pause_and_nothing_is_lost(
    app: Flask, tenant: Tenant, manager: Member, hook: Made, receiver: Receiver
) -> None:
    receiver.status = 503
    act(app, tenant, manager, many=rules.DEATHS)
    for _try in range(len(rules.WAITS) + 1):
        later(app, hook)
        send(app)
    assert {(one.state, one.tries) for one in deliveries(app, hook)} == {("dead", 10)}
    now = hook_now(app, hook)
    assert (now.state, now.cause) == ("paused", "dead")
    act(app, tenant, manager)
    assert send(app) == 0
    receiver.status = 200
    receiver.arrived.clear()
    with app.test_request_context(), as_scope(tenant.scope):
        found = placed.own(Hook, hook.id, manager.scope, locked=True)
        actions.resume(found, by=manager)
        assert actions.replay_dead(found, by=manager) == rules.DEATHS
        db.session.commit()
    assert send(app) == rules.DEATHS + 1
    assert {one.state for one in deliveries(app, hook)} == {"sent"}
    assert set(receiver.ids) == {str(one.id) for one in deliveries(app, hook)}


def test_the_pause_is_told_in_the_record(
    app: Flask, tenant: Tenant, manager: Member, hook: Made, receiver: Receiver
) -> None:
    receiver.status = 410
    act(app, tenant, manager)
    assert send(app) == 1
    assert hook_now(app, hook).cause == "gone"
    assert deliveries(app, hook)[0].state == "dead"
    with app.app_context(), as_platform():
        query = select(AccountEvent).where(
            AccountEvent.act == "hook_paused", AccountEvent.key == tenant.scope.key
        )
        told = db.session.scalars(query).one()
        assert told.detail["cause"] == "gone"
        assert "events" not in str(told.detail), "only the host: a path may be a secret"


@pytest.mark.parametrize("how", ["sleeps", "drips"])
def test_a_slow_receiver_is_cut_off(
    app: Flask,
    tenant: Tenant,
    manager: Member,
    hook: Made,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    monkeypatch.setattr(posting, "SECONDS", 1.0)
    receiver.pause, receiver.drips = (3, False) if how == "sleeps" else (0, True)
    act(app, tenant, manager)
    begun = time.monotonic()
    send(app)
    assert time.monotonic() - begun < 2.5
    assert attempts(app, hook)[0].fault == "slow"


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        pytest.param("http://127.0.0.1:9/", "refused", id="nobody there"),
        pytest.param("http://nobody.invalid/", "unknown_host", id="no such name"),
    ],
)
def test_who_is_not_there(
    app: Flask, tenant: Tenant, manager: Member, address: str, fault: str
) -> None:
    made = make_hook(app, manager, address)
    act(app, tenant, manager)
    send(app)
    (tried,) = attempts(app, made)
    assert (tried.status, tried.fault) == (None, fault)


def test_a_killed_worker_sends_again_under_the_same_id(
    app: Flask, tenant: Tenant, manager: Member, hook: Made, receiver: Receiver
) -> None:
    act(app, tenant, manager)
    with app.app_context():
        (lost,) = sending.claim(10)
        posting.post(lost.address, lost.body, lost.headers, inside=True)  # and then it was killed
        assert sending.claim(10) == []
    with clock.frozen(clock.now() + sending.CLAIM), app.app_context():
        (again,) = sending.claim(10)
        answer = posting.post(again.address, again.body, again.headers, inside=True)
        sending.note(again, answer)
        sending.note(lost, posting.Outcome(500, None, 1))  # the dead one speaks after all
    assert again.delivery_id == lost.delivery_id
    assert receiver.ids == [str(lost.delivery_id)] * 2
    assert receiver.arrived[0][1] == receiver.arrived[1][1]
    (row,) = deliveries(app, hook)
    assert (row.state, row.tries) == ("sent", 2)


def test_both_secrets_sign_for_a_day(
    app: Flask, tenant: Tenant, manager: Member, hook: Made, receiver: Receiver
) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        new = actions.change_secret(placed.own(Hook, hook.id, manager.scope), by=manager)
        db.session.commit()
    act(app, tenant, manager)
    send(app)
    headers, body = receiver.arrived[0]
    assert is_signed(headers, body, new)
    assert is_signed(headers, body, hook.secret)
    with clock.frozen(clock.now() + rules.TOGETHER):
        act(app, tenant, manager)
        send(app)
    headers, _body = receiver.arrived[1]
    assert headers["CounselHub-Signature"].count("v1=") == 1


def test_a_removed_hook_is_silent(
    app: Flask, tenant: Tenant, manager: Member, hook: Made, receiver: Receiver
) -> None:
    act(app, tenant, manager)
    with app.app_context():
        (under_way,) = sending.claim(10)
    with app.test_request_context(), as_scope(tenant.scope):
        actions.remove(placed.own(Hook, hook.id, manager.scope), by=manager)
        db.session.commit()
    with app.app_context():
        sending.note(under_way, posting.Outcome(204, None, 1))  # what was under way ends well
    act(app, tenant, manager)
    assert send(app) == 0
    assert deliveries(app, hook) == []


def test_production_reaches_nothing_inside(
    app: Flask,
    tenant: Tenant,
    manager: Member,
    hook: Made,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The hook was made while it was allowed; now the address is judged when it is sent."""
    monkeypatch.setitem(app.config, "HOOKS_INSIDE", False)
    act(app, tenant, manager)
    send(app)
    assert receiver.arrived == []
    assert attempts(app, hook)[0].fault == "forbidden"


def test_a_name_that_leads_inside_is_refused() -> None:
    """`localtest.me` and its like: the name is open, what it leads to is not."""
    target = rules.Target("https", "localhost", 443, "/")
    with pytest.raises(rules.AddressError):
        posting._judged(target, inside=False)


def test_the_log_goes_after_its_time(
    app: Flask, tenant: Tenant, manager: Member, hook: Made, receiver: Receiver
) -> None:
    act(app, tenant, manager)
    send(app)
    only = dict.fromkeys(periods(""), None) | {Kept.HOOK_LOG: 30}
    with app.app_context(), clock.frozen(clock.now() + timedelta(days=29)):
        sweep(only, dry=False)
    assert len(attempts(app, hook)) == 1
    with app.app_context(), clock.frozen(clock.now() + timedelta(days=32)):
        sweep(only, dry=False)
    assert deliveries(app, hook) == []
