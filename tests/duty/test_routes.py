"""The phone page, the desk's list and the online shifts as people see them."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.access import Role
from tests import factories
from tests.counting import statements
from tests.duty.conftest import DAY, NOON, STATEMENT, MakeSession
from tests.factories import Tenant, Town

HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon."""
    with clock.frozen(NOON):
        yield


def test_a_lawyer_signs_in_and_out_in_one_tap_each(as_adviser: FlaskClient, town: Town) -> None:
    page = as_adviser.get("/duty").text
    assert "签到 · 甲社区" in page
    assert "签到 · 乙社区" in page
    answer = as_adviser.post("/duty/sign-ins", data={"place": town.communities[0]})
    assert (answer.status_code, answer.location) == (303, "/duty")
    page = as_adviser.get("/duty").text
    assert "签退" in page
    assert "签到 · 乙社区" not in page
    session_id = page.partition("/duty/sessions/")[2].partition("/")[0]
    for minutes in range(25, 125, 25):  # the lawyer looks now and then, and stays signed in
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            assert as_adviser.get("/duty").status_code == 200
    with clock.frozen(NOON + timedelta(minutes=125)):
        answer = as_adviser.post(f"/duty/sessions/{session_id}/sign-out", headers=HX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="duty-today"')
    assert "12:00–14:05" in answer.text
    assert "2小时05分" in answer.text


def test_a_forgotten_sign_out_is_asked_for(
    as_adviser: FlaskClient, make_session: MakeSession, town: Town
) -> None:
    session_id = make_session(time(14, 2), None, DAY - timedelta(days=1))
    assert "10月7日 在甲社区 14:02 签到后没有签退，请填写离开时间" in as_adviser.get("/duty").text
    refused = as_adviser.post("/duty/sign-ins", data={"place": town.communities[0]})
    assert refused.status_code == 409
    address = f"/duty/sessions/{session_id}/sign-out"
    missing = as_adviser.post(address, data={"left_at": ""})
    assert missing.status_code == 422
    wrong = as_adviser.post(address, data={"left_at": "13:00"})
    assert wrong.status_code == 422
    assert 'value="13:00"' in wrong.text
    assert as_adviser.post(address, data={"left_at": "16:00"}).status_code == 303
    assert "签到 · 甲社区" in as_adviser.get("/duty").text


def test_who_does_not_remember_is_not_asked_again(
    as_adviser: FlaskClient, make_session: MakeSession
) -> None:
    session_id = make_session(time(14, 2), None, DAY - timedelta(days=1))
    answer = as_adviser.post(f"/duty/sessions/{session_id}/untold-sign-out")
    assert answer.status_code == 303
    assert "没有签退，请填写" not in as_adviser.get("/duty").text
    assert "没有签退，不计入" in as_adviser.get("/duty/sessions?month=2026-10").text


def test_a_slip_is_taken_back(as_adviser: FlaskClient, town: Town) -> None:
    as_adviser.post("/duty/sign-ins", data={"place": town.communities[0]})
    page = as_adviser.get("/duty").text
    session_id = page.partition("/duty/sessions/")[2].partition("/")[0]
    assert as_adviser.post(f"/duty/sessions/{session_id}/cancellation").status_code == 303
    assert "签到 · 甲社区" in as_adviser.get("/duty").text


def test_a_stand_in_chooses_whom_he_replaces(as_adviser: FlaskClient, tenant: Tenant) -> None:
    choice = f"{tenant.town.communities[1]}|{tenant.backup_id}"
    assert f'value="{choice}"' in as_adviser.get("/duty").text
    assert as_adviser.post("/duty/sign-ins", data={"place": choice}).status_code == 303
    assert "替 李四光" in as_adviser.get("/duty").text


@pytest.mark.parametrize(
    ("place", "status"),
    [
        pytest.param("", 422, id="nothing chosen"),
        pytest.param("000000000000", 422, id="no community of his"),
        pytest.param("000000000000|x", 404, id="nonsense"),
    ],
)
def test_a_bad_choice_is_told(as_adviser: FlaskClient, place: str, status: int) -> None:
    assert as_adviser.post("/duty/sign-ins", data={"place": place}).status_code == status


def test_a_manager_without_a_lawyers_name_is_told_why(as_manager: FlaskClient) -> None:
    assert "这个账号没有对应的律师" in as_manager.get("/duty").text
    assert "这个账号没有对应的律师" in as_manager.get("/duty/online").text


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
    voided = as_manager.post(f"{address}/voiding", data={"reason": "重复"}, headers=HX)
    assert voided.status_code == 200
    assert "已作废" in voided.text


def test_voiding_needs_a_reason(as_manager: FlaskClient, make_session: MakeSession) -> None:
    address = f"/duty/sessions/{make_session()}"
    assert as_manager.post(f"{address}/voiding").status_code == 422
    assert as_manager.post(f"{address}/voiding", data={"reason": "重复"}).status_code == 303
    assert "已作废" in as_manager.get(address).text
    again = as_manager.post(f"{address}/voiding", data={"reason": "重复"})
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
        as_manager.post(f"{address}/voiding", data={"reason": "重复"}),
        as_manager.post("/duty/shifts", data=shift(tenant)),
    ]
    for answer in answers:
        assert answer.status_code == 409
        assert STATEMENT in answer.text


def test_another_firm_finds_nothing(
    as_outsider: FlaskClient, make_session: MakeSession, make_shift: Callable[..., UUID]
) -> None:
    session_id, shift_id = make_session(), make_shift(NOON, NOON + timedelta(hours=2))
    assert "09:00–11:00" not in as_outsider.get("/duty/sessions?month=2026-10").text
    assert "张三丰 12:00" not in as_outsider.get("/duty/shifts?month=2026-10").text
    assert as_outsider.get(f"/duty/sessions/{session_id}").status_code == 404
    assert as_outsider.get(f"/duty/shifts/{shift_id}").status_code == 404
    for address in (
        f"/duty/sessions/{session_id}",
        f"/duty/sessions/{session_id}/sign-out",
        f"/duty/sessions/{session_id}/untold-sign-out",
        f"/duty/sessions/{session_id}/cancellation",
        f"/duty/sessions/{session_id}/voiding",
        f"/duty/shifts/{shift_id}",
        f"/duty/shifts/{shift_id}/removal",
        f"/duty/shifts/{shift_id}/leaving",
    ):
        assert as_outsider.post(address).status_code == 404


def test_strangers_and_offices_stay_out(app: Flask, as_checker: FlaskClient) -> None:
    for address in ("/duty", "/duty/sessions", "/duty/shifts", "/duty/online"):
        assert app.test_client().get(address).status_code == 303
        assert as_checker.get(address).status_code == 403


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


@pytest.mark.parametrize("address", ["/duty", "/duty/online", "/duty/sessions", "/duty/shifts"])
def test_pages_ask_the_database_at_most_eight_times(
    as_adviser: FlaskClient, make_session: MakeSession, address: str
) -> None:
    for days in range(5):
        make_session(day=DAY - timedelta(days=days))
    with statements() as asked:
        assert as_adviser.get(f"{address}?month=2026-10").status_code == 200
    assert len(asked) <= 8, asked
