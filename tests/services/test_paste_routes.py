"""Several lines at once: looked over, then saved all or none."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.permissions import Role
from tests import factories
from tests.factories import Tenant
from tests.services.conftest import NOON, STATEMENT

LINES = "欠薪 电话 2人 30分钟\n昨天 调解 邻里漏水 挽回5000元\n10月3日 乙社区 讲座 防诈骗 60人"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon."""
    with clock.frozen(NOON):
        yield


def fields(page: str) -> dict[str, str]:
    """Return what the table of lines would send, as a browser reads it."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", page):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("name", "").startswith("line") and given.get("type") != "checkbox":
            sent[given["name"]] = given.get("value", "")
    for name, body in re.findall(r'<select[^>]*name="(line[^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        sent[name] = chosen[1] if chosen else ""
    for name, body in re.findall(
        r'<textarea[^>]*name="(line[^"]+)"[^>]*>(.*?)</textarea>', page, re.S
    ):
        sent[name] = body.strip()
    return sent


def test_lines_are_looked_over_and_then_saved(as_adviser: FlaskClient, tenant: Tenant) -> None:
    table = as_adviser.post("/services/paste", data={"pasted": LINES})
    assert table.status_code == 200
    assert "核对 3 条" in table.text
    assert "FW2026" not in as_adviser.get("/services/records").text
    sent = fields(table.text)
    assert sent["line1-recovered_fen"] == "5000.00"
    assert sent["line2-community_code"] == tenant.town.communities[1]
    answer = as_adviser.post("/services/lines", data=sent)
    assert (answer.status_code, answer.location) == (303, "/services")
    page = as_adviser.get("/services/records").text
    for number in ("FW20261008-0001", "FW20261007-0001", "FW20261003-0001"):
        assert number in page


def test_one_fault_keeps_all_lines_and_saves_none(as_adviser: FlaskClient) -> None:
    table = as_adviser.post("/services/paste", data={"pasted": f"{LINES}\n13月1日 咨询 李某"})
    assert "没有这一天" in table.text
    sent = fields(table.text)
    for change, words in (
        ({"line3-day": ""}, "请填写"),
        ({"line3-day": "2026-10-09"}, "日期不能晚于今天"),
        ({"line3-persons": "-1"}, "请填写0到100000之间的整数"),
        ({"line0-community_code": "x"}, "Not a valid choice"),
    ):
        answer = as_adviser.post("/services/lines", data=sent | change)
        assert answer.status_code == 422
        assert words in answer.text or "有 1 条需要改正" in answer.text
        assert "邻里漏水" in answer.text
    assert "FW2026" not in as_adviser.get("/services/records").text
    dropped = as_adviser.post(
        "/services/lines", data=sent | {"line3-day": "", "line3-dropped": "y"}
    )
    assert dropped.status_code == 303
    assert "共 3 条" in as_adviser.get("/services/records").text


def test_a_closed_month_refuses_all_of_them_and_names_the_line(
    as_adviser: FlaskClient, close_october: Callable[[], None]
) -> None:
    sent = fields(as_adviser.post("/services/paste", data={"pasted": LINES}).text)
    close_october()
    answer = as_adviser.post("/services/lines", data=sent)
    assert answer.status_code == 409
    assert STATEMENT in answer.text


def test_a_clerk_writes_them_for_a_lawyer(app: Flask, tenant: Tenant) -> None:
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    table = clerk.post("/services/paste", data={"pasted": "甲社区 咨询 工伤 1人"}).text
    sent = fields(table)
    assert clerk.post("/services/lines", data=sent).status_code == 422
    named = sent | {"adviser_id": str(tenant.backup_id)}
    assert clerk.post("/services/lines", data=named).status_code == 303
    assert "李四光" in clerk.get("/services/records").text


def test_nobody_writes_them_for_a_colleague(as_adviser: FlaskClient, tenant: Tenant) -> None:
    sent = fields(as_adviser.post("/services/paste", data={"pasted": LINES}).text)
    answer = as_adviser.post("/services/lines", data=sent | {"adviser_id": str(tenant.backup_id)})
    assert answer.status_code == 422
    assert "只能记在自己名下" in answer.text


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        pytest.param("", "请粘贴或说几条", id="nothing"),
        pytest.param("咨询 1人\n" * 31, "一次最多 30 条", id="too many"),
        pytest.param("长" * 20_001, "20000", id="too long"),
    ],
)
def test_what_cannot_be_read_is_told(as_adviser: FlaskClient, pasted: str, words: str) -> None:
    answer = as_adviser.post("/services/paste", data={"pasted": pasted})
    assert answer.status_code == 422
    assert words in answer.text
