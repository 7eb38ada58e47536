"""The whole job as four people: manager, lawyer on the phone, checker, approver."""

from dataclasses import dataclass
from datetime import time, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.money import format_yuan, in_capitals
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, as_scope
from counselhub.duty.models import DutySession
from tests import factories
from tests.browser import steps
from tests.browser.conftest import Visitor
from tests.browser.month_book import WRONG_DAY, MonthBook, last_month
from tests.browser.steps import Thumb, button, confirm, is_told
from tests.factories import PASSWORD, Town
from tests.workbook.firms import newcomer

pytestmark = [pytest.mark.browser, pytest.mark.long]
EXAMPLE, SECOND = "甲社区", "乙社区"


@dataclass(frozen=True)
class Job:
    """One firm's last month in one street, and how its people's browsers are."""

    app: Flask
    town: Town
    firm: Scope
    book: MonthBook
    visitor: Visitor
    script: bool

    def sits_down(self, scope: Scope, role: Role) -> Page:
        """Somebody signs in at a desk."""
        email = factories.account(self.app, scope, role)
        return self.visitor(email, PASSWORD, script=self.script)


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def job(app: Flask, town: Town, visitor: Visitor, request: pytest.FixtureRequest) -> Job:
    """A firm that has just joined, with a workbook of last month."""
    firm = newcomer(app)
    book = MonthBook(town, firm.code, last_month())
    return Job(app, town, firm.scope, book, visitor, request.param)


def test_the_main_job(job: Job, stranger: Visitor) -> None:
    manager = job.sits_down(job.firm, Role.MANAGER)
    bring_data_in(manager, job.book)
    link = steps.invite_lawyer(manager, f"lawyer-{job.book.code}@example.test")
    spend_a_day_on_site(job, stranger(phone=True, script=job.script), link)
    prepare(manager, job.book)
    submit(manager, job.book)

    checker = job.sits_down(job.town.scope, Role.CHECKER)
    review(checker, job.book)
    answer_and_correct(manager, job.book)
    review_what_changed(checker, job.book)

    approver = job.sits_down(job.town.scope, Role.APPROVER)
    sign(approver, job.book)
    pay(checker, job.book)
    read_papers(manager, checker, job.book)


def bring_data_in(page: Page, book: MonthBook) -> None:
    """A faulty workbook names its cell and brings nothing in, the mended one all of it."""
    steps.try_workbook(page, "十月.xlsx", book.data(faulty=True))
    expect(page.get_by_text("有 1 处错误，整个文件都不会导入")).to_be_visible()
    fault = page.get_by_role("row").filter(has_text="现场值班!E3")
    expect(fault).to_contain_text("25:70")
    expect(button(page, "导入这个文件")).to_have_count(0)
    page.get_by_role("link", name="改好后重新上传").click()
    steps.try_workbook(page, "十月.xlsx", book.data())
    expect(page.get_by_text("没有错误，可以导入")).to_be_visible()
    confirm(page, "导入这个文件", says="将新增或更新 15 条数据")
    is_told(page, "已导入“十月.xlsx”：新增或更新 15 条")


def spend_a_day_on_site(job: Job, page: Page, link: str) -> None:
    """The lawyer signs in with one tap, logs a service with two, signs out with one."""
    steps.accept_invitation(page, link)
    thumb = Thumb(page)
    thumb.tap(button(page, f"签到 · {EXAMPLE}"))
    expect(page.get_by_role("heading", name=EXAMPLE)).to_be_visible()
    assert thumb.taps == 1
    log_a_service(page)
    minutes_pass(job)
    page.get_by_role("navigation", name="快捷导航").get_by_role("link", name="值班").tap()
    thumb = Thumb(page)
    thumb.tap(button(page, "签退"))
    expect(page.get_by_role("listitem").filter(has_text="分")).to_contain_text(EXAMPLE)
    assert thumb.taps == 1


