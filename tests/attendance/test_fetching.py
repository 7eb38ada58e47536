"""The interface on real sockets: limits, tokens, errors, and going on where it ended."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.attendance import fetching, linking
from counselhub.attendance.dingtalk import DingTalk, DingTalkError, tap_of
from counselhub.attendance.facts import Who
from counselhub.attendance.kinds import Mark, Vendor
from counselhub.attendance.models import AttendanceAccount, AttendanceLink, AttendancePunch
from counselhub.core import clock, config, data_keys, sealing
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from tests import factories
from tests.attendance.conftest import DAY, NOW, wall
from tests.attendance.server import DingTalkServer, record, running
from tests.factories import Tenant

FIRST, LAST = wall(0), wall(23)


@pytest.fixture
def server(app: Flask) -> Iterator[DingTalkServer]:
    before = app.config["DINGTALK"]
    with running() as found:
        app.config["DINGTALK"] = found.address
        yield found
    app.config["DINGTALK"] = before


@pytest.fixture
def client(server: DingTalkServer) -> DingTalk:
    return DingTalk(server.address, "dingabc", "right", (0, 0))


@pytest.fixture
def linked(app: Flask, tenant: Tenant) -> Iterator[Tenant]:
    """A firm with a key, and Zhang's userid u1; the clock stands at 20 October."""
    with clock.frozen(NOW), app.app_context():
        with as_scope(tenant.scope):
            linking.connect(
                "dingabc", "right", date(2026, 10, 1), revision=None, by=tenant.member()
            )
            account(tenant, "u1")
            db.session.commit()
        yield tenant


def account(tenant: Tenant, userid: str) -> None:
    db.session.add(
        AttendanceAccount(
            vendor="dingtalk",
            known_as=f"id:{userid}",
            userid=userid,
            name="张三丰",
            adviser_id=tenant.adviser_id,
        )
    )


def fetch(tenant: Tenant) -> fetching.Fetched:
    found = fetching.fetch_firm(tenant.firm_id, tenant.code, waits=(0, 0))
    assert found is not None
    return found


def stored(tenant: Tenant) -> list[datetime]:
    with as_scope(tenant.scope):
        query = select(AttendancePunch.minute).order_by(AttendancePunch.minute)
        found = [clock.local(at).replace(tzinfo=None) for at in db.session.scalars(query)]
        db.session.rollback()
        return found


def test_a_token_that_ran_out_is_fetched_once_more(
    server: DingTalkServer, client: DingTalk
) -> None:
    server.records = [record("u1", wall(9))]
    assert len(client.records(["u1"], FIRST, LAST)) == 1
    server.expire()
    assert len(client.records(["u1"], FIRST, LAST)) == 1
    assert server.tokens == 2


@pytest.mark.parametrize(
    "busy",
    [
        pytest.param(({"errcode": 90018, "errmsg": "被限流"}, 200), id="too many calls"),
        pytest.param(({"errcode": -1, "errmsg": "系统繁忙"}, 200), id="busy"),
        pytest.param(({}, 429), id="429"),
        pytest.param(({}, 503), id="503"),
    ],
)
def test_a_busy_server_is_asked_again(
    server: DingTalkServer, client: DingTalk, busy: tuple[Any, int]
) -> None:
    server.records = [record("u1", wall(9))]
    waited: list[float] = []
    client.waits, client.sleep = (1, 4), waited.append
    server.say(*busy)
    server.say(*busy)
    assert len(client.records(["u1"], FIRST, LAST)) == 1
    assert waited == [1, 4]
    for _ in range(3):
        server.say(*busy)
    with pytest.raises(DingTalkError, match="稍后会接着取"):
        client.records(["u1"], FIRST, LAST)


