"""The month of online shifts as the desk and its lawyers see it."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.permissions import Role
from tests import factories
from tests.duty.conftest import DAY, STATEMENT
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("noon")

HX = {"HX-Request": "true"}


def shift(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "adviser_id": str(tenant.adviser_id),
        "street_code": tenant.town.street_code,
        "day": "2026-10-08",
        "starts": "00:00",
        "ends": "00:00",
        "repeat": "0",
    } | given


def test_the_month_online_shows_its_gaps(as_manager: FlaskClient, tenant: Tenant) -> None:
    assert "缺 00:00–24:00" in as_manager.get("/duty/shifts?month=2026-10").text
    assert "31 天有空档" in as_manager.get("/duty/shifts?month=2026-10").text
    answer = as_manager.post("/duty/shifts", data=shift(tenant, repeat="7"))
    assert answer.status_code == 303
    page = as_manager.get(answer.location).text
    assert "已排 4 班" in page
    assert "27 天有空档" in page
    assert as_manager.post("/duty/shifts", data=shift(tenant)).status_code == 409
    assert as_manager.post("/duty/shifts", data=shift(tenant, day="")).status_code == 422


def test_a_shift_in_a_closed_month_names_its_statement(
    as_manager: FlaskClient, tenant: Tenant, close_october: Callable[[], None]
) -> None:
    close_october()
    answer = as_manager.post("/duty/shifts", data=shift(tenant))
    assert answer.status_code == 409
    assert STATEMENT in answer.text


def test_a_shift_is_changed_and_removed(
    as_manager: FlaskClient, tenant: Tenant, make_shift: Callable[..., UUID]
) -> None:
    begin = clock.instant(DAY, time(8))
    address = f"/duty/shifts/{make_shift(begin, begin + timedelta(hours=4))}"
    assert 'value="08:00"' in as_manager.get(address).text
    given = shift(tenant, starts="08:00", ends="20:00", revision="1")
    assert as_manager.post(address, data=given | {"ends": ""}).status_code == 422
    assert as_manager.post(address, data=given).status_code == 303
    stale = as_manager.post(address, data=given)
    assert stale.status_code == 409
    assert 'value="20:00"' in stale.text
    assert as_manager.post(f"{address}/removal").status_code == 303
    assert as_manager.get(address).status_code == 404


def test_a_lawyer_takes_and_leaves_own_shifts(as_adviser: FlaskClient, tenant: Tenant) -> None:
    given = shift(tenant, day="2026-10-10", adviser_id=str(tenant.backup_id))
    as_sent = {name: value for name, value in given.items() if name != "adviser_id"}
    answer = as_adviser.post("/duty/online", data=as_sent, headers=HX)
    assert answer.status_code == 200
    assert "10-10 00:00–10-11 00:00" in answer.text
    assert as_adviser.post("/duty/online", data=given).status_code == 409
    assert as_adviser.post("/duty/online", data=given | {"starts": ""}).status_code == 422
    begun = as_adviser.post("/duty/online", data=given | {"day": "2026-10-08", "starts": "11:00"})
    assert begun.status_code == 422
    assert "已经开始的时段不能自己接班" in begun.text
    assert "接 13:00–24:00" in begun.text
    leaving = answer.text.partition("/duty/shifts/")[2].partition("/")[0]
    assert as_adviser.post(f"/duty/shifts/{leaving}/leaving").status_code == 303
    assert "没有您的线上班" in as_adviser.get("/duty/online").text
    assert as_adviser.post("/duty/shifts", data=given).status_code == 403


def test_nobody_leaves_a_colleagues_shift(
    as_adviser: FlaskClient, app: Flask, tenant: Tenant, make_shift: Callable[..., UUID]
) -> None:
    begin = datetime(2026, 10, 9, 8, tzinfo=clock.SHANGHAI)
    made = make_shift(begin, begin + timedelta(hours=4), adviser_id=tenant.backup_id)
    assert as_adviser.post(f"/duty/shifts/{made}/leaving").status_code == 404
    leader = factories.signed_in(app, tenant.scope, Role.TEAM_LEADER, adviser_id=tenant.adviser_id)
    assert leader.post(f"/duty/shifts/{made}/leaving").status_code == 403
