"""The list of sessions, and how the desk adds, corrects and voids them."""

import re
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from flask.testing import FlaskClient

from tests.duty.conftest import DAY, STATEMENT, MakeSession
from tests.factories import Tenant, Town

pytestmark = pytest.mark.usefixtures("noon")

VOID = {"void-reason": "重复"}
HX = {"HX-Request": "true"}


def test_the_desk_signs_nobody_out(as_manager: FlaskClient, make_session: MakeSession) -> None:
    session_id = make_session(time(11), None)
    assert as_manager.post(f"/duty/sessions/{session_id}/sign-out").status_code == 403


def test_the_list_says_what_counts(as_manager: FlaskClient, make_session: MakeSession) -> None:
    make_session(time(9), time(11))
    make_session(time(9), time(9, 30), DAY - timedelta(days=1))
    make_session(time(9), None, DAY - timedelta(days=2), status="closed")
    page = as_manager.get("/duty/sessions?month=2026-10").text
    for words in ("计入", "当日不足60分钟，不计入", "没有签退，不计入", "2小时00分", "共 3 条"):
        assert words in page


def test_a_session_of_the_unassigned_counts_for_nothing(
    as_manager: FlaskClient, make_session: MakeSession, town: Town
) -> None:
    make_session(community_code=town.communities[3])
    assert "当天未指派，不计入" in as_manager.get("/duty/sessions?month=2026-10").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=甲社区", True),
        ("q=乙社区", False),
        ("q=张三丰", True),
        ("status=closed", True),
        ("status=voided", False),
        ("status=untold", False),
        ("adviser=nonsense", False),
        ("sort=adviser&direction=desc", True),
        ("sort=nonsense", True),
        ("month=2026-09", False),
    ],
)
def test_the_list_is_searched(
    as_manager: FlaskClient, make_session: MakeSession, query: str, found: bool
) -> None:
    make_session()
    month = "" if "month" in query else "&month=2026-10"
    assert ("09:00–11:00" in as_manager.get(f"/duty/sessions?{query}{month}").text) is found


def test_a_lawyer_sees_the_own_sessions_only(
    as_adviser: FlaskClient, make_session: MakeSession, tenant: Tenant
) -> None:
    make_session(time(9), time(10))
    other = make_session(time(15, 30), time(16), DAY - timedelta(1), adviser_id=tenant.backup_id)
    page = as_adviser.get("/duty/sessions?month=2026-10").text
    assert "09:00–10:00" in page
    assert "15:30–16:00" not in page
    assert as_adviser.get(f"/duty/sessions/{other}").status_code == 404


def entry(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "adviser_id": str(tenant.adviser_id),
        "community_code": tenant.town.communities[0],
        "day": "2026-10-07",
        "signed_in": "09:00",
        "signed_out": "11:00",
        "reason": "phone",
        "remark": "手机没电",
    } | given


def test_a_missed_session_is_added(as_manager: FlaskClient, tenant: Tenant) -> None:
    answer = as_manager.post("/duty/sessions", data=entry(tenant))
    assert answer.status_code == 303
    page = as_manager.get(answer.location).text
    assert "手机没电" in page
    assert "补录" in page


def test_a_bad_session_keeps_what_was_typed(as_manager: FlaskClient, tenant: Tenant) -> None:
    answer = as_manager.post("/duty/sessions", data=entry(tenant, remark="", signed_out="25:00"))
    assert answer.status_code == 422
    assert 'value="09:00"' in answer.text
    refused = as_manager.post("/duty/sessions", data=entry(tenant, signed_out="08:00"))
    assert refused.status_code == 422
    assert "离开时间要晚于签到时间" in refused.text
    assert "手机没电" in refused.text


def test_a_lawyer_adds_and_corrects_nothing(
    as_adviser: FlaskClient, tenant: Tenant, make_session: MakeSession
) -> None:
    session_id = make_session()
    assert as_adviser.get("/duty/sessions/new").status_code == 403
    for address in ("", f"/{session_id}", f"/{session_id}/voiding"):
        answer = as_adviser.post(f"/duty/sessions{address}", data=entry(tenant))
        assert answer.status_code == 403


def test_a_session_is_corrected_and_a_stale_page_refused(
    as_manager: FlaskClient, tenant: Tenant, make_session: MakeSession
) -> None:
    address = f"/duty/sessions/{make_session()}"
    given = entry(tenant, day="2026-10-08", signed_out="11:45", revision="1")
    assert as_manager.post(address, data=given).status_code == 303
    stale = as_manager.post(address, data=given | {"signed_out": "11:50"}, headers=HX)
    assert stale.status_code == 409
    assert "别人已经改动了它" in stale.text
    assert 'value="11:45"' in stale.text
    assert as_manager.post(address, data=given | {"revision": "x"}).status_code == 409


def test_the_desk_corrects_and_voids_in_place(
    as_manager: FlaskClient, tenant: Tenant, make_session: MakeSession
) -> None:
    address = f"/duty/sessions/{make_session()}"
    given = entry(tenant, day="2026-10-08", signed_out="11:45", revision="1")
    corrected = as_manager.post(address, data=given, headers=HX)
    assert corrected.status_code == 200
    assert corrected.text.lstrip().startswith('<div id="session"')
    assert 'value="11:45"' in corrected.text
    voided = as_manager.post(f"{address}/voiding", data=VOID, headers=HX)
    assert voided.status_code == 200
    assert "已作废" in voided.text


def test_voiding_needs_a_reason(as_manager: FlaskClient, make_session: MakeSession) -> None:
    address = f"/duty/sessions/{make_session()}"
    assert as_manager.post(f"{address}/voiding").status_code == 422
    assert as_manager.post(f"{address}/voiding", data=VOID).status_code == 303
    assert "已作废" in as_manager.get(address).text
    again = as_manager.post(f"{address}/voiding", data=VOID)
    assert again.status_code == 409


def test_a_closed_month_names_its_statement(
    as_manager: FlaskClient,
    tenant: Tenant,
    make_session: MakeSession,
    close_october: Callable[[], None],
) -> None:
    address = f"/duty/sessions/{make_session()}"
    close_october()
    answers = [
        as_manager.post("/duty/sessions", data=entry(tenant)),
        as_manager.post(address, data=entry(tenant, revision="1")),
        as_manager.post(f"{address}/voiding", data=VOID),
    ]
    for answer in answers:
        assert answer.status_code == 409
        assert STATEMENT in answer.text


def test_the_reason_of_a_voiding_has_its_own_label(
    as_manager: FlaskClient, make_session: MakeSession
) -> None:
    page = as_manager.get(f"/duty/sessions/{make_session()}").text
    assert re.search(r'<label[^>]* for="void-reason">作废原因', page)
    assert page.count('id="void-reason"') == page.count('id="reason"') == 1
