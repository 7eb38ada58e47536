"""What government sees of pairings, and the studios."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.pairings.conftest import made


def studio(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "community_code": tenant.town.communities[0],
        "name": "党建+律师调解工作室",
        "address": "党群服务中心一楼",
        "opening": "每周三 14:00–17:00",
        "members": "张三丰、李四光、王调解员",
        "is_public": "y",
    } | given


def test_the_office_reads_its_street_without_drafts(
    app: Flask, as_checker: FlaskClient, tenant: Tenant, pairing_id: UUID
) -> None:
    draft = made(app, tenant, until="draft", party_b="草稿乙方")
    page = as_checker.get("/shared-pairings").text
    assert "甲社区" in page
    assert "草稿乙方" not in page
    assert as_checker.get(f"/shared-pairings/{draft}").status_code == 404
    shown = as_checker.get(f"/shared-pairings/{pairing_id}").text
    for words in ("组织联动", "中共甲社区支部委员会", "还没有公开这一年的活动"):
        assert words in shown
    assert "没有符合条件的协议" in as_checker.get("/shared-pairings?q=乙社区").text
    assert as_checker.get(f"/pairings/{pairing_id}/record.pdf").status_code == 200
    assert as_checker.get(f"/pairings/{pairing_id}").status_code == 403
    for path in ("/shared-pairings", f"/shared-pairings/{pairing_id}"):
        with statements() as asked:
            assert as_checker.get(path).status_code == 200
        assert len(asked) <= 8, (path, asked)


def test_another_street_finds_nothing_and_the_bureau_its_district(
    app: Flask, tenant: Tenant, pairing_id: UUID
) -> None:
    elsewhere = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    assert elsewhere.get(f"/shared-pairings/{pairing_id}").status_code == 404
    assert elsewhere.get(f"/pairings/{pairing_id}/record.pdf").status_code == 404
    assert "还没有结对协议" in elsewhere.get("/shared-pairings").text
    district = Scope(ScopeKind.BUREAU, tenant.town.street_code[:6])
    bureau = factories.signed_in(app, district, Role.READER)
    assert "甲社区" in bureau.get("/shared-pairings").text
    assert bureau.get(f"/shared-pairings/{pairing_id}").status_code == 200
    assert bureau.get("/").location == "/premises/issues"


def test_studios_are_kept(
    as_secretary: FlaskClient, as_adviser: FlaskClient, tenant: Tenant, address: str
) -> None:
    assert as_secretary.post("/pairings/studios", data=studio(tenant)).status_code == 303
    listed = as_adviser.get("/pairings/studios").text
    assert "党建+律师调解工作室" in listed
    page = as_secretary.get("/pairings/studios?q=调解").text.split("/pairings/studios/")
    link = next(f"/pairings/studios/{part[:36]}" for part in page[1:] if part[8:9] == "-")
    assert "党群服务中心一楼" in as_secretary.get(link).text
    assert "党建+律师调解工作室" in as_secretary.get(address).text
    moved = studio(tenant, address="二楼", revision="1")
    assert as_secretary.post(link, data=moved).status_code == 303
    stale = as_secretary.post(link, data=moved)
    assert stale.status_code == 409
    assert 'value="二楼"' in stale.text
    assert as_secretary.post(f"{link}/removal", data={"revision": "1"}).status_code == 409
    assert as_adviser.post(f"{link}/removal").status_code == 403
    assert as_secretary.post(f"{link}/removal", data={"revision": "2"}).status_code == 303
    assert "还没有工作室" in as_adviser.get("/pairings/studios").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"name": ""}, "请填写", id="no name"),
        pytest.param({"community_code": "x"}, "社区", id="no such community"),
        pytest.param({"members": "字" * 501}, "最多500字", id="too many members"),
    ],
)
def test_bad_studios_are_refused(
    at_desk: FlaskClient, house: Tenant, given: dict[str, str], words: str
) -> None:
    answer = at_desk.post("/pairings/studios", data=studio(house, **given))
    assert answer.status_code == 422
    assert words in answer.text
    assert "每周三" in answer.text
