"""The pages of contracts."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.contracts.models import Contract
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_firm
from tests import counting
from tests.factories import Tenant


@pytest.fixture
def good(tenant: Tenant) -> dict[str, object]:
    """A procurement contract of the third and fourth community."""
    return {
        "number": "HT-2027-1",
        "kind": "procurement",
        "communities": tenant.town.communities[2:],
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
        "scheme_id": str(tenant.scheme_id),
        "annual_fen": "18,000",
    }


def address(tenant: Tenant, more: str = "") -> str:
    return f"/contracts/{tenant.contract_id}{more}"


def change(app: Flask, tenant: Tenant, **values: object) -> None:
    with app.app_context(), as_firm(tenant.firm_id):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        for name, value in values.items():
            setattr(contract, name, value)
        db.session.commit()


def test_a_draft_is_made_and_found(
    as_manager: FlaskClient, tenant: Tenant, good: dict[str, object]
) -> None:
    answer = as_manager.post("/contracts", data=good)
    assert answer.status_code == 303
    page = as_manager.get(answer.location).text
    assert "18,000.00" in page
    assert "草稿" in page
    for query in ("q=ht-2027", "status=draft", f"q={tenant.town.communities[3]}"):
        listed = as_manager.get(f"/contracts?{query}").text
        assert "HT-2027-1" in listed, query
        assert f"{tenant.code}-001" not in listed, query


def test_the_search_adds_communities_without_script(
    as_manager: FlaskClient, tenant: Tenant, good: dict[str, object]
) -> None:
    looked = good | {"look": "1", "find": tenant.town.street_code, "communities": []}
    page = as_manager.post("/contracts", data=looked).text
    assert "HT-2027-1" in page
    assert page.count('name="communities"') == 4
    part = as_manager.get(
        "/contracts/communities",
        query_string={"find": tenant.town.street_code, "communities": tenant.town.communities[:1]},
        headers={"HX-Request": "true"},
    ).text
    assert part.count(" checked") == 1
    assert part.count('name="communities"') == 4
    assert "<html" not in part


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"number": ""}, "请填写", id="no number"),
        pytest.param({"ends_on": "2026-12-31"}, "不能早于开始日期", id="ends before it begins"),
        pytest.param({"signed_on": "2099-01-01"}, "不能晚于今天", id="signed in years to come"),
        pytest.param({"communities": []}, "至少选择一个社区", id="no community"),
        pytest.param({"communities": ["1"]}, "12位数字", id="no code"),
        pytest.param({"kind": "engagement"}, "只对应一个社区", id="an engagement of two"),
        pytest.param({"scheme_id": ""}, "请选择补贴方案", id="no scheme"),
        pytest.param({"annual_fen": "x"}, "请填写金额数字", id="no amount"),
        pytest.param({"annual_fen": "1000000000.01"}, "最多 1,000,000,000.00 元", id="too much"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    as_manager: FlaskClient, good: dict[str, object], changes: dict[str, object], words: str
) -> None:
    answer = as_manager.post("/contracts", data=good | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "2027-01-01" in answer.text


def test_overlap_is_refused_with_the_others_number(
    as_manager: FlaskClient, tenant: Tenant, good: dict[str, object]
) -> None:
    data = good | {"starts_on": "2026-12-31", "communities": tenant.town.communities}
    answer = as_manager.post("/contracts", data=data)
    assert answer.status_code == 422
    assert f"已有政府购买服务合同 {tenant.code}-001" in answer.text


def test_expiring_contracts_are_found(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    change(app, tenant, ends_on=clock.today() + timedelta(days=45))
    number = f"{tenant.code}-001"
    assert number not in as_manager.get("/contracts?expiring=30").text
    soon = as_manager.get("/contracts?expiring=60").text
    assert number in soon
    assert "还有 45 天" in soon


def test_a_renewal_is_filled_with_the_next_year(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    change(app, tenant, number="NW-2026-001")
    page = as_manager.get(f"/contracts/new?renews={tenant.contract_id}").text
    for value in ("NW-2027-001", "2027-01-01", "2027-12-31"):
        assert f'value="{value}"' in page
    chosen = re.findall(r'name="communities" value="([0-9]+)"', page)
    data = {
        "number": "NW-2027-001",
        "kind": "procurement",
        "communities": chosen,
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
        "scheme_id": str(tenant.scheme_id),
        "renews": str(tenant.contract_id),
    }
    assert as_manager.post("/contracts", data=data).status_code == 303
    assert "续签为新合同" in as_manager.get(address(tenant)).text


def test_the_moves_one_after_another(as_manager: FlaskClient, good: dict[str, object]) -> None:
    page = as_manager.post("/contracts", data=good).location
    for revision, (noun, more) in enumerate(
        [
            ("sending", {}),
            ("signature", {"signed_on": "2026-01-05"}),
            ("filing", {}),
            ("activation", {}),
        ],
        start=1,
    ):
        answer = as_manager.post(f"{page}/{noun}", data={"revision": str(revision)} | more)
        assert answer.status_code == 303, noun
    assert "开始履行" in as_manager.get(page).text


def test_a_move_out_of_turn_shows_the_contract_as_it_is(
    as_manager: FlaskClient, tenant: Tenant
) -> None:
    answer = as_manager.post(address(tenant, "/sending"), data={"revision": "1"})
    assert answer.status_code == 409
    assert "现在的状态不允许" in answer.text
    assert "履行中" in answer.text


def test_termination_asks_for_day_and_reason(as_manager: FlaskClient, tenant: Tenant) -> None:
    terminate = address(tenant, "/termination")
    assert as_manager.post(terminate, data={"revision": "1"}).status_code == 422
    outside = {"revision": "1", "last_on": "2027-01-01", "reason": "协商一致"}
    answer = as_manager.post(terminate, data=outside)
    assert answer.status_code == 422
    assert "终止日期应在 2026-01-01 至 2026-12-31 之间" in answer.text
    assert "协商一致" in answer.text
    assert as_manager.post(terminate, data=outside | {"last_on": "2026-12-30"}).status_code == 303
    page = as_manager.get(address(tenant)).text
    assert "已终止" in page
    assert "协商一致" in page
    ended = as_manager.get(address(tenant, "/edit"))
    assert ended.status_code == 409
    assert "合同已经结束，不能再修改" in ended.text


def test_expiry_before_the_day_is_refused(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    change(app, tenant, ends_on=clock.today() + timedelta(days=1))
    answer = as_manager.post(address(tenant, "/expiry"), data={})
    assert answer.status_code == 422
    assert "才到期" in answer.text
    change(app, tenant, ends_on=clock.today() - timedelta(days=1))
    assert as_manager.post(address(tenant, "/expiry"), data={}).status_code == 303


def test_a_stale_form_shows_the_contract_as_it_is(
    as_manager: FlaskClient, tenant: Tenant, good: dict[str, object]
) -> None:
    data = good | {"revision": "1"}
    assert as_manager.post(address(tenant), data=data).status_code == 303
    answer = as_manager.post(address(tenant), data=data | {"number": "HT-LATE"})
    assert answer.status_code == 409
    assert "别人已经改动了它" in answer.text
    assert "HT-LATE" not in answer.text


def test_another_firms_contract_is_not_found(
    as_outsider: FlaskClient, tenant: Tenant, good: dict[str, object]
) -> None:
    assert as_outsider.get(address(tenant)).status_code == 404
    assert as_outsider.post(address(tenant), data=good).status_code == 404
    assert as_outsider.post(address(tenant, "/sending")).status_code == 404
    assert as_outsider.get(f"/contracts/new?renews={tenant.contract_id}").status_code == 404
    own = as_outsider.post("/contracts", data=good)
    assert own.status_code == 422, "another firm's scheme is no choice"


def test_an_adviser_has_no_business_here(as_adviser: FlaskClient, tenant: Tenant) -> None:
    assert as_adviser.get("/contracts").status_code == 403
    assert as_adviser.post(address(tenant, "/termination"), data={}).status_code == 403


def test_pages_need_few_statements(as_manager: FlaskClient, tenant: Tenant) -> None:
    paths = (
        "/contracts",
        "/contracts?q=x",
        "/contracts/new",
        address(tenant),
        address(tenant, "/edit"),
    )
    for path in paths:
        with counting.statements() as sent:
            assert as_manager.get(path).status_code == 200
        assert len(sent) <= 8, (path, sent)
