"""Corrections as their people see them: asked, decided with both versions in sight, kept."""

from collections.abc import Callable
from datetime import time
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.closing.models import ClosedMonth
from counselhub.core import clock, history
from counselhub.core.access import Role
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.corrections.models import SessionCorrection
from counselhub.duty import evidence
from counselhub.duty.models import DutySession
from tests import factories
from tests.counting import statements
from tests.duty.conftest import DAY, STATEMENT, MakeSession
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("noon")


def sent(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "revision": "1",
        "reason": "no_sign_out",
        "community_code": tenant.town.communities[0],
        "signed_in": "09:00",
        "signed_out": "11:30",
        "words": "走得急，签名簿有记录",
    } | given


def the(app: Flask, tenant: Tenant, session_id: UUID) -> DutySession:
    with app.app_context(), as_scope(tenant.scope):
        return db.session.get_one(DutySession, (tenant.firm_id, session_id))


@pytest.fixture
def ask(as_adviser: FlaskClient, tenant: Tenant, make_session: MakeSession) -> Callable[..., str]:
    """Ask for a later sign-out of a session from 9 to 11; returns the request's address."""

    def do(session_id: UUID | None = None, **given: str) -> str:
        session_id = session_id or make_session()
        answer = as_adviser.post(
            f"/duty/sessions/{session_id}/corrections", data=sent(tenant, **given)
        )
        assert answer.status_code == 303, answer.text
        return answer.location

    return do


def test_a_lawyer_asks_the_manager_agrees_and_both_versions_stay(
    app: Flask,
    as_adviser: FlaskClient,
    as_manager: FlaskClient,
    tenant: Tenant,
    make_session: MakeSession,
    ask: Callable[..., str],
) -> None:
    session_id = make_session()
    assert "申请补正" in as_adviser.get(f"/duty/sessions/{session_id}").text
    form = as_adviser.get(f"/duty/sessions/{session_id}/corrections/new").text
    assert 'value="11:00"' in form
    address = ask(session_id)
    assert the(app, tenant, session_id).signed_out_at == clock.instant(DAY, time(11))
    page = as_manager.get(address).text
    for words in ("11:00", "<strong>11:30</strong>", "(+30)", "签名簿有记录", "同意并更正"):
        assert words in page
    given = {"revision": "1", "answer": "已核对签名簿"}
    assert as_manager.post(f"{address}/agreement", data=given).status_code == 303
    row = the(app, tenant, session_id)
    assert (row.signed_out_at, row.is_corrected) == (clock.instant(DAY, time(11, 30)), True)
    with app.app_context(), as_scope(tenant.scope):
        act = history.of(row)[-1]
        assert (act.act, act.detail["reason"]) == ("correct", "no_sign_out")
        assert act.changes["signed_out_at"] == [
            "2026-10-08T03:00:00+00:00", "2026-10-08T03:30:00+00:00",
        ]  # fmt: skip
        assert evidence.of([row])[row.id].record == "hand"
    shown = as_adviser.get(f"/duty/sessions/{session_id}").text
    for words in ("前后版本", "10-08 11:00", "10-08 11:30", "忘记签退", "某manager"):
        assert words in shown
    assert "已核对签名簿" in as_adviser.get(address).text


def test_what_was_never_recorded_is_asked_for(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant
) -> None:
    assert "补记一次值班" in as_adviser.get("/duty/corrections/new").text
    given = sent(tenant, day="2026-10-07", reason="phone")
    answer = as_adviser.post("/duty/corrections", data=given)
    assert answer.status_code == 303
    done = as_manager.post(f"{answer.location}/agreement", data={"revision": "1"})
    assert done.status_code == 303
    with app.app_context(), as_scope(tenant.scope):
        row = db.session.scalars(db.select(SessionCorrection)).one()
        assert row.status == "applied"
        session_id = row.session_id
    assert session_id is not None
    session = the(app, tenant, session_id)
    assert (session.source, session.remark) == ("manual", "走得急，签名簿有记录")


