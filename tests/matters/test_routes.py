"""Matters as people see them, and each refusal."""

import re
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from tests import factories
from tests.clients.conftest import service
from tests.counting import statements
from tests.factories import Tenant
from tests.matters.conftest import (
    CLIENT,
    ID_ONE,
    OPPONENT,
    MakeMatter,
    conflict_of,
    follow,
    party,
)
from tests.matters.conftest import R as ROLE

pytestmark = pytest.mark.usefixtures("noon")
PHONE = "13800000027"


def given(tenant: Tenant, **more: str) -> dict[str, str]:
    return {
        "title": "楼上漏水赔偿",
        "kind": "litigation",
        "adviser_id": str(tenant.adviser_id),
        "client-role": "client",
        "client-kind": "person",
        "client-name": CLIENT,
        "opponent-role": "opponent",
        "opponent-kind": "person",
        "opponent-name": OPPONENT,
    } | more


def test_a_clean_matter_opens_and_shows_masked(as_adviser: FlaskClient, tenant: Tenant) -> None:
    answer = as_adviser.post("/matters", data=given(tenant, **{"client-phone": "138 0000 0027"}))
    page = follow(as_adviser, answer)
    assert "未发现冲突" in page
    assert "甄**" in page
    assert "138****0027" in page
    for secret in (CLIENT, OPPONENT, PHONE):
        assert secret not in page
    assert "no-store" in as_adviser.get("/matters").headers["Cache-Control"]


def test_a_doubtful_one_tells_the_verdict_and_nothing_else(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, make_matter: MakeMatter
) -> None:
    other = make_matter(title="别人的事", adviser_id=tenant.backup_id)
    factories.account(app, tenant.scope, Role.MANAGER)
    turned = {"client-name": OPPONENT, "opponent-name": CLIENT}
    page = follow(as_adviser, as_adviser.post("/matters", data=given(tenant, **turned)))
    assert "可能冲突（同一纠纷的双方）" in page
    assert "某manager" in page
    assert "已冻结" in page
    for secret in ("别人的事", "SX2026-0001", str(other), "李四光"):
        assert secret not in page
    assert "/conflicts/" not in page


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        pytest.param({"client-name": ""}, "请填写姓名或名称", id="no client"),
        pytest.param({"client-name": "甄😀"}, "不能有表情", id="emoji"),
        pytest.param({"client-name": "甄" * 200}, "最多100字", id="a long name"),
        pytest.param({"client-identity": ID_ONE[:-1] + "9"}, "校验位", id="check digit"),
        pytest.param({"client-identity": "44"}, "18位", id="shape"),
        pytest.param(
            {"client-kind": "organisation", "client-identity": ID_ONE}, "校验位", id="code"
        ),
        pytest.param({"client-phone": "12"}, "请填写手机号", id="phone"),
        pytest.param({"client-role": "judge"}, "choice", id="a role that is none"),
        pytest.param(
            {"opponent-name": "", "opponent-phone": PHONE}, "请填写姓名", id="phone alone"
        ),
        pytest.param({"title": ""}, "请填写", id="no title"),
        pytest.param({"title": "漏" * 61}, "最多60字", id="a long title"),
        pytest.param({"adviser_id": str(uuid4())}, "choice", id="no lawyer of ours"),
        pytest.param({"client-role": "opponent"}, "至少填写一位委托人", id="nobody on our side"),
    ],
)
def test_a_bad_matter_keeps_what_was_typed(
    as_manager: FlaskClient, tenant: Tenant, bad: dict[str, str], said: str
) -> None:
    answer = as_manager.post("/matters", data=given(tenant, **bad))
    assert answer.status_code == 422
    assert said in answer.text or said == "choice"
    assert OPPONENT in answer.text or "opponent-name" in bad
    assert "还没有事项" in as_manager.get("/matters").text


