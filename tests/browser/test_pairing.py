"""A pairing from the agreement to the year's record, by the party secretary at the desk."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from counselhub.core import clock
from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button, confirm, is_told
from tests.factories import PASSWORD, Tenant
from tests.pairings.conftest import PDF
from tests.photos.cameras import picture

pytestmark = pytest.mark.browser


def test_a_pairing_from_agreement_to_year_record(
    app: Flask, tenant: Tenant, visitor: Visitor, tmp_path: Path
) -> None:
    today = clock.today()
    scan, photo = tmp_path / "协议.pdf", tmp_path / "现场.jpg"
    scan.write_bytes(PDF)
    photo.write_bytes(picture(size=(640, 480)))
    page = visitor(factories.account(app, tenant.scope, Role.PARTY_SECRETARY), PASSWORD)
    page.goto("/pairings/new")
    page.get_by_label("社区", exact=False).first.select_option(label="甲社区")
    page.get_by_label("甲方党组织").fill("中共某某律师事务所支部")
    page.get_by_label("乙方党组织").fill("中共甲社区支部委员会")
    page.get_by_label("有效期至").fill(str(today + timedelta(days=30)))
    page.get_by_label("组织联动").check()
    button(page, "存为草稿").click()
    page.get_by_label("签订日期").fill(str(today))
    page.locator("input[type=file]").first.set_input_files(scan)
    button(page, "记录签订").click()
    is_told(page, "已记录签订，可以开始共建")
    confirm(page, "开始共建", says="可以在这份协议下登记活动")
    expect(page.get_by_text("请与社区党组织商量续签")).to_be_visible()
    _match(page)
    page.get_by_role("link", name="计划与活动").click()
    page.locator("#plan-theme").fill("反诈宣传讲座")
    button(page, "列入计划").click()
    page.get_by_role("row", name="反诈宣传讲座").get_by_role("link", name="登记活动").click()
    for label, given in (
        ("活动地点", "党群服务中心"),
        ("时长", "2"),
        ("活动小结", "讲了三类骗局。"),
    ):
        page.get_by_label(label).first.fill(given)
    for label in ("律所参加人数", "社区参加人数", "群众参加人数"):
        page.get_by_label(label).fill("3")
    button(page, "保存").click()
    page.locator("input[type=file]").set_input_files(photo)
    button(page, "上传照片").click()
    expect(page.locator(".pairing-photos img")).to_have_count(1)
    confirm(page, "向司法所公开", says="司法所和区司法局马上能看到")
    page.goto("/pairings")
    expect(page.get_by_text("1 / 1 项 · 100%")).to_be_visible()
    page.get_by_role("link", name="甲社区").click()
    record = page.get_by_role("link", name="年度记录").get_attribute("href")
    said = _text(page.request.get(str(record)).body())
    for words in (f"{today.year}年度党建结对共建工作记录", "反诈宣传讲座", "共9人", "讲了三类骗局"):
        assert words in said


def _match(page: Page) -> None:
    """Write a need and a resource, and match them."""
    page.get_by_role("link", name="三张清单").click()
    for kind, party, title in (
        ("需求清单", "社区党组织", "反诈宣传"),
        ("资源清单", "律所党组织", "法治讲座"),
    ):
        form = page.locator("form[action$='/items']")
        if not form.is_visible():
            page.locator("summary", has_text="列入清单").click()
        form.get_by_label(kind).check()
        form.get_by_label(party).check()
        form.locator("#item-title").fill(title)
        button(page, "列入清单").click()
        is_told(page, "已列入清单")
    page.locator("summary", has_text="对接项目").click()
    page.locator("#need_id").select_option(label="反诈宣传")
    page.locator("#resource_id").select_option(label="法治讲座")
    button(page, "对接为项目").click()
    is_told(page, "已对接为项目")


def _text(data: bytes) -> str:
    return "".join("".join(one.extract_text() for one in PdfReader(BytesIO(data)).pages).split())
