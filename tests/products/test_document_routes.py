"""Documents from the firm's templates and from those that are built in."""

import re
from contextlib import nullcontext
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.cli import cli
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.core.uploads import UploadError
from counselhub.products import document_actions, word_files
from counselhub.products.document_models import DraftedDocument
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.products.conftest import word_file


@pytest.fixture
def template(as_manager: FlaskClient) -> str:
    """Upload a template of the firm's own; returns its id."""
    sent = {"name": "顾问函", "file": (BytesIO(word_file("致{{单位}}：{{律师}}")), "a.docx")}
    assert as_manager.post("/products/templates", data=sent).status_code == 303
    page = as_manager.get("/products/templates").text
    assert "单位、律师" in page
    (found,) = set(re.findall(r'href="/products/templates/([0-9a-f-]{36})"', page))
    return found


def order(tenant: Tenant, template: str, **given: str) -> dict[str, str]:
    place = tenant.town.communities[0]
    asked = {"template": template, "title": "催告函", "community_code": place, "field0": "某公司"}
    return asked | given


def test_a_document_is_drafted_and_handed_out(
    as_adviser: FlaskClient, tenant: Tenant, template: str
) -> None:
    place = tenant.town.communities[0]
    form = as_adviser.get(f"/products/documents/new?template={template}&community={place}").text
    assert "单位" in form
    assert ">张三丰</textarea>" in form
    made = as_adviser.post("/products/documents", data=order(tenant, template, field1="张三丰"))
    assert made.status_code == 303
    page = as_adviser.get("/products/documents").text
    assert "催告函" in page
    (path,) = re.findall(r'href="(/products/documents/[0-9a-f-]{36})"', page)
    assert word_files.letters(as_adviser.get(path).data) == "致某公司：张三丰"
    (removal,) = re.findall(r'action="([^"]+/removal)"', page)
    assert as_adviser.post(removal).status_code == 303
    assert as_adviser.get(path).status_code == 404


def test_a_built_in_one_knows_where_it_is(as_adviser: FlaskClient, tenant: Tenant) -> None:
    place = tenant.town.communities[0]
    form = as_adviser.get(f"/products/documents/new?template=opinion&community={place}").text
    assert "法律意见书" in form
    assert "甲社区居委会</textarea>" in form
    assert as_adviser.get("/products/documents/new?template=none").status_code == 404
    assert as_adviser.get("/products/documents/new").location == "/products/templates"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"title": ""}, "请填写", id="no title"),
        pytest.param({"field0": "长" * 4001}, "“单位”最多4000字", id="a long value"),
        pytest.param({"service": "FW0"}, "没有编号为FW0", id="no such service"),
        pytest.param({"community_code": ""}, "请选择", id="no community"),
    ],
)
def test_what_cannot_be_drafted_comes_back(
    as_adviser: FlaskClient, tenant: Tenant, template: str, given: dict[str, str], words: str
) -> None:
    sent = order(tenant, template, field1="保留的字", **given)
    answer = as_adviser.post("/products/documents", data=sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert "保留的字" in answer.text


def test_templates_are_judged_and_the_managers(
    as_manager: FlaskClient, as_adviser: FlaskClient, template: str
) -> None:
    def send(content: bytes, name: str) -> Any:
        return as_manager.post(
            "/products/templates", data={"name": name, "file": (BytesIO(content), "a.docx")}
        )

    for content, name, words in (
        (word_file("{{单位"), "坏的", "“{{单位"),
        (word_file("{{单位}}"), "顾问函", "已经有一份叫“顾问函”的模板"),
        (b"%PDF-1.4", "pdf", "打不开"),
    ):
        answer = send(content, name)
        assert answer.status_code == 422, name
        assert words in answer.text
    here = f"/products/templates/{template}"
    assert word_files.letters(as_manager.get(here).data) == "致{{单位}}：{{律师}}"
    assert as_adviser.get("/products/templates").status_code == 403
    assert as_adviser.get(here).status_code == 403
    assert as_manager.post(f"{here}/removal").status_code == 303
    assert as_manager.get(here).status_code == 404


def test_a_large_template_is_not_opened(context: None, tenant: Tenant) -> None:
    with pytest.raises(UploadError, match="超过 4 MB"):
        document_actions.add_template("大", b"x" * (4 * 2**20 + 1), by=tenant.member())


def test_a_colleague_and_another_firm_get_nothing(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, as_outsider: FlaskClient, template: str
) -> None:
    as_adviser.post("/products/documents", data=order(tenant, template))
    page = as_adviser.get("/products/documents").text
    (path,) = re.findall(r'href="(/products/documents/[0-9a-f-]{36})"', page)
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    for client in (colleague, as_outsider):
        assert client.get(path).status_code == 404
        assert client.post(f"{path}/removal").status_code == 404
    assert as_outsider.get(f"/products/documents/new?template={template}").status_code == 404


@pytest.mark.sweeping
def test_contents_go_after_three_years(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, template: str
) -> None:
    as_adviser.post("/products/documents", data=order(tenant, template))
    page = as_adviser.get("/products/documents").text
    (path,) = re.findall(r'href="(/products/documents/[0-9a-f-]{36})"', page)
    for days, is_there in ((3 * 365 - 1, True), (3 * 365 + 1, False)):
        with app.app_context(), clock.frozen(clock.now() + timedelta(days=days)):
            assert CliRunner().invoke(cli, ["retention"], obj=nullcontext).exit_code == 0
        with app.app_context(), as_scope(tenant.scope):
            there = select(DraftedDocument.content.is_not(None))
            assert db.session.scalar(there) is is_there
    gone = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    assert gone.get(path).status_code == 404
    assert "催告函" in gone.get("/products/documents").text


def test_pages_ask_little(as_adviser: FlaskClient, tenant: Tenant, template: str) -> None:
    as_adviser.post("/products/documents", data=order(tenant, template))
    for page in ("/products/documents", f"/products/documents/new?template={template}"):
        as_adviser.get(page)
        with statements() as sent:
            assert as_adviser.get(page).status_code == 200
        assert len(sent) <= 8, sent
