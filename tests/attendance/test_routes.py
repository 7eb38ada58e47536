"""Pages of attendance: what a clerk sees, and each refusal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.attendance.models import (
    AttendanceAccount,
    AttendanceCheck,
    AttendanceLink,
    AttendancePlace,
)
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession
from tests import factories
from tests.attendance import exports
from tests.attendance.conftest import HALL, NOW, ZHANG, export, session, visit, wall
from tests.counting import statements
from tests.factories import Tenant

MONTH = "?month=2026-10"


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def as_clerk(app: Flask, tenant: Tenant) -> FlaskClient:
    return factories.signed_in(app, tenant.scope, Role.CLERK)


@pytest.fixture
def row(app: Flask, tenant: Tenant) -> Any:
    """Return the only row of a model, as it is stored now."""

    return lambda model: stored(app, tenant, model)


def stored(app: Flask, tenant: Tenant, model: Any) -> Any:
    with app.app_context(), as_scope(tenant.scope):
        found = db.session.scalars(select(model)).one()
        db.session.expunge_all()
        return found


def upload(client: FlaskClient, data: bytes, name: str = "某所_原始记录.xlsx") -> Any:
    return client.post("/attendance/trials", data={"file": (BytesIO(data), name)})


def bring(client: FlaskClient, data: bytes) -> Any:
    tried = upload(client, data)
    assert tried.status_code == 303, tried.text
    return client.post(tried.location)


@pytest.fixture
def check(app: Flask, tenant: Tenant, as_clerk: FlaskClient) -> AttendanceCheck:
    """A difference: the phone 9:02–11:30, DingTalk 9:40–11:30, all by the pages."""
    return differing(app, tenant, as_clerk)


def differing(app: Flask, tenant: Tenant, client: FlaskClient) -> AttendanceCheck:
    with app.app_context(), as_scope(tenant.scope):
        session(tenant, time(9, 2), time(11, 30))
        db.session.commit()
    bring(client, visit(wall(9, 40), wall(11, 30)))
    account, place = stored(app, tenant, AttendanceAccount), stored(app, tenant, AttendancePlace)
    bound = {"adviser_id": str(tenant.adviser_id), "revision": account.revision}
    client.post(f"/attendance/accounts/{account.id}/adviser", data=bound)
    told = {"community_code": tenant.town.communities[0], "revision": place.revision}
    client.post(f"/attendance/places/{place.id}", data=told)
    found: AttendanceCheck = stored(app, tenant, AttendanceCheck)
    return found


@dataclass(frozen=True)
class Seen:
    """A difference that nobody changes, for tests that only look."""

    clerk: FlaskClient
    lawyer: FlaskClient
    check: AttendanceCheck


@pytest.fixture(scope="module")
def seen(app: Flask) -> Seen:
    with clock.frozen(NOW):
        tenant = factories.tenant(app, factories.town(app))
        clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
        own = tenant.adviser_id
        lawyer = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=own)
        return Seen(clerk, lawyer, differing(app, tenant, clerk))


def test_a_file_is_tried_by_cell_then_imported(as_clerk: FlaskClient, tenant: Tenant) -> None:
    data = export((ZHANG, wall(9, 2)), (ZHANG, wall(11), {"at": "上午"}))
    tried = upload(as_clerk, data, "某所.xlsx")
    page = as_clerk.get(tried.location).text
    assert "原始记录!I5" in page
    assert "“上午”不是日期时间" in page
    imported = as_clerk.post(tried.location)
    assert imported.location == "/attendance/accounts?state=waiting"
    accounts = as_clerk.get(imported.location).text
    assert "待对应" in accounts
    assert f'<option value="{tenant.adviser_id}" selected>' in accounts  # of the same name
    assert "某所.xlsx" in as_clerk.get("/attendance/files").text
    assert "没有可导入的新打卡" in as_clerk.get(upload(as_clerk, data).location).text


def test_an_old_xls_goes_the_same_way(as_clerk: FlaskClient) -> None:
    rows = [exports.DayRow(ZHANG, wall(9).date(), ["09:02", "11:31"], ["正常", "正常"])]
    sheet = exports.daily(rows, wall(9).date(), wall(9).date())
    tried = upload(as_clerk, exports.as_xls(sheet), "每日统计.xls")
    assert as_clerk.post(tried.location).status_code == 303
    again = upload(as_clerk, exports.as_xls(sheet), "每日统计.xls")
    assert "文件里的打卡系统中都已经有了" in as_clerk.get(again.location).text


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        pytest.param(b"x", "x.csv", "请选择 .xlsx 或 .xls 文件", id="another ending"),
        pytest.param(b"x", "x.xlsx", "这不是 Excel 工作簿", id="no workbook"),
        pytest.param(
            exports.as_xlsx(exports.Sheet("表", [["姓名"]])),
            "x.xlsx",
            "没有认出打卡表",
            id="no export",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_at_its_field(
    seen: Seen, data: bytes, name: str, words: str
) -> None:
    answer = upload(seen.clerk, data, name)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_difference_shows_both_sides(seen: Seen) -> None:
    as_clerk, check = seen.clerk, seen.check
    page = as_clerk.get(f"/attendance{MONTH}").text
    assert "时间不一致" in page
    assert "09:40–11:30" in page
    assert "09:02–11:30" in page
    one = as_clerk.get(f"/attendance/checks/{check.id}").text
    assert HALL in one
    assert "原始记录!I4" in one
    assert HALL in as_clerk.get(f"/attendance/sessions/{check.session_id}").text


@pytest.mark.parametrize("query", ["&finding=times", "&q=张三", "&sort=adviser", "&state="])
def test_it_is_found(seen: Seen, query: str) -> None:
    assert str(seen.check.id) in seen.clerk.get(f"/attendance{MONTH}{query}").text


@pytest.mark.parametrize(
    "query", ["&finding=review", "&q=某某", "&state=settled", "&page=x&sort=x&q=%"]
)
def test_it_is_not_found(seen: Seen, query: str) -> None:
    page = seen.clerk.get(f"/attendance{MONTH}{query}").text
    assert str(seen.check.id) not in page
    assert "清除条件" in page


def settlement(check: AttendanceCheck, **more: Any) -> dict[str, Any]:
    return {"verdict": "record", "reason": "忘记签退", "revision": check.revision} | more


def test_it_is_settled_and_opened_again(
    as_clerk: FlaskClient, check: AttendanceCheck, row: Any
) -> None:
    address = f"/attendance/checks/{check.id}"
    assert as_clerk.post(f"{address}/settlement", data=settlement(check)).status_code == 303
    page = as_clerk.get(address).text
    assert "以打卡记录为准" in page
    assert row(DutySession).signed_in_at == clock.instant(check.day, time(9, 40))
    again = as_clerk.post(f"{address}/settlement", data=settlement(check))
    assert again.status_code == 409
    now = {"revision": row(AttendanceCheck).revision}
    assert as_clerk.post(f"{address}/reopening", data=now).status_code == 303
    assert "一致" in as_clerk.get(address).text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        pytest.param({"reason": ""}, "请填写", id="no reason"),
        pytest.param({"verdict": "x"}, "以哪边为准", id="no verdict"),
        pytest.param(
            {"verdict": "neither", "arrived": "09:00"}, "请都填写，或都留空", id="half a time"
        ),
        pytest.param(
            {"verdict": "neither", "arrived": "09:00", "left": "08:00"},
            "离开要晚于到岗",
            id="order",
        ),
    ],
)
def test_a_settlement_at_fault_keeps_what_was_typed(
    seen: Seen, more: dict[str, str], words: str
) -> None:
    data = settlement(seen.check, **more)
    answer = seen.clerk.post(f"/attendance/checks/{seen.check.id}/settlement", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert data["reason"] in answer.text


def test_a_session_that_changed_is_shown_as_it_is_and_may_be_settled_then(
    app: Flask, tenant: Tenant, as_clerk: FlaskClient, check: AttendanceCheck, row: Any
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        found = db.session.scalars(select(DutySession)).one()
        found.signed_out_at = clock.instant(check.day, time(12))
        db.session.commit()
    address = f"/attendance/checks/{check.id}/settlement"
    refused = as_clerk.post(address, data=settlement(check))
    assert refused.status_code == 409
    assert "09:02–12:00" in refused.text
    assert as_clerk.post(address, data=settlement(row(AttendanceCheck))).status_code == 303


def test_several_are_settled_with_one_reason(as_clerk: FlaskClient, check: AttendanceCheck) -> None:
    data = {"check": str(check.id), "verdict": "phone", "reason": "钉钉信号不好"}
    answer = as_clerk.post(f"/attendance/settlements{MONTH}", data=data)
    assert answer.location == f"/attendance{MONTH}"
    assert "已处理 1 条差异" in as_clerk.get(answer.location).text
    assert as_clerk.post("/attendance/settlements", data={"verdict": "phone"}).status_code == 422
    repeated = as_clerk.post(f"/attendance/settlements{MONTH}", data=data)
    assert "1 条没有处理：已经处理过" in as_clerk.get(repeated.location).text


def test_the_month_is_compared_anew(as_clerk: FlaskClient, check: AttendanceCheck) -> None:
    answer = as_clerk.post(f"/attendance/comparison{MONTH}")
    assert (answer.status_code, answer.location) == (303, f"/attendance{MONTH}")


def test_who_and_where_are_stale_or_none_of_ours(
    as_clerk: FlaskClient, check: AttendanceCheck, row: Any, outsider: Tenant
) -> None:
    account, place = row(AttendanceAccount), row(AttendancePlace)
    to = f"/attendance/accounts/{account.id}/adviser"
    other = {"adviser_id": str(outsider.adviser_id), "revision": account.revision}
    assert as_clerk.post(to, data=other).status_code == 422
    assert as_clerk.post(to, data=other | {"adviser_id": "x"}).status_code == 422
    assert as_clerk.post(to, data={"adviser_id": "-", "revision": 0}).status_code == 409
    to = f"/attendance/places/{place.id}"
    assert as_clerk.post(to, data={"community_code": "x"}).status_code == 422
    assert as_clerk.post(to, data={"community_code": "-", "revision": 0}).status_code == 409
    kept = {"community_code": "-", "revision": place.revision}
    assert as_clerk.post(f"{to}?state=ignored&endpoint=x", data=kept).status_code == 303
    assert HALL in as_clerk.get("/attendance/places?state=ignored").text


def test_a_userid_is_noted_before_its_first_punch(as_clerk: FlaskClient, tenant: Tenant) -> None:
    data = {"vendor": "dingtalk", "userid": "u9", "adviser_id": str(tenant.backup_id)}
    assert as_clerk.post("/attendance/accounts", data=data).status_code == 303
    again = as_clerk.post("/attendance/accounts", data=data)
    assert (again.status_code, "已经登记为" in again.text) == (409, True)
    assert as_clerk.post("/attendance/accounts", data=data | {"userid": ""}).status_code == 422


def test_the_key_is_kept_sealed_and_never_shown(as_clerk: FlaskClient, row: Any) -> None:
    data = {"app_key": "dingabc", "secret": "s3cret-value", "since": "2026-10-01"}
    assert as_clerk.post("/attendance/link", data=data | {"secret": ""}).status_code == 422
    assert as_clerk.post("/attendance/link", data=data).status_code == 303
    page = as_clerk.get("/attendance/link").text
    assert "dingabc" in page
    assert "s3cret-value" not in page
    link = row(AttendanceLink)
    assert "s3cret" not in link.sealed_secret
    for since, status in (("2026-01-01", 422), ("2026-11-01", 422), ("2026-09-01", 303)):
        changed = data | {"secret": "", "since": since, "revision": link.revision}
        assert as_clerk.post("/attendance/link", data=changed).status_code == status
    assert as_clerk.post("/attendance/link", data=data | {"revision": 0}).status_code == 409
    nobody = as_clerk.post("/attendance/link/fetching")
    assert (nobody.status_code, "没有要取的人" in nobody.text) == (422, True)
    assert as_clerk.post("/attendance/link/removal").status_code == 303
    assert as_clerk.post("/attendance/link/removal").status_code == 404


@pytest.mark.parametrize("page", ["", "/accounts", "/places", "/files", "/link"])
def test_every_list_takes_few_statements(seen: Seen, page: str) -> None:
    seen.clerk.get(f"/attendance{page}")
    with statements() as sent:
        assert seen.clerk.get(f"/attendance{page}{MONTH}").status_code == 200
    assert len(sent) <= 8


@pytest.mark.parametrize("page", ["", "/accounts", "/places", "/files", "/link"])
def test_a_lawyer_has_none_of_it(seen: Seen, page: str) -> None:
    assert seen.lawyer.get(f"/attendance{page}").status_code == 403