def test_a_matter_from_a_service_and_a_client(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        row = service(tenant, "漏水", number="FW-1")
        db.session.add(row)
        db.session.commit()
        service_id = row.id
    address = f"/services/{service_id}/clients"
    as_manager.post(address, data={"name": CLIENT, "phone": PHONE})
    client_id = re.search(r"/clients/([0-9a-f-]{36})", as_manager.get(address).text)
    assert client_id
    form = as_manager.get(f"/matters/new?client={client_id[1]}&service={service_id}").text
    assert "甄**" in form
    assert CLIENT not in form
    assert f'value="{service_id}"' in form
    data = given(tenant, service_id=str(service_id))
    data |= {"client-name": "", "client-client_id": client_id[1]}
    page = follow(as_manager, as_manager.post("/matters", data=data))
    assert "138****0027" in page
    assert "FW-1" in page
    assert "楼上漏水赔偿" in as_manager.get(f"/clients/{client_id[1]}").text
    erasure = as_manager.get(f"/clients/{client_id[1]}/erasure").text
    assert "保留：1 件事项" in erasure
    again = as_manager.post("/matters", data=given(tenant, service_id=str(service_id)))
    assert again.status_code == 422
    assert "已经关联" in again.text
    unknown = given(tenant) | {"client-client_id": str(uuid4())}
    assert as_manager.post("/matters", data=unknown).status_code == 404


def test_parties_come_and_go(as_adviser: FlaskClient, make_matter: MakeMatter) -> None:
    address = f"/matters/{make_matter()}"
    data = {"role": "third", "kind": "person", "name": "某丙", "revision": "1"}
    assert "某**" in follow(as_adviser, as_adviser.post(f"{address}/parties", data=data))
    bad = as_adviser.post(f"{address}/parties", data=data | {"phone": "1"})
    assert bad.status_code == 422
    assert "某丙" in bad.text
    stale = as_adviser.post(f"{address}/parties", data=data | {"revision": "9"})
    assert stale.status_code == 409
    page = as_adviser.get(address).text
    removals = re.findall(r"/matters/[0-9a-f-]+/parties/[0-9a-f-]+/removal", page)
    assert len(removals) == 3
    only = as_adviser.post(removals[0], data={"revision": "1"})
    assert only.status_code == 422
    assert "唯一的委托人" in only.text
    assert as_adviser.post(removals[2], data={"revision": "1"}).status_code == 303
    assert as_adviser.post(removals[2], data={"revision": "1"}).status_code == 404


def test_unmasking_is_once_and_on_record(as_adviser: FlaskClient, make_matter: MakeMatter) -> None:
    address = f"/matters/{make_matter()}"
    assert as_adviser.post(f"{address}/unmasking").status_code == 422
    other = {"reason": "other", "words": ""}
    assert as_adviser.post(f"{address}/unmasking", data=other).status_code == 422
    page = as_adviser.post(f"{address}/unmasking", data={"reason": "contact"}).text
    assert CLIENT in page
    page = as_adviser.get(address).text
    assert CLIENT not in page
    assert "查看当事人完整信息" in page


def test_declining_prints_a_notice_for_the_client(
    as_adviser: FlaskClient, make_matter: MakeMatter
) -> None:
    address = f"/matters/{make_matter()}"
    early = as_adviser.post(f"{address}/declining.pdf")
    assert early.status_code == 409
    data = {"reason": "conflict", "referred_to": "某援助中心", "words": "请尽快", "revision": "1"}
    assert as_adviser.post(f"{address}/declining", data=data).status_code == 422, "not sure"
    data["sure"] = "y"
    assert as_adviser.post(f"{address}/declining", data=data | {"revision": "5"}).status_code == 409
    page = follow(as_adviser, as_adviser.post(f"{address}/declining", data=data))
    assert "已谢绝" in page
    made = as_adviser.post(f"{address}/declining.pdf")
    words = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(made.data)).pages)
    for said in ("不予受理告知书", CLIENT, "某援助中心", "请尽快", "SX2026-0001"):
        assert said in words
    assert OPPONENT not in words
    assert as_adviser.post(f"{address}/declining", data=data).status_code == 409


