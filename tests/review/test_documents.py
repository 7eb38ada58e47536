"""The statement as a form: its rows sum to the total, as PDF and as Excel, for both sides."""

from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import update

from counselhub.core.db import db
from counselhub.core.money import in_capitals
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.people.models import Firm
from counselhub.statements.documents import queries
from counselhub.statements.documents.pdf import pdf
from counselhub.statements.documents.sheet import Kind, Sheet
from counselhub.statements.documents.xlsx import xlsx
from counselhub.statements.models import StatementLine
from tests import factories as people
from tests.factories import Tenant, Town
from tests.review import factories
from tests.review.factories import Made


def sheet_of(app: Flask, made: Made) -> Sheet:
    """The form as the firm sees it."""
    with app.test_request_context(), as_scope(made.tenant.scope):
        sheet = queries.sheet(made.get())
        db.session.rollback()
    return sheet


def column(sheet: Sheet, title: str) -> list[Any]:
    place = [one.title for one in sheet.columns].index(title)
    return [row[place] for row in sheet.rows]


def words_of(document: bytes) -> str:
    """The text of a PDF without the blanks that typesetting puts between letters."""
    pages = pypdf.PdfReader(BytesIO(document)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_a_row_is_a_community_and_says_what_the_trace_says(app: Flask, in_review: Made) -> None:
    sheet = sheet_of(app, in_review)
    assert column(sheet, "村（社区）") == ["甲社区", "乙社区"]
    assert column(sheet, "法律顾问") == ["张三丰", "张三丰"]
    assert column(sheet, "补贴标准（元/年）") == [2_000_000] * 2
    assert column(sheet, "应服务时长（小时）") == [480] * 2
    assert column(sheet, "实际现场时长（小时）") == [360] * 2
    assert column(sheet, "缺勤次数") == [1] * 2
    assert column(sheet, "讲座次数") == [1] * 2
    assert column(sheet, "扣减依据") == ["缺2小时×50.00"] * 2
    assert column(sheet, "应发金额（元）") == [181_000] * 2


def test_rows_sum_to_the_total_across_and_down(app: Flask, in_review: Made) -> None:
    sheet = sheet_of(app, in_review)
    amounts = [
        place
        for place, one in enumerate(sheet.columns)
        if one.kind is Kind.FEN and one.totalled and one.title != "应发金额（元）"
    ]
    for row, paid in zip(sheet.rows, column(sheet, "应发金额（元）"), strict=True):
        assert sum(int(row[place] or 0) for place in amounts) == paid
    assert sum(column(sheet, "应发金额（元）")) == sheet.total_fen
    assert sum(fen for _source, fen in sheet.funding) == sheet.total_fen


def test_an_adjustment_has_its_own_column_and_row(
    app: Flask, tenant: Tenant, submitted: Made
) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        made = submitted.get()
        line = StatementLine(
            statement_id=made.id,
            street_code=made.street_code,
            position=99,
            contract_number="",
            kind="adjustment",
            month=date(2026, 9, 1),
            quantity="2026-09",
            amount_fen=-12_345,
            trace=[],
        )
        db.session.add(line)
        db.session.flush()
        made.total_fen -= 12_345
        sheet = queries.sheet(made)
        db.session.rollback()
    assert column(sheet, "调整（元）") == [None, None, -12_345]
    assert column(sheet, "村（社区）")[-1] == "上期结转"
    assert column(sheet, "备注")[-1] == "2026-09：结转未付差额"
    assert sum(column(sheet, "应发金额（元）")) == sheet.total_fen


def test_the_pdf_says_number_total_and_who_signed(app: Flask, in_review: Made) -> None:
    sheet = sheet_of(app, in_review)
    document = pdf(sheet)
    assert document.startswith(b"%PDF-")
    words = words_of(document)
    for word in (
        in_review.number,
        in_capitals(sheet.total_fen),
        "￥3,620.00",
        "测试主任",
        "第1次提交",
        "审核中",
        "第1页，共1页",
    ):
        assert word in words
    assert "草稿" not in words
    assert pdf(sheet) == document


def test_a_draft_says_so(app: Flask, tenant: Tenant) -> None:
    sheet = sheet_of(app, factories.statement(app, tenant, until=()))
    assert "草稿" in words_of(pdf(sheet))
    book = load_workbook(BytesIO(xlsx(sheet)))
    assert "草稿" in str(book.worksheets[0]["A1"].value)


def test_sixty_rows_repeat_the_header(app: Flask, town: Town, tenant: Tenant) -> None:
    codes = [f"{town.street_code}{100 + place}" for place in range(60)]
    with app.app_context():
        for code in codes:
            people.community(town, code)
        db.session.commit()
    sheet = sheet_of(app, factories.statement(app, tenant, communities=codes))
    pages = pypdf.PdfReader(BytesIO(pdf(sheet))).pages
    assert len(pages) == 2
    for page in pages:
        assert "扣减依据" in "".join(page.extract_text().split())


def test_excel_holds_numbers_that_sum_to_the_total(app: Flask, in_review: Made) -> None:
    sheet = sheet_of(app, in_review)
    page = load_workbook(BytesIO(xlsx(sheet))).worksheets[0]
    rows = list(page.iter_rows(values_only=True))
    header = next(place for place, row in enumerate(rows) if row[0] == "序号")
    paid = [str(title).replace("\n", "") for title in rows[header]].index("应发金额（元）")
    values = [row[paid] for row in rows[header + 1 : header + 3]]
    assert all(isinstance(value, int | float) for value in values)
    assert round(sum(values) * 100) == sheet.total_fen
    assert rows[header + 3][1] == "合计"
    assert round(float(str(rows[header + 3][paid])) * 100) == sheet.total_fen
    assert page.page_setup.orientation == "landscape"
    assert str(page.page_setup.paperSize) == "9"
    assert page.print_title_rows == f"${header + 1}:${header + 1}"
    assert any(in_capitals(sheet.total_fen) in str(row[0]) for row in rows)


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"])
def test_a_name_never_becomes_a_formula(
    app: Flask, tenant: Tenant, in_review: Made, name: str
) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        db.session.execute(
            update(StatementLine)
            .where(StatementLine.statement_id == in_review.id)
            .values(contract_number=name)
        )
        sheet = queries.sheet(in_review.get())
        db.session.rollback()
    book = load_workbook(BytesIO(xlsx(sheet)))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert any(cell.value == name for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert name.replace(" ", "") in words_of(pdf(sheet))


@pytest.mark.parametrize(
    ("ending", "start"),
    [pytest.param("pdf", b"%PDF", id="pdf"), pytest.param("xlsx", b"PK", id="xlsx")],
)
def test_both_sides_hold_the_document(
    app: Flask,
    as_manager: FlaskClient,
    as_checker: FlaskClient,
    in_review: Made,
    ending: str,
    start: bytes,
) -> None:
    where = f"/statements/{in_review.id}/statement.{ending}"
    for client in (as_manager, as_checker):
        answer = client.get(where)
        assert answer.status_code == 200
        assert answer.data.startswith(start)
        name = quote(f"结算单-{in_review.number}.{ending}")
        assert f"filename*=UTF-8''{name}" in answer.headers["Content-Disposition"]


def test_who_may_not_have_it(
    app: Flask,
    tenant: Tenant,
    as_outsider: FlaskClient,
    as_adviser: FlaskClient,
    as_checker: FlaskClient,
    in_review: Made,
) -> None:
    where = f"/statements/{in_review.id}/statement.pdf"
    assert as_outsider.get(where).status_code == 404
    assert as_adviser.get(where).status_code == 403
    elsewhere = people.signed_in(app, people.town(app).scope, Role.CHECKER)
    assert elsewhere.get(where).status_code == 404
    assert app.test_client().get(where).status_code == 303


def test_the_office_has_no_draft(
    app: Flask, tenant: Tenant, as_checker: FlaskClient, as_manager: FlaskClient
) -> None:
    draft = factories.statement(app, tenant, until=())
    where = f"/statements/{draft.id}/statement.pdf"
    assert as_manager.get(where).status_code == 200
    assert as_checker.get(where).status_code == 404


def test_a_firms_name_is_text_and_not_markup(app: Flask, tenant: Tenant, in_review: Made) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        made = in_review.get()
        made.firm = Firm(name="#panic() *某某* $x$ 律师事务所", code="x")
        sheet = queries.sheet(made)
        db.session.expunge_all()
        db.session.rollback()
    assert "#panic()*某某*$x$律师事务所" in words_of(pdf(sheet))