def test_a_closed_month_is_not_touched_and_the_request_waits(
    app: Flask,
    as_adviser: FlaskClient,
    as_manager: FlaskClient,
    tenant: Tenant,
    make_session: MakeSession,
    close_october: Callable[[], None],
    ask: Callable[..., str],
) -> None:
    session_id = make_session()
    close_october()
    shown = as_manager.get(f"/duty/sessions/{session_id}").text
    assert "当月记录已封存" in shown
    assert "保存更正" not in shown
    address = ask(session_id)
    page = as_manager.get(address).text
    assert STATEMENT in page
    assert "同意，列入待调整" in page
    assert as_manager.post(f"{address}/agreement", data={"revision": "1"}).status_code == 303
    row = the(app, tenant, session_id)
    assert (row.signed_out_at, row.revision) == (clock.instant(DAY, time(11)), 1)
    listed = as_manager.get("/duty/corrections?status=to_adjust").text
    assert "+30" in listed
    assert "差额在下期结算单中调整" in listed
    again = as_manager.post(f"{address}/agreement", data={"revision": "2"})
    assert again.status_code == 409
    with app.app_context(), as_scope(tenant.scope):
        db.session.execute(db.delete(ClosedMonth))
        db.session.commit()
    assert "现在可以直接更正" in as_manager.get(address).text
    assert as_manager.post(f"{address}/agreement", data={"revision": "2"}).status_code == 303
    assert the(app, tenant, session_id).signed_out_at == clock.instant(DAY, time(11, 30))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"reason": ""}, "请选择", id="no reason"),
        pytest.param({"reason": "late"}, "", id="a reason of nobody"),
        pytest.param({"words": " "}, "请填写", id="no words"),
        pytest.param({"signed_out": "08:00"}, "离开时间要晚于签到时间", id="backwards"),
        pytest.param({"signed_out": "13:00"}, "签退时间不能晚于现在", id="to come"),
        pytest.param({"signed_out": "11:00"}, "没有要补正的", id="CORR-1 the same"),
        pytest.param({"signed_out": "x"}, "", id="nonsense"),
        pytest.param({"community_code": "440"}, "", id="a place of nobody"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    as_adviser: FlaskClient,
    tenant: Tenant,
    make_session: MakeSession,
    given: dict[str, str],
    words: str,
) -> None:
    address = f"/duty/sessions/{make_session()}/corrections"
    answer = as_adviser.post(address, data=sent(tenant, **given))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="09:00"' in answer.text


def test_what_is_in_the_way_is_named(
    as_adviser: FlaskClient, tenant: Tenant, make_session: MakeSession
) -> None:
    make_session(time(11, 10), time(11, 50), community_code=tenant.town.communities[1])
    address = f"/duty/sessions/{make_session()}/corrections"
    answer = as_adviser.post(address, data=sent(tenant))
    assert answer.status_code == 422
    assert "11:10–11:50 已有一条在乙社区的值班记录" in answer.text


def test_one_request_waits_at_a_time(
    as_adviser: FlaskClient, tenant: Tenant, make_session: MakeSession, ask: Callable[..., str]
) -> None:
    session_id = make_session()
    address = ask(session_id)
    again = as_adviser.post(f"/duty/sessions/{session_id}/corrections", data=sent(tenant))
    assert again.status_code == 409
    assert "已有一份补正申请在等审批" in again.text
    assert as_adviser.post(f"{address}/withdrawal", data={"revision": "1"}).status_code == 303
    assert ask(session_id, signed_out="11:45") != address


@pytest.mark.parametrize("status", ["open", "voided"])
def test_only_what_is_closed_is_corrected(
    as_adviser: FlaskClient, tenant: Tenant, make_session: MakeSession, status: str
) -> None:
    session_id = make_session(time(9), None if status == "open" else time(11), status=status)
    answer = as_adviser.post(f"/duty/sessions/{session_id}/corrections", data=sent(tenant))
    assert answer.status_code == 409


def test_a_session_that_changed_meanwhile_is_not_overwritten(
    as_manager: FlaskClient, tenant: Tenant, make_session: MakeSession, ask: Callable[..., str]
) -> None:
    session_id = make_session()
    address = ask(session_id)
    given = {
        "adviser_id": str(tenant.adviser_id), "community_code": tenant.town.communities[0],
        "day": "2026-10-08", "signed_in": "09:10", "signed_out": "11:00", "reason": "other",
        "remark": "按签名簿", "revision": "1",
    }  # fmt: skip
    assert as_manager.post(f"/duty/sessions/{session_id}", data=given).status_code == 303
    stale = as_manager.post(f"{address}/agreement", data={"revision": "1"})
    assert stale.status_code == 409
    assert "又有改动" in stale.text
    refused = as_manager.post(f"{address}/refusal", data={"revision": "1"})
    assert refused.status_code == 422
    given = {"revision": "1", "answer": "请重新申请"}
    assert as_manager.post(f"{address}/refusal", data=given).status_code == 303
    late = as_manager.post(f"{address}/refusal", data={"revision": "1", "answer": "再说"})
    assert late.status_code == 409