def log_a_service(page: Page) -> None:
    page.get_by_role("navigation", name="快捷导航").get_by_role("link", name="服务").tap()
    expect(page.locator("#entry")).to_be_visible()
    page.evaluate("window.sameDocument = true")
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("radio", name="法律咨询"))
    thumb.tap(button(page, "保存"))
    is_told(page, f"已记下：法律咨询 · {EXAMPLE}")
    row = page.locator("#day-list li")
    expect(row).to_contain_text("法律咨询")
    expect(row).to_contain_text(EXAMPLE)
    assert thumb.taps == 2
    assert page.evaluate("window.sameDocument === true") is steps.has_script(page)


def minutes_pass(job: Job) -> None:
    """Let the running session have begun some minutes ago."""
    with job.app.app_context(), as_scope(job.firm):
        running = db.session.scalars(select(DutySession).filter_by(status="open")).one()
        midnight = clock.instant(running.day, time())
        running.signed_in_at = max(midnight, running.signed_in_at - timedelta(minutes=5))
        db.session.commit()


def prepare(page: Page, book: MonthBook) -> None:
    """From the month's page to a statement whose every figure opens to its records."""
    name_the_account(page)
    page.goto("/month")
    page.get_by_role("link", name="上个月").click()
    row = page.get_by_role("row").filter(has_text=EXAMPLE)
    expect(row).to_contain_text("还差 2小时")
    expect(row).to_contain_text("3 / 4 次")
    expect(row).to_contain_text("-100.00")
    page.get_by_role("link", name="当月结算单").click()
    button(page, "编制", exact=False).click()
    total = page.locator(".statement-total")
    expect(total).to_contain_text(format_yuan(book.before_fen))
    expect(total).to_contain_text(in_capitals(book.before_fen))
    group = page.locator(".line-group").filter(has=page.get_by_role("heading", name=EXAMPLE))
    expect(group.locator(".line-group-head")).to_contain_text(format_yuan(book.example_fen))
    line = steps.open_line(page, EXAMPLE, "到岗扣减")
    expect(line.locator(".trace")).to_contain_text("规则 M5")
    see_records(page, line)


def name_the_account(page: Page) -> None:
    page.goto("/account-for-payment")
    page.get_by_label("开户行").fill("某某银行某某支行")
    page.get_by_label("账号").fill("6200000000000001")
    button(page, "保存").click()
    is_told(page, "收款账户已保存")


def see_records(page: Page, line: Locator) -> None:
    """Script opens the records in the line; without it they are a page of their own."""
    if not steps.has_script(page):
        line.get_by_role("link", name="查看原始记录").click()
    shown = page.locator(".records")
    expect(shown.get_by_role("row").filter(has_text="09:00 – 11:00")).to_have_count(3)
    expect(shown.get_by_text("计入", exact=True)).to_have_count(3)


def submit(page: Page, book: MonthBook) -> None:
    """Certify and submit, each after a question that names the amount."""
    total = format_yuan(book.before_fen)
    if not steps.has_script(page):
        page.go_back()
    confirm(page, "确认结算单", says=total)
    is_told(page, "已确认，可以提交司法所")
    confirm(page, "提交司法所", says=total)
    is_told(page, "已提交司法所，当月记录已封存")


def review(page: Page, book: MonthBook) -> None:
    """Query two lines, accept all others in one gesture, return the statement."""
    open_from_inbox(page, book)
    expect(page.locator(".stats")).to_contain_text(format_yuan(book.before_fen))
    beside = steps.choose_line(page, EXAMPLE, "讲座补贴")
    expect(beside).to_contain_text("300.00")
    steps.query_line(page, EXAMPLE, "到岗扣减", "到岗次数与台账不符", "台账有四次到岗。")
    steps.query_line(page, SECOND, "到岗扣减", "到岗时长与台账不符", "台账二十日到岗两小时。")
    button(page, "全部通过", exact=False).click()
    is_told(page, "已通过")
    expect(button(page, "全部通过", exact=False)).to_have_count(0)
    confirm(page, "退回律所说明（2 项疑问）", says="已通过")
    is_told(page, "已把 2 项疑问退回律所")


