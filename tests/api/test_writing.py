"""Changes by programs: the pages' own rules, two at once, the same request twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from counselhub.advisers.models import Adviser
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.money import LARGEST_GIVEN_FEN
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from tests.factories import Tenant
from tests.programs import Program, member, program


@pytest.fixture
def asks(app: Flask, tenant: Tenant) -> Program:
    """A program of the firm's manager, good for everything."""
    return program(app, member(app, tenant.scope, Role.MANAGER))


def adviser(**changes: Any) -> dict[str, Any]:
    """What a new adviser is said to be."""
    given = {"name": "周试例", "licence_number": f"T{uuid4().hex[:12]}", "category": "lawyer"}
    return given | changes


def post(asks: Program, path: str, body: Any, key: str = "") -> TestResponse:
    """Send a POST under a key of its own, or under `key`."""
    headers = {"Idempotency-Key": key or uuid4().hex}
    return asks.ask("POST", path, json=body, headers=headers)


def count_of(app: Flask, tenant: Tenant, licence: str) -> int:
    with app.test_request_context(), as_scope(tenant.scope):
        query = select(func.count()).where(Adviser.licence_number == licence)
        return int(db.session.scalar(query) or 0)


def test_what_is_made_is_there_and_told_by_the_token(
    app: Flask, tenant: Tenant, asks: Program
) -> None:
    made = post(asks, "/advisers", adviser(phone="13800000000"))
    assert made.status_code == 201, made.text
    told = made.json
    assert told is not None
    assert asks.get(f"/advisers/{told['id']}").json == told
    assert "phone" not in told
    with app.test_request_context(), as_scope(tenant.scope):
        event = db.session.scalar(select(Event).where(Event.subject_id == told["id"]))
        assert event is not None
        assert "令牌：测试程序" in event.actor_name


def test_a_change_keeps_what_it_leaves_out(app: Flask, tenant: Tenant, asks: Program) -> None:
    made = post(asks, "/advisers", adviser(phone="13800000000", specialties=["物业"])).json
    assert made is not None
    path = f"/advisers/{made['id']}"
    etag = asks.get(path).headers["ETag"]
    told = asks.ask("PATCH", path, json={"name": "周改名"}, headers={"If-Match": etag})
    assert told.status_code == 200, told.text
    assert told.json == made | {"name": "周改名", "revision": told.json["revision"]}
    with app.test_request_context(), as_scope(tenant.scope):
        row = db.session.scalar(select(Adviser).where(Adviser.id == made["id"]))
        assert row is not None
        assert row.contact is not None
        assert row.contact.phone == "13800000000"
    assert told.headers["ETag"] == asks.get(path).headers["ETag"] != etag


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 428, id="without a condition"),
        pytest.param({"If-Match": '"1-0000000000000000"'}, 412, id="of another time"),
        pytest.param({"If-Match": "*"}, 412, id="whatever it is"),
    ],
)
def test_a_change_needs_what_was_read(
    asks: Program, tenant: Tenant, headers: dict[str, str], status: int
) -> None:
    path = f"/advisers/{tenant.adviser_id}"
    answer = asks.ask("PATCH", path, json={"name": "周晚到"}, headers=headers)
    assert answer.status_code == status
    assert asks.get(path).json["name"] != "周晚到"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param(adviser(licence_number="有 空格"), "/body/licence_number", id="a pattern"),
        pytest.param(adviser(category="judge"), "/body/category", id="a code"),
        pytest.param(adviser(nonsense=1), "/body/nonsense", id="an unknown field"),
        pytest.param({"name": "周"}, "/body/licence_number", id="a missing field"),
    ],
)
def test_a_fault_names_its_field(asks: Program, body: Any, pointer: str) -> None:
    answer = post(asks, "/advisers", body)
    assert answer.status_code == 422
    told = answer.get_json(force=True)
    assert pointer in {one["pointer"] for one in told["errors"]}


def test_a_rule_of_the_pages_holds(asks: Program, tenant: Tenant) -> None:
    place = asks.everything("/places")[0]["code"]
    taken = asks.everything(f"/assignments?community={place}&role=lead")
    assert taken
    body = {
        "community_code": place,
        "adviser_id": str(tenant.backup_id),
        "role": "lead",
        "starts_on": taken[0]["starts_on"],
    }
    answer = post(asks, "/assignments", body)
    assert answer.status_code == 422
    assert "主责" in answer.get_json(force=True)["detail"]


