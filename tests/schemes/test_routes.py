"""The pages of schemes and their versions."""

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.closing import actions as closing
from counselhub.core.db import db
from counselhub.core.tenancy import as_firm
from counselhub.schemes.models import SchemeVersion
from tests import counting
from tests.factories import Tenant

GOOD = {
    "code": "NW-2026",
    "name": "某街道补贴方案（新）",
    "annual_fen": "20,000",
    "cycle": "month",
    "required_hours": "8",
    "required_visits": "4",
    "lowest_grade": "C",
    "deduction_mode": "per_hour",
    "deduction_fen": "50",
    "withhold_percent": "10",
    "city_percent": "33.33",
    "district_percent": "33.33",
    "street_percent": "33.34",
}


def version(app: Flask, tenant: Tenant) -> SchemeVersion:
    with app.app_context(), as_firm(tenant.firm_id):
        return db.session.scalars(
            select(SchemeVersion).where(SchemeVersion.scheme_id == tenant.scheme_id)
        ).one()


def close(app: Flask, tenant: Tenant, month: date) -> None:
    with app.app_context(), as_firm(tenant.firm_id):
        closing.close(
            tenant.firm_id,
            tenant.town.street_code,
            month,
            tenant.town.communities[:2],
            statement_id=uuid4(),
            number="JS-9",
        )
        db.session.commit()


def test_a_new_scheme_says_what_it_pays(as_manager: FlaskClient) -> None:
    answer = as_manager.post("/schemes", data=GOOD)
    assert answer.status_code == 303
    page = as_manager.get(answer.location).text
    assert "20,000.00 元" in page
    assert "计A、B、C级" in page
    assert "33.33% / 33.33% / 33.34%" in page
    assert "NW-2026" in as_manager.get("/schemes").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"street_percent": "33.33"}, "现在是 99.99%", id="M12 shares of 99.99"),
        pytest.param({"annual_fen": "2万"}, "请填写金额数字", id="no amount"),
        pytest.param({"annual_fen": "1.005"}, "最多两位小数", id="a third decimal"),
        pytest.param({"annual_fen": "1000000000.01"}, "最多 1,000,000,000.00 元", id="too much"),
        pytest.param({"annual_fen": "-1"}, "不能是负数", id="a negative amount"),
        pytest.param({"annual_fen": ""}, "请填写", id="no annual standard"),
        pytest.param({"withhold_percent": "101"}, "应在 0 到 100 之间", id="over 100 %"),
        pytest.param({"oral_percent": "33.33333"}, "最多4位小数", id="too fine a percentage"),
        pytest.param({"required_visits": "四"}, "不是有效的整数", id="no number"),
        pytest.param({"deduction_fen": ""}, "需要填写每次或每小时扣多少元", id="M5 no rate"),
        pytest.param({"required_hours": ""}, "每月应服务时长为准", id="M5 no hours"),
        pytest.param({"code": "N W"}, "不能有空格", id="a blank in the code"),
    ],
)
def test_bad_input_is_said_at_its_field(
    as_manager: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = as_manager.post("/schemes", data=GOOD | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "某街道补贴方案（新）" in answer.text


def test_a_code_is_used_once(as_manager: FlaskClient) -> None:
    answer = as_manager.post("/schemes", data=GOOD | {"code": "S1"})
    assert answer.status_code == 422
    assert "方案代码“S1”已用于“某街道补贴方案”" in answer.text


def test_a_version_may_change_until_a_statement_rests_on_it(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    row = version(app, tenant)
    address = f"/schemes/versions/{row.id}"
    assert 'value="20000.00"' in as_manager.get(address).text
    assert as_manager.post(address, data=GOOD | {"revision": "1"}).status_code == 303
    close(app, tenant, date(2026, 9, 1))
    answer = as_manager.post(address, data=GOOD | {"revision": "2", "annual_fen": "1"})
    assert answer.status_code == 409
    assert "结算单 JS-9（2026-09）已按现在的条款计算并提交" in answer.text
    assert "JS-9 已按此计算" in as_manager.get(f"/schemes/{tenant.scheme_id}").text


def test_a_new_version_begins_after_the_closed_months(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    close(app, tenant, date(2026, 9, 1))
    address = f"/schemes/{tenant.scheme_id}/versions"
    assert as_manager.get(f"{address}/new").status_code == 200
    early = as_manager.post(address, data=GOOD | {"effective_from": "2026-09-01"})
    assert early.status_code == 409
    assert "JS-9" in early.text
    assert as_manager.post(address, data=GOOD | {"effective_from": "2026-10-01"}).status_code == 303
    again = as_manager.post(address, data=GOOD | {"effective_from": "2026-10-01"})
    assert again.status_code == 422
    assert "已有从2026-10-01起的版本" in again.text


def test_a_stale_form_shows_the_terms_as_they_are(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    address = f"/schemes/versions/{version(app, tenant).id}"
    as_manager.post(address, data=GOOD | {"revision": "1"})
    answer = as_manager.post(address, data=GOOD | {"revision": "1", "annual_fen": "77777"})
    assert answer.status_code == 409
    assert "77777" not in answer.text


def test_a_scheme_gets_another_name(as_manager: FlaskClient, tenant: Tenant) -> None:
    address = f"/schemes/{tenant.scheme_id}"
    assert as_manager.post(f"{address}/name", data={"name": "改名后"}).status_code == 303
    assert "改名后" in as_manager.get(address).text
    assert as_manager.post(f"{address}/name", data={"name": ""}).status_code == 422


def test_another_firms_scheme_is_not_found(
    app: Flask, as_outsider: FlaskClient, tenant: Tenant
) -> None:
    assert as_outsider.get(f"/schemes/{tenant.scheme_id}").status_code == 404
    stranger = f"/schemes/versions/{version(app, tenant).id}"
    assert as_outsider.post(stranger, data=GOOD).status_code == 404


def test_an_adviser_has_no_business_here(as_adviser: FlaskClient) -> None:
    assert as_adviser.get("/schemes").status_code == 403
    assert as_adviser.post("/schemes", data=GOOD).status_code == 403


def test_pages_need_few_statements(as_manager: FlaskClient, tenant: Tenant) -> None:
    for path in ("/schemes", f"/schemes/{tenant.scheme_id}"):
        with counting.statements() as sent:
            assert as_manager.get(path).status_code == 200
        assert len(sent) <= 8, (path, sent)
