"""A company is looked over on the phone, item by item, until what is lacking is mended."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from counselhub.core import clock
from counselhub.core.permissions import Role
from counselhub.products import word_files
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.products.conftest import Begin
from tests.services.conftest import MakeRecord

LINES = "# 用工\n签合同\n缴社保\n# 税务\n报税"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def checkup_data(as_manager: FlaskClient, tenant: Tenant) -> dict[str, Any]:
    """What the form of a new check-up sends, by a short checklist of the firm's own."""
    kept = as_manager.post("/products/checklists", data={"name": "短清单", "lines": LINES})
    assert kept.status_code == 303, kept.text
    page = as_manager.get("/products/checkups/new").text
    found = re.search(r'<option value="([0-9a-f-]{36})">短清单', page)
    assert found
    return {
        "name": "某某食品有限公司",
        "community_code": tenant.town.communities[0],
        "day": clock.today().isoformat(),
        "checklist": found[1],
    }


@pytest.fixture
def start(as_adviser: FlaskClient, checkup_data: dict[str, Any]) -> Begin:
    """Begin a check-up as the first adviser does; returns the address of its page."""

    def make(**given: Any) -> str:
        answer = as_adviser.post("/products/checkups", data=checkup_data | given)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    return make


def fill(client: FlaskClient, here: str, code: str, verdict: str, **more: str) -> Any:
    return client.post(f"{here}/answers", data={"code": code, "verdict": verdict} | more)


def test_items_are_saved_one_by_one(as_adviser: FlaskClient, start: Begin) -> None:
    here = start()
    assert "已填 0 / 3 项" in as_adviser.get(here).text
    answer = fill(as_adviser, here, "1.1", "ok")
    assert (answer.status_code, answer.location) == (303, f"{here}#item-1.1")
    part = as_adviser.post(
        f"{here}/answers", data={"code": "1.2", "verdict": "bad", "note": "未缴"}, headers=HTMX
    )
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<li id="item-1.2"')
    assert "checkup-changed" in part.headers["HX-Trigger"]
    page = as_adviser.get(here).text
    assert "已填 2 / 3 项，不合规 1 项" in page
    assert "未缴" in page


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_who_writes_second_is_told(
    as_adviser: FlaskClient, start: Begin, headers: dict[str, str]
) -> None:
    here = start()
    fill(as_adviser, here, "1.1", "ok")
    data = {"code": "1.1", "verdict": "bad"}
    answer = as_adviser.post(f"{here}/answers", data=data, headers=headers)
    assert answer.status_code == 409
    assert "这一项别人刚刚填过" in answer.text
    assert fill(as_adviser, here, "1.1", "none", revision="1").status_code == 303


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_an_item_that_cannot_be_keeps_what_was_typed(
    as_adviser: FlaskClient, start: Begin, headers: dict[str, str]
) -> None:
    data = {"code": "1.1", "note": "写了一半", "due_on": "2026-13-40"}
    answer = as_adviser.post(f"{start()}/answers", data=data, headers=headers)
    assert answer.status_code == 422
    assert "写了一半" in answer.text
    assert "2026-13-40" in answer.text
    assert fill(as_adviser, start(name="另一家"), "9.9", "ok").status_code == 404


def test_the_report_names_what_is_lacking(as_adviser: FlaskClient, start: Begin) -> None:
    here = start(credit_code="91350100M000100Y43")
    fill(as_adviser, here, "1.1", "ok")
    early = as_adviser.post(f"{here}/report", data={"revision": "1"})
    assert early.status_code == 422
    assert "还有 2 项没有填" in early.text
    fill(as_adviser, here, "1.2", "bad")
    fill(as_adviser, here, "2.1", "none")
    mute = as_adviser.post(f"{here}/report", data={"revision": "1"})
    assert "写明发现了什么：1.2" in mute.text
    fill(
        as_adviser,
        here,
        "1.2",
        "bad",
        revision="1",
        note="三人未缴",
        advice="补缴",
        due_on="2026-12-01",
    )
    done = as_adviser.post(f"{here}/report", data={"revision": "1", "conclusion": "总体较好"})
    assert done.status_code == 303
    said = PdfReader(BytesIO(as_adviser.get(f"{here}/report.pdf").data)).pages[0].extract_text()
    letters = word_files.letters(as_adviser.get(f"{here}/report.docx").data)
    for words in (
        "企业法治体检报告",
        "三人未缴",
        "补缴",
        "2026年12月1日",
        "总体较好",
        "91350100M000100Y43",
    ):
        assert words in re.sub(r"\s", "", said)
        assert words in letters
    assert fill(as_adviser, here, "1.1", "bad", revision="1").status_code == 409
    assert as_adviser.post(f"{here}/refilling", data={"revision": "2"}).status_code == 303


