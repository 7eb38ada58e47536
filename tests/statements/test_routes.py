"""What a firm sees of its months and statements, and each refusal."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.statements import actions
from counselhub.statements.models import FirmAccount, Statement
from tests import counting, factories
from tests.factories import Tenant
from tests.statements import work
from tests.statements.work import NOVEMBER_3, OCTOBER


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with clock.frozen(NOVEMBER_3):
        yield


@pytest.fixture
def statement_id(app: Flask, tenant: Tenant) -> UUID:
    """The worked example's statement, a draft."""
    with app.app_context():
        work.example(tenant)
        with as_scope(tenant.scope):
            made = actions.compute(tenant.town.street_code, OCTOBER, tenant.member())
            db.session.commit()
            return made.id


def statement_now(app: Flask, tenant: Tenant, statement_id: UUID) -> tuple[str, int]:
    """Status and revision."""
    with app.app_context(), as_scope(tenant.scope):
        row = db.session.scalars(select(Statement).where(Statement.id == statement_id)).one()
        return row.status, row.revision


def act(client: FlaskClient, statement_id: UUID, noun: str, revision: int = 1, **data: str):
    return client.post(f"/statements/{statement_id}/{noun}", data={"revision": revision, **data})


@pytest.mark.usefixtures("statement_id")
def test_month_shows_gaps_and_money(as_manager: FlaskClient, tenant: Tenant) -> None:
    page = as_manager.get("/month?month=2026-10")
    assert page.status_code == 200
    for words in ("甲社区", "乙社区", "还差 2小时00分", "张三丰", "3 / 4 次", "0 / 2"):
        assert words in page.text
    # The community without any presence, at the larger stake, stands first.
    assert page.text.index("乙社区") < page.text.index("甲社区")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("show=met", [], id="none is met"),
        pytest.param("show=gaps", ["甲社区", "乙社区"], id="both lack something"),
        pytest.param("q=甲", ["甲社区"], id="by name"),
        pytest.param("sort=community&direction=asc", ["甲社区", "乙社区"], id="sorted"),
        pytest.param("month=nonsense", ["甲社区", "乙社区"], id="nonsense is this month"),
    ],
)
def test_month_filters(as_manager: FlaskClient, query: str, shown: list[str]) -> None:
    page = as_manager.get(
        f"/month?{query}" if "month" in query else f"/month?month=2026-10&{query}"
    )
    assert page.status_code == 200
    assert [name for name in ("甲社区", "乙社区") if name in page.text] == shown


def test_a_firm_without_contracts_is_taught(app: Flask, as_manager: FlaskClient) -> None:
    page = as_manager.get("/month?month=2025-10")
    assert "这个月没有履行中的合同" in page.text


@pytest.mark.usefixtures("statement_id")
@pytest.mark.parametrize("address", ["/month?month=2026-10", "/statements"])
def test_pages_send_few_statements(as_manager: FlaskClient, address: str) -> None:
    with counting.statements() as sent:
        assert as_manager.get(address).status_code == 200
    assert len(sent) <= 8, sent


def test_statement_page_sends_few_statements(as_manager: FlaskClient, statement_id: UUID) -> None:
    with counting.statements() as sent:
        assert as_manager.get(f"/statements/{statement_id}").status_code == 200
    assert len(sent) <= 8, sent


def test_the_list_offers_what_is_due(as_manager: FlaskClient, tenant: Tenant) -> None:
    page = as_manager.get("/statements")
    assert "2026年10月 还没有编制" in page.text
    made = as_manager.post(
        "/statements", data={"street_code": tenant.town.street_code, "month": "2026-10"}
    )
    assert made.status_code == 303
    assert "没有编制" not in as_manager.get("/statements").text
    assert as_manager.get(made.location).status_code == 200


@pytest.mark.usefixtures("statement_id")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param("month=2026-10", 1, id="its month"),
        pytest.param("month=2026-09", 0, id="another month"),
        pytest.param("group=ours", 1, id="with the firm"),
        pytest.param("group=office", 0, id="with the office"),
        pytest.param("q=没有这个", 0, id="another street"),
        pytest.param("sort=total&direction=desc&group=x&month=y", 1, id="nonsense is ignored"),
    ],
)
def test_list_filters(as_manager: FlaskClient, query: str, count: int) -> None:
    assert as_manager.get(f"/statements?{query}").text.count("cell-title") == count


def test_a_statement_opens_to_its_working(as_manager: FlaskClient, statement_id: UUID) -> None:
    page = as_manager.get(f"/statements/{statement_id}").text
    assert "缺 120 分钟，不足一小时按一小时，计 2 小时 × 50.00 元" in page
    assert "人民币" in page
    assert "编制结算单" in page