@pytest.mark.parametrize(
    ("document", "status", "words"),
    [
        pytest.param(
            {"errcode": 88, "sub_code": "60011", "sub_msg": "无权限"},
            200,
            "qyapi_get",
            id="no right",
        ),
        pytest.param({"errcode": 40035, "errmsg": "参数错误"}, 200, "40035 参数错误", id="another"),
        pytest.param(["x"], 200, "读不懂", id="no object"),
        pytest.param({}, 302, "-2", id="a redirect is not followed"),
    ],
)
def test_what_it_refuses_is_said_in_words(
    context: None, server: DingTalkServer, client: DingTalk, document: Any, status: int, words: str
) -> None:
    client.records(["u1"], FIRST, LAST)
    server.say(document, status)
    with pytest.raises(DingTalkError, match=words):
        client.records(["u1"], FIRST, LAST)


def test_a_wrong_secret_is_said(context: None, server: DingTalkServer) -> None:
    with pytest.raises(DingTalkError, match="AppSecret"):
        DingTalk(server.address, "dingabc", "wrong", ()).records(["u1"], FIRST, LAST)


def test_a_server_that_is_not_there_is_said(context: None) -> None:
    with pytest.raises(DingTalkError, match="稍后会接着取"):
        DingTalk("http://127.0.0.1:9", "dingabc", "right", (0,)).records(["u1"], FIRST, LAST)


@pytest.mark.parametrize(
    ("people", "days"),
    [
        pytest.param(0, 1, id="nobody"),
        pytest.param(51, 1, id="51"),
        pytest.param(1, 8, id="8 days"),
    ],
)
def test_its_limits_are_kept(client: DingTalk, people: int, days: int) -> None:
    with pytest.raises(ValueError, match="at most 50"):
        client.records([f"u{n}" for n in range(people)], FIRST, FIRST + timedelta(days=days))


@pytest.mark.parametrize(
    ("more", "mark"),
    [
        pytest.param({}, Mark.PLAIN, id="plain"),
        pytest.param({"timeResult": "Late", "isLegal": "N"}, Mark.PLAIN, id="late is no doubt"),
        pytest.param({"locationResult": "Outside", "isLegal": "N"}, Mark.OUTSIDE, id="outside"),
        pytest.param({"sourceType": "BOSS"}, Mark.BY_HAND, id="BOSS"),
        pytest.param({"sourceType": "APPROVE"}, Mark.BY_HAND, id="APPROVE"),
        pytest.param({"invalidRecordType": "Security"}, Mark.INVALID, id="invalid"),
        pytest.param({"isLegal": "N"}, Mark.INVALID, id="not legal and no reason"),
    ],
)
def test_a_record_has_its_mark(more: dict[str, Any], mark: Mark) -> None:
    who = Who(Vendor.DINGTALK, "u1", "张三丰")
    tap = tap_of(record("u1", wall(9, 2), **more), {"u1": who})
    assert tap is not None
    assert (tap.mark, tap.at, tap.planned) == (mark, wall(9, 2), wall(9))
    assert tap.place == "甲社区党群服务中心"


def test_times_are_numbers_or_texts() -> None:
    who = {"u1": Who(Vendor.DINGTALK, "u1", "张三丰")}
    number = record("u1", wall(9))
    text = number | {"userCheckTime": str(number["userCheckTime"])}
    assert tap_of(text, who) == tap_of(number, who)
    assert tap_of(number | {"userCheckTime": None}, who) is None
    assert tap_of(number | {"userId": "u2"}, who) is None


def test_all_is_fetched_week_by_week_and_gone_on_from_there(
    server: DingTalkServer, linked: Tenant
) -> None:
    server.records = [record("u1", wall(9)), record("u1", wall(11, 30)), record("u9", wall(9))]
    done = fetch(linked)
    assert (done.punches, done.new, done.problem) == (2, 2, "")
    assert stored(linked) == [wall(9), wall(11, 30)]
    spans = [(call["checkDateFrom"][:10], call["checkDateTo"][:10]) for call in server.calls]
    assert spans == [
        ("2026-10-01", "2026-10-07"),
        ("2026-10-06", "2026-10-13"),
        ("2026-10-12", "2026-10-19"),
        ("2026-10-18", "2026-10-20"),
    ]
    assert fetch(linked).punches == 0
    assert len(server.calls) == 4
    with clock.frozen(NOW + timedelta(hours=6)):
        server.records.append(record("u1", wall(8, 0, date(2026, 10, 20))))
        assert (fetch(linked).new, len(server.calls)) == (1, 5)


