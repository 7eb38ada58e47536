"""A text from its first version to the settled one, as its lawyer and others see it."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from counselhub.core.permissions import Role
from counselhub.products import word_files
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.products.conftest import SECOND, Begin, word_file
from tests.services.conftest import MakeRecord

OPINION = {
    "number": "1",
    "paragraph": "4",
    "risk": "high",
    "words": "违约金过高",
    "proposal": "改为百分之二十",
}


def test_a_text_is_begun_and_shown(as_adviser: FlaskClient, begin: Begin) -> None:
    page = as_adviser.get(begin()).text
    for words in ("大盆菜场地租赁合同", "审改中", "第三条 违约金为租金的两倍。", "第1版", "甲社区"):
        assert words in page
    listed = as_adviser.get("/products").text
    assert "大盆菜场地租赁合同" in listed
    assert "大盆菜场地租赁合同" in as_adviser.get("/products?q=场地租赁").text
    assert "大盆菜场地租赁合同" in as_adviser.get("/products?q=大盆").text
    assert "没有符合条件的文本" in as_adviser.get("/products?q=买卖合同").text


def test_a_word_file_becomes_paragraphs(as_adviser: FlaskClient, begin: Begin) -> None:
    sent = word_file("标题", "", "第一条　甲方")
    page = as_adviser.get(begin(pasted="", file=(BytesIO(sent), "合同.docx"))).text
    assert "第一条　甲方" in page
    assert "Word 文件" in page
    assert "合同.docx" in page
    assert 'id="p2"' in page
    assert 'id="p3"' not in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"pasted": " \n "}, "里面没有文字", id="nothing"),
        pytest.param({"title": ""}, "请填写", id="no title"),
        pytest.param({"file": (b"%PDF-1.4 %%EOF", "a.pdf")}, "只收 Word", id="a pdf"),
        pytest.param({"file": (b"PK\x03\x04broken", "a.docx")}, "打不开", id="a broken file"),
        pytest.param({"community_code": "110101001001"}, "请选择", id="a foreign community"),
        pytest.param({"service": "FW1"}, "没有编号为FW1的服务记录", id="no such service"),
        pytest.param({"file": (b"\xe5\xad\x97" * 100_001, "a.txt")}, "超过上限", id="too long"),
    ],
)
def test_what_cannot_begin_comes_back(
    as_adviser: FlaskClient, text_data: dict[str, Any], given: dict[str, Any], words: str
) -> None:
    if "file" in given:
        content, name = given["file"]
        given = {"file": (BytesIO(content), name)}
    answer = as_adviser.post("/products/texts", data=text_data | given)
    assert answer.status_code == 422
    assert words in answer.text
    assert text_data["community_code"] in answer.text


def test_a_service_begins_a_text_and_is_linked(
    as_adviser: FlaskClient, begin: Begin, make_record: MakeRecord
) -> None:
    made = make_record(number="FW20261008-0001", kind="contract_review")
    assert f"/products/texts/new?service={made}" in as_adviser.get(f"/services/{made}").text
    form = as_adviser.get(f"/products/texts/new?service={made}").text
    assert 'value="FW20261008-0001"' in form
    page = as_adviser.get(begin(service="fw20261008-0001")).text
    assert f'href="/services/{made}"' in page


@pytest.mark.parametrize(
    ("record", "words"),
    [
        pytest.param({"kind": "consultation"}, "类别是“法律咨询”", id="another kind"),
        pytest.param({"community": 1}, "另一个社区", id="another community"),
    ],
)
def test_a_service_that_does_not_fit_is_refused(
    as_adviser: FlaskClient,
    text_data: dict[str, Any],
    tenant: Tenant,
    make_record: MakeRecord,
    record: dict[str, Any],
    words: str,
) -> None:
    place = tenant.town.communities[record.pop("community", 0)]
    make_record(number="FW9", community_code=place, **{"kind": "contract_review"} | record)
    answer = as_adviser.post("/products/texts", data=text_data | {"service": "FW9"})
    assert answer.status_code == 422
    assert words in answer.text


def test_versions_are_compared(as_adviser: FlaskClient, begin: Begin) -> None:
    here = begin()
    same = as_adviser.post(f"{here}/versions", data={"revision": "2", "pasted": SECOND + "\n"})
    assert (same.status_code, same.location) == (303, f"{here}/comparison")
    page = as_adviser.get(f"{here}/comparison").text
    assert "<del>五日</del>" in page
    assert "<ins>十日以</ins>" in page
    assert "改动 1 段 · 删去 1 段 · 新增 1 段 · 未动 2 段" in page
    assert "争议由法院管辖" in as_adviser.get(f"{here}/comparison?view=inline&whole=1").text
    again = as_adviser.post(f"{here}/versions", data={"revision": "3", "pasted": SECOND})
    assert again.status_code == 422
    assert "一字不差" in again.text
    assert "两版一字不差" in as_adviser.get(f"{here}/comparison?from=1&to=1").text
    assert as_adviser.get(f"{here}/comparison?from=1&to=9").status_code == 404
    for number in ("9", "-1", "9" * 30):
        assert as_adviser.get(f"{here}?v={number}").status_code == 404


def test_opinions_go_into_the_sheet(as_adviser: FlaskClient, begin: Begin) -> None:
    here = begin()
    form = as_adviser.get(f"{here}?p=4").text
    assert 'name="paragraph"' in form
    answer = as_adviser.post(f"{here}/opinions", data=OPINION)
    assert (answer.status_code, answer.location) == (303, f"{here}?v=1#p4")
    page = as_adviser.get(here).text
    (path,) = re.findall(rf'action="({here}/opinions/[^"]+/answer)"', page)
    assert as_adviser.post(path, data={"answer": "taken", "revision": "2"}).status_code == 303
    settled = {"revision": "2", "settled": "1", "conclusion": "可以签订"}
    assert as_adviser.post(f"{here}/settling", data=settled).status_code == 303
    sheet = as_adviser.get(f"{here}/opinions.pdf")
    said = PdfReader(BytesIO(sheet.data)).pages[0].extract_text().replace("\n", "")
    letters = word_files.letters(as_adviser.get(f"{here}/opinions.docx").data)
    for words in ("合同审查意见书", "高风险", "违约金过高", "已采纳", "可以签订"):
        assert words in said
        assert words in letters


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"paragraph": "5"}, "没有第 5 段", id="no such paragraph"),
        pytest.param({"number": "7"}, "没有第 4 段", id="no such version"),
        pytest.param({"words": ""}, "请填写", id="no words"),
        pytest.param({"risk": "none"}, "风险", id="no such risk"),
    ],
)
def test_an_opinion_that_cannot_be_comes_back(
    as_adviser: FlaskClient, begin: Begin, given: dict[str, str], words: str
) -> None:
    answer = as_adviser.post(f"{begin()}/opinions", data=OPINION | given)
    assert answer.status_code == 422
    assert words in answer.text
    assert "改为百分之二十" in answer.text


def test_a_settled_text_is_changed_only_when_taken_up_again(
    as_adviser: FlaskClient, begin: Begin
) -> None:
    here = begin()
    as_adviser.post(f"{here}/opinions", data=OPINION)
    (removal,) = re.findall(r'action="([^"]+/removal)"', as_adviser.get(here).text)
    assert (
        as_adviser.post(f"{here}/settling", data={"revision": "2", "settled": "1"}).status_code
        == 303
    )
    for path, data in (
        (f"{here}/versions", {"pasted": SECOND}),
        (f"{here}/opinions", OPINION),
        (removal, {}),
        (f"{here}/settling", {"settled": "1"}),
        (f"{here}/voiding", {"reason": "弄错了"}),
    ):
        answer = as_adviser.post(path, data=data)
        assert answer.status_code == 409, path
        assert "已定稿" in answer.text
    assert as_adviser.post(f"{here}/reopening", data={"revision": "3"}).status_code == 303
    assert as_adviser.post(removal).status_code == 303
    assert as_adviser.post(removal).status_code == 404
    assert (
        as_adviser.post(f"{here}/voiding", data={"revision": "4", "reason": "弄错了"}).status_code
        == 303
    )
    assert "已作废" in as_adviser.get(here).text


def test_a_stale_page_is_told(
    as_adviser: FlaskClient, begin: Begin, text_data: dict[str, Any]
) -> None:
    here = begin()
    change = text_data | {"title": "新名称", "revision": "2"}
    assert as_adviser.get(f"{here}/edit").status_code == 200
    assert as_adviser.post(here, data=change).status_code == 303
    for path, data in ((here, change), (f"{here}/versions", {"revision": "2", "pasted": SECOND})):
        answer = as_adviser.post(path, data=data)
        assert answer.status_code == 409
        assert "别人已经改动了它" in answer.text
        assert "新名称" in answer.text


def test_a_colleague_another_firm_and_the_office_see_nothing(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_outsider: FlaskClient,
    as_checker: FlaskClient, begin: Begin,
) -> None:  # fmt: skip
    here = begin()
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    finance = factories.signed_in(app, tenant.scope, Role.FINANCE)
    for client, status in ((colleague, 404), (as_outsider, 404), (as_checker, 403), (finance, 403)):
        assert client.get(here).status_code == status
        assert client.get(f"{here}/opinions.docx").status_code == status
    assert as_manager.get(here).status_code == 200
    assert "还没有审改的文本" in colleague.get("/products").text


def test_pages_ask_little(as_adviser: FlaskClient, begin: Begin) -> None:
    here = begin()
    as_adviser.post(f"{here}/opinions", data=OPINION)
    as_adviser.post(f"{here}/versions", data={"revision": "2", "pasted": SECOND})
    for page in ("/products", "/products?q=场地租赁", here, f"{here}/comparison"):
        as_adviser.get(page)
        with statements() as sent:
            assert as_adviser.get(page).status_code == 200
        assert len(sent) <= 8, sent
