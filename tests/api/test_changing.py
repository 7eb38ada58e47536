"""What programs change of what stands: a lawyer replaced, a service mended; rules of the pages."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.services.models import ServiceRecord
from tests.api.test_writing import at_once, post
from tests.factories import Tenant
from tests.programs import Program, member, program


@pytest.fixture
def asks(app: Flask, tenant: Tenant) -> Program:
    """A program of the firm's manager, good for everything."""
    return program(app, member(app, tenant.scope, Role.MANAGER))


@pytest.fixture
def lead(asks: Program) -> dict[str, Any]:
    """Who serves a community of the firm as its lead."""
    return asks.everything("/assignments?role=lead")[0]


def successor(tenant: Tenant, **changes: object) -> dict[str, object]:
    first = clock.today() + timedelta(days=3)
    given = {"adviser_id": str(tenant.backup_id), "starts_on": str(first), "reason": "轮换"}
    return given | changes


def test_a_lead_is_replaced_in_one_act(asks: Program, tenant: Tenant, lead: dict[str, Any]) -> None:
    made = post(asks, f"/assignments/{lead['id']}/replacement", successor(tenant))
    assert made.status_code == 201, made.text
    new, old = made.json, asks.get(f"/assignments/{lead['id']}").json
    assert new["adviser_id"] == str(tenant.backup_id)
    assert new["role"] == "lead"
    assert new["community_code"] == old["community_code"]
    assert old["ends_on"] == str(clock.today() + timedelta(days=2))
    assert new in asks.everything("/assignments?role=lead")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        pytest.param({"adviser_id": str(uuid4())}, "/body/adviser_id", id="nobody"),
        pytest.param({"reason": ""}, "/body/reason", id="for no reason"),
        pytest.param({"starts_on": "2001-01-01"}, None, id="before it began"),
    ],
)
def test_a_replacement_is_refused_whole(
    asks: Program,
    tenant: Tenant,
    lead: dict[str, Any],
    change: dict[str, object],
    pointer: str | None,
) -> None:
    answer = post(asks, f"/assignments/{lead['id']}/replacement", successor(tenant, **change))
    assert answer.status_code == 422, answer.text
    told = answer.get_json(force=True)
    if pointer:
        assert pointer in {one["pointer"] for one in told["errors"]}
    assert asks.get(f"/assignments/{lead['id']}").json == lead


def test_a_lead_is_replaced_once(app: Flask, asks: Program, tenant: Tenant) -> None:
    lead = asks.everything("/assignments?role=lead")[0]
    path = f"/assignments/{lead['id']}/replacement"
    told = at_once(app, asks, 3, lambda own: post(own, path, successor(tenant)).status_code)
    assert told.count(201) == 1
    assert set(told) <= {201, 409, 422}


@pytest.fixture
def service(asks: Program, tenant: Tenant) -> dict[str, Any]:
    """A service of today, with words that stay inside."""
    body = {
        "kind": "consultation",
        "day": str(clock.today()),
        "community_code": asks.everything("/places")[0]["code"],
        "adviser_id": str(tenant.adviser_id),
        "content": "不外传的内容",
        "outcome": "已答复",
    }
    made = post(asks, "/services", body)
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json
    return told


def patch(asks: Program, service: dict[str, Any], body: Any, etag: str = "") -> Any:
    path = f"/services/{service['id']}"
    seen = etag or asks.get(path).headers["ETag"]
    return asks.ask("PATCH", path, json=body, headers={"If-Match": seen})


def test_a_service_keeps_what_is_left_out(
    app: Flask, asks: Program, tenant: Tenant, service: dict[str, Any]
) -> None:
    told = patch(asks, service, {"count": 3})
    assert told.status_code == 200, told.text
    assert told.json == service | {"count": 3, "revision": told.json["revision"]}
    assert told.json == asks.get(f"/services/{service['id']}").json
    assert patch(asks, service, {"outcome": None}).json["outcome"] is None
    with app.test_request_context(), as_scope(tenant.scope):
        row = db.session.scalars(
            select(ServiceRecord).where(ServiceRecord.id == service["id"])
        ).one()
        assert row.note is not None
        assert row.note.content == "不外传的内容"


def test_a_stale_change_of_a_service_is_refused(asks: Program, service: dict[str, Any]) -> None:
    seen = asks.get(f"/services/{service['id']}").headers["ETag"]
    assert patch(asks, service, {"count": 2}, seen).status_code == 200
    assert patch(asks, service, {"count": 9}, seen).status_code == 412
    path = f"/services/{service['id']}"
    assert asks.ask("PATCH", path, json={"count": 9}).status_code == 428
    assert asks.get(path).json["count"] == 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({"count": -1}, "/body/count", id="less than none"),
        pytest.param({"kind": None}, "/body/kind", id="what may not be empty"),
        pytest.param({"number": "F-1"}, "/body/number", id="what never changes"),
    ],
)
def test_a_fault_of_a_service_names_its_field(
    asks: Program, service: dict[str, Any], body: Any, pointer: str
) -> None:
    answer = patch(asks, service, body)
    assert answer.status_code == 422
    assert pointer in {one["pointer"] for one in answer.get_json(force=True)["errors"]}


def test_times_of_the_page_are_not_written_over(
    app: Flask, asks: Program, tenant: Tenant, service: dict[str, Any]
) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        row = db.session.scalars(
            select(ServiceRecord).where(ServiceRecord.id == service["id"])
        ).one()
        row.starts, row.ends = (
            clock.now().time().replace(hour=9),
            clock.now().time().replace(hour=11),
        )
        row.minutes = 120
        db.session.commit()
    answer = patch(asks, service, {"minutes": 30})
    assert answer.get_json(force=True)["errors"][0]["pointer"] == "/body/minutes"
    assert patch(asks, service, {"count": 2}).status_code == 200


def test_a_lawyer_mends_the_own_records_alone(
    app: Flask, tenant: Tenant, asks: Program, service: dict[str, Any]
) -> None:
    own = program(app, member(app, tenant.scope, Role.ADVISER, tenant.adviser_id))
    other = program(app, member(app, tenant.scope, Role.ADVISER, tenant.backup_id))
    assert patch(own, service, {"count": 2}).status_code == 200
    seen = asks.get(f"/services/{service['id']}").headers["ETag"]
    assert patch(other, service, {"count": 5}, seen).status_code == 404
    assert asks.get(f"/services/{service['id']}").json["count"] == 2
