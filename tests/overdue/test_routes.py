"""Pages of late statements: what each side sees and does, and what is refused."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.cutoffs.models import OverdueMonth
from counselhub.overdue import actions
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.overdue.conftest import on, wanting
from tests.statements.sealed import actions as settling
from tests.statements.work import OCTOBER, compute

ASKED = {"cause": "evidence", "words": "签到表十一月九日才盖章", "revision": "1"}


@pytest.fixture
def page(app: Flask, tenant: Tenant) -> Iterator[str]:
    """The address of a month that was closed last night, its statement certified."""
    with on(11, 11):
        with wanting(app, tenant):
            settling.certify(compute(tenant, OCTOBER), tenant.member())
            actions.pass_days(clock.today(), by=tenant.member())
            row_id = db.session.scalars(db.select(OverdueMonth.id)).one()
            db.session.commit()
        yield f"/overdue/{row_id}"


def test_the_whole_way_on_the_pages(
    page: str, as_manager: FlaskClient, as_approver: FlaskClient
) -> None:
    assert page in as_manager.get("/overdue?status=closed").text
    found = re.search(r"/statements/([0-9a-f-]{36})", as_manager.get("/statements").text)
    assert found is not None
    statement = found[0]
    shown = as_manager.get(statement).text
    assert "已停止提交" in shown
    assert "/submission" not in shown
    assert as_manager.post(f"{page}/request", data=ASKED).status_code == 303
    assert "1 个月的结算单申请逾期补交" in as_approver.get("/office").text
    assert ASKED["words"] in as_approver.get(page).text
    given = {"until": "2026-11-20", "answer": "请尽快", "revision": "2"}
    assert as_approver.post(f"{page}/permission", data=given).status_code == 303
    assert "当天还来得及" in as_manager.get(page).text
    assert "/submission" in as_manager.get(statement).text
    sent = as_manager.post(f"{statement}/submission", data={"revision": ""})
    assert sent.status_code == 303
    assert "看结算单" in as_approver.get(page).text
    assert page in as_approver.get("/overdue?status=handed_in").text


@pytest.mark.parametrize(
    ("act", "sent", "why"),
    [
        pytest.param("request", ASKED | {"words": " "}, "请填写", id="no words"),
        pytest.param("request", ASKED | {"cause": "sleep"}, "valid|有效", id="no such cause"),
        pytest.param("permission", {"until": "2027-11-20"}, "90 天以内", id="too many days"),
        pytest.param("permission", {"until": "明天"}, "日期|valid", id="no day"),
    ],
)  # fmt: skip
def test_what_is_answered_with_422(
    page: str, as_manager: FlaskClient, as_approver: FlaskClient,
    act: str, sent: dict[str, Any], why: str,
) -> None:  # fmt: skip
    client = as_manager if act == "request" else as_approver
    answer = client.post(f"{page}/{act}", data=sent)
    assert answer.status_code == 422
    assert any(one in answer.text for one in why.split("|"))
    assert str(sent.get("words", "")).strip() in answer.text


def test_a_stale_page_and_a_second_request_are_refused(
    page: str, as_manager: FlaskClient, as_approver: FlaskClient
) -> None:
    as_manager.post(f"{page}/request", data=ASKED)
    stale = as_approver.post(f"{page}/permission", data={"until": "2026-11-20", "revision": "1"})
    assert stale.status_code == 409
    assert "申请补交" in stale.text
    assert as_manager.post(f"{page}/request", data=ASKED | {"revision": "2"}).status_code == 409
    unsaid = as_approver.post(f"{page}/refusal", data={"answer": "", "revision": "2"})
    assert unsaid.status_code == 422
    refused = as_approver.post(f"{page}/refusal", data={"answer": "材料不齐", "revision": "2"})
    assert refused.status_code == 303
    assert "材料不齐" in as_manager.get(page).text
    assert as_manager.post(f"{page}/withdrawal", data={"revision": "3"}).status_code == 409


def test_who_may_do_what(
    page: str, as_manager: FlaskClient, as_checker: FlaskClient, as_adviser: FlaskClient
) -> None:
    assert as_checker.get(page).status_code == 200
    assert as_checker.post(f"{page}/permission", data={"until": "2026-11-20"}).status_code == 403
    assert as_manager.post(f"{page}/refusal", data={"answer": "不"}).status_code == 403
    assert as_adviser.post(f"{page}/request", data=ASKED).status_code == 403


def test_another_street_and_another_firm_see_nothing(
    app: Flask, page: str, as_outsider: FlaskClient
) -> None:
    elsewhere = factories.town(app)
    stranger = factories.signed_in(app, elsewhere.scope, Role.APPROVER)
    for client in (stranger, as_outsider):
        assert client.get(page).status_code == 404
        assert page not in client.get("/overdue").text
    assert stranger.post(f"{page}/permission", data={"until": "2026-11-20"}).status_code == 404


def test_the_list_asks_few_questions(page: str, as_approver: FlaskClient) -> None:
    as_approver.get("/overdue")
    with statements() as asked:
        as_approver.get("/overdue?q=所&sort=firm")
    assert len(asked) <= 8