def test_a_line_opens_to_its_records(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, statement_id: UUID
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        work.session(tenant, date(2026, 10, 6), 20)
        work.session(tenant, date(2026, 10, 7), None)
        db.session.commit()
        lines = (
            db.session.scalars(select(Statement).where(Statement.id == statement_id)).one().lines
        )
        shortfall, *_ = (line.id for line in lines if line.kind == "shortfall")
        case, *_ = (line.id for line in lines if line.kind == "case")
    page = as_manager.get(f"/statements/{statement_id}/lines/{shortfall}")
    for words in ("09:00 – 11:00", "当天不足最短时长，不计", "没有签退，不计", "计入", "张三丰"):
        assert words in page.text
    part = as_manager.get(
        f"/statements/{statement_id}/lines/{case}", headers={"HX-Request": "true"}
    )
    assert "AJ-" in part.text
    assert "<html" not in part.text
    assert as_manager.get(f"/statements/{statement_id}/lines/{uuid4()}").status_code == 404


def test_the_way_to_the_office(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, statement_id: UUID
) -> None:
    revision = statement_now(app, tenant, statement_id)[1]
    for noun, status in (
        ("computation", "draft"),
        ("certification", "certified"),
        ("reopening", "draft"),
        ("certification", "certified"),
        ("submission", "submitted"),
    ):
        done = act(as_manager, statement_id, noun, revision)
        assert (noun, done.status_code) == (noun, 303)
        now, revision = statement_now(app, tenant, statement_id)
        assert now == status
    page = as_manager.get(f"/statements/{statement_id}").text
    assert "已提交" in page
    assert "/computation" not in page
    done = act(as_manager, statement_id, "voiding", revision, words="月份弄错")
    assert done.status_code == 303
    assert "月份弄错" in as_manager.get(f"/statements/{statement_id}").text


def test_htmx_gets_the_statement_alone(as_manager: FlaskClient, statement_id: UUID) -> None:
    part = as_manager.post(
        f"/statements/{statement_id}/computation",
        data={"revision": 2},
        headers={"HX-Request": "true"},
    )
    assert part.status_code in (200, 409)
    assert part.text.lstrip().startswith("<article")


def test_two_people_at_once(as_manager: FlaskClient, statement_id: UUID) -> None:
    late = act(as_manager, statement_id, "certification", 999)
    assert late.status_code == 409
    assert "别人已经改动了它" in late.text
    assert "编制中" in late.text


def test_an_act_that_the_state_refuses(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, statement_id: UUID
) -> None:
    revision = statement_now(app, tenant, statement_id)[1]
    assert act(as_manager, statement_id, "submission", revision).status_code == 409


def test_what_changed_since_is_told(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, statement_id: UUID
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        work.session(tenant, date(2026, 10, 6))
        db.session.commit()
    revision = statement_now(app, tenant, statement_id)[1]
    stale = act(as_manager, statement_id, "certification", revision)
    assert stale.status_code == 409
    assert "请先重新计算" in stale.text


def test_a_running_month_is_not_submitted(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, statement_id: UUID
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        row = db.session.scalars(select(Statement).where(Statement.id == statement_id)).one()
        actions.certify(row, tenant.member())
        db.session.commit()
    revision = statement_now(app, tenant, statement_id)[1]
    with clock.frozen(clock.instant(date(2026, 10, 30), NOVEMBER_3.time())):
        early = act(as_manager, statement_id, "submission", revision)
    assert early.status_code == 422
    assert "2026-10-31 之后才能提交" in early.text


def test_voiding_needs_a_reason(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, statement_id: UUID
) -> None:
    revision = statement_now(app, tenant, statement_id)[1]
    answer = act(as_manager, statement_id, "voiding", revision, words=" ")
    assert answer.status_code == 422
    assert "请写明原因" in answer.text
    assert statement_now(app, tenant, statement_id)[0] == "draft"


def test_nothing_to_settle(as_manager: FlaskClient, tenant: Tenant) -> None:
    answer = as_manager.post(
        "/statements", data={"street_code": tenant.town.street_code, "month": "2025-01"}
    )
    assert answer.status_code == 422
    assert "没有履行中的合同" in answer.text


ACTS = ["computation", "certification", "reopening", "submission", "voiding"]


@pytest.mark.parametrize("noun", ACTS)
def test_another_firm_finds_nothing(
    as_outsider: FlaskClient, statement_id: UUID, noun: str
) -> None:
    assert act(as_outsider, statement_id, noun, words="x").status_code == 404


def test_another_firm_reads_nothing(as_outsider: FlaskClient, statement_id: UUID) -> None:
    assert as_outsider.get(f"/statements/{statement_id}").status_code == 404
    assert as_outsider.get(f"/statements/{statement_id}/lines/{uuid4()}").status_code == 404
    assert str(statement_id) not in as_outsider.get("/statements").text


@pytest.mark.parametrize("noun", ACTS)
def test_a_lawyer_may_not(as_adviser: FlaskClient, statement_id: UUID, noun: str) -> None:
    assert act(as_adviser, statement_id, noun).status_code == 403


@pytest.mark.parametrize("address", ["/month", "/statements", "/account-for-payment"])
def test_pages_are_not_for_all(
    app: Flask, as_adviser: FlaskClient, as_checker: FlaskClient, address: str
) -> None:
    assert as_adviser.get(address).status_code == 403
    assert as_checker.get(address).status_code == 403
    stranger = app.test_client().get(address)
    assert stranger.status_code == 303
    assert "/sign-in" in stranger.location


def test_finance_prepares_but_does_not_certify(
    app: Flask, tenant: Tenant, statement_id: UUID
) -> None:
    finance = factories.signed_in(app, tenant.scope, Role.FINANCE)
    revision = statement_now(app, tenant, statement_id)[1]
    assert act(finance, statement_id, "computation", revision).status_code == 303
    assert act(finance, statement_id, "certification", revision + 1).status_code == 403


def test_the_account(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    assert tenant.code in as_manager.get("/account-for-payment").text
    wrong = as_manager.post(
        "/account-for-payment", data={"payee": "某某所", "bank": "", "account": "12ab"}
    )
    assert wrong.status_code == 422
    assert "账号只含数字" in wrong.text
    assert 'value="某某所"' in wrong.text
    right = {"payee": "某某所", "bank": "某银行某支行", "account": "6222 0000"}
    assert as_manager.post("/account-for-payment", data=right).status_code == 303
    with app.app_context(), as_scope(tenant.scope):
        assert db.session.scalars(select(FirmAccount.account)).one() == "6222 0000"
