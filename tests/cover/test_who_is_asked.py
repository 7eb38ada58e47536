"""Whom a request for cover goes to: who is free, at work and not away."""

from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.leave.models import LeaveRequest
from tests.cover.conftest import SOON, MakeSlot, request_of
from tests.factories import Tenant

Ask = Callable[[UUID], UUID]
pytestmark = pytest.mark.usefixtures("third_id")


@pytest.mark.parametrize(
    ("busy", "words"),
    [
        pytest.param({"starts": time(10), "ends": time(12)}, "同一时间已有班次", id="overlap"),
        pytest.param({"starts": time(11, 10), "ends": time(12)}, "路程来不及", id="travel"),
    ],
)
def test_who_is_not_free_any_more_cannot_take_it(
    app: Flask, as_backup: FlaskClient, as_manager: FlaskClient, tenant: Tenant,
    make_slot: MakeSlot, ask: Ask, busy: dict[str, Any], words: str,
) -> None:  # fmt: skip
    cover_id = ask(make_slot())
    other = tenant.town.communities[1]
    make_slot(adviser_id=tenant.backup_id, community_code=other, **busy)
    refused = as_backup.post(f"/cover/{cover_id}/taking")
    assert refused.status_code == 422
    assert words in refused.text
    assert "乙社区" in refused.text
    assert words in as_manager.get(f"/cover/{cover_id}").text


def test_nobody_free_waits_for_the_desk(
    app: Flask, as_backup: FlaskClient, as_third: FlaskClient, as_manager: FlaskClient,
    tenant: Tenant, make_slot: MakeSlot, ask: Ask,
) -> None:  # fmt: skip
    slot_id = make_slot()
    cover_id = ask(slot_id)
    for client in (as_backup, as_third):
        assert client.post(f"/cover/{cover_id}/declining").status_code == 303
    row = request_of(app, tenant, slot_id)
    assert row.status == "asked"
    assert as_backup.post(f"/cover/{cover_id}/declining").status_code == 409
    none = as_manager.post(f"/cover/{cover_id}/offers", data={"revision": row.revision})
    assert none.status_code == 422
    assert "没有新的人选" in none.text
    assert "没有人选" in as_manager.get("/cover").text


@pytest.mark.parametrize(
    ("hours", "asked"),
    [
        pytest.param({}, 1, id="the whole day"),
        pytest.param({"starts": time(10), "ends": time(12)}, 1, id="some of its hours"),
        pytest.param({"starts": time(11), "ends": time(12)}, 2, id="after it"),
    ],
)
def test_who_is_on_leave_is_not_asked(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot, ask: Ask,
    hours: dict[str, time], asked: int,
) -> None:  # fmt: skip
    with app.app_context(), as_scope(tenant.scope):
        db.session.add(
            LeaveRequest(
                adviser_id=tenant.backup_id,
                kind="sick",
                status="approved",
                first_on=SOON,
                last_on=SOON,
                asked_at=clock.now(),
                asked_by_name="某律师",
                decided_at=clock.now(),
                decided_by_name="某主任",
                **hours,
            )
        )
        db.session.commit()
    cover_id = ask(make_slot())
    page = as_manager.get(f"/cover/{cover_id}").text
    assert page.count("已征询") == asked
    assert ("当天请假" in page) is (asked == 1)
