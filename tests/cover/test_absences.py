"""Reasons of absences: asked for, given, judged; too many remind the manager and nobody else."""

from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.cover import absence_queries
from counselhub.cover.models import ReplacementAnswer
from tests import factories
from tests.counting import statements
from tests.cover.conftest import PAST, MakeSlot, the
from tests.factories import Tenant


@pytest.fixture
def missed(make_slot: MakeSlot) -> UUID:
    """A slot of 30 September to which nobody came."""
    return make_slot(PAST, status="missed")


def reason_of(slot_id: UUID) -> str:
    return f"/duty/slots/{slot_id}/reason"


def test_a_reason_is_asked_for_given_and_accepted(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant, missed: UUID
) -> None:
    assert "有 1 个班次缺勤或时长不足" in as_adviser.get("/duty").text
    assert "填写理由" in as_adviser.get("/duty/slots").text
    bad = as_adviser.post(reason_of(missed), data={"code": "other", "evidence": "传票在内勤处"})
    assert bad.status_code == 422
    assert "请写明原因" in bad.text
    assert "传票在内勤处" in bad.text
    given = {"code": "court", "evidence": "（2026）测民初1号开庭传票"}
    assert as_adviser.post(reason_of(missed), data=given).status_code == 303
    assert "还没有填写理由" not in as_adviser.get("/duty").text
    assert "出庭冲突" in as_manager.get("/absences?month=2026-09&state=given").text
    page = as_manager.get(reason_of(missed)).text
    assert "测民初1号" in page
    judged = {"verdict": "accept", "revision": "1"}
    assert as_manager.post(f"/absences/{missed}/judgement", data=judged).status_code == 303
    slot = the(app, tenant, missed)
    assert (slot.status, slot.reason) == ("excused", "出庭冲突")
    assert "不计缺勤" in as_manager.get("/absences?month=2026-09").text
    stale = as_manager.post(f"/absences/{missed}/judgement", data=judged)
    assert stale.status_code == 409


def test_another_judges_the_own_absence_while_there_is_one(
    app: Flask, tenant: Tenant, missed: UUID
) -> None:
    own = factories.signed_in(app, tenant.scope, Role.MANAGER, adviser_id=tenant.adviser_id)
    own.post(reason_of(missed), data={"code": "court"})
    other = factories.signed_in(app, tenant.scope, Role.MANAGER)
    judged = {"verdict": "accept", "revision": "1"}
    refused = own.post(f"/absences/{missed}/judgement", data=judged)
    assert refused.status_code == 422
    assert "要由另一位负责人审核" in refused.text
    assert the(app, tenant, missed).status == "missed"
    assert other.post(f"/absences/{missed}/judgement", data=judged).status_code == 303


def test_a_refused_reason_is_explained_again_and_an_accepted_one_taken_back(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant, missed: UUID
) -> None:
    as_adviser.post(reason_of(missed), data={"code": "own", "words": "家里有事"})
    address = f"/absences/{missed}/judgement"
    silent = as_manager.post(address, data={"verdict": "refuse", "revision": "1"})
    assert silent.status_code == 422
    assert "写明为什么" in silent.text
    as_manager.post(address, data={"verdict": "refuse", "revision": "1", "words": "未提前说"})
    assert "未提前说" in as_adviser.get("/duty/slots").text
    assert the(app, tenant, missed).status == "missed"
    more = {"code": "own", "words": "当天急诊陪护", "revision": "2"}
    assert as_adviser.post(reason_of(missed), data=more).status_code == 303
    as_manager.post(address, data={"verdict": "accept", "revision": "3"})
    assert as_adviser.post(reason_of(missed), data=more).status_code == 409
    as_manager.post(address, data={"verdict": "refuse", "revision": "4", "words": "查无此事"})
    slot = the(app, tenant, missed)
    assert (slot.status, slot.reason) == ("missed", None)


def test_who_may_not(
    app: Flask, as_backup: FlaskClient, as_outsider: FlaskClient, tenant: Tenant, missed: UUID
) -> None:
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    leader = factories.signed_in(app, tenant.scope, Role.TEAM_LEADER, adviser_id=tenant.backup_id)
    assert as_backup.post(reason_of(missed), data={"code": "own"}).status_code == 403
    assert as_outsider.get(reason_of(missed)).status_code == 404
    assert clerk.post(reason_of(missed), data={"code": "community"}).status_code == 303
    for client in (clerk, leader, as_backup):
        given = {"verdict": "accept"}
        assert client.post(f"/absences/{missed}/judgement", data=given).status_code == 403
        assert client.get("/absences/reminders").status_code == 403
    assert "更换提醒" not in clerk.get("/cover").text


def test_three_absences_remind_the_manager_until_answered(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot
) -> None:
    days = [date(2026, month, 10) for month in (3, 6)]
    for day in days:
        make_slot(day, status="missed")
    make_slot(date(2026, 7, 10), status="substituted")
    assert "没有更换提醒" in as_manager.get("/absences/reminders").text
    make_slot(date(2026, 8, 10), status="missed")
    page = as_manager.get("/absences/reminders").text
    assert "无故缺勤 3 次" in page
    assert f"{tenant.code}-001" in page
    given = {"adviser_id": str(tenant.adviser_id), "contract_id": str(tenant.contract_id)}
    assert as_manager.post("/absences/reminders", data=given).status_code == 422
    answered = as_manager.post("/absences/reminders", data=given | {"words": "已约谈"})
    assert answered.status_code == 303
    page = as_manager.get("/absences/reminders").text
    assert "没有更换提醒" in page
    assert "已约谈" in page
    assert as_manager.post("/absences/reminders", data=given | {"words": "再答"}).status_code == 409
    make_slot(date(2026, 9, 10), status="missed")
    assert "无故缺勤 4 次" in as_manager.get("/absences/reminders").text
    with app.app_context(), as_scope(tenant.scope):
        [row] = db.session.scalars(db.select(ReplacementAnswer))
        assert len(row.slots) == 3
        assert len(absence_queries.reminders()) == 1


@pytest.mark.parametrize(
    "address", ["/cover?status=", "/absences?month=2026-09", "/absences/reminders", "/duty/slots"]
)
def test_pages_ask_few_statements(
    as_manager: FlaskClient, as_adviser: FlaskClient, make_slot: MakeSlot, address: str
) -> None:
    make_slot()
    client = as_adviser if address.startswith("/duty") else as_manager
    for day in range(1, 11):
        make_slot(date(2026, 9, day), status="missed")
    client.get(address)
    with statements() as sent:
        assert client.get(address).status_code == 200
    assert len(sent) <= 1 + 8, sent  # who asks, and the page
