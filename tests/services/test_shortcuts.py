"""A member's templates and saved filters, one more like a record, what the checks ask."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.services.conftest import DAY, NOON, MakeRecord

HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon."""
    with clock.frozen(NOON):
        yield


def template(**given: str) -> dict[str, str]:
    return {
        "name": "电话欠薪",
        "kind": "consultation",
        "mode": "phone",
        "dispute_kind": "labour",
        "persons": "2",
        "minutes": "30",
        "content": "欠薪咨询，告知劳动监察投诉",
    } | given


def filled(page: str) -> str:
    """Return the address that fills the entry from the first template of a page."""
    found = re.search(r'"(/services\?template=[^"]+)"', page)
    assert found
    return found[1]


def test_a_template_fills_the_entry_and_the_second_tap_saves(as_adviser: FlaskClient) -> None:
    assert as_adviser.post("/services/templates", data=template()).status_code == 303
    address = filled(as_adviser.get("/services").text)
    entry = as_adviser.get(address, headers=HX).text
    assert 'value="欠薪咨询，告知劳动监察投诉"' in entry
    assert '<option selected value="phone">' in entry
    assert '<option selected value="labour">' in entry
    sent = dict(re.findall(r'<input[^>]*name="(persons|minutes|day)"[^>]*value="([^"]*)"', entry))
    place = re.search(r'<option selected value="(\d{12})">', entry)
    assert place
    data = template(community_code=place[1]) | sent
    row = as_adviser.post("/services", data=data, headers=HX)
    assert row.status_code == 200
    assert "2 人次 · 电话 · 30 分钟" in row.text


def test_templates_are_ones_own_and_in_ones_order(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant
) -> None:
    for name in ("甲", "乙", "丙"):
        as_adviser.post("/services/templates", data=template(name=name))
    again = as_adviser.post("/services/templates", data=template(name="乙"))
    assert again.status_code == 422
    assert "您已有一个叫“乙”的" in again.text
    page = as_adviser.get("/services/templates").text
    raisings = re.findall(r'"(/services/templates/[^"]+/raising)"', page)
    as_adviser.post(raisings[-1])
    page = as_adviser.get("/services/templates").text
    names = re.findall(r"<strong>(.)</strong>", page)
    assert names == ["甲", "丙", "乙"]
    own = raisings[0].removesuffix("/raising")
    for path in (own, f"{own}/removal", raisings[0]):
        assert as_manager.post(path, data=template()).status_code == 404
    assert as_manager.get(own).status_code == 404
    assert as_adviser.post(own, data=template(name="改", revision="2")).status_code == 303
    stale = as_adviser.post(own, data=template(name="又改", revision="2"))
    assert stale.status_code == 409
    assert "别人已经改动了它" in stale.text
    assert as_adviser.post(f"{own}/removal").status_code == 303
    assert as_adviser.get(own).status_code == 404
    assert as_adviser.post("/services/templates", data=template(minutes="0")).status_code == 422


def test_one_more_like_a_record_takes_all_but_the_client(
    as_adviser: FlaskClient, as_outsider: FlaskClient, make_record: MakeRecord
) -> None:
    made = make_record(content="张某欠薪", mode="phone", persons=3, minutes=15)
    page = as_adviser.get(f"/services?again={made}").text
    assert 'value="张某欠薪"' in page
    assert '<option selected value="phone">' in page
    assert as_outsider.get(f"/services?again={made}").status_code == 404
    assert "张某欠薪" in as_adviser.get(f"/services/templates?from={made}").text
    assert as_outsider.get(f"/services/templates?from={made}").status_code == 404


def test_an_entry_belongs_to_an_earlier_day(as_adviser: FlaskClient, tenant: Tenant) -> None:
    page = as_adviser.get("/services?day=2026-10-06").text
    assert 'value="2026-10-06"' in page
    data = {"kind": "consultation", "community_code": tenant.town.communities[0]}
    as_adviser.post("/services", data=data | {"day": "2026-10-06"})
    assert "FW20261006-0001" in as_adviser.get("/services/records").text
    assert as_adviser.post("/services", data=data | {"day": "2026-10-09"}).status_code == 422


