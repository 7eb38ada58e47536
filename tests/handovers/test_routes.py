"""Pages of handing over: what people see, and each refusal."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.handovers.models import ChatGroup, Promise
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.handovers.conftest import GOOD, lead_of


@pytest.fixture
def lead_id(app: Flask, tenant: Tenant) -> str:
    """The lead of the first community, as addresses name it."""
    with app.test_request_context(), as_scope(tenant.scope):
        return str(lead_of(tenant).id)


@pytest.fixture
def good(tenant: Tenant) -> dict[str, Any]:
    return GOOD | {"adviser_id": str(tenant.backup_id), "reason": "年度轮换"}


@pytest.fixture
def pack(as_manager: FlaskClient, lead_id: str, good: dict[str, Any]) -> str:
    """The address of a pack that was just made."""
    answer = as_manager.post(f"/assignments/{lead_id}/replacement", data=good)
    assert answer.status_code == 303
    return str(answer.location)


@pytest.fixture
def as_taker(app: Flask, tenant: Tenant) -> FlaskClient:
    """The successor, signed in."""
    return factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)


Look = Callable[..., list[Any]]


def boxes(page: str) -> list[str]:
    return re.findall(r'name="taken" value="([^"]+)"', page)


def revision(page: str) -> str:
    return re.findall(r'name="revision" value="(\d+)"', page)[0]


def test_the_form_knows_who_leaves_and_begins_tomorrow(
    as_manager: FlaskClient, tenant: Tenant, lead_id: str
) -> None:
    page = as_manager.get(f"/assignments/{lead_id}/replacement").text
    assert "更换张三丰" in page
    assert 'value="2026-10-15"' in page
    assert str(tenant.adviser_id) not in page, "nobody follows himself"


def test_a_replacement_leads_to_its_pack_and_notice(as_manager: FlaskClient, pack: str) -> None:
    page = as_manager.get(pack).text
    assert "李四光从 2026-10-20 起接任，交接清单已生成" in page
    assert "因本所法律顾问轮换，自2026年10月20日起" in page
    assert "由张三丰更换为李四光" in page
    assert "甲社区" in as_manager.get("/handovers").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"adviser_id": ""}, "请选择律师", id="nobody"),
        pytest.param({"starts_on": ""}, "请填写", id="no day"),
        pytest.param({"cause": ""}, "请选择", id="no cause"),
        pytest.param({"cause": "other", "reason": ""}, "用一句话写明", id="other, no words"),
        pytest.param({"ends_on": "2026-10-01"}, "不能早于接任日期", id="ends before it begins"),
        pytest.param({"starts_on": "2025-12-01"}, "才开始，不能在此之前", id="before theirs"),
    ],
)
def test_bad_input_comes_back(
    as_manager: FlaskClient,
    lead_id: str,
    good: dict[str, Any],
    changes: dict[str, str],
    words: str,
) -> None:
    sent = good | {"reason": "原样留着"} | changes
    answer = as_manager.post(f"/assignments/{lead_id}/replacement", data=sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert sent["reason"] in answer.text


def test_a_stale_page_is_refused(
    as_manager: FlaskClient, lead_id: str, good: dict[str, Any]
) -> None:
    stale = good | {"revision": "7"}
    answer = as_manager.post(f"/assignments/{lead_id}/replacement", data=stale)
    assert answer.status_code == 409
    assert "别人已经改动" in answer.text


def test_harm_is_not_told_to_the_community(
    as_manager: FlaskClient, lead_id: str, good: dict[str, Any]
) -> None:
    bad = good | {"cause": "assessment", "reason": "季度考核末位"}
    answer = as_manager.post(f"/assignments/{lead_id}/replacement", data=bad)
    paper = as_manager.get(f"{answer.location}/notice.pdf")
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages)
    assert "因本所工作安排调整" in words
    assert "考核" not in words


def test_the_successor_takes_over_and_signs(
    as_taker: FlaskClient, as_manager: FlaskClient, pack: str
) -> None:
    page = as_taker.get(pack).text
    ids = boxes(page)
    first = {"revision": revision(page), "taken": ids[:1], f"remark-{ids[1]}": "钥匙社区留着"}
    early = as_taker.post(f"{pack}/taking", data=first | {"act": "sign"})
    assert early.status_code == 422
    assert "还有1项没有勾选" in early.text
    assert "钥匙社区留着" in early.text
    saved = as_taker.post(f"{pack}/taking", data=first | {"act": "save"}, follow_redirects=True)
    assert "已保存，还有1项待接" in saved.text
    assert as_taker.post(f"{pack}/taking", data=first | {"act": "save"}).status_code == 409
    whole = {"revision": revision(saved.text), "taken": ids, "act": "sign"}
    assert (
        "已签收，交接完成"
        in as_taker.post(f"{pack}/taking", data=whole, follow_redirects=True).text
    )
    assert "没有未完成的交接" in as_manager.get("/handovers").text
    assert "已签收" in as_manager.get("/handovers?status=signed").text
    words = PdfReader(BytesIO(as_taker.get(f"{pack}/pack.pdf").data)).pages[0].extract_text()
    assert "在线签收" in words


def test_who_gives_reads_and_others_see_nothing(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, as_outsider: FlaskClient, pack: str
) -> None:
    assert as_adviser.get(pack).status_code == 200
    assert as_adviser.post(f"{pack}/taking", data={"revision": "1"}).status_code == 403
    assert as_outsider.get(pack).status_code == 404
    third = factories.signed_in(app, tenant.scope, Role.FINANCE)
    assert third.get(pack).status_code == 404
    assert "甲社区" not in third.get("/handovers").text


def test_only_the_desk_replaces(
    as_adviser: FlaskClient, as_outsider: FlaskClient, lead_id: str
) -> None:
    for page in (f"/assignments/{lead_id}/replacement", "/reassignments"):
        assert as_adviser.get(page).status_code == 403
    assert as_outsider.get(f"/assignments/{lead_id}/replacement").status_code == 404


def many(tenant: Tenant, page: str) -> dict[str, Any]:
    fields = re.findall(r'name="(to-[^"]+)"', page)
    who = {"adviser_id": str(tenant.adviser_id)}
    return GOOD | who | dict.fromkeys(fields, str(tenant.backup_id))


def test_many_changes_are_tried_then_made(as_manager: FlaskClient, tenant: Tenant) -> None:
    empty = as_manager.get("/reassignments").text
    assert "先选一位律师" in empty
    page = as_manager.get(f"/reassignments?adviser_id={tenant.adviser_id}").text
    sent = many(tenant, page)
    trial = as_manager.post("/reassignments/trial", data=sent)
    assert trial.status_code == 200
    assert "都可以更换" in trial.text
    assert "全部执行" in trial.text
    assert "没有未完成的交接" in as_manager.get("/handovers").text, "nothing was kept"
    done = as_manager.post("/reassignments", data=sent, follow_redirects=True).text
    assert "2个社区已更换律师" in done


def test_many_changes_with_an_obstacle_change_nothing(
    as_manager: FlaskClient, tenant: Tenant
) -> None:
    page = as_manager.get(f"/reassignments?adviser_id={tenant.adviser_id}").text
    early = many(tenant, page) | {"starts_on": "2026-01-01"}
    for path in ("/reassignments/trial", "/reassignments"):
        answer = as_manager.post(path, data=early)
        assert "甲社区：张三丰从 2026-01-01 才开始" in answer.text
        assert "乙社区：张三丰从 2026-01-01 才开始" in answer.text
    assert answer.status_code == 422
    nobody = {key: value for key, value in early.items() if not key.startswith("to-")}
    assert "请至少给一个社区选" in as_manager.post("/reassignments", data=nobody).text
    assert as_manager.post("/reassignments", data={"adviser_id": "x"}).status_code == 422


def test_promises_and_groups(as_adviser: FlaskClient, tenant: Tenant, look: Look) -> None:
    page = f"/communities/{tenant.town.communities[0]}/promises"
    assert "没有记下承诺" in as_adviser.get(page).text
    promise = {"adviser_id": str(tenant.adviser_id), "to_whom": "王主任", "words": "送公约"}
    assert as_adviser.post(page, data=promise | {"to_whom": ""}).status_code == 422
    late = as_adviser.post(page, data=promise | {"due_on": "2026-10-01"})
    assert (late.status_code, "兑现日期不能早于今天" in late.text) == (422, True)
    assert as_adviser.post(page, data=promise).status_code == 303
    (row,) = look(db.select(Promise))
    keeping = f"/promises/{row.id}/keeping"
    assert as_adviser.post(keeping, data={"revision": "9"}).status_code == 409
    assert as_adviser.post(keeping, data={"revision": "1"}).status_code == 303
    assert as_adviser.post(f"/promises/{row.id}/withdrawal").status_code == 409
    assert "2026-10-14 兑现" in as_adviser.get(page).text
    groups = page.replace("promises", "groups")
    group = {"name": "甲群", "level": "community", "member_count": "0"}
    assert as_adviser.post(groups, data=group).status_code == 422
    assert as_adviser.post(groups, data=group | {"member_count": "80"}).status_code == 303
    assert "已经登记过名为" in as_adviser.post(groups, data=group | {"member_count": ""}).text
    (found,) = look(db.select(ChatGroup))
    opened = as_adviser.get(f"{page}?group={found.id}").text
    assert f"/groups/{found.id}" in opened
    bad = as_adviser.post(f"/groups/{found.id}", data=group | {"revision": "1"})
    assert (bad.status_code, 'value="甲群"' in bad.text) == (422, True)
    named = group | {"member_count": "", "is_real_name": "y", "revision": "1"}
    assert as_adviser.post(f"/groups/{found.id}", data=named).status_code == 303
    assert as_adviser.post(f"/groups/{found.id}/closing", data={"revision": "2"}).status_code == 303
    assert "已解散" in as_adviser.get(page).text


def test_history_stands_in_one_line(
    as_manager: FlaskClient, as_checker: FlaskClient, tenant: Tenant, pack: str
) -> None:
    code = tenant.town.communities[0]
    page = as_manager.get(f"/communities/{code}/history").text
    assert page.index("李四光") < page.index("张三丰")
    assert f"{tenant.code}-001" in page
    assert f'href="{pack}"' in page
    shared = as_checker.get(f"/shared-communities/{code}/history").text
    assert "张三丰" in shared
    assert "律师事务所" in shared
    assert "/handovers/" not in shared, "packs stay inside the firm"
    assert as_checker.get("/shared-communities/999999999999/history").status_code == 404
    assert as_manager.get(f"/shared-communities/{code}/history").status_code == 403


def test_an_office_sees_no_other_street(app: Flask, tenant: Tenant) -> None:
    other = factories.town(app)
    client = factories.signed_in(app, other.scope, Role.CHECKER)
    code = tenant.town.communities[0]
    assert client.get(f"/shared-communities/{code}/history").status_code == 404


def test_lists_are_searched(as_manager: FlaskClient, pack: str) -> None:
    assert "甲社区" in as_manager.get("/handovers?q=甲&sort=community").text
    assert "没有找到符合条件的交接" in as_manager.get("/handovers?q=丁").text


def test_pages_need_few_statements(as_manager: FlaskClient, tenant: Tenant, pack: str) -> None:
    code = tenant.town.communities[0]
    for path in (
        "/handovers?status=all",
        pack,
        f"/reassignments?adviser_id={tenant.adviser_id}",
        f"/communities/{code}/promises",
        f"/communities/{code}/history",
    ):
        with statements() as sent:
            assert as_manager.get(path).status_code == 200
        assert len(sent) <= 8, (path, len(sent), sent)