def test_what_was_stored_before_a_failure_stays_and_it_goes_on(
    server: DingTalkServer, linked: Tenant
) -> None:
    server.records = [record("u1", wall(9, 0, date(2026, 10, day))) for day in (2, 15)]
    server.say({"errcode": 0, "access_token": "t1"})
    server.good_token = "t1"
    server.say(server._records(_body("2026-10-01", "2026-10-07")))
    server.say({"errcode": 40035, "errmsg": "参数错误"})
    failed = fetch(linked)
    assert (failed.new, "40035" in failed.problem) == (1, True)
    with as_scope(linked.scope):
        assert "40035" in db.session.scalars(select(AttendanceLink.problem)).one()
        db.session.rollback()
    again = fetch(linked)
    assert (again.new, again.problem) == (1, "")
    assert len(stored(linked)) == 2


def _body(first: str, last: str) -> dict[str, Any]:
    days = {"checkDateFrom": f"{first} 00:00:00", "checkDateTo": f"{last} 23:59:59"}
    return {"userIds": ["u1"]} | days


def test_fifty_people_a_call(server: DingTalkServer, linked: Tenant) -> None:
    with as_scope(linked.scope):
        for number in range(60):
            account(linked, f"w{number}")
        db.session.commit()
    with clock.frozen(datetime(2026, 10, 3, 9, tzinfo=clock.SHANGHAI)):
        fetch(linked)
    assert sorted(len(call["userIds"]) for call in server.calls) == [11, 50]


def test_one_firm_that_fails_stops_no_other(
    app: Flask, server: DingTalkServer, linked: Tenant, outsider: Tenant
) -> None:
    with as_scope(outsider.scope):
        linking.connect("dingabc", "wrong", DAY, revision=None, by=outsider.member())
        account(outsider, "u1")
        db.session.commit()
    server.records = [record("u1", wall(9))]
    found = {one.firm: one for one in fetching.fetch_all(waits=())}
    assert "AppSecret" in found[outsider.code].problem
    assert found[linked.code].new == 1


def test_a_page_fetches_once(app: Flask, server: DingTalkServer, linked: Tenant) -> None:
    server.records = [record("u1", wall(9, 0, date(2026, 10, 2)))]
    manager = factories.signed_in(app, linked.scope, Role.MANAGER)
    done = manager.post("/attendance/link/fetching")
    assert done.status_code == 303
    assert "接口可用：查询 1 人，取回 1 次打卡" in manager.get(done.location).text
    server.say({"errcode": 40035, "errmsg": "参数错误"}, 500)
    assert manager.post("/attendance/link/fetching").status_code == 422


def test_a_change_of_keys_seals_it_anew(app: Flask, linked: Tenant) -> None:
    old = data_keys.ring()
    key_id, _, body = sealing.new_key("next").partition(":")
    ring = sealing.KeyRing(sealing.parse(f"{key_id}:{body}").keys | old.keys)
    app.extensions["data_keys"] = ring
    try:
        count, needed = linking.reseal(ring)
        with as_scope(linked.scope):
            row = db.session.scalars(select(AttendanceLink)).one()
            assert sealing.key_of(row.sealed_secret) == "next"
            assert linking.secret_of(row) == "right"
            db.session.rollback()
        assert count >= 1
        linking.reseal(sealing.KeyRing(old.keys | ring.keys))
    finally:
        app.extensions["data_keys"] = old
    assert needed <= set(old.keys)


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("https://oapi.dingtalk.com/", True),
        ("http://127.0.0.1:8080", True),
        ("http://oapi.dingtalk.com", False),
        ("https://user@host", False),
        ("https://host/path", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_https_but_for_this_machine(address: str, is_good: bool) -> None:
    environ = {"COUNSELHUB_DINGTALK": address}
    if is_good:
        assert config.from_environment(environ).dingtalk == address.rstrip("/")
        return
    with pytest.raises(config.SettingsError, match="COUNSELHUB_DINGTALK"):
        config.from_environment(environ)