def open_from_inbox(page: Page, book: MonthBook) -> None:
    page.goto("/review")
    page.get_by_role("link", name=f"某某{book.code}律师事务所").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("月结算单")
    if not steps.has_script(page) and button(page, "开始审核").count():
        button(page, "开始审核").click()
    # With script the checker's page has begun the review by itself, and come back.
    expect(page.get_by_text("律所已提交")).to_have_count(0, timeout=15_000)


def answer_and_correct(page: Page, book: MonthBook) -> None:
    """Answer one query in words; mend the record behind the other and work out again."""
    page.reload()
    expect(page.get_by_text("司法所对 2 项有疑问")).to_be_visible()
    line = steps.open_line(page, EXAMPLE, "到岗扣减")
    line.get_by_role("textbox").fill("当月确为三次，第四次因开庭未到，同意扣减。")
    line.get_by_role("button", name="提交答复").click()
    expect(page.get_by_text("当月确为三次").first).to_be_visible()
    address = page.url.partition("#")[0]
    correct_the_sign_out(page, book)
    page.goto(address)
    button(page, "重新计算").click()
    is_told(page, "已按现有记录重新计算")
    total = format_yuan(book.after_fen)
    expect(page.locator(".statement-total")).to_contain_text(total)
    confirm(page, "重新提交", says=total)
    is_told(page, "已提交司法所")


def correct_the_sign_out(page: Page, book: MonthBook) -> None:
    page.goto(f"/duty/sessions?month={book.month:%Y-%m}&community={book.second}")
    page.get_by_role("link", name=f"{book.day(WRONG_DAY)}").click()
    page.get_by_label("签退").fill("11:00")
    page.get_by_label("更正类别").select_option(label="其他")
    page.get_by_role("textbox", name="原因", exact=True).fill("签退时间录错，按社区签名簿更正。")
    button(page, "保存更正").click()
    is_told(page, "已更正")


def review_what_changed(page: Page, book: MonthBook) -> None:
    """See only the two lines that were queried, accept them, approve; never sign."""
    open_from_inbox(page, book)
    steps.tab(page, "本次有变化")
    rows = page.locator(".line-list tbody tr")
    expect(rows).to_have_count(2)
    beside = steps.choose_line(page, EXAMPLE, "到岗扣减")
    expect(beside).to_contain_text("第四次因开庭未到")
    beside = steps.choose_line(page, SECOND, "到岗扣减")
    expect(beside).to_contain_text("-100.00")
    button(page, "全部通过（2 项", exact=False).click()
    is_told(page, "已通过 2 项")
    confirm(page, "初审通过，提交审定", says=format_yuan(book.after_fen))
    is_told(page, "初审通过，已提交审定")
    expect(button(page, "审定")).to_have_count(0)
    steps.is_refused(page, page.url.partition("?")[0] + "/signature")


def sign(page: Page, book: MonthBook) -> None:
    """Another person signs."""
    open_from_inbox(page, book)
    confirm(page, "审定", says=in_capitals(book.after_fen))
    is_told(page, "已审定，可以支付")


def pay(page: Page, book: MonthBook) -> None:
    """The payment stands in the form as it should be; the receipt's number is all to type."""
    page.reload()
    expect(page.get_by_label("支付金额")).to_have_value(format_yuan(book.after_fen))
    page.get_by_label("支付凭证号").fill("示范0001")
    button(page, "登记支付").click()
    is_told(page, "已登记支付")


def read_papers(manager: Page, checker: Page, book: MonthBook) -> None:
    """Both sides hold the same statement, its total in capitals."""
    steps.papers_say(checker, "打印稿 PDF", book.after_fen)
    manager.reload()
    expect(manager.get_by_text("已支付").first).to_be_visible()
    steps.papers_say(manager, "PDF", book.after_fen)
