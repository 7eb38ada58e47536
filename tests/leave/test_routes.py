"""Leave as its people see it: asked on the phone, decided at the desk, secret to others."""

import re
from datetime import date, time
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.leave.models import LeaveRequest
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.leave.conftest import MakeLeave

pytestmark = pytest.mark.usefixtures("noon")


def sent(**given: str) -> dict[str, str]:
    base = {"kind": "sick", "first_on": "2026-10-12", "last_on": "2026-10-13"}
    return base | {"reason": "感冒发烧"} | given


def the(app: Flask, tenant: Tenant, leave_id: UUID) -> LeaveRequest:
    with app.app_context(), as_scope(tenant.scope):
        return db.session.get_one(LeaveRequest, (tenant.firm_id, leave_id))


def test_a_lawyer_asks_and_the_manager_grants(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant
) -> None:
    assert "还没有请过假" in as_adviser.get("/leave").text
    answer = as_adviser.post("/leave", data=sent())
    assert answer.status_code == 303
    page = as_adviser.get(answer.location).text
    assert "待审批" in page
    assert "感冒发烧" in page
    waiting = as_manager.get("/leave/requests?status=asked").text
    assert "张三丰" in waiting
    assert "感冒发烧" not in waiting
    given = {"revision": "1", "answer": "好好休息"}
    assert as_manager.post(f"{answer.location}/approval", data=given).status_code == 303
    page = as_adviser.get(answer.location).text
    assert "已批准" in page
    assert "好好休息" in page
    row = the(app, tenant, UUID(answer.location.rpartition("/")[2]))
    assert (row.status, row.decided_by_name) == ("approved", "某manager")


def test_words_about_health_stay_out_of_the_record(
    app: Flask, as_adviser: FlaskClient, tenant: Tenant
) -> None:
    leave_id = as_adviser.post("/leave", data=sent()).location.rpartition("/")[2]
    with app.app_context(), as_scope(tenant.scope):
        act = db.session.scalars(db.select(Event).where(Event.subject_id == UUID(leave_id))).one()
    assert (act.act, act.detail, act.changes, act.street_code) == ("ask", {}, {}, None)


def test_what_is_in_the_way_is_named(as_adviser: FlaskClient, make_leave: MakeLeave) -> None:
    make_leave()
    answer = as_adviser.post("/leave", data=sent(first_on="2026-10-14", last_on="2026-10-15"))
    assert answer.status_code == 422
    for words in ("2026-10-12 周一 – 2026-10-14 周三 已有一次请假（年假，待审批）", "感冒发烧"):
        assert words in answer.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"kind": ""}, "请选择", id="no kind"),
        pytest.param({"kind": "party"}, "Not a valid choice", id="a kind of nobody"),
        pytest.param({"first_on": ""}, "请填写", id="no day"),
        pytest.param({"last_on": "2026-10-11"}, "最后一天不能早于第一天", id="backwards"),
        pytest.param({"starts": "09:00"}, "开始和结束时间要一起填", id="half a time"),
        pytest.param({"first_on": "2026-08-01"}, "只能补办 2026-09-07 以后", id="long ago"),
        pytest.param({"reason": "长" * 301}, "300", id="too long a story"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    as_adviser: FlaskClient, given: dict[str, str], words: str
) -> None:
    answer = as_adviser.post("/leave", data=sent(**given))
    assert answer.status_code == 422
    if words != "Not a valid choice":
        assert words in answer.text
    assert 'value="2026-10-1' in answer.text


def test_a_stale_decision_shows_what_is(
    as_manager: FlaskClient, as_adviser: FlaskClient, make_leave: MakeLeave
) -> None:
    address = f"/leave/{make_leave()}"
    assert as_adviser.post(f"{address}/withdrawal", data={"revision": "1"}).status_code == 303
    for act in ("approval", "refusal"):
        stale = as_manager.post(f"{address}/{act}", data={"revision": "1", "answer": "好"})
        assert stale.status_code == 409
        assert "已撤回" in stale.text
    late = as_manager.post(f"{address}/approval", data={"answer": "好"})
    assert late.status_code == 409


def test_four_eyes_while_there_are_four(app: Flask, tenant: Tenant, make_leave: MakeLeave) -> None:
    own = factories.signed_in(app, tenant.scope, Role.MANAGER, adviser_id=tenant.adviser_id)
    alone = f"/leave/{make_leave()}"
    assert own.post(f"{alone}/approval", data={"revision": "1"}).status_code == 303
    other = factories.signed_in(app, tenant.scope, Role.MANAGER)
    first, last = date(2026, 10, 20), date(2026, 10, 21)
    address = f"/leave/{make_leave(first_on=first, last_on=last)}"
    page = own.get(address).text
    assert "自己的请假要由另一位负责人审批" in page
    assert "/approval" not in page
    assert own.post(f"{address}/approval", data={"revision": "1"}).status_code == 403
    written = {
        "adviser_id": str(tenant.adviser_id), "kind": "annual",
        "first_on": "2026-10-26", "last_on": "2026-10-26",
    }  # fmt: skip
    assert own.post("/leave/entries", data=written).status_code == 403
    assert other.post(f"{address}/approval", data={"revision": "1"}).status_code == 303


