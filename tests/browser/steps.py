"""What the people of the journeys do on the pages, with script or without."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader
from sqlalchemy import select, update

from counselhub.core.db import db
from counselhub.core.money import format_yuan, in_capitals
from counselhub.core.tenancy import as_platform
from counselhub.people.models import Person, SignInSession
from tests.browser.month_book import LAWYER
from tests.factories import PASSWORD

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def button(page: Page, name: str, *, exact: bool = True) -> Locator:
    """A visible button by its whole name; one in a closed dialog is not visible."""
    return page.get_by_role("button", name=name, exact=exact)


def confirm(page: Page, name: str, *, says: str, exact: bool = True) -> None:
    """Press a button that asks first where there is script, and agree to what the question says."""
    button(page, name, exact=exact).click()
    dialog = page.locator("dialog[open]")
    if has_script(page):
        expect(dialog).to_contain_text(says)
        dialog.locator("[data-confirmed]").click()
    expect(dialog).to_have_count(0)


def has_script(page: Page) -> bool:
    """Whether this browser runs the pages' script, which marks the root element."""
    return page.locator("html.js").count() == 1


def is_told(page: Page, words: str) -> None:
    """Expect a sentence for the reader, as a toast or, after a redirect, above the page."""
    expect(page.locator("#toasts, #flashes").get_by_text(words).last).to_be_visible()


def is_refused(page: Page, address: str) -> None:
    """Post to an address with what the page may send, past its buttons; expect 403."""
    token = page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    answer = page.request.post(address, form={"csrf_token": token}, headers={"Referer": page.url})
    assert answer.status == 403, answer.text()


def age_sessions(app: Flask, email: str, *, minutes: int) -> None:
    """Let the last act and the last confirmation of a person's sessions be some minutes ago."""
    age = timedelta(minutes=minutes)
    person = select(Person.id).where(Person.email == email).scalar_subquery()
    with app.app_context(), as_platform():
        db.session.execute(
            update(SignInSession)
            .where(SignInSession.person_id == person)
            .values(
                last_seen_at=SignInSession.last_seen_at - age,
                confirmed_at=SignInSession.confirmed_at - age,
            )
        )
        db.session.commit()


# The firm's desk


def try_workbook(page: Page, name: str, data: bytes) -> None:
    """Upload a workbook and read what it would do."""
    page.goto("/workbook")
    file = {"name": name, "mimeType": XLSX, "buffer": data}
    page.get_by_label("Excel 工作簿").set_input_files(file)
    button(page, "上传并试读").click()
    expect(page.get_by_role("heading", name="试读结果")).to_be_visible()


def invite_lawyer(page: Page, email: str) -> str:
    """Let the manager invite the lawyer; return the path of the one-time link."""
    page.goto("/people")
    page.get_by_label("姓名").fill(LAWYER)
    page.get_by_label("邮箱").fill(email)
    page.get_by_label("角色").select_option(label="法律顾问")
    page.get_by_label("对应的律师").select_option(label=LAWYER)
    button(page, "生成邀请链接").click()
    link = page.get_by_label("邀请链接").input_value()
    return "/welcome/" + link.rpartition("/welcome/")[2]


def accept_invitation(page: Page, path: str) -> None:
    """Let the lawyer choose a password."""
    page.goto(path)
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    button(page, "保存并登录").click()


def open_line(page: Page, place: str, kind: str) -> Locator:
    """Open a line of the firm's statement; return it."""
    group = page.locator(".line-group").filter(has=page.get_by_role("heading", name=place))
    line = group.locator("details.line").filter(has=page.locator(".line-what", has_text=kind))
    if line.get_attribute("open") is None:
        line.locator("summary").click()
    return line


# The phone


@dataclass
class Thumb:
    """A thumb on a phone that counts its taps."""

    page: Page
    taps: int = 0

    def tap(self, target: Locator) -> None:
        """Tap what is large enough for a thumb and within its reach."""
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44, (box, target)
        assert box["x"] >= 0, box
        assert box["x"] + box["width"] <= 390, box
        target.tap()
        self.taps += 1


# The office's desk


def tab(page: Page, name: str) -> None:
    """Choose a part of the lines by its tab."""
    page.get_by_role("navigation", name="按审核结果").get_by_role("link", name=name).click()
    expect(page.locator(".tabs, nav").get_by_role("link", name=name)).to_have_attribute(
        "aria-current", "page"
    )


def choose_line(page: Page, place: str, kind: str) -> Locator:
    """Open a line beside its evidence; return what stands beside the list."""
    page.locator(".line-list").get_by_role("link", name=f"{place} · {kind}").click()
    beside = page.locator("#line")
    expect(beside.get_by_role("heading", name=f"{place} · {kind}")).to_be_visible()
    return beside


def query_line(page: Page, place: str, kind: str, reason: str, words: str) -> None:
    """Ask the firm about a line."""
    beside = choose_line(page, place, kind)
    beside.locator("summary", has_text="提出疑问").click()
    beside.get_by_role("radio", name=reason).check()
    beside.get_by_label("具体说明").fill(words)
    button(page, "记下疑问").click()
    row = page.locator(".line-list tr").filter(has_text=f"{place} · {kind}")
    expect(row.locator(".line-state")).to_contain_text("有疑问")


# Both sides


def file_behind(page: Page, name: str) -> bytes:
    """Return the file that a link leads to, with the reader's own cookie."""
    address = page.get_by_role("link", name=name).get_attribute("href")
    assert address is not None
    answer = page.request.get(address)
    assert answer.status == 200, address
    return answer.body()


def papers_say(page: Page, pdf: str, total_fen: int) -> None:
    """Expect the PDF and the xlsx of the open statement to hold its total, in capitals too."""
    capitals = in_capitals(total_fen)
    pages = PdfReader(BytesIO(file_behind(page, pdf))).pages
    printed = "".join("".join(one.extract_text().split()) for one in pages)
    assert capitals in printed, printed
    assert format_yuan(total_fen) in printed, printed
    book = load_workbook(BytesIO(file_behind(page, "Excel")))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert total_fen / 100 in cells, cells
    assert any(capitals in str(cell) for cell in cells), cells
