"""Two ledgers to one confirmed difference sheet, by four people."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button, confirm, is_told
from tests.factories import PASSWORD, Tenant
from tests.ledgers.books import AGREED, book, row
from tests.review import factories as review

pytestmark = pytest.mark.browser


def test_two_ledgers_to_one_sheet(
    app: Flask, visitor: Visitor, tenant: Tenant, tmp_path: Path
) -> None:
    review.statement(app, tenant, until=("certify", "submit", "open_review"))
    first, second = tenant.town.communities[:2]
    file = tmp_path / "台账.xlsx"
    file.write_bytes(book([row(first, 3, 6, 1, 1, 1180), row(second, *AGREED)]))

    def enter(role: Role, *, is_firm: bool = False, phone: bool = False) -> Page:
        scope = tenant.scope if is_firm else tenant.town.scope
        return visitor(factories.account(app, scope, role), PASSWORD, phone=phone)

    checker = enter(Role.CHECKER)
    checker.goto("/ledgers/imports/new")
    checker.get_by_label("月份").fill("2026-10")
    checker.get_by_label("台账（.xlsx）").set_input_files(file)
    button(checker, "上传并试比").click()
    expect(checker.get_by_text("没有错误，可以导入")).to_be_visible()
    confirm(checker, "导入这份台账", says="律所看不到")
    checker.get_by_role("link", name="甲社区").click()
    expect(checker.get_by_text("金额里相邻两位数字写反了")).to_be_visible()
    button(checker, "就是这样").click()
    is_told(checker, "已按建议处理")
    checker.goto("/ledgers/differences?month=2026-10")
    confirm(checker, "公布给律所", says="逐条答复")
    is_told(checker, "已公布")

    manager = enter(Role.MANAGER, is_firm=True, phone=True)
    manager.goto("/office-ledgers")
    manager.locator("td.cell-title a").first.click()
    manager.get_by_label("认可", exact=True).check()
    button(manager, "答复").click()
    is_told(manager, "已答复")
    confirm(checker, "定稿", says="只能另开新版")
    is_told(checker, "已定稿")
    manager.reload()
    confirm(manager, "代表本所确认", says="不能撤回")
    is_told(manager, "已代表律所确认")

    approver = enter(Role.APPROVER)
    approver.goto(checker.url)
    confirm(approver, "代表司法所确认", says="不能撤回")
    is_told(approver, "已代表司法所确认")
    expect(approver.get_by_text("双方已确认").first).to_be_visible()
    address = approver.get_by_role("link", name="PDF").get_attribute("href")
    paper = approver.request.get(f"{address}").body()
    words = PdfReader(BytesIO(paper)).pages[0].extract_text()
    assert "对账差异表" in words
    assert "台账有误" in words
