"""Months that a statement has settled ask for no reasons; slots beside the terms remind too."""

from collections.abc import Callable
from datetime import date, time
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.closing import actions as closing
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_scope
from counselhub.cover import absence_queries, queries
from counselhub.roster.models import DutySlot
from tests.cover.conftest import PAST, MakeSlot, the
from tests.factories import Tenant

STATEMENT = "JS-2026-09-某街道"


@pytest.fixture
def close_september(app: Flask, tenant: Tenant) -> Callable[[], None]:
    """Close September in all communities, as a submitted statement does."""

    def close() -> None:
        with app.app_context(), as_scope(tenant.scope):
            closing.close(
                tenant.firm_id,
                tenant.town.street_code,
                date(2026, 9, 1),
                tenant.town.communities,
                statement_id=uuid7(),
                number=STATEMENT,
            )
            db.session.commit()

    return close


@pytest.fixture
def add_extra(app: Flask, tenant: Tenant) -> Callable[..., UUID]:
    """Plan a slot beside the terms that its lawyer missed."""

    def add(day: date, place: int = 0) -> UUID:
        with app.app_context(), as_scope(tenant.scope):
            slot = DutySlot(
                turn=1, month=day.replace(day=1), day=day, status="missed",
                community_code=tenant.town.communities[place],
                street_code=tenant.town.street_code, adviser_id=tenant.adviser_id,
                starts=time(9), ends=time(11), is_moved=True,
            )  # fmt: skip
            db.session.add(slot)
            db.session.commit()
            return slot.id

    return add


def test_a_settled_month_asks_for_nothing(
    as_adviser: FlaskClient, as_manager: FlaskClient, make_slot: MakeSlot,
    close_september: Callable[[], None],
) -> None:  # fmt: skip
    make_slot(PAST, status="missed")
    assert "有 1 个班次缺勤或时长不足" in as_adviser.get("/duty").text
    close_september()
    assert "还没有填写理由" not in as_adviser.get("/duty").text
    mine = as_adviser.get("/duty/slots").text
    assert "已结算" in mine
    assert "填写理由" not in mine
    listed = as_manager.get("/absences?month=2026-09&state=settled").text
    assert "已结算" in listed
    assert "没有符合条件的班次" in as_manager.get("/absences?month=2026-09&state=due").text


def test_what_is_settled_is_neither_given_nor_judged(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant,
    make_slot: MakeSlot, close_september: Callable[[], None],
) -> None:  # fmt: skip
    told, silent = make_slot(PAST, status="missed"), make_slot(date(2026, 9, 29), status="short")
    as_adviser.post(f"/duty/slots/{told}/reason", data={"code": "own", "words": "家里有事"})
    with app.app_context(), as_scope(tenant.scope):
        assert queries.waiting()["absences"] == 1
    close_september()
    with app.app_context(), as_scope(tenant.scope):
        assert queries.waiting()["absences"] == 0
    late = as_adviser.post(f"/duty/slots/{silent}/reason", data={"code": "court"})
    assert (late.status_code, STATEMENT in late.text) == (409, True)
    for verdict in ("accept", "refuse"):
        judged = {"verdict": verdict, "revision": "1", "words": "查无此事"}
        answer = as_manager.post(f"/absences/{told}/judgement", data=judged)
        assert (answer.status_code, STATEMENT in answer.text) == (409, True)
    page = as_manager.get(f"/duty/slots/{told}/reason").text
    assert "已结算" in page
    assert "保存审核" not in page
    assert "提交理由" not in page
    assert the(app, tenant, told).status == "missed"


def test_slots_beside_the_terms_remind_for_the_contract_of_the_day(
    app: Flask, tenant: Tenant, make_slot: MakeSlot, add_extra: Callable[..., UUID]
) -> None:
    make_slot(date(2026, 3, 10), status="missed")
    add_extra(date(2026, 4, 10))
    uncovered = add_extra(date(2026, 5, 10), place=3)
    with app.app_context(), as_scope(tenant.scope):
        assert absence_queries.reminders() == []
    third = add_extra(date(2026, 6, 10), place=1)
    with app.app_context(), as_scope(tenant.scope):
        (found,) = absence_queries.reminders()
    assert found.contract_id == tenant.contract_id
    assert third in {one.slot_id for one in found.absences}
    assert uncovered not in {one.slot_id for one in found.absences}
