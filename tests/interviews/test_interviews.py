"""Interviews: proposed, written down, delivered, acknowledged, closed."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.interviews.rules import Shortage, shortage
from counselhub.statements.actions import passing
from tests.counting import statements
from tests.factories import Tenant
from tests.review import factories as review

NOVEMBER = datetime(2026, 11, 10, 10, tzinfo=clock.SHANGHAI)
Write = Callable[..., dict[str, str]]


def step(name: str, minutes: int, visits: int) -> dict[str, Any]:
    return {"rule": "M", "name": name, "inputs": {"minutes": minutes, "visits": visits}}


@pytest.mark.parametrize(
    ("present", "required", "found"),
    [
        pytest.param((480, 4), (480, 4), None, id="INTERVIEW-1 exactly enough"),
        pytest.param((479, 4), (480, 4), Shortage(479, 480, 4, 4), id="INTERVIEW-1 a minute"),
        pytest.param((480, 3), (480, 4), Shortage(480, 480, 3, 4), id="INTERVIEW-1 a visit"),
        pytest.param((0, 0), (0, 0), None, id="INTERVIEW-1 nothing asked"),
    ],
)
def test_shortage(
    present: tuple[int, int], required: tuple[int, int], found: Shortage | None
) -> None:
    assert shortage([step("presence", *present), step("required", *required)]) == found


@pytest.fixture
def november() -> Any:
    """After the month of October."""
    with clock.frozen(NOVEMBER):
        yield


@pytest.fixture
def entry(tenant: Tenant) -> Write:
    """What an office types into the form."""

    def values(**changes: str) -> dict[str, str]:
        return {
            "firm_id": str(tenant.firm_id),
            "community_code": tenant.town.communities[0],
            "adviser_id": str(tenant.adviser_id),
            "month": "2026-10",
            "reason": "hours",
            "held_on": "2026-11-10",
            "due_on": "2026-12-10",
            "present": "李所长；张律师",
            "words": "十月时长不足",
            "agreed": "每周四到岗",
        } | changes

    return values


def write(client: FlaskClient, entry: dict[str, str]) -> str:
    answer = client.post("/interviews", data=entry)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


@pytest.mark.usefixtures("november")
def test_a_second_tap_shows_the_draft_of_the_first(as_checker: FlaskClient, entry: Write) -> None:
    first = write(as_checker, entry())
    again = as_checker.post("/interviews", data=entry(words="改了一句"))
    assert again.status_code == 409
    assert "草稿已经有了" in again.text
    assert f"{first}/" in again.text
    write(as_checker, entry(adviser_id=""))


@pytest.mark.usefixtures("november")
def test_whoever_was_below_hours_is_proposed_once(
    app: Flask, tenant: Tenant, as_checker: FlaskClient, entry: Write
) -> None:
    assert "没有需要约谈的" in as_checker.get("/interviews/proposals").text
    review.records(app, tenant)
    taken_back = review.statement(app, tenant)
    with app.test_request_context(), as_scope(tenant.scope):
        passing.void(taken_back.get(), tenant.member(), words="算错了")
        db.session.commit()
    assert "没有需要约谈的" in as_checker.get("/interviews/proposals").text, "void"
    review.statement(app, tenant)
    page = as_checker.get("/interviews/proposals").text
    assert page.count("乙社区") == 1
    assert "时长不足" in page
    assert "乙社区" in page
    link = page.split('class="btn btn-primary" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "应有8小时00分" in as_checker.get(link).text
    write(as_checker, entry(community_code=tenant.town.communities[1]))
    assert "已约谈，查看" in as_checker.get("/interviews/proposals").text


@pytest.mark.usefixtures("november")
def test_an_interview_from_draft_to_its_end(
    as_checker: FlaskClient,
    as_approver: FlaskClient,
    as_manager: FlaskClient,
    as_outsider: FlaskClient,
    entry: Write,
) -> None:
    page = write(as_checker, entry())
    assert as_manager.get(page).status_code == 404
    assert "没有约谈记录" in as_manager.get("/interview-records").text
    change = entry(words="十月、十一月时长不足", revision="1")
    assert as_approver.post(page, data=change).status_code == 303
    assert as_checker.post(page, data=change).status_code == 409
    assert as_checker.post(f"{page}/publication").status_code == 303
    assert as_checker.post(page, data=entry()).status_code == 409
    assert as_outsider.get(page).status_code == 404
    assert "十一月时长不足" in as_manager.get(page).text
    assert as_checker.post(f"{page}/acknowledgement").status_code == 403
    assert as_manager.post(f"{page}/acknowledgement", data={"words": "照办"}).status_code == 303
    assert as_manager.post(f"{page}/acknowledgement").status_code == 409
    assert as_checker.post(f"{page}/closing", data={"words": ""}).status_code == 422
    assert as_checker.post(f"{page}/closing", data={"words": "已按时到岗"}).status_code == 303
    assert "已按时到岗" in as_manager.get(page).text
    assert as_checker.post(f"{page}/withdrawal", data={"words": "x"}).status_code == 409


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"held_on": "2026-11-11"}, "不能晚于今天", id="in the future"),
        pytest.param({"due_on": "2026-11-09"}, "不能早于约谈日期", id="due before"),
        pytest.param({"month": "十月"}, "2026-10 的样子", id="no month"),
        pytest.param({"agreed": ""}, "请填写", id="nothing agreed"),
        pytest.param({"reason": ""}, "请选择", id="no reason"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    as_checker: FlaskClient, entry: Write, changes: dict[str, str], sentence: str
) -> None:
    answer = as_checker.post("/interviews", data=entry(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "十月时长不足" in answer.text


@pytest.mark.usefixtures("november")
def test_a_lawyer_of_another_firm_is_refused(
    as_checker: FlaskClient, outsider: Tenant, entry: Write
) -> None:
    answer = as_checker.post("/interviews", data=entry(adviser_id=str(outsider.adviser_id)))
    assert answer.status_code == 422
    assert "不在所选的律所" in answer.text


@pytest.mark.usefixtures("november")
def test_the_database_keeps_the_record_from_the_firm(
    app: Flask, tenant: Tenant, as_checker: FlaskClient, entry: Write
) -> None:
    page = write(as_checker, entry())
    as_checker.post(f"{page}/publication")
    with app.test_request_context():
        change = text("update interview set agreed = 'x', status = 'acknowledged'")
        with pytest.raises(DBAPIError, match="the office's"), as_scope(tenant.scope):
            db.session.execute(change)
        db.session.rollback()


@pytest.mark.usefixtures("november")
def test_it_is_printed_in_chinese_and_lists_stay_within_eight_statements(
    as_checker: FlaskClient, as_manager: FlaskClient, entry: Write
) -> None:
    page = write(as_checker, entry(present="#set page(1) 李所长"))
    as_checker.post(f"{page}/publication")
    document = as_manager.get(f"{page}/interview.pdf")
    said = "".join(PdfReader(BytesIO(document.data)).pages[0].extract_text().split())
    for words in ("约谈记录", "时长不足", "每周四到岗", "2026年12月10日", "#setpage(1)"):
        assert words in said
    for client, address in (
        (as_checker, "/interviews?tab=all&q=社区&sort=firm"),
        (as_checker, "/interviews/proposals"),
        (as_checker, "/interviews/new"),
        (as_checker, page),
        (as_manager, "/interview-records?sort=due"),
        (as_manager, page),
    ):
        with statements() as sent:
            assert client.get(address).status_code == 200
        assert len(sent) <= 8, (address, sent)


@pytest.mark.usefixtures("november")
def test_a_day_to_come_is_told_at_its_own_field(as_checker: FlaskClient, entry: Write) -> None:
    answer = as_checker.post("/interviews", data=entry(held_on="2026-11-11"))
    assert 'id="held_on-error"' in answer.text
    assert 'id="due_on-error"' not in answer.text
