"""What an audit administrator sees, what others do not, and what leaves as a file."""

import re
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.contracts.models import Contract
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.permissions import Duty, Role
from counselhub.core.tenancy import as_scope
from counselhub.schemes.models import Scheme
from tests import counting, factories
from tests.audit.conftest import act, rows
from tests.factories import Tenant, Town
from tests.review.conftest import in_review, submitted
from tests.review.factories import Made, approved, at_office, officer

__all__ = ["in_review", "submitted"]  # fixtures


@pytest.fixture
def as_approver(app: Flask, town: Town) -> FlaskClient:
    """The street's approver, who keeps its record of acts too."""
    factories.account(app, town.scope, Role.APPROVER)  # another head names administrators
    return factories.named(app, town.scope, Role.APPROVER, Duty.AUDIT)


def test_a_manager_reads_who_did_what(app: Flask, tenant: Tenant, as_manager: FlaskClient) -> None:
    page = as_manager.post(
        f"/schemes/{tenant.scheme_id}/name",
        data={"name": "新的方案名称"},
        environ_base={"REMOTE_ADDR": "192.0.2.9"},
    )
    assert page.status_code == 303
    first = rows(as_manager.get("/audit").text)[0]
    for word in (
        "某manager",
        "改方案名称",
        "补贴方案",
        "某街道补贴方案",
        "新的方案名称",
        "192.0.2.9",
    ):
        assert word in first, first


def test_the_list_needs_the_permission(as_adviser: FlaskClient, as_checker: FlaskClient) -> None:
    for client in (as_adviser, as_checker):
        assert client.get("/audit").status_code == 403
        assert client.get("/audit/export.csv").status_code == 403


def test_another_firm_reads_its_own(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_outsider: FlaskClient
) -> None:
    act(app, tenant, "rename")
    assert any("改方案名称" in row for row in rows(as_manager.get("/audit").text))
    assert not any("改方案名称" in row for row in rows(as_outsider.get("/audit").text))


def test_refusals_are_read_too(app: Flask, tenant: Tenant, as_manager: FlaskClient) -> None:
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    assert clerk.post("/people", data={}).status_code == 403
    assert clerk.post(f"/contracts/{uuid4()}", data={}).status_code == 404
    found = rows(as_manager.get("/audit?outcome=refused").text)
    assert len(found) == 2
    assert all("某clerk" in row and "被拒绝" in row for row in found)
    assert "POST /people" in found[1]


@pytest.fixture
def month_of_acts(app: Flask, tenant: Tenant) -> date:
    """Acts on three days, by two people, from two places; returns the first day."""
    first = clock.today() - timedelta(days=20)
    for day, name, address in (
        (0, "甲", "192.0.2.1"),
        (1, "乙", "192.0.2.2"),
        (2, "甲", "198.51.100.1"),
    ):
        at = clock.instant(first + timedelta(days=day), time.min)
        with (
            clock.frozen(at),
            app.test_request_context(environ_base={"REMOTE_ADDR": address}),
            as_scope(tenant.scope),
        ):
            by = replace(tenant.member(), name=name)
            row = db.session.get_one(Scheme, (tenant.firm_id, tenant.scheme_id))
            history.record(row, "rename", by=by)
            contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
            history.record(contract, "change", by=by)
            db.session.commit()
    return first


@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param("who=甲&act=scheme", 2, id="a person"),
        pytest.param("who=丁", 0, id="nobody"),
        pytest.param("act=scheme.rename", 3, id="an act"),
        pytest.param("act=contract", 3, id="a kind of thing"),
        pytest.param("address=192.0.2.", 4, id="the beginning of an address"),
        pytest.param("act=scheme.rename&first={0}&last={0}", 1, id="one day"),
        pytest.param("act=scheme.rename&first={1}", 2, id="from a day on"),
        pytest.param("thing={thing}", 3, id="one thing"),
        pytest.param("act=scheme.rename&outcome=refused", 0, id="no act on a row is refused"),
        pytest.param("who=%25&act=scheme", 0, id="a wildcard is a letter"),
    ],
)
def test_the_search_narrows(
    as_manager: FlaskClient, tenant: Tenant, month_of_acts: date, query: str, count: int
) -> None:
    days = (month_of_acts, month_of_acts + timedelta(days=1))
    asked = query.format(*days, thing=tenant.scheme_id)
    assert len(rows(as_manager.get(f"/audit?{asked}").text)) == count


