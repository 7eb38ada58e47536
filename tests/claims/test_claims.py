"""Case claims: list, add, change, and each refusal."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.closing import actions as closing
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from tests import factories
from tests.claims.conftest import LIST, entry, ready
from tests.counting import statements
from tests.factories import Tenant


def test_a_claim_is_listed_with_what_it_lacks(as_manager: FlaskClient, address: str) -> None:
    page = as_manager.get(LIST).text
    for words in (
        "AJ-1",
        "甲社区",
        "张三丰",
        "简易",
        "口头",
        "未履行",
        "卷宗未齐",
        "结案 1 件，0 件",
    ):
        assert words in page


def test_a_complete_claim_can_be_paid(
    as_manager: FlaskClient, tenant: Tenant, address: str
) -> None:
    ready(as_manager, tenant, address)
    page = as_manager.get(f"{LIST}&state=complete").text
    assert "AJ-1" in page
    assert "结案 1 件，1 件" in page
    stale = as_manager.post(address, data=entry(tenant, number="AJ-9", revision="1"))
    assert stale.status_code == 409
    assert "别人已经改动了它" in stale.text
    assert 'value="AJ-1"' in stale.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=aj-1", True),
        ("q=甲社区", True),
        ("q=李四光", False),
        ("state=unfulfilled", True),
        ("state=dossier", True),
        ("state=complete", False),
        ("sort=community&direction=desc", True),
        ("sort=nonsense", True),
    ],
)
def test_the_list_is_searched(
    as_manager: FlaskClient, address: str, query: str, found: bool
) -> None:
    assert ("AJ-1" in as_manager.get(f"{LIST}&{query}").text) is found


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        pytest.param({"number": ""}, 422, "请填写", id="no number"),
        pytest.param({"closed_on": "2026-09-30"}, 422, "不能早于受理日期", id="closed before"),
        pytest.param({"closed_on": "2026-10-21"}, 422, "不能晚于今天", id="closed tomorrow"),
        pytest.param({"difficulty": "x"}, 422, "难易等级", id="no such class"),
        pytest.param({}, 409, "AJ-1 已经登记过（甲社区，2026-10-08 结案）", id="taken number"),
    ],
)
def test_bad_claims_are_refused(
    as_manager: FlaskClient,
    tenant: Tenant,
    address: str,
    given: dict[str, str],
    status: int,
    words: str,
) -> None:
    answer = as_manager.post("/claims", data=entry(tenant, **given))
    assert answer.status_code == status
    assert words in answer.text
    assert 'value="2026-10-01"' in answer.text


def test_a_change_onto_a_taken_number(
    as_manager: FlaskClient, tenant: Tenant, address: str
) -> None:
    as_manager.post("/claims", data=entry(tenant, number="AJ-2"))
    answer = as_manager.post(address, data=entry(tenant, number="AJ-2", revision="1"))
    assert answer.status_code == 409
    assert "AJ-2 已经登记过" in answer.text
    wrong = as_manager.post(address, data=entry(tenant, closed_on="2026-10-21", revision="1"))
    assert wrong.status_code == 422
    assert as_manager.post(address, data=entry(tenant, number="")).status_code == 422


def test_a_closed_month_names_its_statement(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, address: str
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        closing.close(
            tenant.firm_id,
            tenant.town.street_code,
            date(2026, 10, 1),
            tenant.town.communities,
            statement_id=uuid7(),
            number="JS-2026-10",
        )
        db.session.commit()
    for path, given in (
        ("/claims", entry(tenant, number="AJ-2")),
        (address, entry(tenant, form="written")),
    ):
        answer = as_manager.post(path, data=given)
        assert answer.status_code == 409
        assert "JS-2026-10" in answer.text


def test_strangers_roles_and_other_firms(
    app: Flask,
    as_outsider: FlaskClient,
    as_adviser: FlaskClient,
    as_checker: FlaskClient,
    tenant: Tenant,
    address: str,
) -> None:
    assert app.test_client().get("/claims").status_code == 303
    assert as_checker.get("/claims").status_code == 403
    assert as_outsider.get(address).status_code == 404
    assert as_outsider.post(address, data=entry(tenant)).status_code == 404
    assert "AJ-1" not in as_outsider.get(LIST).text
    assert "AJ-1" in as_adviser.get(LIST).text
    for path in ("/claims/new", address):
        assert as_adviser.get(path).status_code == 403
    for path in ("/claims", address):
        assert as_adviser.post(path, data=entry(tenant)).status_code == 403


def test_a_clerk_finds_the_empty_list_and_the_form(app: Flask, tenant: Tenant) -> None:
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    assert "还没有登记案件" in clerk.get(LIST).text
    assert "登记案件" in clerk.get("/claims/new").text


def test_the_list_asks_the_database_at_most_eight_times(
    as_manager: FlaskClient, address: str
) -> None:
    with statements() as asked:
        assert as_manager.get(LIST).status_code == 200
    assert len(asked) <= 8, asked
