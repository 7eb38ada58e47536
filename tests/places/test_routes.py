"""The pages of communities."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.contracts.models import Contract
from counselhub.core.db import db
from counselhub.core.tenancy import as_firm
from tests import counting
from tests.factories import Tenant


def test_own_communities_come_first(as_manager: FlaskClient, tenant: Tenant) -> None:
    own = as_manager.get("/communities").text
    first, _second, third, _fourth = tenant.town.communities
    assert first in own
    assert third not in own
    both = as_manager.get("/communities?all=1&q=" + tenant.town.street_code).text
    assert both.index(first) < both.index(third)
    assert "张三丰" in own


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("甲社区", 1, id="by name"),
        pytest.param("甲 社区", 1, id="by two words"),
        pytest.param("%", 0, id="a wildcard is a letter"),
        pytest.param("无此社区", 0, id="nothing"),
    ],
)
def test_found_by_words(as_manager: FlaskClient, words: str, found: int) -> None:
    page = as_manager.get("/communities", query_string={"q": words}).text
    assert page.count('class="cell-title"') == found
    if not found:
        assert "没有找到符合条件的社区" in page


def test_a_draft_does_not_serve(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    with app.app_context(), as_firm(tenant.firm_id):
        db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id)).status = "draft"
        db.session.commit()
    assert "本所还没有服务的社区" in as_manager.get("/communities").text


def test_a_community_tells_who_leads_and_what_is_next(
    as_manager: FlaskClient, tenant: Tenant
) -> None:
    led = as_manager.get(f"/communities/{tenant.town.communities[0]}").text
    assert "张三丰" in led
    assert f"{tenant.code}-001" in led
    free = as_manager.get(f"/communities/{tenant.town.communities[3]}").text
    assert "没有在期的合同" in free
    assert "登记合同" in free


def test_an_adviser_reads_without_acting(as_adviser: FlaskClient, tenant: Tenant) -> None:
    page = as_adviser.get(f"/communities/{tenant.town.communities[3]}").text
    assert "没有在期的合同" in page
    assert "登记合同" not in page
    assert "指派律师" not in page


def test_another_firm_sees_the_community_without_the_firms_rows(
    as_outsider: FlaskClient, tenant: Tenant
) -> None:
    page = as_outsider.get(f"/communities/{tenant.town.communities[0]}").text
    assert f"{tenant.code}-001" not in page


def test_an_unknown_code_is_not_found(as_manager: FlaskClient) -> None:
    assert as_manager.get("/communities/000000000000").status_code == 404


def test_the_office_has_no_business_here(as_checker: FlaskClient) -> None:
    assert as_checker.get("/communities").status_code == 403


def test_pages_need_few_statements(as_manager: FlaskClient, tenant: Tenant) -> None:
    for path in (
        "/communities",
        "/communities?all=1",
        f"/communities/{tenant.town.communities[0]}",
    ):
        with counting.statements() as sent:
            assert as_manager.get(path).status_code == 200
        assert len(sent) <= 8, (path, sent)
