"""Corrections as their people see them: asked, decided with both versions in sight, kept."""

from collections.abc import Callable
from datetime import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.closing.models import ClosedMonth
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.corrections.models import SessionCorrection
from counselhub.duty import evidence
from tests import factories
from tests.corrections.conftest import sent, the
from tests.duty.conftest import DAY, STATEMENT, MakeSession
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("noon")


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


def test_the_desk_asks_for_who_cannot_and_another_decides(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, make_session: MakeSession,
    close_october: Callable[[], None],
) -> None:  # fmt: skip
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    session_id = make_session()
    close_october()
    assert "申请补正" in clerk.get(f"/duty/sessions/{session_id}").text
    asked = clerk.post(f"/duty/sessions/{session_id}/corrections", data=sent(tenant)).location
    assert clerk.post(f"{asked}/agreement", data={"revision": "1"}).status_code == 403
    assert as_manager.post(f"{asked}/withdrawal", data={"revision": "1"}).status_code == 403
    assert "撤回申请" in clerk.get(asked).text
    assert as_manager.post(f"{asked}/agreement", data={"revision": "1"}).status_code == 303


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