def test_filters_are_kept_shared_and_removed(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant
) -> None:
    asked = {"q": "工资", "mode": "phone", "month": "2026-10", "page": "3"}
    own = as_adviser.post("/services/filters", data=asked | {"name": "欠薪"})
    assert own.status_code == 303
    assert own.location == "/services/records?mode=phone&q=%E5%B7%A5%E8%B5%84"
    as_adviser.post("/services/filters", data={"thin": "1", "name": "太短", "shared": "y"})
    page = as_manager.get("/services/records").text
    assert "太短" in page
    assert "欠薪</a>" not in page
    removals = re.findall(
        r'"(/services/filters/[^"]+/removal)"', as_adviser.get("/services/records").text
    )
    assert len(removals) == 2
    assert as_adviser.post(removals[0]).status_code == 303
    assert as_adviser.post(removals[0]).status_code == 404
    for data, words in (({"name": "空"}, "请先选好筛选条件"), ({"q": "x"}, "请填写名称")):
        answer = as_adviser.post("/services/filters", data=data)
        assert answer.status_code == 422
        assert words in answer.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("mode=phone", "A"), ("dispute=labour", "A"), ("thin=1", "B"), ("file=none", "AB"),
        ("file=any", ""), ("file=draft", ""), ("q=欠薪", "A"), ("q=欠薪未", "A"), ("q=欠", "A"),
        ("from=2025-01-01", "ABC"), ("from=2025-01-01&to=2025-12-31", "C"), ("from=x", "AB"),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(
    as_adviser: FlaskClient, make_record: MakeRecord, asked: str, found: str
) -> None:
    make_record("FW-A", "公司欠薪未付，告知投诉", mode="phone", dispute_kind="labour")
    make_record("FW-B", "短")
    make_record("FW-C", "去年的一条比较长的记录", day=DAY - timedelta(days=400))
    page = as_adviser.get(f"/services/records?month=2026-10&{asked}").text
    assert "".join(name for name in "ABC" if f"FW-{name}" in page) == found


def test_what_a_month_lacks_is_told_everywhere_and_leads_to_its_form(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant,
    make_record: MakeRecord,
) -> None:  # fmt: skip
    made = make_record(content="普法讲座，讲劳动合同法", kind="lecture", persons=60)
    other = make_record("FW-B", content="短", adviser_id=tenant.backup_id)
    starts = clock.instant(DAY - timedelta(days=1), NOON.time())
    with app.app_context(), as_scope(tenant.scope):
        place = {
            "community_code": tenant.town.communities[0], "street_code": tenant.town.street_code
        }  # fmt: skip
        db.session.add(
            DutySession(
                adviser_id=tenant.adviser_id, day=DAY - timedelta(days=1), signed_in_at=starts,
                signed_out_at=starts + timedelta(hours=2), status="closed", **place,
            )
        )  # fmt: skip
        db.session.commit()
    assert "本月待补 4 项" in as_adviser.get("/services").text
    with statements() as sent:
        page = as_adviser.get("/services/inspection").text
    assert len(sent) <= 8
    for words in ("没有现场照片", "讲座没有讲稿", "讲座没有签到表", "值班当天没有服务记录"):
        assert words in page
    assert f"/services/{made}#files" in page
    assert f"/services?day=2026-10-07&amp;community={tenant.town.communities[0]}" in page
    assert str(other) not in page
    assert "这条记录待补 3 项" in as_adviser.get(f"/services/{made}").text
    assert str(other) in as_manager.get("/services/inspection?month=2026-10&check=INSPECT-5").text
    month = as_manager.get("/month?month=2026-10").text
    assert "待补 5 项" in month


def test_the_firm_sets_what_is_checked(
    as_adviser: FlaskClient, as_manager: FlaskClient, make_record: MakeRecord
) -> None:
    make_record("FW-SHORT", content="短")
    page = "/services/inspection"
    assert "内容太简单" in as_adviser.get(page).text
    assert "FW-SHORT" in as_adviser.get("/services/records?month=2026-10&thin=1").text
    given = {"thin_letters": "1", "checks": ["INSPECT-5"]}
    assert as_manager.post(f"{page}/rule", data=given).status_code == 303
    assert "这个月没有待补的" in as_adviser.get(page).text
    short = as_adviser.get("/services/records?month=2026-10&thin=1").text
    assert "没有符合条件的记录" in short
    assert "不足 1 字" in short
    assert as_manager.post(f"{page}/rule", data={"thin_letters": "201"}).status_code == 422
    assert as_adviser.get(f"{page}/rule").status_code == 403


def test_who_logs_nothing_has_no_templates(app: Flask, tenant: Tenant) -> None:
    finance = factories.signed_in(app, tenant.scope, Role.FINANCE)
    for path in ("/services/templates", "/services/paste", "/services/lines"):
        assert finance.post(path, data=template()).status_code == 403