@pytest.mark.parametrize("direction", ["", "asc"])
def test_pages_follow_one_another_without_loss(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, direction: str
) -> None:
    act(app, tenant, *["rename"] * 57)
    seen: list[str] = []
    address: str | None = f"/audit?act=scheme.rename&direction={direction}"
    while address:
        page = as_manager.get(address).text
        seen += re.findall(r'<time datetime="([^"]+)"', page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        address = link[1].replace("&amp;", "&") if link else None
    assert len(seen) == 57
    assert seen == sorted(seen, reverse=not direction)


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=2026~x",
        "after=2026-01-01T00:00:00~00000000-0000-0000-0000-000000000001",
        "thing=x",
        "first=x&last=9999-12-31",
        "act=.",
        "act=x.y",
        "address=%27",
    ],
)
def test_nonsense_asks_for_nothing(as_manager: FlaskClient, query: str) -> None:
    assert as_manager.get(f"/audit?{query}").status_code == 200


def test_the_pages_ask_little(app: Flask, tenant: Tenant, as_manager: FlaskClient) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        for _time in range(60):
            history.record(
                contract, "change", by=tenant.member(), adviser_id=str(tenant.adviser_id)
            )
        db.session.commit()
    for page in ("/audit", f"/audit/things/contract/{tenant.contract_id}", "/audit/heads"):
        with counting.statements() as sent:
            assert as_manager.get(page).status_code == 200
        assert len(sent) <= 5, sent


def test_the_record_of_a_thing(app: Flask, tenant: Tenant, as_manager: FlaskClient) -> None:
    act(app, tenant, "rename")
    page = as_manager.get(f"/audit/things/scheme/{tenant.scheme_id}")
    assert "补贴方案的操作记录" in page.text
    assert len(rows(page.text)) == 1
    empty = as_manager.get(f"/audit/things/contract/{tenant.contract_id}").text
    assert "还没有操作记录" in empty


@pytest.mark.parametrize(
    ("client", "subject", "status"),
    [
        pytest.param("as_manager", "contract", 200, id="a manager"),
        pytest.param("as_adviser", "contract", 403, id="an adviser has no contracts"),
        pytest.param("as_adviser", "adviser", 200, id="an adviser reads the roll"),
        pytest.param("as_outsider", "contract", 404, id="another firm"),
        pytest.param("as_manager", "person", 404, id="no thing of the record"),
    ],
)
def test_who_reads_the_record_of_a_thing(
    request: pytest.FixtureRequest, tenant: Tenant, client: str, subject: str, status: int
) -> None:
    ids = {"contract": tenant.contract_id, "adviser": tenant.adviser_id}
    found: FlaskClient = request.getfixturevalue(client)
    answer = found.get(f"/audit/things/{subject}/{ids.get(subject, tenant.firm_id)}")
    assert answer.status_code == status


def test_the_record_outlives_its_thing(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_adviser: FlaskClient
) -> None:
    gone = uuid4()
    with app.test_request_context(), as_scope(tenant.scope):
        row = Scheme(firm_id=tenant.firm_id, code="S7", name="某方案", id=gone)
        history.record(row, "create", by=tenant.member())
        db.session.commit()
    answer = as_manager.get(f"/audit/things/scheme/{gone}")
    assert "已被删除，记录还在" in answer.text
    assert as_adviser.get(f"/audit/things/scheme/{gone}").status_code == 404


def test_an_office_reads_the_record_of_a_statement_and_its_own_acts(
    app: Flask, town: Town, in_review: Made, as_checker: FlaskClient, as_approver: FlaskClient
) -> None:
    with at_office(app, town):
        approved(in_review, officer(town))
    page = as_checker.get(f"/audit/things/statement/{in_review.id}")
    assert page.status_code == 200
    assert "初审通过" in page.text
    assert "来源地址" not in page.text
    own = rows(as_approver.get("/audit").text)
    assert any("甲经办" in row and "初审通过" in row for row in own)
    assert any("登录" in row for row in own)
    assert not any("提交司法所" in row for row in own)


def test_the_heads_of_days_stand_at_the_office(
    app: Flask, tenant: Tenant, as_checker: FlaskClient, as_manager: FlaskClient
) -> None:
    act(app, tenant, "rename")
    found = [row for row in rows(as_checker.get("/audit/heads").text) if tenant.code in row]
    assert len(found) == 1
    assert re.search(r"\b[0-9a-f]{64}\b", found[0])
    assert found == rows(as_manager.get("/audit/heads").text)


def test_an_office_elsewhere_sees_no_head(app: Flask, tenant: Tenant) -> None:
    act(app, tenant, "rename")
    elsewhere = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    assert tenant.code not in elsewhere.get("/audit/heads").text
    assert "还没有留痕" in elsewhere.get("/audit/heads").text


def test_an_adviser_has_no_heads(as_adviser: FlaskClient) -> None:
    assert as_adviser.get("/audit/heads").status_code == 403
