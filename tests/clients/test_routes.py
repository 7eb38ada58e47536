"""Clients as people see them, and each refusal."""

import json
from datetime import date
from io import BytesIO
from uuid import UUID, uuid4

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.clients.models import Client
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from tests.clients.conftest import (
    NAME,
    PHONE,
    REASON,
    SHOWN_NAME,
    SHOWN_PHONE,
    MakeClient,
    MakeService,
    stored,
)
from tests.counting import statements
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("noon")

HX = {"HX-Request": "true"}


def entry(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "kind": "consultation",
        "persons": "1",
        "content": "邻里漏水",
        "community_code": tenant.town.communities[0],
        "client_name": NAME,
        "client_phone": "+86 138-0000-0027",
    } | given


def acts(app: Flask, tenant: Tenant, client_id: UUID) -> list[str]:
    with app.app_context(), as_scope(tenant.scope):
        return [event.act for event in history.of(stored(tenant, client_id))]


def test_the_quick_entry_takes_a_client_and_shows_it_masked(
    as_adviser: FlaskClient, tenant: Tenant
) -> None:
    row = as_adviser.post("/services", data=entry(tenant, client_informed="y"), headers=HX)
    assert row.status_code == 200
    assert SHOWN_NAME in row.text
    assert SHOWN_PHONE in row.text
    assert NAME not in row.text
    for address in ("/services", "/services/records?month=2026-10", "/clients"):
        page = as_adviser.get(address).text
        assert SHOWN_NAME in page, address
        assert NAME not in page
        assert PHONE not in page
    assert "已告知" in as_adviser.get("/clients").text


def test_an_entry_without_a_client_costs_nothing(as_adviser: FlaskClient, tenant: Tenant) -> None:
    given = entry(tenant, client_name="", client_phone="")
    with statements() as asked:
        assert as_adviser.post("/services", data=given, headers=HX).status_code == 200
    assert len(asked) <= 5
    assert not [one for one in asked if "client" in one]
    assert "还没有服务对象" in as_adviser.get("/clients").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"client_phone": "1380000"}, "请填写手机号", id="malformed phone"),
        pytest.param({"client_phone": "1" * 500}, "请填写手机号", id="a long phone"),
        pytest.param({"client_name": "张" * 500}, "姓名最多50个字", id="a long name"),
        pytest.param({"client_name": "张三😀"}, "不能有表情", id="emoji"),
        pytest.param({"client_name": "123"}, "要有文字", id="figures alone"),
    ],
)
def test_a_bad_client_keeps_what_was_typed(
    as_adviser: FlaskClient, tenant: Tenant, given: dict[str, str], said: str
) -> None:
    answer = as_adviser.post("/services", data=entry(tenant, **given))
    assert answer.status_code == 422
    assert said in answer.text
    assert "邻里漏水" in answer.text
    assert next(iter(given.values())) in answer.text
    assert "还没有服务对象" in as_adviser.get("/clients").text


def test_a_service_gets_and_loses_clients(
    as_adviser: FlaskClient, app: Flask, tenant: Tenant, make_service: MakeService
) -> None:
    address = f"/services/{make_service()}/clients"
    assert "还没有登记" in as_adviser.get(address).text
    assert as_adviser.post(address, data={"name": "", "phone": ""}).status_code == 422
    assert as_adviser.post(address, data={"name": NAME, "phone": "x"}).status_code == 422
    assert as_adviser.post(address, data={"name": NAME}).status_code == 303
    page = as_adviser.get(address).text
    assert SHOWN_NAME in page
    with app.app_context(), as_scope(tenant.scope):
        client_id = db.session.scalars(select(Client.id)).one()
    assert as_adviser.post(f"{address}/{client_id}/removal").status_code == 303
    assert SHOWN_NAME not in as_adviser.get(address).text
    assert as_adviser.get(f"/clients/{client_id}").status_code == 404
    assert acts(app, tenant, client_id) == ["create", "link", "unlink"]


def test_a_client_is_found_by_the_whole_phone_only(
    as_manager: FlaskClient, make_client: MakeClient
) -> None:
    make_client()
    for typed in ("138 0000 0027", "+8613800000027", "１３８００００００２７"):
        answer = as_manager.post("/clients/search", data={"phone": typed})
        assert answer.status_code == 200
        assert SHOWN_NAME in answer.text
    assert "没有这个号码" in as_manager.post("/clients/search", data={"phone": "13800000028"}).text
    for typed in ("0027", NAME, "", "%"):
        assert as_manager.post("/clients/search", data={"phone": typed}).status_code == 422


def test_the_full_data_shows_once_and_is_on_record(
    as_adviser: FlaskClient, app: Flask, tenant: Tenant, make_client: MakeClient
) -> None:
    client_id = make_client()
    address = f"/clients/{client_id}"
    for headers in (HX, {}):
        answer = as_adviser.post(f"{address}/unmasking", data=REASON, headers=headers)
        assert answer.status_code == 200
        assert NAME in answer.text
        assert PHONE in answer.text
        assert "联系服务对象 · 约时间" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    page = as_adviser.get(address)
    assert page.headers["Cache-Control"] == "no-store"
    assert NAME not in page.text
    assert PHONE not in page.text
    assert "联系服务对象 · 约时间" in page.text
    assert acts(app, tenant, client_id)[-2:] == ["unmask", "unmask"]


