"""Pages of late entries: what a member sees, and what is refused."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.earlier.models import LateEntry
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.photos.cameras import picture
from tests.statements.sealed import sealed
from tests.statements.work import NOVEMBER_3, compute

OFFICE = Role.CHECKER


@pytest.fixture(autouse=True)
def settled(app: Flask, tenant: Tenant) -> Iterator[None]:
    with clock.frozen(NOVEMBER_3):
        with app.test_request_context(), as_scope(tenant.scope):
            sealed(tenant)
            db.session.commit()
        yield


def sent(tenant: Tenant, **more: Any) -> dict[str, Any]:
    given = {
        "community_code": tenant.town.communities[0],
        "adviser_id": str(tenant.adviser_id),
        "day": "2026-10-14",
        "times": "1",
        "reason": "forgotten",
        "words": "补登一场讲座",
        "files": (BytesIO(picture()), "签到表.jpg"),
    }
    return given | more


def ask(client: FlaskClient, tenant: Tenant, kind: str = "lecture", **more: Any) -> Any:
    return client.post(
        f"/earlier/{kind}", data=sent(tenant, **more), content_type="multipart/form-data"
    )


def test_the_whole_way_from_the_page_to_the_office(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_checker: FlaskClient
) -> None:
    assert "补录一项" in as_manager.get("/earlier").text
    answer = ask(as_manager, tenant)
    assert answer.status_code == 303
    page = as_manager.get(answer.location)
    assert "300.00" in page.text
    assert as_checker.get(answer.location).status_code == 404
    done = as_manager.post(f"{answer.location}/approval", data={"revision": "1", "answer": ""})
    assert done.status_code == 303
    seen = as_checker.get(answer.location).text
    assert "补登一场讲座" in seen
    assert "等下一份未提交的结算单" in seen
    with app.test_request_context(), as_scope(tenant.scope):
        compute(tenant, date(2026, 11, 1))
        db.session.commit()
    assert "F" in as_manager.get(answer.location).text
    rows = as_manager.get("/adjustments").text
    assert "补录" in rows
    assert as_checker.get("/adjustments?state=taken&q=甲").status_code == 200


@pytest.mark.parametrize(
    ("more", "why"),
    [
        pytest.param({"files": (BytesIO(), "")}, "请至少附一个佐证", id="no paper"),
        pytest.param({"words": ""}, "请填写", id="no words"),
        pytest.param({"day": "2026-11-02"}, "请直接登记", id="a month that is open"),
        pytest.param({"times": "0"}, "1 到 99", id="no lecture"),
    ],
)
def test_what_was_typed_stays(
    tenant: Tenant, as_manager: FlaskClient, more: dict[str, Any], why: str
) -> None:
    answer = ask(as_manager, tenant, **more)
    assert answer.status_code == 422
    assert why in answer.text
    assert "补登一场讲座" in answer.text or "words" in more


def test_a_visit_ends_after_it_began(tenant: Tenant, as_manager: FlaskClient) -> None:
    answer = ask(as_manager, tenant, "visit", signed_in="11:00", signed_out="09:00")
    assert answer.status_code == 422
    assert "离岗时间须晚于到岗时间" in answer.text


def test_an_unknown_kind_is_not_there(tenant: Tenant, as_manager: FlaskClient) -> None:
    assert as_manager.get("/earlier/new?kind=else").status_code == 404
    assert ask(as_manager, tenant, "else").status_code == 404


def test_each_kind_has_its_form(as_manager: FlaskClient) -> None:
    for kind, field in (("visit", "signed_in"), ("lecture", "times"), ("case", "case_number")):
        assert f'name="{field}"' in as_manager.get(f"/earlier/new?kind={kind}").text


def test_an_adviser_enters_for_himself_and_decides_nothing(
    tenant: Tenant, as_adviser: FlaskClient
) -> None:
    other = ask(as_adviser, tenant, adviser_id=str(tenant.backup_id))
    assert other.status_code == 422
    answer = ask(as_adviser, tenant)
    assert as_adviser.post(f"{answer.location}/approval").status_code == 403
    gone = as_adviser.post(f"{answer.location}/withdrawal", data={"revision": "1"})
    assert gone.status_code == 303


def test_a_stale_page_is_shown_what_it_now_is(tenant: Tenant, as_manager: FlaskClient) -> None:
    address = ask(as_manager, tenant).location
    as_manager.post(f"{address}/refusal", data={"revision": "1", "answer": "没有签到表"})
    again = as_manager.post(f"{address}/approval", data={"revision": "1"})
    assert again.status_code == 409
    assert "没有签到表" in again.text


def test_refusing_without_words_keeps_the_form(tenant: Tenant, as_manager: FlaskClient) -> None:
    address = ask(as_manager, tenant).location
    answer = as_manager.post(f"{address}/refusal", data={"revision": "1"})
    assert answer.status_code == 422
    assert "请写明不批准的原因" in answer.text


def test_another_firm_and_another_office_find_nothing(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_outsider: FlaskClient, look: Any
) -> None:
    address = ask(as_manager, tenant).location
    as_manager.post(f"{address}/approval", data={"revision": "1"})
    elsewhere = factories.signed_in(app, factories.town(app).scope, OFFICE)
    for client in (as_outsider, elsewhere):
        assert client.get(address).status_code == 404
    (row,) = look(db.select(LateEntry))
    assert str(row.id) in address


def test_the_papers_open(tenant: Tenant, as_manager: FlaskClient) -> None:
    address = ask(as_manager, tenant).location
    page = as_manager.get(address).text
    thumb = page.split('src="/earlier/files/')[1].split('"')[0]
    answer = as_manager.get(f"/earlier/files/{thumb}")
    assert answer.mimetype == "image/jpeg"
    assert as_manager.get(f"/earlier/files/{thumb.removesuffix('/thumb')}").status_code == 200


@pytest.mark.parametrize("address", ["/earlier", "/adjustments", "/earlier?q=甲&status=approved"])
def test_lists_ask_the_same_however_many_there_are(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, address: str
) -> None:
    with statements() as few:
        as_manager.get(address)
    for times in (1, 2):
        entry = ask(as_manager, tenant, "visit", signed_in="09:00", signed_out=f"{9 + times}:00")
        as_manager.post(f"{entry.location}/approval", data={"revision": "1"})
    with statements() as many:
        assert as_manager.get(address).status_code == 200
    assert len(many) <= 8
    assert len(many) <= len(few) + 1