def test_a_refusal_needs_words(as_manager: FlaskClient, make_leave: MakeLeave) -> None:
    address = f"/leave/{make_leave()}/refusal"
    answer = as_manager.post(address, data={"revision": "1"})
    assert answer.status_code == 422
    assert "请写明不批准的原因" in answer.text
    assert as_manager.post(address, data={"revision": "1", "answer": "人手不够"}).status_code == 303


def test_the_manager_writes_it_down_for_who_is_ill(as_manager: FlaskClient, tenant: Tenant) -> None:
    given = sent(adviser_id=str(tenant.backup_id))
    answer = as_manager.post("/leave/entries", data=given)
    assert answer.status_code == 303
    assert "已批准" in as_manager.get(answer.location).text
    again = as_manager.post("/leave/entries", data=given)
    assert again.status_code == 422
    assert "病假，已批准" in again.text
    assert as_manager.post("/leave/entries", data=sent(adviser_id="x")).status_code == 422


def test_what_has_begun_is_taken_back_by_the_manager(
    as_adviser: FlaskClient, as_manager: FlaskClient, make_leave: MakeLeave
) -> None:
    begun = make_leave(first_on=date(2026, 10, 8), status="approved")
    address = f"/leave/{begun}/withdrawal"
    refused = as_adviser.post(address, data={"revision": "1"})
    assert refused.status_code == 422
    assert "由主任撤回" in refused.text
    assert "撤回请假" not in as_adviser.get(f"/leave/{begun}").text
    assert as_manager.post(address, data={"revision": "1"}).status_code == 303
    ahead = make_leave(status="approved")
    own = as_adviser.post(f"/leave/{ahead}/withdrawal", data={"revision": "1"})
    assert own.status_code == 303


def test_a_colleague_sees_who_is_away_and_not_why(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, make_leave: MakeLeave
) -> None:
    leave_id = make_leave(kind="sick", reason="住院", status="approved")
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    page = colleague.get("/leave/month?month=2026-10").text
    assert "张三丰" in page
    assert "2026-10-12 周一 – 2026-10-14 周三" in page
    assert "病假" not in page
    assert colleague.get(f"/leave/{leave_id}").status_code == 404
    assert colleague.post(f"/leave/{leave_id}/withdrawal").status_code == 404
    assert "病假" in as_manager.get("/leave/month?month=2026-10").text
    leader = factories.signed_in(app, tenant.scope, Role.TEAM_LEADER, adviser_id=tenant.backup_id)
    shown = leader.get(f"/leave/{leave_id}").text
    assert "病假" in shown
    assert "住院" not in shown
    assert leader.post(f"/leave/{leave_id}/withdrawal").status_code == 403
    assert leader.post(f"/leave/{leave_id}/approval").status_code == 403


def test_the_list_is_searched_and_takes_few_statements(
    as_manager: FlaskClient, make_leave: MakeLeave
) -> None:
    for day in range(1, 8):
        make_leave(first_on=date(2026, 11, day), last_on=date(2026, 11, day))
    with statements() as sent_:
        page = as_manager.get("/leave/requests?kind=annual&q=张三丰&sort=adviser").text
    assert len(sent_) <= 8, sent_
    assert page.count("年假</td>") == 7
    assert "没有符合条件的请假" in as_manager.get("/leave/requests?status=refused").text
    with statements() as sent_:
        as_manager.get("/leave/month?month=2026-11")
    assert len(sent_) <= 8, sent_


def test_hours_are_asked_for_too(as_adviser: FlaskClient) -> None:
    given = sent(kind="court", last_on="2026-10-12", starts="09:00", ends="11:30")
    answer = as_adviser.post("/leave", data=given)
    assert "2026-10-12 周一 09:00–11:30" in as_adviser.get(answer.location).text
    beside = sent(kind="court", last_on="2026-10-12", starts="11:30", ends="12:00")
    assert as_adviser.post("/leave", data=beside).status_code == 303


def test_an_account_without_a_lawyer_asks_for_nothing(as_manager: FlaskClient) -> None:
    assert "这个账号没有对应的律师" in as_manager.get("/leave").text
    assert as_manager.post("/leave", data=sent()).status_code == 403


@pytest.mark.parametrize("hour", [time(9), None])
def test_two_at_once_are_one(
    app: Flask, tenant: Tenant, make_leave: MakeLeave, hour: time | None
) -> None:
    given = {"starts": hour, "ends": time(10) if hour else None, "last_on": date(2026, 10, 12)}
    make_leave(**given)
    with pytest.raises(IntegrityError, match="ex_leave_request_twice"):
        make_leave(**given)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"last_on": "2026-10-11"}, "last_on", id="backwards"),
        pytest.param({"starts": "09:00"}, "ends", id="half a time"),
        pytest.param({"starts": "09:00", "ends": "10:00"}, "last_on", id="hours of two days"),
        pytest.param({"first_on": "2026-08-01"}, "first_on", id="long ago"),
    ],
)
def test_a_refusal_stands_where_it_is_mended(
    as_adviser: FlaskClient, given: dict[str, str], field: str
) -> None:
    answer = as_adviser.post("/leave", data=sent(**given))
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-error"', answer.text) == [field]
