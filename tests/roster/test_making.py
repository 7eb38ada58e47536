"""A month is made: looked at first, stored as seen, made again without losing what people did."""

from collections.abc import Callable
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.tenancy import as_scope
from counselhub.roster import making, slot_actions
from counselhub.roster.models import DutySlot
from counselhub.roster.slot_actions import Target
from tests.counting import statements
from tests.factories import Tenant
from tests.roster.conftest import OCTOBER

pytestmark = pytest.mark.usefixtures("september")

MakeTerm = Callable[..., UUID]


def slots(app: Flask, tenant: Tenant) -> list[DutySlot]:
    with app.app_context(), as_scope(tenant.scope):
        found = db.session.scalars(db.select(DutySlot).order_by(DutySlot.day, DutySlot.starts))
        return list(found)


def make(app: Flask, tenant: Tenant) -> making.Preview:
    with app.app_context(), as_scope(tenant.scope):
        plan = making.preview(OCTOBER)
        done = making.make(OCTOBER, plan.digest, by=tenant.member())
        db.session.commit()
        return done


def test_nothing_is_stored_before_it_was_seen(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_term: MakeTerm
) -> None:
    address = "/roster/making?month=2026-10"
    assert "没有可以照着排的约定" in as_manager.get(address).text
    make_term(ends=time(10))
    with statements() as sent:
        page = as_manager.get(address).text
    assert len(sent) <= 10, sent
    assert slots(app, tenant) == []
    digest = page.split('name="digest" type="hidden" value="')[1].split('"')[0]
    stale = as_manager.post(address, data={"digest": "0" * 32})
    assert stale.status_code == 409
    assert "下面是重新算出的结果" in stale.text
    answer = as_manager.post(address, data={"digest": digest})
    assert answer.status_code == 303
    assert "已生成排班" in as_manager.get(answer.location).text
    found = slots(app, tenant)
    by_community = {slot.community_code for slot in found}
    assert by_community == set(tenant.town.communities[:2])
    assert all(slot.starts == time(9) for slot in found)
    assert "没有需要改动的" in as_manager.get(address).text


def test_what_cannot_be_made_says_why_on_the_page(
    as_manager: FlaskClient, make_term: MakeTerm
) -> None:
    """Two communities, both on Thursday morning, and a third term at the same hour."""
    make_term()
    make_term(starts=time(8))
    page = as_manager.get("/roster/making?month=2026-10").text
    assert "时间或路程冲突" in page
    assert "张三丰" in page


def test_what_was_moved_stays_and_what_no_term_asks_goes(
    app: Flask, tenant: Tenant, make_term: MakeTerm
) -> None:
    term_id = make_term(communities=tenant.town.communities[:1])
    assert len(make(app, tenant).made) == 5
    first = slots(app, tenant)
    with app.app_context(), as_scope(tenant.scope):
        moved = db.session.get_one(DutySlot, (tenant.firm_id, first[0].id))
        there = Target(moved.adviser_id, date(2026, 10, 12), time(14), time(17))
        slot_actions.move(moved, there, revision=1, by=tenant.member())
        db.session.execute(
            db.text("update duty_term set weekday = 1, revision = 2 where id = :id"),
            {"id": term_id},
        )
        db.session.commit()
    done = make(app, tenant)
    assert (len(done.made), len(done.changed), len(done.dropped), done.kept) == (0, 2, 1, 1)
    after = {slot.id: slot for slot in slots(app, tenant)}
    assert after[first[0].id].day == date(2026, 10, 12)
    assert sorted(slot.day.day for slot in after.values()) == [9, 12, 20, 27]
    assert set(after) <= {slot.id for slot in first}, "a slot keeps its id when it is changed"


def test_two_who_make_a_month_at_once_make_it_once(
    app: Flask, tenant: Tenant, make_term: MakeTerm
) -> None:
    make_term()
    with app.app_context(), as_scope(tenant.scope):
        seen = making.preview(OCTOBER).digest
    make(app, tenant)
    with app.app_context(), as_scope(tenant.scope), pytest.raises(ConflictError):
        making.make(OCTOBER, seen, by=tenant.member())


def test_a_class_of_communities_has_its_own_term(
    app: Flask, tenant: Tenant, make_term: MakeTerm
) -> None:
    first, second = tenant.town.communities[:2]
    make_term(kind="days", weekday=None, required_days=1, communities=[second], class_name="山村")
    make_term(kind="hours", weekday=None, required_hours=8)
    make(app, tenant)
    found = slots(app, tenant)
    assert [slot.community_code for slot in found].count(second) == 1
    minutes = [(s.ends.hour - s.starts.hour) * 60 for s in found if s.community_code == first]
    assert sum(minutes) == 480


def test_the_month_is_drawn_for_a_firm_with_few_statements(
    app: Flask,
    as_manager: FlaskClient,
    as_adviser: FlaskClient,
    tenant: Tenant,
    make_term: MakeTerm,
) -> None:
    assert "这个月还没有排班" in as_manager.get("/roster?month=2026-10").text
    make_term()
    make(app, tenant)
    for by in ("adviser", "community"):
        with statements() as sent:
            page = as_manager.get(f"/roster?month=2026-10&by={by}").text
        assert len(sent) <= 8, sent
        assert "data-slot=" in page
    assert "没有符合条件的班次" in as_manager.get("/roster?month=2026-10&q=某某某").text
    assert "甲社区" in as_manager.get("/roster?month=2026-10&q=张三丰").text
    lawyer = as_adviser.get("/roster?month=2026-10").text
    assert "甲社区" in lawyer
    assert "拖动" not in lawyer.split('id="rows"')[1]
    assert as_adviser.get("/roster/making").status_code == 403
    assert as_adviser.post("/roster/making").status_code == 403


def test_a_year_that_nobody_knows_says_so(as_manager: FlaskClient) -> None:
    assert "还没有 2031 年的放假通知" in as_manager.get("/roster?month=2031-01").text
    assert "放假通知" not in as_manager.get("/roster?month=2026-10").text


def test_the_way_between_communities_is_a_rule_of_the_firm(
    app: Flask, as_manager: FlaskClient, as_adviser: FlaskClient
) -> None:
    address = "/roster/rule"
    assert 'value="30"' in as_manager.get(address).text
    given: dict[str, Any] = {
        "same_street_minutes": "15",
        "other_street_minutes": "90",
        "tolerance_minutes": "20",
        "late_minutes": "5",
        "absence_limit": "2",
        "absence_months": "",
        "approves_cover": "y",
    }
    assert as_manager.post(address, data=given).status_code == 303
    assert 'value="90"' in as_manager.get(address).text
    assert as_manager.post(address, data=given | {"revision": "9"}).status_code == 409
    bad = as_manager.post(address, data=given | {"same_street_minutes": "-1"})
    assert bad.status_code == 422
    assert as_adviser.get(address).status_code == 403