def test_what_is_lacking_is_followed_until_it_is_mended(
    as_adviser: FlaskClient, start: Begin
) -> None:
    here = start()
    fill(as_adviser, here, "1.1", "bad", note="没有合同", due_on="2020-01-01")
    listed = as_adviser.get("/products/checkups/open-items").text
    assert "没有合同" in listed
    assert "逾期" in listed
    (mending,) = re.findall(r'action="([^"]+/mending)"', as_adviser.get(here).text)
    for data, status, words in (
        ({"day": "2099-01-01", "words": "补签", "revision": "1"}, 422, "今天以前"),
        ({"day": clock.today().isoformat(), "words": "", "revision": "1"}, 422, "请填写"),
        ({"day": clock.today().isoformat(), "words": "补签", "revision": "9"}, 409, "别人已经改动"),
        ({"day": clock.today().isoformat(), "words": "补签", "revision": "1"}, 303, ""),
        ({"day": clock.today().isoformat(), "words": "补签", "revision": "2"}, 409, "没有待整改"),
    ):
        answer = as_adviser.post(mending, data=data)
        assert answer.status_code == status, data
        assert words in answer.text
    assert "没有待整改的问题" in as_adviser.get("/products/checkups/open-items").text


def test_a_company_is_known_again(as_adviser: FlaskClient, start: Begin) -> None:
    first = start(credit_code="91350100M000100Y43")
    second = start()
    assert first in as_adviser.get(second).text
    form = as_adviser.get(f"/products/checkups/new?again={first.rpartition('/')[2]}").text
    assert 'value="91350100M000100Y43"' in form


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"credit_code": "91350100M000100Y44"}, "校验位不对", id="check digit"),
        pytest.param({"credit_code": "9135"}, "18位", id="shape of a code"),
        pytest.param({"name": ""}, "请填写", id="no name"),
        pytest.param({"day": "2099-01-01"}, "不能晚于今天", id="a day to come"),
        pytest.param({"next_on": "2000-01-01"}, "下次体检要晚于", id="the next one before"),
        pytest.param({"service": "FW0"}, "没有编号为FW0", id="no such service"),
        pytest.param(
            {"name": "别的公司", "credit_code": "91350100M000100Y43"},
            "已经登记给“某某食品有限公司”",
            id="a code of another company",
        ),
    ],
)  # fmt: skip
def test_what_cannot_begin_comes_back(
    as_adviser: FlaskClient, start: Begin, checkup_data: dict[str, Any], given: dict[str, str],
    words: str,
) -> None:  # fmt: skip
    start(credit_code="91350100M000100Y43")
    answer = as_adviser.post("/products/checkups", data=checkup_data | given)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_check_up_is_changed_once_and_told_when_stale(
    as_adviser: FlaskClient, start: Begin, checkup_data: dict[str, Any], make_record: MakeRecord
) -> None:
    here = start()
    made = make_record(number="FW20261008-0002", kind="legal_checkup")
    data = checkup_data | {"service": "FW20261008-0002", "revision": "1"}
    assert as_adviser.get(f"{here}/edit").status_code == 200
    assert as_adviser.post(here, data=data).status_code == 303
    assert f'href="/services/{made}"' in as_adviser.get(here).text
    stale = as_adviser.post(here, data=data)
    assert stale.status_code == 409
    assert "别人已经改动了它" in stale.text
    assert (
        'value="FW20261008-0002"' in as_adviser.get(f"/products/checkups/new?service={made}").text
    )


def test_checklists_are_the_managers(
    as_manager: FlaskClient, as_adviser: FlaskClient, checkup_data: dict[str, Any], start: Begin
) -> None:
    here = f"/products/checklists/{checkup_data['checklist']}"
    begun = start()
    assert "短清单" in as_adviser.get("/products/checklists").text
    assert as_adviser.get(here).status_code == 403
    assert "# 用工" in as_manager.get(here).text
    again = as_manager.post("/products/checklists", data={"name": "短清单", "lines": LINES})
    assert again.status_code == 422
    assert "已经有一份叫“短清单”的清单" in again.text
    wrong = as_manager.post(here, data={"name": "短清单", "lines": "签合同", "revision": "1"})
    assert wrong.status_code == 422
    assert "第1行前面还没有部分" in wrong.text
    changed = {"name": "新清单", "lines": "# 消防\n灭火器", "revision": "1"}
    assert as_manager.post(here, data=changed).status_code == 303
    assert as_manager.post(here, data=changed).status_code == 409
    assert as_manager.post(f"{here}/removal").status_code == 303
    assert "签合同" in as_adviser.get(begun).text
    assert as_manager.get(here).status_code == 404


def test_a_colleague_another_firm_and_the_office_see_nothing(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_outsider: FlaskClient,
    as_checker: FlaskClient, start: Begin,
) -> None:  # fmt: skip
    here = start()
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    for client, status in ((colleague, 404), (as_outsider, 404), (as_checker, 403)):
        assert client.get(here).status_code == status
        assert client.get(f"{here}/report.pdf").status_code == status
        assert fill(client, here, "1.1", "ok").status_code == status
    assert as_manager.get(here).status_code == 200
    assert "还没有体检" in colleague.get("/products/checkups").text


def test_pages_ask_little(as_adviser: FlaskClient, start: Begin) -> None:
    here = start()
    fill(as_adviser, here, "1.1", "bad", note="没有合同")
    fill(as_adviser, here, "1.2", "bad", note="没有社保")
    lists = ("/products/checkups", "/products/checkups?q=食品", "/products/checkups/open-items")
    for page in (*lists, here):
        as_adviser.get(page)
        with statements() as sent:
            assert as_adviser.get(page).status_code == 200
        assert len(sent) <= 8, sent