def test_changing_closing_and_services(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, make_matter: MakeMatter
) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        db.session.add(service(tenant, "漏水", number="FW-7"))
        db.session.commit()
    matter_id = make_matter()
    address = f"/matters/{matter_id}"
    fields = given(tenant, title="改过的事由", revision="1")
    assert "改过的事由" in follow(as_adviser, as_adviser.post(address, data=fields))
    assert as_adviser.post(address, data=fields).status_code == 409, "stale"
    assert as_adviser.post(address, data=fields | {"title": ""}).status_code == 422
    assert "没有编号为FW-0" in as_adviser.post(f"{address}/services", data={"number": "FW-0"}).text
    page = follow(as_adviser, as_adviser.post(f"{address}/services", data={"number": "fw-7"}))
    assert "FW-7" in page
    removal = re.search(r"/matters/[0-9a-f-]+/services/[0-9a-f-]+/removal", page)
    assert removal
    assert "已取消关联" in follow(as_adviser, as_adviser.post(removal[0]))
    assert as_adviser.post(f"{address}/closing", data={"words": ""}).status_code == 422
    done = as_adviser.post(f"{address}/closing", data={"words": "达成和解"})
    assert "已办结" in follow(as_adviser, done)
    assert as_adviser.post(f"{address}/closing", data={"words": "再来"}).status_code == 409
    handed = as_adviser.post(address, data=fields | {"adviser_id": str(tenant.backup_id)})
    assert handed.status_code == 409


def test_checks_alone(as_adviser: FlaskClient, make_matter: MakeMatter, tenant: Tenant) -> None:
    make_matter()
    data = {key: value for key, value in given(tenant).items() if "-" in key}
    assert "未发现冲突" in as_adviser.post("/matters/check", data=data).text
    turned = data | {"client-name": OPPONENT, "opponent-name": CLIENT}
    page = as_adviser.post("/matters/check", data=turned).text
    assert "可能冲突" in page
    assert as_adviser.post("/matters/check", data=data | {"client-name": ""}).status_code == 422


def test_search_needs_the_whole_mark(as_adviser: FlaskClient, make_matter: MakeMatter) -> None:
    make_matter(party(ROLE.CLIENT, CLIENT, phone=PHONE, identity=ID_ONE))
    for mark in (CLIENT, "甄 有其", "138-0000-0027", ID_ONE):
        assert "楼上漏水赔偿" in as_adviser.post("/matters/search", data={"mark": mark}).text, mark
    for mark in ("甄", "0027", "漏水"):
        assert "没有这位当事人" in as_adviser.post("/matters/search", data={"mark": mark}).text
    assert as_adviser.post("/matters/search", data={"mark": ""}).status_code == 422


@pytest.mark.parametrize("role", [Role.FINANCE, Role.PARTY_SECRETARY])
def test_who_needs_no_matters_sees_none(
    app: Flask, tenant: Tenant, make_matter: MakeMatter, role: Role
) -> None:
    reader = factories.signed_in(app, tenant.scope, role)
    for address in ("/matters", "/matters/new", "/matters/check", f"/matters/{make_matter()}"):
        assert reader.get(address).status_code == 403, address


def test_a_lawyer_sees_only_his_own(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, make_matter: MakeMatter
) -> None:
    other = make_matter(title="同事的事", adviser_id=tenant.backup_id)
    leader = factories.signed_in(app, tenant.scope, Role.TEAM_LEADER, adviser_id=tenant.adviser_id)
    for member in (as_adviser, leader):
        assert "同事的事" not in member.get("/matters?tab=all").text
        assert member.get(f"/matters/{other}").status_code == 404


def test_another_firm_and_the_office_meet_nothing(
    as_outsider: FlaskClient, as_checker: FlaskClient, make_matter: MakeMatter
) -> None:
    address = f"/matters/{make_matter()}"
    for path in ("", "/edit", "/walls", "/declining"):
        assert as_outsider.get(address + path).status_code == 404, path
        assert as_checker.get(address + path).status_code == 403, path
    assert "楼上漏水赔偿" not in as_outsider.get("/matters?tab=all").text


def test_pages_ask_little(as_manager: FlaskClient, tenant: Tenant, make_matter: MakeMatter) -> None:
    ids: list[UUID] = [make_matter() for _ in range(3)]
    ids.append(make_matter(party(ROLE.CLIENT, OPPONENT), members=frozenset({tenant.backup_id})))
    one = f"/matters/{ids[-1]}"
    conflict = conflict_of(as_manager.get(one).text)
    for address in ("/matters", "/matters?q=漏水", one, conflict, f"{one}/walls", f"{one}/edit"):
        with statements() as sent:
            assert as_manager.get(address).status_code == 200
        assert len(sent) <= 8, (address, len(sent))
