"""Pages of premises: the office's desk, the lawyer's phone, the bureau's list."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind, as_office, as_scope
from counselhub.premises import issue_actions
from counselhub.premises.models import PremisesIssue, PremisesReport
from counselhub.premises.rows import COLUMNS
from tests import factories
from tests.counting import statements
from tests.factories import Tenant, Town
from tests.premises.conftest import PLANNED, at, days, jpeg, make, paper, scan

pytestmark = pytest.mark.usefixtures("wednesday")
ROOM = {"has_room": "yes", "address": "一楼", "conditions": ["desk"], "has_board": "no"}
PLAN = {
    "cause": "楼在拆建",
    "responsible_body": "某某公司",
    "planned_on": "2026-12-10",
    "revision": "1",
}


def photo() -> tuple[BytesIO, str]:
    return BytesIO(jpeg()), "room.jpg"


def test_the_office_records_a_room_and_is_told_what_lacks(
    as_checker: FlaskClient, town: Town
) -> None:
    page = f"/premises/rooms/{town.communities[0]}"
    assert as_checker.post(page, data=ROOM).status_code == 303
    shown = as_checker.get(page).text
    assert "这里还缺：条件不足、无公示栏" in shown
    stale = as_checker.post(page, data=ROOM | {"revision": ""})
    assert stale.status_code == 409
    assert "别人已经登记" in stale.text
    sent = as_checker.post(f"{page}/photos", data={"file": photo()})
    assert sent.status_code == 303
    assert as_checker.post(f"{page}/photos", data={"file": photo()}).status_code == 409


def test_bad_input_comes_back_as_it_was_typed(as_checker: FlaskClient, town: Town) -> None:
    page = f"/premises/rooms/{town.communities[0]}"
    bad = as_checker.post(page, data=ROOM | {"area_m2": "-3", "hours": "每周四"})
    assert bad.status_code == 422
    assert "请填写1到10000之间的整数" in bad.text
    assert 'value="每周四"' in bad.text
    late = as_checker.post(page, data=ROOM | {"inspected_on": "2026-12-01"})
    assert (late.status_code, "查看日期不能晚于今天" in late.text) == (422, True)
    none = as_checker.post(f"{page}/issues", data={"kind": "pool"})
    assert none.status_code == 422


def test_an_issue_from_the_desk_to_its_end(as_checker: FlaskClient, town: Town) -> None:
    made = as_checker.post(
        f"/premises/rooms/{town.communities[0]}/issues", data={"kind": "no_room", "words": "走廊"}
    )
    page = made.headers["Location"]
    assert "第二步" in as_checker.get(page).text
    early = as_checker.post(f"{page}/letter", data={"file": (BytesIO(scan()), "a.pdf")})
    assert (early.status_code, "请先填写原因" in early.text) == (422, True)
    assert as_checker.post(f"{page}/plan", data=PLAN).status_code == 303
    stale = as_checker.post(f"{page}/plan", data=PLAN)
    assert (stale.status_code, "楼在拆建" in stale.text) == (409, True)
    letter = PdfReader(BytesIO(as_checker.get(f"{page}/letter.pdf").data))
    words = letter.pages[0].extract_text()
    assert len(letter.pages) == 1
    assert all(one in words for one in ("甲社区", "无场所", "楼在拆建", "某某公司", "盖章"))
    assert (
        as_checker.post(f"{page}/letter", data={"file": (BytesIO(scan()), "a.pdf")}).status_code
        == 303
    )
    assert as_checker.post(f"{page}/notes", data={"note-words": "已商定"}).status_code == 303
    assert as_checker.post(f"{page}/solution", data={"solve-words": "好了"}).status_code == 422
    done = {"solve-solved_on": "2026-11-18", "solve-words": "借用会议室", "solve-file": photo()}
    assert as_checker.post(f"{page}/solution", data=done).status_code == 303
    shown = as_checker.get(page).text
    assert "已销号" in shown
    assert "借用会议室" in shown
    again = as_checker.post(f"{page}/notes", data={"note-words": "又来"})
    assert again.status_code == 409


def test_what_is_overdue_is_shown_before_any_night(app: Flask, town: Town, checker: Member) -> None:
    make(app, town, checker, further=lambda one: issue_actions.explain(one, paper(), by=checker))
    with clock.frozen(at(PLANNED + days(1))):
        client = factories.signed_in(app, town.scope, Role.CHECKER)
        assert "甲社区" in client.get("/premises/issues?status=overdue").text
        assert "甲社区" not in client.get("/premises/issues?status=due").text


def test_the_list_of_the_bureau_is_the_same_on_page_sheet_and_paper(
    app: Flask, as_checker: FlaskClient, town: Town, checker: Member
) -> None:
    make(app, town, checker)
    reader = factories.signed_in(app, Scope(ScopeKind.BUREAU, town.street_code[:6]), Role.READER)
    for client in (as_checker, reader):
        assert "甲社区" in client.get("/premises/issues").text
        book = openpyxl.load_workbook(BytesIO(client.get("/premises/issues.xlsx").data))
        rows = list(book.active.iter_rows(min_row=3, values_only=True))
        assert rows[0] == tuple(title for title, _width in COLUMNS)
        assert rows[1][2:6] == ("甲社区", "无场所", "没有空房间", "甲社区居委会")
        assert rows[1][7].date() == PLANNED
        assert len(rows) == 2
        paper_page = PdfReader(BytesIO(client.get("/premises/issues.pdf").data)).pages[0]
        assert "没有空房间" in paper_page.extract_text()
    narrowed = as_checker.get("/premises/issues?last=2026-11-17&kind=nonsense&street=x")
    assert "没有符合条件的整改" in narrowed.text


def test_a_formula_stays_a_text(
    app: Flask, as_checker: FlaskClient, town: Town, checker: Member
) -> None:
    def poison(issue: PremisesIssue) -> None:
        issue.cause = "=HYPERLINK(1)"

    make(app, town, checker, further=poison)
    book = openpyxl.load_workbook(BytesIO(as_checker.get("/premises/issues.xlsx").data))
    cell = book.active.cell(4, 5)
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_lawyer_reports_in_two_taps_and_reads_the_answer(
    as_adviser: FlaskClient, as_checker: FlaskClient, tenant: Tenant, app: Flask
) -> None:
    page = f"/premises/served/{tenant.town.communities[0]}"
    assert "报告司法所" in as_adviser.get(page).text
    assert as_adviser.post(page, data={"words": "门锁着"}).status_code == 422
    sent = as_adviser.post(page, data={"kind": "no_board", "file": photo()})
    assert sent.status_code == 303
    again = as_adviser.post(page, data={"kind": "no_board"})
    assert (again.status_code, "已经报告过" in again.text) == (409, True)
    with app.test_request_context(), as_scope(tenant.scope):
        report_id = db.session.scalars(db.select(PremisesReport.id)).one()
    assert as_checker.get(f"/premises/reports/{report_id}/photo").mimetype == "image/jpeg"
    assert as_checker.post(f"/premises/reports/{report_id}/refusal").status_code == 422
    words = {"words": "已有电子屏", "revision": "1"}
    assert as_checker.post(f"/premises/reports/{report_id}/refusal", data=words).status_code == 303
    assert as_checker.post(f"/premises/reports/{report_id}/taking").status_code == 409
    assert "已有电子屏" in as_adviser.get(page).text


def test_another_street_another_firm_and_another_role_are_refused(
    app: Flask, as_manager: FlaskClient, as_checker: FlaskClient, town: Town, checker: Member
) -> None:
    issue = make(
        app, town, checker, further=lambda one: issue_actions.explain(one, paper(), by=checker)
    )
    with app.test_request_context(), as_office(town.street_code):
        letter_id = db.session.scalars(
            db.text("select id from premises_file where issue_id = :id"), {"id": issue.id}
        ).one()
    other = factories.town(app)
    stranger = factories.signed_in(app, other.scope, Role.CHECKER)
    approver = factories.signed_in(app, town.scope, Role.APPROVER)
    assert stranger.get(f"/premises/issues/{issue.id}").status_code == 404
    assert stranger.get(f"/premises/rooms/{town.communities[0]}").status_code == 404
    assert stranger.get(f"/premises/files/{letter_id}").status_code == 404
    assert as_manager.get(f"/premises/files/{letter_id}").status_code == 403
    assert as_manager.get(f"/premises/served/photos/{letter_id}").status_code == 404
    assert as_manager.get(f"/premises/served/{town.communities[3]}").status_code == 404
    assert as_manager.get("/premises").status_code == 403
    assert approver.get(f"/premises/issues/{issue.id}").status_code == 200
    assert approver.post(f"/premises/issues/{issue.id}/notes").status_code == 403
    assert as_checker.get(f"/premises/files/{letter_id}").status_code == 200


def test_the_letter_day_is_set_by_the_office(as_checker: FlaskClient) -> None:
    assert as_checker.post("/premises/letter-day", data={"weekday": "6"}).status_code == 422
    assert as_checker.post("/premises/letter-day", data={"weekday": "0"}).status_code == 303
    assert '<option selected value="0">' in as_checker.get("/premises").text


@pytest.mark.parametrize("path", ["/premises", "/premises/issues", "/premises/reports"])
def test_a_page_asks_the_database_eight_times_at_most(
    app: Flask, as_checker: FlaskClient, town: Town, checker: Member, path: str
) -> None:
    make(app, town, checker)
    as_checker.get(path)
    with statements() as sent:
        assert as_checker.get(path).status_code == 200
    own: list[Any] = [one for one in sent if "premises" in one or "community" in one]
    assert len(own) <= 8, "\n\n".join(sent)
