"""The coverage matrix, and assigning from it."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.assignments.models import Assignment
from counselhub.core.db import db
from counselhub.core.tenancy import as_firm
from tests import counting
from tests.factories import Tenant


def assigning(tenant: Tenant, place: int = 0) -> str:
    return f"/communities/{tenant.town.communities[place]}/assignments"


@pytest.fixture
def lead_id(app: Flask, tenant: Tenant) -> str:
    """张三丰's lead in the first community."""
    with app.app_context(), as_firm(tenant.firm_id):
        query = select(Assignment.id).where(
            Assignment.community_code == tenant.town.communities[0], Assignment.role == "lead"
        )
        return str(db.session.scalars(query).one())


@pytest.fixture
def good(tenant: Tenant) -> dict[str, str]:
    """李四光 as lead from October."""
    return {
        "adviser_id": str(tenant.backup_id),
        "role": "lead",
        "starts_on": "2026-10-20",
        "ends_on": "",
        "reason": "分工调整",
        "back": "coverage",
    }


def test_the_matrix_says_who_leads_and_what_is_missing(
    as_manager: FlaskClient, tenant: Tenant, lead_id: str
) -> None:
    whole = as_manager.get("/coverage?month=2026-10").text
    assert whole.count('<td class="lead') == 12
    assert "无合同" in whole
    ended = {"last_on": "2026-10-19", "reason": "休假", "revision": "1"}
    assert as_manager.post(f"/assignments/{lead_id}/ending", data=ended).status_code == 303
    page = as_manager.get("/coverage?month=2026-10").text
    assert "缺12天" in page
    assert page.count("整月无主责</a>") == 2
    assert "starts_on=2026-10-20" in page


def test_a_change_within_a_month_names_both(
    as_manager: FlaskClient, good: dict[str, str], lead_id: str
) -> None:
    data = good | {"revision": "1", "cause": "rotation"}
    answer = as_manager.post(f"/assignments/{lead_id}/replacement", data=data)
    assert answer.status_code == 303
    assert "张三丰 → 李四光" in as_manager.get("/coverage?month=2026-10").text


def test_filters(as_manager: FlaskClient, tenant: Tenant) -> None:
    page = as_manager.get("/coverage?month=2026-10&q=甲").text
    assert "甲社区" in page
    assert "乙社区" not in page
    assert "没有找到" in as_manager.get("/coverage?street=000000000").text
    assert as_manager.get("/coverage?month=nonsense").status_code == 200
    assert "这几个月没有在约的社区" in as_manager.get("/coverage?month=2020-01").text


def test_an_adviser_reads_the_matrix_without_acting(as_adviser: FlaskClient) -> None:
    page = as_adviser.get("/coverage?month=2026-10")
    assert page.status_code == 200
    assert "assignments/new" not in page.text


def test_a_free_community_is_assigned(
    as_manager: FlaskClient, tenant: Tenant, good: dict[str, str]
) -> None:
    form = as_manager.get(assigning(tenant, 2) + "/new?starts_on=2026-10-20&back=coverage").text
    assert 'value="2026-10-20"' in form
    answer = as_manager.post(assigning(tenant, 2), data=good | {"back": ""})
    assert answer.status_code == 303
    assert "李四光" in as_manager.get(answer.location).text


def test_the_lead_in_the_way_is_named_and_its_replacement_offered(
    as_manager: FlaskClient, tenant: Tenant, good: dict[str, str], lead_id: str
) -> None:
    answer = as_manager.post(assigning(tenant), data=good)
    assert answer.status_code == 422
    assert "甲社区同一天只能有一名主责，这段日期已有：张三丰（2026-01-01 起）" in answer.text
    assert f"/assignments/{lead_id}/replacement" in answer.text
    assert "到 2026-10-19 结束" in answer.text
    offered = re.findall(r'href="([^"]*/replacement[^"]*)"', answer.text)[0]
    form = as_manager.get(offered.replace("&amp;", "&")).text
    assert 'value="2026-10-20"' in form
    assert f'selected value="{tenant.backup_id}"' in form
    assert 'value="分工调整"' in form


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"adviser_id": ""}, "请选择律师", id="nobody"),
        pytest.param({"starts_on": ""}, "请填写", id="no day"),
        pytest.param({"ends_on": "2026-01-01"}, "不能早于开始日期", id="ends before it begins"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    as_manager: FlaskClient,
    tenant: Tenant,
    good: dict[str, str],
    changes: dict[str, str],
    words: str,
) -> None:
    answer = as_manager.post(assigning(tenant, 2), data=good | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "分工调整" in answer.text


def test_a_heavy_load_is_pointed_out_not_refused(
    as_manager: FlaskClient, tenant: Tenant, good: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counselhub.assignments.routes.COMFORTABLE_COMMUNITIES", 0)
    answer = as_manager.post(assigning(tenant, 2), data=good, follow_redirects=True)
    assert answer.status_code == 200
    assert "李四光主责的社区已有1个，偏多" in answer.text


def test_a_stale_end_shows_the_assignment_as_it_is(as_manager: FlaskClient, lead_id: str) -> None:
    address = f"/assignments/{lead_id}/ending"
    assert as_manager.get(address).status_code == 200
    data = {"last_on": "2026-11-30", "reason": "调整", "revision": "1"}
    assert as_manager.post(address, data=data).status_code == 303
    answer = as_manager.post(address, data=data | {"last_on": "2026-10-31"})
    assert answer.status_code == 409
    assert "2026-01-01 至 2026-11-30" in answer.text
    assert as_manager.post(address, data={"revision": "2"}).status_code == 422


def test_what_has_begun_is_not_withdrawn(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, good: dict[str, str], lead_id: str
) -> None:
    answer = as_manager.post(f"/assignments/{lead_id}/withdrawal")
    assert answer.status_code == 422
    assert "指派已经开始" in answer.text
    as_manager.post(assigning(tenant, 2), data=good | {"starts_on": "2099-01-01"})
    with app.app_context(), as_firm(tenant.firm_id):
        later = db.session.scalars(
            select(Assignment.id).where(Assignment.starts_on == date(2099, 1, 1))
        ).one()
    assert "撤回指派" in as_manager.get(f"/assignments/{later}/ending").text
    assert as_manager.post(f"/assignments/{later}/withdrawal").status_code == 303


def test_another_firm_finds_nothing(
    as_outsider: FlaskClient, tenant: Tenant, good: dict[str, str], lead_id: str
) -> None:
    for noun in ("ending", "replacement", "withdrawal"):
        assert as_outsider.post(f"/assignments/{lead_id}/{noun}", data=good).status_code == 404
    assert as_outsider.post(assigning(tenant), data=good).status_code == 422, "no such adviser"


def test_an_adviser_may_not_assign(as_adviser: FlaskClient, tenant: Tenant, lead_id: str) -> None:
    assert as_adviser.post(assigning(tenant), data={}).status_code == 403
    assert as_adviser.post(f"/assignments/{lead_id}/ending", data={}).status_code == 403


def test_pages_need_few_statements(as_manager: FlaskClient, tenant: Tenant, lead_id: str) -> None:
    for path in ("/coverage", assigning(tenant) + "/new", f"/assignments/{lead_id}/ending"):
        with counting.statements() as sent:
            assert as_manager.get(path).status_code == 200
        assert len(sent) <= 8, (path, sent)
