"""A lecture from its plan to the service that it becomes."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from counselhub.core import clock
from counselhub.core.permissions import Role
from counselhub.products.lecture_queries import quarter_of
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.products.conftest import Begin
from tests.services.conftest import MakeRecord
from tests.services.test_files import PDF


@pytest.fixture
def plan_data(tenant: Tenant) -> dict[str, Any]:
    """What the form of a new lecture sends."""
    return {
        "kind": "lecture",
        "theme": "防范养老诈骗",
        "place": "二楼会议室",
        "community_code": tenant.town.communities[0],
        "day": clock.today().isoformat(),
        "starts": "15:00",
    }


@pytest.fixture
def plan(as_adviser: FlaskClient, plan_data: dict[str, Any]) -> Begin:
    """Plan a lecture as the first adviser does; returns the address of its page."""

    def make(**given: Any) -> str:
        answer = as_adviser.post("/products/lectures", data=plan_data | given)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    return make


def held(**given: Any) -> dict[str, Any]:
    day = clock.today().isoformat()
    lines = "民法典手册 50份\n反诈折页 30张"
    return {"day": day, "persons": "36", "minutes": "90", "lines": lines, "revision": "1"} | given


def test_a_lecture_becomes_a_service_with_its_draft(as_adviser: FlaskClient, plan: Begin) -> None:
    here = plan()
    sent = {"file": (BytesIO(PDF), "讲稿.pdf")}
    assert as_adviser.post(f"{here}/draft", data=sent).status_code == 303
    assert as_adviser.get(f"{here}/draft").data == PDF
    assert as_adviser.post(f"{here}/holding", data=held()).status_code == 303
    page = as_adviser.get(here).text
    for words in ("已举办", "民法典手册 50 份", "36", "还缺"):
        assert words in page
    (record,) = set(re.findall(r'href="(/services/[0-9a-f-]{36})"', page))
    logged = as_adviser.get(record).text
    assert "讲稿.pdf" in logged
    assert 'value="80"' in logged
    assert "防范养老诈骗" in logged
    assert as_adviser.get(f"{here}/draft").status_code == 404


def test_one_that_was_logged_already_is_linked_once(
    as_adviser: FlaskClient, plan: Begin, make_record: MakeRecord
) -> None:
    made = make_record(number="FW20261008-0003", kind="lecture", persons=20)
    given = held(service="FW20261008-0003")
    here = plan()
    assert as_adviser.post(f"{here}/holding", data=given).status_code == 303
    assert f'href="/services/{made}"' in as_adviser.get(here).text
    again = as_adviser.post(f"{plan()}/holding", data=given)
    assert again.status_code == 422
    assert "已是讲座“防范养老诈骗”的" in again.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"day": "2099-01-01"}, "不能晚于今天", id="a day to come"),
        pytest.param({"persons": ""}, "请填写", id="nobody counted"),
        pytest.param({"lines": "民法典手册"}, "第1行请写成", id="a leaflet without copies"),
        pytest.param({"service": "FW0"}, "没有编号为FW0", id="no such record"),
    ],
)
def test_what_cannot_have_been_held_comes_back(
    as_adviser: FlaskClient, plan: Begin, given: dict[str, str], words: str
) -> None:
    answer = as_adviser.post(f"{plan()}/holding", data=held(**given))
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{given.get("persons", "36")}"' in answer.text


def test_what_is_over_is_not_changed(
    as_adviser: FlaskClient, plan: Begin, plan_data: dict[str, Any]
) -> None:
    here = plan()
    assert as_adviser.get(f"{here}/edit").status_code == 200
    change = plan_data | {"theme": "婚姻家庭", "revision": "1"}
    assert as_adviser.post(here, data=change).status_code == 303
    assert as_adviser.post(here, data=change).status_code == 409
    blank = as_adviser.post(f"{here}/cancelling", data={"revision": "2", "words": ""})
    assert blank.status_code == 422
    cancelled = {"revision": "2", "words": "台风停办"}
    assert as_adviser.post(f"{here}/cancelling", data=cancelled).status_code == 303
    assert "台风停办" in as_adviser.get(here).text
    draft = {"file": (BytesIO(PDF), "讲稿.pdf")}
    for path, data in (
        ("draft", draft),
        ("holding", held(revision="3")),
        ("cancelling", {"revision": "3", "words": "再取消"}),
    ):
        assert as_adviser.post(f"{here}/{path}", data=data).status_code == 409
    assert as_adviser.post(f"{plan()}/draft", data={}).status_code == 422


def test_the_quarter_says_where_one_is_owed(as_adviser: FlaskClient, plan: Begin) -> None:
    owing = "本季度还缺讲座的社区：%d 个"
    page = as_adviser.get("/products/lectures").text
    before = int(re.findall(r"本季度还缺讲座的社区：(\d+) 个", page)[0])
    here = plan()
    assert "计划 " in as_adviser.get("/products/lectures").text
    as_adviser.post(f"{here}/holding", data=held())
    after = as_adviser.get("/products/lectures?tab=held").text
    assert owing % (before - 1) in after if before > 1 else "本季度还缺" not in after
    assert "防范养老诈骗" in after
    assert "防范养老诈骗" in as_adviser.get("/products/lectures?tab=all&q=养老诈骗").text


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_quarter_of(day: date, first: date, last: date) -> None:
    assert quarter_of(day) == (first, last)


def test_a_day_of_another_age_is_a_slip(as_adviser: FlaskClient, plan_data: dict[str, Any]) -> None:
    answer = as_adviser.post("/products/lectures", data=plan_data | {"day": "0026-11-20"})
    assert answer.status_code == 422
    assert "年份应在 2000 至 2100 之间" in answer.text


def test_the_sign_in_sheet_fits_one_page(as_adviser: FlaskClient, plan: Begin) -> None:
    sheet = PdfReader(BytesIO(as_adviser.get(f"{plan()}/sheet.pdf").data))
    said = re.sub(r"\s", "", sheet.pages[0].extract_text())
    assert len(sheet.pages) == 1
    for words in ("法治讲座签到表", "防范养老诈骗", "二楼会议室", "15:00", "联系电话"):
        assert words in said


def test_a_colleague_another_firm_and_the_office_see_nothing(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_outsider: FlaskClient,
    as_checker: FlaskClient, plan: Begin,
) -> None:  # fmt: skip
    here = plan()
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    for client, status in ((colleague, 404), (as_outsider, 404), (as_checker, 403)):
        assert client.get(here).status_code == status
        assert client.post(f"{here}/holding", data=held()).status_code == status
    assert as_manager.get(here).status_code == 200


def test_pages_ask_little(as_adviser: FlaskClient, plan: Begin) -> None:
    later = (clock.today() + timedelta(days=3)).isoformat()
    here = plan(day=later)
    for page in ("/products/lectures", "/products/lectures?q=养老诈骗", here):
        as_adviser.get(page)
        with statements() as sent:
            assert as_adviser.get(page).status_code == 200
        assert len(sent) <= 8, sent
