"""Corrections that are refused: of what, by whom, and after somebody else."""

from collections.abc import Callable
from datetime import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from tests import factories
from tests.corrections.conftest import sent
from tests.counting import statements
from tests.duty.conftest import MakeSession
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("noon")
VOID = {"void-reason": "重复"}
EARLY, LATER = (time(7), time(8)), (time(9), time(11))


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
    colleagues = make_session(adviser_id=tenant.backup_id)
    taken = leader.post(f"/duty/sessions/{colleagues}", data=given)
    assert taken.status_code == 422, "a colleague's session does not become the own one"
    given["adviser_id"] = str(tenant.backup_id)
    assert leader.post("/duty/sessions", data=given).status_code == 303
    assert leader.post(f"/duty/sessions/{colleagues}/voiding", data=VOID).status_code == 303
    assert leader.post("/duty/corrections", data=sent(tenant, day="2026-10-06")).status_code == 303


def test_the_own_session_is_for_somebody_else_to_void(
    app: Flask, tenant: Tenant, make_session: MakeSession
) -> None:
    """Alone a manager voids the own one; with another manager it is that one's to void."""
    own = factories.signed_in(app, tenant.scope, Role.MANAGER, adviser_id=tenant.adviser_id)
    first, second = (f"/duty/sessions/{make_session(*at)}" for at in (EARLY, LATER))
    assert "作废这次值班" in own.get(first).text
    assert own.post(f"{first}/voiding", data=VOID).status_code == 303
    other = factories.signed_in(app, tenant.scope, Role.MANAGER)
    page = own.get(second).text
    assert "作废请由主任办理" in page
    assert "作废这次值班" not in page
    refused = own.post(f"{second}/voiding", data=VOID, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert "自己的值班记录不能自己更正、补录或作废" in refused.text
    assert "已作废" not in own.get(second).text
    assert other.post(f"{second}/voiding", data=VOID).status_code == 303


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
