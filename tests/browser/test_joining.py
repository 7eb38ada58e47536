"""From a stranger's sign-up to the firm's first statement: nobody but the operator helps."""

import re
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM
from tests import factories
from tests.browser import steps
from tests.browser.conftest import Visitor
from tests.browser.month_book import LAWYER, MonthBook, last_month
from tests.browser.steps import Thumb, button, confirm, is_told
from tests.browser.test_main_job import EXAMPLE, log_a_service, prepare, submit
from tests.factories import PASSWORD, Town
from tests.joining.test_sign_up import form

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_from_sign_up_to_the_first_statement(
    app: Flask, town: Town, stranger: Visitor, visitor: Visitor, tmp_path: Path
) -> None:
    firm = form(contact_name="林主任")
    manager = stranger()
    ask_to_join(manager, firm)
    operator = visitor(factories.account(app, PLATFORM, Role.OPERATOR), PASSWORD)
    manager.goto(path_of(pass_on(operator, firm)))
    choose_a_password(manager)

    book = MonthBook(town, "first", last_month())
    choose_the_street(manager, town)
    fill_the_template(manager, book, tmp_path)
    lawyer = stranger(phone=True)
    lawyer.goto(path_of(invite_the_lawyer(manager, f"lawyer-{firm['email']}")))
    expect(lawyer.get_by_text(firm["firm_name"]).first).to_be_visible()
    lawyer.get_by_label("密码").fill(PASSWORD)
    lawyer.get_by_label("再输入一次").fill(PASSWORD)
    button(lawyer, "接受并登录").click()
    work_for_the_first_time(lawyer)

    manager.goto("/start")
    expect(manager.get_by_text("都办好了。")).to_be_visible()
    prepare(manager, book)
    submit(manager, book)


def ask_to_join(page: Page, firm: dict[str, str]) -> None:
    """Fill in the form; what is wrong is told at its field, and nothing is lost."""
    page.goto("/join")
    labels = {
        "firm_name": "律师事务所名称",
        "credit_code": "统一社会信用代码",
        "licence_number": "执业许可证号",
        "contact_name": "联系人姓名",
        "email": "邮箱",
        "phone": "联系电话",
    }
    for name, label in labels.items():
        page.get_by_label(label).fill(firm[name])
    page.get_by_label("联系电话").fill("138")
    page.get_by_label("我代表本所同意服务条款").check()
    page.get_by_label("我代表本所同意数据处理协议").check()
    button(page, "提交开通").click()
    expect(page.get_by_text("请填写11位手机号，或带区号的座机号。").first).to_be_visible()
    expect(page.get_by_label("律师事务所名称")).to_have_value(firm["firm_name"])
    page.get_by_label("联系电话").fill(firm["phone"])
    button(page, "提交开通").click()
    expect(page.get_by_role("heading", name="已收到开通申请")).to_be_visible()


def pass_on(page: Page, firm: dict[str, str]) -> str:
    """The operator reads the link, which is shown once, and hands it over."""
    page.goto("/console/links")
    row = page.get_by_role("row").filter(has_text=firm["firm_name"])
    row.get_by_role("button", name="查看链接").click()
    page.locator("dialog[open] [data-confirmed]").click()
    expect(page.get_by_text(firm["email"])).to_be_visible()
    return page.get_by_label("要转交的链接").input_value()


def path_of(link: str) -> str:
    """Return what a link says behind the host: the tests' server has another name."""
    return re.sub(r"^https?://[^/]+", "", link)


def choose_a_password(page: Page) -> None:
    """A manager's first page is the first path."""
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    button(page, "保存并登录").click()
    page.wait_for_url(lambda url: "/welcome" not in url)


def choose_the_street(page: Page, town: Town) -> None:
    page.goto("/start")
    page.get_by_label("查找街道").fill(town.street_code)
    button(page, "查找").click()
    page.get_by_label(town.street_code, exact=False).check()
    button(page, "加入所选街道").click()
    is_told(page, "已加入1个街道")


def fill_the_template(page: Page, book: MonthBook, folder: Path) -> None:
    """The empty template comes down; filled in, it goes back up."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载空白模板").click()
    coming.value.save_as(folder / "empty.xlsx")
    names = load_workbook(folder / "empty.xlsx", read_only=True).sheetnames
    assert {"律师", "合同", "现场值班"} <= set(names)
    steps.try_workbook(page, "首次导入.xlsx", book.data())
    expect(page.get_by_text("没有错误，可以导入")).to_be_visible()
    confirm(page, "导入这个文件", says="将新增或更新")
    is_told(page, "已导入“首次导入.xlsx”")


def invite_the_lawyer(page: Page, email: str) -> str:
    page.goto("/invitations")
    page.get_by_label("姓名和邮箱，每行一人").fill(f"{LAWYER} {email}")
    section = page.get_by_role("region", name="邀请同事")
    section.get_by_label("角色").select_option(label="法律顾问")
    section.get_by_role("button", name="生成邀请链接").click()
    return page.locator("main input[readonly]").first.input_value()


def work_for_the_first_time(page: Page) -> None:
    """One tap signs in on site, two log a service."""
    Thumb(page).tap(button(page, f"签到 · {EXAMPLE}"))
    expect(page.get_by_role("heading", name=EXAMPLE)).to_be_visible()
    log_a_service(page)
