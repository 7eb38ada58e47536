"""The sign-in sheet: the office's columns, the records of the month, safe for Excel."""

import io
import re
from datetime import date, datetime, time

import openpyxl
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from counselhub.reports.documents.sheet import COLUMNS, Sheet
from counselhub.reports.documents.sheet_xlsx import names
from counselhub.reports.routes import sheets
from tests import counting
from tests.reports.conftest import MONTH, OCTOBER, Furnished

TITLES = [title for title, _width in COLUMNS]


def book(client: FlaskClient, query: str) -> openpyxl.Workbook:
    answer = client.get(f"/sign-in-sheets/sheets.xlsx?{query}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def pdf(client: FlaskClient, query: str) -> list[str]:
    answer = client.get(f"/sign-in-sheets/sheets.pdf?{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(answer.data))
    assert {tuple(map(round, page.mediabox[2:])) for page in reader.pages} == {(842, 595)}
    return [re.sub(r"\s+", "", page.extract_text()) for page in reader.pages]


def test_columns_are_the_forms() -> None:
    assert TITLES == [
        "月份", "村（社区）", "日期", "星期", "值班律师", "签到时间", "签退时间",
        "值班时长（小时）", "接待人数", "主要事项", "值班律师签名", "社区确认签字/盖章",
        "打卡核对（钉钉）", "备注",
    ]  # fmt: skip


def test_a_workbook_has_a_sheet_for_each_community(furnished: Furnished) -> None:
    made = book(furnished.manager, MONTH)
    assert made.sheetnames == ["甲社区", "乙社区"]
    page = made["甲社区"]
    assert [cell.value for cell in page[3]] == TITLES
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=4, max_row=7)]
    assert rows[0][:9] == [
        "2026年10月", "甲社区", datetime(2026, 10, 8), "四", "张三丰",
        time(9), time(11, 5), 2.08, 3,
    ]  # fmt: skip
    assert rows[0][9:] == ["法律咨询1、法治讲座1（40人）", None, None, "一致", "手机 C级；=1+1"]
    assert page["N4"].data_type == "s"
    assert [row[12] for row in rows] == ["一致", "有差异（待核定）", "—", None]
    assert rows[1][8:10] == [1, "参与调解1"]
    assert rows[2][4:9] == ["李四光", time(9), None, None, None]
    assert rows[2][13] == "手机 D级；替张三丰；未签退"
    assert rows[3][2:6] == [datetime(2026, 10, 29), "四", "张三丰", None]
    assert rows[3][13] == "缺勤（排班09:00–11:00）"
    assert (page.print_title_rows, page.freeze_panes) == ("$3:$3", "D4")
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)


def test_a_list_holds_all_rows_on_one_sheet(furnished: Furnished) -> None:
    made = book(furnished.checker, f"{MONTH}&form=list")
    [page] = made.worksheets
    assert page.auto_filter.ref == "A1:N7"
    assert page.max_row == 7
    days = [row[2].value.date() for row in page.iter_rows(min_row=2) if row[2].value]
    assert date(2026, 10, 9) in days


def test_a_pdf_has_pages_of_its_own_for_each_community(furnished: Furnished) -> None:
    pages = pdf(furnished.manager, MONTH)
    assert len(pages) == 2
    assert all("第1页，共1页" in page for page in pages)
    assert "张三丰09:0011:052.083" in pages[0]
    assert "合计3次3.584" in pages[0]
    for words in ("法治讲座1（40人）", "村（社区）居民委员会（盖章）", "司法所审核", "手机C级"):
        assert words in pages[0]
    assert "乙社区" in pages[1]


def test_a_blank_sheet_is_for_the_pen(furnished: Furnished) -> None:
    community = furnished.town.communities[0]
    pages = pdf(furnished.manager, f"{MONTH}&form=blank&community={community}")
    assert len(pages) == 1
    assert "排班09:00–11:00" in pages[0]
    assert "10-29四张三丰" in pages[0]
    assert "11:05" not in pages[0]
    page = book(furnished.manager, f"{MONTH}&form=blank&community={community}").active
    assert page is not None
    assert [page.cell(4, column).value for column in (6, 7, 8, 9)] == [None] * 4


def test_an_office_gets_every_firm_of_its_street(furnished: Furnished) -> None:
    pages = "".join(pdf(furnished.checker, MONTH))
    assert furnished.firm.code in pages
    assert furnished.other.code in pages
    assert furnished.other.code not in "".join(pdf(furnished.manager, MONTH))


def test_too_many_at_once_are_refused_in_words(
    furnished: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_SHEETS", 1)
    for ending in ("pdf", "xlsx"):
        address = f"/sign-in-sheets/sheets.{ending}?{MONTH}"
        answer = furnished.manager.get(address, follow_redirects=True)
        assert answer.request.path == "/sign-in-sheets"
        assert "一次最多 1 个社区，这里有 2 个" in answer.text
    assert book(furnished.manager, f"{MONTH}&form=list").sheetnames == ["签到汇总"]


@pytest.mark.parametrize("query", ["month=2020-01", f"{MONTH}&community=nonsense"])
def test_no_contract_no_sheet(furnished: Furnished, query: str) -> None:
    for ending in ("pdf", "xlsx"):
        answer = furnished.manager.get(f"/sign-in-sheets/sheets.{ending}?{query}")
        assert answer.status_code == 303
        page = furnished.manager.get(answer.headers["Location"])
        assert (page.status_code, page.request.query_string.decode()) == (200, query)
        assert "没有可打印的签到表" in page.text


def test_a_lawyers_sheet_holds_the_own_duty(furnished: Furnished) -> None:
    assert "表上只有您自己的值班" in furnished.adviser.get(f"/sign-in-sheets?{MONTH}").text
    text = "".join(pdf(furnished.adviser, MONTH))
    assert "李四光09:00" in text
    assert "张三丰09:00" not in text


def test_the_chooser_offers_what_is_there(furnished: Furnished) -> None:
    with counting.statements() as sent:
        page = furnished.checker.get(f"/sign-in-sheets?{MONTH}").text
    assert len(sent) <= 8
    assert "form=blank" in page
    assert "甲社区" in page
    assert "回到值班月报" in furnished.checker.get("/sign-in-sheets?month=2020-01").text


def test_names_of_worksheets_are_what_excel_takes() -> None:
    long = "很" * 40
    given = [
        Sheet("", "", name, OCTOBER, [], False) for name in ("甲/乙", "甲乙", "甲乙", long, "")
    ]
    found = names(given)
    assert found[:3] == ["甲 乙", "甲乙", "甲乙(2)"]
    assert len(found[3]) == 31
    assert found[4] == "社区"
