"""A stranger checks a statement's PDF; the office binds a community's year."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.core import clock
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.statements.models import Statement
from counselhub.work import actions
from tests import factories
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, Tenant
from tests.papers.conftest import submitted as submitted
from tests.work import worker

pytestmark = pytest.mark.browser


def test_a_paper_is_checked_and_a_year_is_bound(
    app: Flask,
    urls: DatabaseUrls,
    visitor: Visitor,
    stranger: Visitor,
    tenant: Tenant,
    submitted: Statement,
) -> None:
    desk = visitor(factories.account(app, tenant.town.scope, Role.CHECKER), PASSWORD)
    paper = desk.request.get(f"/statements/{submitted.id}/statement.pdf").body()

    phone = stranger(phone=True)
    phone.goto("/papers")
    phone.get_by_text("上传 PDF 核对").click()
    sent = {"name": "结算单.pdf", "mimeType": "application/pdf", "buffer": paper}
    phone.set_input_files("[name=file]", sent)
    phone.get_by_role("button", name="上传并核对").click()
    expect(phone.locator("#answer")).to_contain_text("一字不差")
    expect(phone.locator("#answer")).to_contain_text(submitted.number)

    desk.goto(f"/year-files/{tenant.town.communities[0]}/2026")
    expect(desk.locator(".year-gaps")).to_contain_text("有合同的月份没有到岗")
    desk.get_by_role("button", name="制作年卷").click()
    expect(desk.locator("#year-made")).to_contain_text("排队中")
    worker.work(app, urls)
    # Without a reload: the page asks again by itself.
    expect(desk.locator("#year-made a").first).to_be_visible()
    with desk.expect_download() as volume:
        desk.get_by_role("link", name="PDF").click()
    assert re.fullmatch(r"甲社区-2026年卷\.pdf", volume.value.suggested_filename)
    with app.app_context():
        actions.expire(clock.now() + timedelta(days=1), dry=False)
