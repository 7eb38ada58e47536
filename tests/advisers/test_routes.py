"""The pages of the roll of advisers."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.core.db import db
from counselhub.core.tenancy import as_firm
from tests import counting
from tests.factories import Tenant

GOOD = {
    "name": "曾示例",
    "licence_number": "14403202110000001",
    "category": "lawyer",
    "specialties": "婚姻家庭、劳动争议, 物业",
    "phone": "13800000000",
    "political_status": "",
}


def address(tenant: Tenant, more: str = "") -> str:
    return f"/advisers/{tenant.adviser_id}{more}"


def revision(app: Flask, tenant: Tenant) -> int:
    with app.app_context(), as_firm(tenant.firm_id):
        return db.session.get_one(Adviser, (tenant.firm_id, tenant.adviser_id)).revision


def test_the_roll_tells_the_load(as_manager: FlaskClient) -> None:
    page = as_manager.get("/advisers").text
    assert "张三丰" in page
    assert "偏多" not in page


def test_too_many_communities_are_pointed_out(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counselhub.advisers.routes.COMFORTABLE_COMMUNITIES", 1)
    assert "2 个，偏多" in as_manager.get("/advisers").text
    assert "今天主责 2 个社区，超过 1 个" in as_manager.get(address(tenant)).text


def test_a_new_adviser_is_found_by_initials(as_manager: FlaskClient) -> None:
    answer = as_manager.post("/advisers", data=GOOD)
    assert answer.status_code == 303
    assert "婚姻家庭、劳动争议、物业" in as_manager.get(answer.location).text
    for words in ("zsl", "曾", "zengshi", "14403202110000001"):
        page = as_manager.get("/advisers", query_string={"q": words}).text
        assert "曾示例" in page, words
        assert "张三丰" not in page, words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"name": ""}, "请填写", id="no name"),
        pytest.param({"licence_number": "144 03"}, "请照证件填写", id="a blank in the licence"),
        pytest.param({"phone": "电话"}, "请填写电话号码", id="no phone number"),
        pytest.param({"email": "nobody"}, "请填写邮箱地址", id="no address"),
        pytest.param({"joined_on": "2026-13-01"}, "曾示例", id="no day"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    as_manager: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = as_manager.post("/advisers", data=GOOD | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "婚姻家庭、劳动争议, 物业" in answer.text


def test_a_licence_names_its_owner(as_manager: FlaskClient, tenant: Tenant) -> None:
    as_manager.post("/advisers", data=GOOD)
    answer = as_manager.post("/advisers", data=GOOD | {"name": "另一人"})
    assert answer.status_code == 422
    assert "已登记在“曾示例”名下" in answer.text


def test_full_width_numbers_are_kept_in_half_width(as_manager: FlaskClient, tenant: Tenant) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    data = GOOD | {name: GOOD[name].translate(wide) for name in ("licence_number", "phone")}
    answer = as_manager.post("/advisers", data=data)
    assert answer.status_code == 303
    page = as_manager.get(answer.location).text
    assert GOOD["licence_number"] in page
    assert GOOD["phone"] in page


def test_a_change_is_kept(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    data = GOOD | {"revision": str(revision(app, tenant))}
    assert as_manager.get(address(tenant, "/edit")).status_code == 200
    assert as_manager.post(address(tenant), data=data).status_code == 303
    assert "13800000000" in as_manager.get(address(tenant)).text
    assert revision(app, tenant) == 2


def test_a_stale_form_shows_the_roll_as_it_is(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    data = GOOD | {"revision": str(revision(app, tenant))}
    as_manager.post(address(tenant), data=data)
    answer = as_manager.post(address(tenant), data=data | {"name": "后来者"})
    assert answer.status_code == 409
    assert "别人已经改动了它" in answer.text
    assert "后来者" not in answer.text


def test_contact_stays_with_who_keeps_the_roll(
    app: Flask, as_manager: FlaskClient, as_adviser: FlaskClient, tenant: Tenant
) -> None:
    as_manager.post(address(tenant), data=GOOD | {"revision": str(revision(app, tenant))})
    assert "13800000000" not in as_adviser.get(address(tenant)).text


def test_leaving_ends_assignments_and_hides_the_name(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    data = {"left_on": "2026-06-30", "revision": str(revision(app, tenant))}
    assert as_manager.post(address(tenant, "/departure"), data=data).status_code == 303
    with app.app_context(), as_firm(tenant.firm_id):
        rows = db.session.query(Assignment).filter_by(adviser_id=tenant.adviser_id)
        assert {row.ends_on for row in rows} == {date(2026, 6, 30)}
    assert "张三丰" not in as_manager.get("/advisers").text
    assert "2026-06-30 已离职" in as_manager.get("/advisers?left=1").text
    assert as_manager.post(address(tenant, "/return")).status_code == 303
    assert "张三丰" in as_manager.get("/advisers").text


def test_leaving_needs_its_day(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    answer = as_manager.post(address(tenant, "/departure"), data={"left_on": ""})
    assert answer.status_code == 422
    assert "请填写" in answer.text
    stale = {"left_on": "2026-06-30", "revision": "99"}
    assert as_manager.post(address(tenant, "/departure"), data=stale).status_code == 409


@pytest.mark.parametrize(("method", "more"), [("get", ""), ("get", "/edit"), ("post", "")])
def test_another_firms_adviser_is_not_found(
    as_outsider: FlaskClient, tenant: Tenant, method: str, more: str
) -> None:
    assert getattr(as_outsider, method)(address(tenant, more)).status_code == 404


def test_an_adviser_may_not_change_the_roll(as_adviser: FlaskClient, tenant: Tenant) -> None:
    assert as_adviser.get("/advisers").status_code == 200
    assert as_adviser.get("/advisers/new").status_code == 403
    assert as_adviser.post(address(tenant), data=GOOD).status_code == 403
    assert as_adviser.post(address(tenant, "/departure"), data={}).status_code == 403


def test_pages_need_few_statements(as_manager: FlaskClient, tenant: Tenant) -> None:
    for path in ("/advisers", "/advisers?left=1&sort=led&direction=desc", address(tenant)):
        with counting.statements() as sent:
            assert as_manager.get(path).status_code == 200
        assert len(sent) <= 8, (path, sent)