def test_a_contract_from_draft_to_signed(asks: Program, tenant: Tenant) -> None:
    place = asks.everything("/places")[0]["code"]
    body = {
        "number": f"接口-{uuid4().hex[:8]}",
        "kind": "engagement",
        "starts_on": "2091-01-01",
        "ends_on": "2091-12-31",
        "scheme_id": str(tenant.scheme_id),
        "communities": [place],
    }
    made = post(asks, "/contracts", body)
    assert made.status_code == 201, made.text
    path = f"/contracts/{made.json['id']}"
    assert post(asks, f"{path}/moves", {"act": "activate"}).status_code == 409
    assert post(asks, f"{path}/moves", {"act": "send"}).json["status"] == "sent"
    signed = post(asks, f"{path}/moves", {"act": "sign", "on": "2026-01-05"})
    assert signed.json["status"] == "signed"
    assert signed.headers["ETag"] == asks.get(path).headers["ETag"]
    rich = post(asks, "/contracts", body | {"annual_fen": LARGEST_GIVEN_FEN + 1})
    assert rich.get_json(force=True)["errors"][0]["pointer"] == "/body/annual_fen"
    foreign = post(asks, "/contracts", body | {"number": "x", "scheme_id": str(uuid4())})
    assert foreign.get_json(force=True)["errors"][0]["pointer"] == "/body/scheme_id"


def test_a_service_is_entered_and_not_for_a_day_to_come(asks: Program, tenant: Tenant) -> None:
    body = {
        "kind": "consultation",
        "day": str(clock.today()),
        "community_code": asks.everything("/places")[0]["code"],
        "adviser_id": str(tenant.adviser_id),
        "content": "不外传的内容",
    }
    made = post(asks, "/services", body)
    assert made.status_code == 201, made.text
    assert "不外传" not in made.text
    assert made.json == asks.get(f"/services/{made.json['id']}").json
    late = post(asks, "/services", body | {"day": str(clock.today() + timedelta(days=1))})
    assert late.status_code == 422


def test_a_statement_is_worked_out(asks: Program, tenant: Tenant) -> None:
    body = {"street_code": tenant.town.street_code, "month": f"{clock.this_month():%Y-%m}"}
    made = post(asks, "/statements", body)
    assert made.status_code == 200, made.text
    told = made.json
    assert told is not None
    assert told["status"] == "draft"
    assert told in asks.everything("/statements")
    unknown = post(asks, "/statements", body | {"street_code": "000000000"})
    assert unknown.get_json(force=True)["errors"][0]["pointer"] == "/body/street_code"


def test_the_same_request_twice_is_done_once(app: Flask, tenant: Tenant, asks: Program) -> None:
    body, key = adviser(), uuid4().hex
    first, again = (post(asks, "/advisers", body, key) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert (first.data, first.headers["ETag"]) == (again.data, again.headers["ETag"])
    assert count_of(app, tenant, body["licence_number"]) == 1
    assert post(asks, "/advisers", adviser(), key).status_code == 422
    other = program(app, member(app, tenant.scope, Role.MANAGER))
    assert post(other, "/advisers", adviser(), key).status_code == 201, "a key is a token's own"


def test_a_refused_request_may_be_sent_again_under_its_key(asks: Program, tenant: Tenant) -> None:
    key = uuid4().hex
    assert post(asks, "/advisers", {"name": "周"}, key).status_code == 422
    assert post(asks, "/advisers", adviser(), key).status_code == 201


@pytest.mark.parametrize(
    ("given", "status"),
    [
        pytest.param({"json": adviser()}, 400, id="no key"),
        pytest.param({"data": "{", "content_type": "application/json"}, 400, id="no JSON"),
        pytest.param({"data": {"name": "周"}}, 415, id="a form"),
        pytest.param(
            {"data": b'{"name": "\\u0000"}', "content_type": "application/json"}, 400, id="a null"
        ),
    ],
)
def test_what_cannot_be_read(asks: Program, given: dict[str, Any], status: int) -> None:
    headers = {} if "json" in given else {"Idempotency-Key": uuid4().hex}
    assert asks.ask("POST", "/advisers", headers=headers, **given).status_code == status


def at_once(app: Flask, asks: Program, many: int, act: Callable[[Program], int]) -> list[int]:
    """Do `act` that many times at the same moment; return the statuses, sorted."""
    gate = Barrier(many)

    def one(_number: int) -> int:
        own = Program(app.test_client(), asks.secret)
        gate.wait()
        return act(own)

    with ThreadPoolExecutor(many) as pool:
        return sorted(pool.map(one, range(many)))


def test_two_changes_at_once_are_one(app: Flask, tenant: Tenant, asks: Program) -> None:
    path = f"/advisers/{tenant.adviser_id}"
    for round_ in range(5):
        etag = asks.get(path).headers["ETag"]
        headers = {"If-Match": etag}

        def change(own: Program, headers: dict[str, str] = headers) -> int:
            name = {"name": f"周{uuid4().hex[:4]}"}
            return own.ask("PATCH", path, json=name, headers=headers).status_code

        assert at_once(app, asks, 2, change) == [200, 412], round_


def test_the_same_request_at_once_is_done_once(app: Flask, tenant: Tenant, asks: Program) -> None:
    body, key = adviser(), uuid4().hex
    told = at_once(app, asks, 4, lambda own: post(own, "/advisers", body, key).status_code)
    assert set(told) <= {201, 409}
    assert 201 in told
    assert count_of(app, tenant, body["licence_number"]) == 1