def test_four_eyes_while_there_are_four(
    app: Flask, tenant: Tenant, make_session: MakeSession
) -> None:
    own = factories.signed_in(app, tenant.scope, Role.MANAGER, adviser_id=tenant.adviser_id)
    first, second = make_session(), make_session(time(7), time(8))
    asked = own.post(f"/duty/sessions/{first}/corrections", data=sent(tenant)).location
    assert own.post(f"{asked}/agreement", data={"revision": "1"}).status_code == 303
    assert "由申请人自己审批" in own.get(asked).text
    other = factories.signed_in(app, tenant.scope, Role.MANAGER)
    given = sent(tenant, signed_in="07:00", signed_out="08:30")
    asked = own.post(f"/duty/sessions/{second}/corrections", data=given).location
    assert "要由另一位负责人审批" in own.get(asked).text
    for act in ("agreement", "refusal"):
        answer = own.post(f"{asked}/{act}", data={"revision": "1", "answer": "好"})
        assert answer.status_code == 403
    page = own.get(f"/duty/sessions/{second}").text
    assert "保存更正" not in page
    assert other.post(f"{asked}/agreement", data={"revision": "1"}).status_code == 303


def test_the_own_session_is_not_mended_past_the_request(
    app: Flask, tenant: Tenant, make_session: MakeSession, as_manager: FlaskClient
) -> None:
    assert as_manager.get("/duty").status_code == 200
    leader = factories.signed_in(app, tenant.scope, Role.TEAM_LEADER, adviser_id=tenant.adviser_id)
    given = {
        "adviser_id": str(tenant.adviser_id), "community_code": tenant.town.communities[0],
        "day": "2026-10-07", "signed_in": "09:00", "signed_out": "11:00", "reason": "phone",
        "remark": "手机没电", "revision": "1",
    }  # fmt: skip
    for address in ("", f"/{make_session()}"):
        answer = leader.post(f"/duty/sessions{address}", data=given)
        assert answer.status_code == 422
        assert "请提交补正申请" in answer.text
    given["adviser_id"] = str(tenant.backup_id)
    assert leader.post("/duty/sessions", data=given).status_code == 303
    assert leader.post("/duty/corrections", data=sent(tenant, day="2026-10-06")).status_code == 303


def test_nobody_else_asks_sees_or_decides(
    app: Flask,
    as_adviser: FlaskClient,
    as_checker: FlaskClient,
    as_outsider: FlaskClient,
    tenant: Tenant,
    make_session: MakeSession,
    ask: Callable[..., str],
) -> None:
    session_id = make_session()
    address = ask(session_id)
    assert as_adviser.post(f"{address}/agreement").status_code == 403
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    asked = f"/duty/sessions/{session_id}/corrections"
    for client, status in ((colleague, 404), (as_outsider, 404), (as_checker, 403)):
        assert client.get(address).status_code == status
        assert client.post(asked, data=sent(tenant)).status_code == status
    leader = factories.signed_in(app, tenant.scope, Role.TEAM_LEADER, adviser_id=tenant.backup_id)
    assert leader.get(address).status_code == 200
    assert leader.post(f"{address}/withdrawal").status_code == 403
    assert leader.post(f"{address}/agreement").status_code == 403


def test_the_list_is_searched_and_takes_few_statements(
    as_manager: FlaskClient, make_session: MakeSession, ask: Callable[..., str]
) -> None:
    for hour in (7, 9):
        ask(make_session(time(hour), time(hour + 1)), signed_in=f"{hour:02d}:00",
            signed_out=f"{hour + 1:02d}:30")  # fmt: skip
    with statements() as asked:
        page = as_manager.get("/duty/corrections?reason=no_sign_out&q=甲社区&sort=adviser").text
    assert len(asked) <= 8, asked
    assert page.count("+30") == 2
    assert "没有符合条件的申请" in as_manager.get("/duty/corrections?reason=phone").text
    address = page.partition('cell-title"><a href="')[2].partition('"')[0]
    with statements() as asked:
        as_manager.get(address)
    assert len(asked) <= 8, asked
