"""Nobody is planned while on approved leave, by the maker, by hand or after a late notice."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.leave.models import LeaveRequest
from counselhub.roster import making
from counselhub.roster.models import DutySlot
from tests.factories import Tenant
from tests.roster.conftest import OCTOBER

pytestmark = pytest.mark.usefixtures("september")

THE_15TH = date(2026, 10, 15)


@pytest.fixture
def away(app: Flask, tenant: Tenant) -> Callable[..., UUID]:
    """Commit approved leave of the first adviser on 15 October; returns its id."""

    def make(first: date = THE_15TH, last: date | None = None, **given: Any) -> UUID:
        now = datetime(2026, 9, 19, 12, tzinfo=clock.SHANGHAI)
        decided = {"status": "approved", "decided_at": now, "decided_by_name": "某主任"}
        with app.app_context(), as_scope(tenant.scope):
            row = LeaveRequest(
                adviser_id=tenant.adviser_id, kind="annual", asked_at=now, asked_by_name="张三丰",
                first_on=first, last_on=last or first, **(decided | given),
            )  # fmt: skip
            db.session.add(row)
            db.session.commit()
            return row.id

    return make


def planned(app: Flask, tenant: Tenant) -> dict[date, UUID]:
    """Who serves when in the first community, by a month made anew."""
    with app.app_context(), as_scope(tenant.scope):
        plan = making.preview(OCTOBER)
        making.make(OCTOBER, plan.digest, by=tenant.member())
        rows = db.session.scalars(db.select(DutySlot).order_by(DutySlot.day))
        found = {row.day: row.adviser_id for row in rows}
        db.session.commit()
        return found


def test_making_a_month_plans_another_for_who_is_away(
    app: Flask, tenant: Tenant, make_term: Callable[..., UUID], away: Callable[..., UUID]
) -> None:
    make_term(communities=[tenant.town.communities[0]])
    assert set(planned(app, tenant).values()) == {tenant.adviser_id}
    away()
    away(date(2026, 10, 22), starts=time(11), ends=time(15))
    away(date(2026, 10, 29), starts=time(12), ends=time(15))  # after the slot
    found = planned(app, tenant)
    assert found[THE_15TH] == found[date(2026, 10, 22)] == tenant.backup_id
    assert found[date(2026, 10, 29)] == tenant.adviser_id


def test_the_month_says_which_slots_lie_in_leave(
    app: Flask,
    as_manager: FlaskClient,
    tenant: Tenant,
    make_term: Callable[..., UUID],
    away: Callable[..., UUID],
) -> None:
    make_term(communities=[tenant.town.communities[0]])
    planned(app, tenant)
    address = "/roster?month=2026-10&by=community"
    assert "落在律师已批准的请假里" not in as_manager.get(address).text
    away(THE_15TH, date(2026, 10, 23))
    away(date(2026, 10, 29), starts=time(12), ends=time(15))  # after the slot
    page = as_manager.get(address).text
    assert "2 个班次落在律师已批准的请假里" in page
    assert page.count('danger">请假<') == 2


def test_what_is_not_decided_keeps_nobody_from_duty(
    app: Flask, tenant: Tenant, make_term: Callable[..., UUID], away: Callable[..., UUID]
) -> None:
    make_term(communities=[tenant.town.communities[0]])
    away(status="asked")
    assert planned(app, tenant)[THE_15TH] == tenant.adviser_id


def test_approving_shows_the_slots_and_a_slot_is_not_moved_into_leave(
    app: Flask,
    as_manager: FlaskClient,
    tenant: Tenant,
    make_term: Callable[..., UUID],
    away: Callable[..., UUID],
) -> None:
    make_term(communities=[tenant.town.communities[0]])
    planned(app, tenant)
    leave_id = away(status="asked")
    address = f"/leave/{leave_id}"
    assert as_manager.post(f"{address}/approval", data={"revision": "1"}).status_code == 303
    page = as_manager.get(address).text
    assert "2026-10-15 周四 09:00–12:00" in page
    slot_id = page.partition("/roster/slots/")[2].partition('"')[0]
    target = {"day": "2026-10-16", "starts": "09:00", "ends": "12:00"}
    given = target | {"adviser_id": str(tenant.backup_id), "revision": "1"}
    assert as_manager.post(f"/roster/slots/{slot_id}", data=given).status_code == 303
    assert "没有已排的班次受影响" in as_manager.get(address).text
    given |= {"adviser_id": str(tenant.adviser_id), "day": "2026-10-15", "revision": "2"}
    refused = as_manager.post(f"/roster/slots/{slot_id}", data=given)
    assert refused.status_code == 422
    assert "张三丰 2026-10-15 周四 全天 请假已批准" in refused.text
