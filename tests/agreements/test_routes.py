"""The pages of contracts' texts: clauses, drafts, scans, the filing."""

import re
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient

from counselhub.agreements import builtin
from counselhub.contracts.models import Contract
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_firm
from tests import counting, factories
from tests.factories import Tenant

PDF = b"%PDF-1.4\n1 0 obj\n%%EOF\n"
CLAUSE = {
    "title": "补充约定",
    "body": "甲方{{甲方}}另付交通费。",
    "position": "500",
    "contract_kind": "",
}


@pytest.fixture
def library(as_manager: FlaskClient) -> list[str]:
    """The clauses for a start, in the firm's library; their ids in order."""
    assert as_manager.post("/contract-clauses/start").status_code == 303
    page = as_manager.get("/contract-clauses").text
    return re.findall(r'/contract-clauses/([0-9a-f-]{36})"', page)


def papers(tenant: Tenant, more: str = "papers") -> str:
    return f"/contracts/{tenant.contract_id}/{more}"


def sign(app: Flask, tenant: Tenant) -> None:
    with app.app_context(), as_firm(tenant.firm_id):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        contract.signed_on = date(2026, 1, 5)
        db.session.commit()


def test_the_library_begins_with_usual_clauses(as_manager: FlaskClient, library: list[str]) -> None:
    page = as_manager.get("/contract-clauses").text
    for one, _is_mandatory in builtin.CLAUSES:
        assert one.title in page
    as_manager.post("/contract-clauses/start")
    assert len(set(library)) == len(builtin.CLAUSES)


def test_a_clause_is_added_changed_and_deleted(as_manager: FlaskClient) -> None:
    assert as_manager.post("/contract-clauses", data=CLAUSE).status_code == 303
    page = as_manager.get("/contract-clauses").text
    link = re.search(r'/contract-clauses/[0-9a-f-]{36}"', page)
    assert link
    address = link[0].rstrip('"')
    assert "另付交通费" in as_manager.get(address).text
    changed = CLAUSE | {"revision": "1", "title": "交通费"}
    assert as_manager.post(address, data=changed).status_code == 303
    assert as_manager.post(address, data=changed).status_code == 409
    assert as_manager.post(f"{address}/removal").status_code == 303
    assert "交通费" not in as_manager.get("/contract-clauses").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"title": ""}, "请填写", id="no title"),
        pytest.param({"title": "期限"}, "已经有一条叫“期限”的条款", id="a title taken"),
        pytest.param({"body": "由{{印章}}"}, "没有字段“印章”", id="an unknown field"),
        pytest.param({"position": "0"}, "1到999", id="no place"),
    ],
)
def test_a_bad_clause_keeps_what_was_typed(
    as_manager: FlaskClient, library: list[str], changes: dict[str, str], words: str
) -> None:
    answer = as_manager.post("/contract-clauses", data=CLAUSE | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "500" in answer.text or "position" in changes


def test_a_text_is_made_as_word_and_pdf(
    as_manager: FlaskClient, tenant: Tenant, library: list[str]
) -> None:
    data = {"revision": "1", "template": "plain", "clauses": library}
    assert as_manager.post(papers(tenant, "drafts"), data=data).status_code == 303
    page = as_manager.get(papers(tenant)).text
    links = dict.fromkeys(re.findall(r"/contract-papers/[0-9a-f-]+", page))
    files = [as_manager.get(link).data for link in links]
    word = next(one for one in files if one.startswith(b"PK"))
    assert any(one.startswith(b"%PDF-") for one in files)
    text = "\n".join(one.text for one in Document(BytesIO(word)).paragraphs)
    assert f"合同编号：{tenant.code}-001" in text
    assert "第四条　费用和支付" in text
    assert "40,000.00 元（人民币肆万元整）" in text
    assert "张三丰" in text


def test_the_firms_own_template_takes_the_clauses(
    as_manager: FlaskClient, tenant: Tenant, library: list[str]
) -> None:
    made, target = Document(), BytesIO()
    made.add_paragraph("本所范本 {{合同编号}}")
    made.add_paragraph("{{条款}}")
    made.save(target)
    sent = {"name": "购买服务范本", "file": (BytesIO(target.getvalue()), "范本.docx")}
    assert as_manager.post("/products/templates", data=sent).status_code == 303
    page = as_manager.get(papers(tenant)).text
    option = re.search(r'value="([0-9a-f-]{36})">购买服务范本', page)
    assert option
    data = {"revision": "1", "template": option[1], "clauses": library}
    assert as_manager.post(papers(tenant, "drafts"), data=data).status_code == 303
    links = re.findall(r"/contract-papers/[0-9a-f-]+", as_manager.get(papers(tenant)).text)
    word = next(
        data for data in (as_manager.get(one).data for one in links) if data.startswith(b"PK")
    )
    text = "\n".join(one.text for one in Document(BytesIO(word)).paragraphs)
    assert f"本所范本 {tenant.code}-001" in text
    assert "第一条　服务社区和律师" in text


def test_a_mandatory_clause_is_not_left_out(
    as_manager: FlaskClient, tenant: Tenant, library: list[str]
) -> None:
    data = {"revision": "1", "template": "plain", "clauses": library[1:]}
    answer = as_manager.post(papers(tenant, "drafts"), data=data)
    assert answer.status_code == 422
    assert "必备条款不能少：服务社区和律师" in answer.text


def test_what_is_lacking_is_named_until_it_is_filed(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, library: list[str]
) -> None:
    page = as_manager.get(papers(tenant)).text
    for words in ("备案前还缺", "签订日期", "双方签字盖章的签署件"):
        assert words in page
    bad = {"scan": (BytesIO(b"MZ"), "x.pdf")}
    assert as_manager.post(papers(tenant, "scans"), data=bad).status_code == 422
    good = {"scan": (BytesIO(PDF), "签署件.pdf")}
    assert as_manager.post(papers(tenant, "scans"), data=good).status_code == 303
    filing = {"revision": "1", "number": "BA-1", "filed_on": "2026-01-20"}
    early = as_manager.post(papers(tenant, "filing-number"), data=filing)
    assert "合同签订以后才能备案" in early.text
    sign(app, tenant)
    wrong = filing | {"revision": "2", "filed_on": "2026-01-01"}
    answer = as_manager.post(papers(tenant, "filing-number"), data=wrong)
    assert answer.status_code == 422
    assert "应在签订日期 2026-01-05 和今天之间" in answer.text
    kept = filing | {"revision": "2", "receipt": (BytesIO(PDF + b" "), "回执.pdf")}
    assert as_manager.post(papers(tenant, "filing-number"), data=kept).status_code == 303
    page = as_manager.get(papers(tenant)).text
    assert "2026-01-20 已备案，备案号 BA-1" in page
    assert "回执.pdf" in page


def test_others_find_nothing(
    app: Flask, as_outsider: FlaskClient, tenant: Tenant, library: list[str]
) -> None:
    assert as_outsider.get(papers(tenant)).status_code == 404
    assert as_outsider.get(f"/contract-clauses/{library[0]}").status_code == 404
    finance = factories.signed_in(app, tenant.scope, Role.FINANCE)
    assert finance.get(papers(tenant)).status_code == 403


def test_few_statements_a_page(as_manager: FlaskClient, tenant: Tenant, library: list[str]) -> None:
    for page in (papers(tenant), "/contract-clauses"):
        as_manager.get(page)
        with counting.statements() as sent:
            assert as_manager.get(page).status_code == 200
        assert len(sent) <= 8, sent
