"""Pages of packs as their people see them, and each refusal."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.packs import actions, rehearsing
from counselhub.packs.mark_models import PerformanceMark
from counselhub.packs.models import PackRehearsal, PackVersion, SchemePack
from tests import factories
from tests.counting import statements
from tests.factories import Tenant, Town, number, signed_in
from tests.packs import make

FORM = {
    "effective_from": "2027-01-01",
    "annual_fen": "20000",
    "cycle": "month",
    "deduction_mode": "none",
    "visit_fen": "100",
    "visit_cap": "4",
    "activities": "法治宣传\t200\t2\n培训\t500",
    "release_basic": "60",
    "deduct_incompetent": "50",
}
EXAMPLE = {
    "name": "到岗两次",
    "month": "2027-01",
    "starts_on": "2027-01-01",
    "ends_on": "2027-12-31",
    "visits": "2027-01-12 120\n2027-01-19 60",
    "activities": "法治宣传 3",
    "expected": "基础补贴 1666.67\n到岗补贴 200\n活动补贴 400\n合计 2266.67",
}


@pytest.fixture
def assessor(app: Flask, town: Town) -> FlaskClient:
    """Somebody of the bureau, signed in."""
    return signed_in(app, make.bureau_of(town), Role.ASSESSOR)


@pytest.fixture
def another(app: Flask, town: Town) -> FlaskClient:
    """The colleague of the bureau."""
    return signed_in(app, make.bureau_of(town), Role.ASSESSOR)


@pytest.fixture
def in_force(app: Flask, town: Town) -> Any:
    """A pack of the bureau in force since October."""
    with app.test_request_context(), as_scope(make.bureau_of(town)):
        row = make.active(make.bureau_of(town))
        return row.id, row.versions[0].id


def drafted(app: Flask, town: Town) -> PackVersion:
    """The only draft of the bureau."""
    with app.app_context(), as_scope(make.bureau_of(town)):
        row = db.session.scalars(select(PackVersion)).one()
        db.session.expunge_all()
        return row


def test_from_a_draft_to_an_activation(
    app: Flask, town: Town, assessor: FlaskClient, another: FlaskClient
) -> None:
    code = f"BF-{number()}"
    made = assessor.post("/packs", data={**FORM, "code": code, "name": "某区补贴办法"})
    assert made.status_code == 303, made.text
    version = drafted(app, town)
    here = f"/packs/versions/{version.id}"
    assert version.pack_terms["grade_deductions"] == {"incompetent": "50"}
    assert version.pack_terms["activities"] == [["publicity", 20000, 2], ["training", 50000, None]]
    assert "还没有算例" in assessor.get(f"{here}/examples").text
    wrong = EXAMPLE | {"expected": "合计 1"}
    assert assessor.post(f"{here}/examples", data=wrong).status_code == 303
    page = assessor.get(f"{here}/examples").text
    assert "不符" in page
    assert "2,266.67" in page
    assert "每次 100.00 元" in page
    example = page.split("/packs/examples/")[1][:36]
    assert assessor.post(f"/packs/examples/{example}", data=EXAMPLE).status_code == 303
    assert "算对" in assessor.get(f"{here}/examples").text
    assert assessor.post(f"{here}/proposal").status_code == 303
    assert another.get(f"{here}/activation").status_code == 200
    own = assessor.post(f"{here}/activation")
    assert own.status_code == 403
    done = another.post(f"{here}/activation")
    assert done.status_code == 303, done.text
    assert "条款和算例不再改动" in assessor.get(f"{here}/examples").text


def test_what_was_typed_stays(assessor: FlaskClient) -> None:
    sent = FORM | {
        "code": "BF",
        "name": "某办法",
        "activities": "跳舞 200",
        "class_members": "无名 甲类",
    }
    page = assessor.post("/packs", data=sent)
    assert page.status_code == 422
    assert "第 1 行的服务类别没有找到" in page.text
    assert "第 1 行的社区没有找到" in page.text
    assert "跳舞 200" in page.text


def test_a_class_needs_its_amount(assessor: FlaskClient, town: Town) -> None:
    members = f"{town.communities[0]} 甲类"
    page = assessor.post(
        "/packs", data=FORM | {"code": "BF", "name": "某", "class_members": members}
    )
    assert page.status_code == 422
    assert "类别“甲类”没有写年度标准" in page.text


def test_two_edit_one_draft(app: Flask, town: Town, assessor: FlaskClient) -> None:
    with app.test_request_context(), as_scope(make.bureau_of(town)):
        make.pack(make.bureau_of(town))
        db.session.commit()
    version = drafted(app, town)
    here = f"/packs/versions/{version.id}"
    assert assessor.post(here, data=FORM | {"revision": version.revision}).status_code == 303
    late = assessor.post(here, data=FORM | {"revision": version.revision})
    assert late.status_code == 409
    assert "别人已经改动了它" in late.text


def test_a_pack_is_its_owners(
    app: Flask, town: Town, in_force: Any, as_checker: FlaskClient, as_manager: FlaskClient
) -> None:
    pack_id, version_id = in_force
    assert "某区补贴办法" in as_checker.get("/packs").text
    assert as_checker.get(f"/packs/{pack_id}").status_code == 200
    assert as_checker.get(f"/packs/versions/{version_id}").status_code == 403
    assert as_checker.post(f"/packs/versions/{version_id}/withdrawal").status_code == 403
    assert as_manager.get("/packs").status_code == 403
    elsewhere = signed_in(app, make.bureau_of(factories.town(app)), Role.ASSESSOR)
    assert elsewhere.get(f"/packs/{pack_id}").status_code == 404


def test_a_firm_adopts(
    app: Flask, tenant: Tenant, town: Town, in_force: Any, as_manager: FlaskClient
) -> None:
    pack_id, _version = in_force
    assert "某区补贴办法" in as_manager.get("/packs/offered").text
    here = f"/packs/offered/{pack_id}"
    assert "缺两小时" not in as_manager.get(here).text
    sent = {"scheme_id": str(tenant.scheme_id), "since": "2026-10-15"}
    assert "1 日" in as_manager.post(f"{here}/adoption", data=sent).text
    done = as_manager.post(f"{here}/adoption", data=sent | {"since": "2026-10-01"})
    assert done.status_code == 303
    page = as_manager.get(done.location).text
    assert "采用了补贴办法" in page
    assert "新版本" not in page
    refused = as_manager.post(f"/schemes/{tenant.scheme_id}/versions", data=FORM)
    assert refused.status_code == 409
    assert "已采用这个办法" in as_manager.get(here).text


def test_drafts_are_nobodys_else(app: Flask, tenant: Tenant, as_manager: FlaskClient) -> None:
    with app.test_request_context(), as_scope(make.bureau_of(tenant.town)):
        row_id = make.pack(make.bureau_of(tenant.town)).id
        db.session.commit()
    assert "某区补贴办法" not in as_manager.get("/packs/offered").text
    assert as_manager.get(f"/packs/offered/{row_id}").status_code == 404


def test_versions_side_by_side(
    app: Flask, town: Town, in_force: Any, assessor: FlaskClient
) -> None:
    pack_id, _version = in_force
    assert assessor.post(f"/packs/{pack_id}/versions").status_code == 303
    with app.test_request_context(), as_scope(make.bureau_of(town)):
        row = db.session.scalars(select(SchemePack).where(SchemePack.id == pack_id)).one()
        changed = make.draft({"visit_fen": 8_800}, annual_fen=3_000_000)
        actions.change(
            row.versions[-1], changed, by=make.member(make.bureau_of(town), Role.ASSESSOR)
        )
        db.session.commit()
    page = assessor.get(f"/packs/{pack_id}/comparison").text
    assert "30,000.00" in page
    assert "88.00" in page
    assert page.count(">有变化<") == 2


def test_a_rehearsal(
    app: Flask, tenant: Tenant, town: Town, assessor: FlaskClient, as_checker: FlaskClient
) -> None:
    with app.test_request_context(), as_scope(make.bureau_of(town)):
        row = make.pack(make.bureau_of(town), make.draft(annual_fen=3_200_000))
        version_id = row.versions[0].id
        db.session.commit()
    here = f"/packs/versions/{version_id}/rehearsals"
    assert assessor.post(here, data={"months": "25"}).status_code == 422
    asked = assessor.post(here, data={"months": "2"})
    assert asked.status_code == 303
    assert "排队中" in assessor.get(asked.location).text
    assert assessor.post(here, data={"months": "2"}).status_code == 422
    with app.test_request_context():
        rehearsing.run()
    page = assessor.get(asked.location).text
    # Two communities, two months, 12,000 yuan a year more: 1,000 a month, a tenth of it withheld,
    # and nobody was ever there: what is taken off stays the same.
    assert "3,600.00" in page
    assert f"{tenant.code}律师事务所" in page
    assert "甲社区" in assessor.get(f"{asked.location}?by=community").text
    assert as_checker.get(asked.location).status_code == 200
    book = assessor.get(f"{asked.location}.xlsx")
    assert book.data[:2] == b"PK"
    with statements() as sent:
        assert assessor.get(asked.location).status_code == 200
    assert len(sent) <= 8


def test_marks(
    app: Flask, tenant: Tenant, town: Town, as_checker: FlaskClient, as_manager: FlaskClient
) -> None:
    sent = {
        "firm_id": str(tenant.firm_id),
        "community_code": town.communities[0],
        "month": "2026-10",
        "points": "-1",
        "reason": "缺报月报",
    }
    assert as_checker.post("/performance", data=sent | {"points": "0"}).status_code == 422
    late = as_checker.post("/performance", data=sent | {"month": "2029-10"})
    assert late.status_code == 422
    assert as_checker.post("/performance", data=sent).status_code == 303
    assert "缺报月报" in as_manager.get("/performance?month=2026-10").text
    assert as_manager.post("/performance", data=sent).status_code == 403
    with app.app_context(), as_scope(town.scope):
        mark_id = db.session.scalars(select(PerformanceMark.id)).one()
    assert as_checker.post(f"/performance/{mark_id}/removal").status_code == 303
    assert "缺报月报" not in as_checker.get("/performance?month=2026-10").text


@pytest.mark.parametrize("path", ["/packs", "/packs/new", "/performance"])
def test_lists_stay_cheap(path: str, as_approver: FlaskClient, in_force: Any) -> None:
    with statements() as sent:
        assert as_approver.get(path).status_code == 200
    assert len(sent) <= 8


def test_an_offices_own_pack(app: Flask, town: Town, as_checker: FlaskClient) -> None:
    sent = FORM | {"code": "JD-1", "name": "某街道补贴办法", "budget_fen": "100000"}
    sent |= {"weight_population": "100"}
    sent |= {
        "factor_rows": "\n".join(f"{code} {at} 0 1" for at, code in enumerate(town.communities))
    }
    made = as_checker.post("/packs", data=sent)
    assert made.status_code == 303, made.text
    assert "按因素分配的预算" in as_checker.get(made.location).text
    with app.app_context(), as_scope(town.scope):
        version = db.session.scalars(select(PackVersion)).one()
        assert version.street_code == town.street_code
        assert version.effective_from == date(2027, 1, 1)
        assert db.session.scalar(select(PackRehearsal)) is None


def test_the_summary_of_faults_follows_the_page(assessor: FlaskClient) -> None:
    page = assessor.post("/packs", data={"cycle": "month", "deduction_mode": "none"}).text
    told = re.findall(r'<li><a href="#(\w+)">', page)
    assert told[:2] == ["code", "name"]
    fields = re.findall(r'<(?:input|select|textarea)[^>]* id="(\w+)"', page)
    assert told == [name for name in fields if name in told]