@pytest.mark.parametrize(
    "given", [{}, {"reason": "curiosity"}, {"reason": "other"}, {"reason": "other", "words": "x"}]
)
def test_no_reason_no_data(
    as_adviser: FlaskClient,
    app: Flask,
    tenant: Tenant,
    make_client: MakeClient,
    given: dict[str, str],
) -> None:
    client_id = make_client()
    answer = as_adviser.post(f"/clients/{client_id}/unmasking", data=given)
    assert answer.status_code == 422
    assert NAME not in answer.text
    assert "unmask" not in acts(app, tenant, client_id)


def test_a_correction_is_saved_and_a_stale_one_is_not(
    as_adviser: FlaskClient, app: Flask, tenant: Tenant, make_client: MakeClient
) -> None:
    client_id = make_client()
    address = f"/clients/{client_id}"
    given = {"phone": "13800000029", "revision": "1"}
    assert as_adviser.post(address, data=given).status_code == 303
    assert "138****0029" in as_adviser.get(address).text
    late = as_adviser.post(address, data={"name": "甄二", "revision": "1"})
    assert late.status_code == 409
    assert "别人已经改动" in late.text
    assert as_adviser.post(address, data={"phone": "x", "revision": "2"}).status_code == 422


def test_everything_held_is_handed_over(
    as_manager: FlaskClient, app: Flask, tenant: Tenant, make_client: MakeClient
) -> None:
    client_id = make_client(content="=1+1")
    address = f"/clients/{client_id}/download"
    answer = as_manager.post(address, data={"format": "json"})
    held = json.loads(answer.text)
    assert (held["client"]["name"], held["client"]["phone"]) == (NAME, PHONE)
    assert [service["content"] for service in held["services"]] == ["=1+1"]
    assert [act["act"] for act in held["acts"]] == ["登记", "关联服务", "下载全部资料"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    book = openpyxl.load_workbook(BytesIO(as_manager.post(address).data))
    assert book.sheetnames == ["服务对象", "服务记录", "以案定补", "使用记录"]
    assert book["服务对象"]["A2"].value == NAME
    content = book["服务记录"]["I2"]
    assert (content.value, content.data_type) == ("=1+1", "s")
    assert acts(app, tenant, client_id)[-2:] == ["download", "download"]


def test_an_erasure_says_what_it_does_and_does_it(
    as_manager: FlaskClient, app: Flask, tenant: Tenant, make_client: MakeClient
) -> None:
    client_id = make_client(content=f"{NAME}来电")
    address = f"/clients/{client_id}/erasure"
    page = as_manager.get(address).text
    assert "不能恢复" in page
    assert "有 1 条服务的文字里写着" in page
    assert NAME not in page
    given = {"reason": "request", "blank": "y", "revision": "1"}
    assert as_manager.post(address, data=given).status_code == 422
    stale = as_manager.post(address, data=given | {"sure": "y", "revision": "7"})
    assert stale.status_code == 409
    assert as_manager.post(address, data=given | {"sure": "y"}).status_code == 303
    page = as_manager.get(f"/clients/{client_id}").text
    assert "已删除的服务对象" in page
    assert NAME not in page
    assert as_manager.post(f"/clients/{client_id}/unmasking", data=REASON).status_code == 409
    assert as_manager.post(address, data=given | {"sure": "y", "revision": "2"}).status_code == 409
    listed = as_manager.get("/clients").text
    assert "已删除" in listed
    assert "共 1 条" in listed


def test_a_row_that_does_not_open_says_so_and_stands_alone(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, make_client: MakeClient
) -> None:
    broken, whole = make_client(), make_client("贾如真", "13800000028")
    with app.app_context(), as_scope(tenant.scope):
        stored(tenant, broken).name_sealed = "v1.gone.AAAA"
        db.session.commit()
    page = as_manager.get("/clients").text
    assert "无法解密" in page
    assert "贾**" in page
    assert "无法解密" in as_manager.get(f"/clients/{broken}").text
    shown = as_manager.post(f"/clients/{broken}/unmasking", data=REASON).text
    assert "无法解密" in shown
    assert PHONE in shown
    assert as_manager.get(f"/clients/{whole}").status_code == 200
    with app.app_context(), as_scope(tenant.scope):
        stored(tenant, broken).name_sealed = None
        db.session.commit()


def test_pages_ask_the_database_at_most_eight_times(
    as_adviser: FlaskClient, make_client: MakeClient, make_service: MakeService
) -> None:
    service_id = make_service(day=date(2026, 10, 8))
    made = [make_client(phone=f"138000003{place:02d}", service_id=service_id) for place in range(6)]
    for address in (
        "/clients",
        f"/clients/{made[0]}",
        f"/services/{service_id}/clients",
        f"/services/{service_id}",
        "/services",
        "/services/records?month=2026-10",
    ):
        with statements() as asked:
            assert as_adviser.get(address).status_code == 200
        assert len(asked) <= 8, (address, asked)
    with statements() as asked:
        assert as_adviser.post("/clients/search", data={"phone": PHONE}).status_code == 200
    assert len(asked) <= 8, asked


def test_an_unknown_client_is_not_found(as_manager: FlaskClient) -> None:
    assert as_manager.get(f"/clients/{uuid4()}").status_code == 404
