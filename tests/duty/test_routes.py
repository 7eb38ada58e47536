"""The phone page of duty as people see it, and who sees nothing of it."""

from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from tests.counting import statements
from tests.duty.conftest import DAY, NOON, MakeSession
from tests.factories import Tenant, Town

pytestmark = pytest.mark.usefixtures("noon")

HX = {"HX-Request": "true"}


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


@pytest.mark.parametrize("address", ["/duty", "/duty/online", "/duty/sessions", "/duty/shifts"])
def test_pages_ask_the_database_at_most_eight_times(
    as_adviser: FlaskClient, make_session: MakeSession, address: str
) -> None:
    for days in range(5):
        make_session(day=DAY - timedelta(days=days))
    with statements() as asked:
        assert as_adviser.get(f"{address}?month=2026-10").status_code == 200
    assert len(asked) <= 8, asked
