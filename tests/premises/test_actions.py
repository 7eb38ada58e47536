"""Rooms, issues and reports on the real database."""

from datetime import date

import pytest
from flask import Flask, g
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from counselhub.core import clock
from counselhub.core.access import Member, Role
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, NotFoundError, RefusedError
from counselhub.core.history import AccountEvent
from counselhub.core.tenancy import as_office, as_scope
from counselhub.core.uploads import UploadError
from counselhub.premises import (
    files,
    issue_actions,
    lists,
    nightly,
    queries,
    report_actions,
    room_actions,
)
from counselhub.premises.issue_actions import Solution
from counselhub.premises.kinds import IssueKind, IssueStatus, ReportStatus
from counselhub.premises.models import PremisesIssue, PremisesReport
from counselhub.premises.report_actions import Plea
from counselhub.premises.room_actions import RoomEntry
from tests import factories
from tests.factories import Tenant, Town
from tests.premises.conftest import (
    FRIDAY,
    PLAN,
    PLANNED,
    WEDNESDAY,
    at,
    days,
    make,
    paper,
    scan,
)

ROOM = RoomEntry(
    True, "一楼", 20, "own", "9:00–17:00", ["desk", "sign"], True, WEDNESDAY, WEDNESDAY, None
)
pytestmark = pytest.mark.usefixtures("wednesday")


def test_an_issue_goes_from_report_to_solution(office: None, town: Town, checker: Member) -> None:
    issue = issue_actions.report(town.communities[0], IssueKind.NO_ROOM, "走廊", by=checker)
    assert (issue.status, issue.letter_due_on) == (IssueStatus.REPORTED, FRIDAY)
    issue_actions.plan(issue, PLAN, by=checker)
    issue_actions.explain(issue, files.read(scan()), by=checker)
    assert (issue.status, issue.explained_on) == (IssueStatus.EXPLAINED, WEDNESDAY)
    issue_actions.solve(issue, Solution(WEDNESDAY, "借用会议室", paper()), by=checker)
    assert (issue.status, issue.solved_on) == (IssueStatus.SOLVED, WEDNESDAY)
    kept = queries.files_of_issue(issue)
    assert {(one.kind, one.is_photo) for one in kept} == {("letter", False), ("evidence", True)}
    acts = [step.act for step in queries.steps_of(issue)]
    assert acts == ["solve_issue", "explain_issue", "plan_issue", "open_issue"]


def test_the_office_record_tells_of_each_step(office: None, town: Town, checker: Member) -> None:
    issue = issue_actions.report(town.communities[0], IssueKind.POOR, "", by=checker)
    with as_scope(town.scope):
        db.session.flush()
        told = db.session.scalars(select(AccountEvent).where(AccountEvent.act == "open_issue"))
        assert [one.detail["ids"] for one in told] == [[str(issue.id)]]


def test_the_same_problem_is_open_once(office: None, town: Town, checker: Member) -> None:
    code = town.communities[0]
    issue_actions.report(code, IssueKind.NO_ROOM, "", by=checker)
    with pytest.raises(ConflictError, match="甲社区的“无场所”已经在整改"):
        issue_actions.report(code, IssueKind.NO_ROOM, "", by=checker)
    issue_actions.report(code, IssueKind.NO_BOARD, "", by=checker)


def test_a_community_of_another_street_is_unknown(
    app: Flask, office: None, checker: Member
) -> None:
    with pytest.raises(NotFoundError):
        issue_actions.report(factories.town(app).communities[0], IssueKind.POOR, "", by=checker)


def test_a_letter_wants_a_plan(office: None, town: Town, checker: Member) -> None:
    issue = issue_actions.report(town.communities[0], IssueKind.NO_ROOM, "", by=checker)
    with pytest.raises(RefusedError, match="请先填写原因"):
        issue_actions.explain(issue, paper(), by=checker)
    issue_actions.plan(issue, PLAN, by=checker)
    with clock.frozen(at(PLANNED + days(1))), pytest.raises(RefusedError, match="已经过了"):
        issue_actions.explain(issue, paper(), by=checker)


@pytest.mark.parametrize(
    ("planned_on", "government_on", "words"),
    [
        pytest.param(WEDNESDAY - days(1), None, "不能早于今天", id="planned for yesterday"),
        pytest.param(PLANNED, FRIDAY, "不能晚于今天", id="told the government tomorrow"),
    ],
)
def test_impossible_days_are_refused(
    office: None,
    town: Town,
    checker: Member,
    planned_on: date,
    government_on: date | None,
    words: str,
) -> None:
    issue = issue_actions.report(town.communities[0], IssueKind.NO_ROOM, "", by=checker)
    plan = issue_actions.Plan("原因", "单位", None, planned_on, government_on)
    with pytest.raises(RefusedError, match=words):
        issue_actions.plan(issue, plan, by=checker)


def test_a_new_plan_wants_a_new_letter(app: Flask, town: Town, checker: Member) -> None:
    issue = make(
        app, town, checker, further=lambda one: issue_actions.explain(one, paper(), by=checker)
    )
    with app.test_request_context(), as_office(town.street_code), clock.frozen(at(FRIDAY)):
        row = db.session.get_one(PremisesIssue, issue.id)
        with pytest.raises(IllegalMoveError, match="改期"):
            issue_actions.plan(row, PLAN, by=checker)
        issue_actions.replan(row, "施工延误", by=checker)
        assert (row.status, row.replans, row.explained_on) == ("reported", 1, None)
        assert row.letter_due_on == FRIDAY + days(7)
        assert queries.steps_of(row)[0].words == f"原定{PLANNED}：施工延误"
        with pytest.raises(ConflictError, match="这个文件已经传过"):
            issue_actions.explain(row, paper(), by=checker)


def test_solving_wants_a_photo_and_a_possible_day(
    office: None, town: Town, checker: Member
) -> None:
    issue = issue_actions.report(town.communities[0], IssueKind.NO_ROOM, "", by=checker)
    for day in (WEDNESDAY - days(1), WEDNESDAY + days(1)):
        with pytest.raises(RefusedError, match="登记日"):
            issue_actions.solve(issue, Solution(day, "好了", paper()), by=checker)
    done = Solution(WEDNESDAY, "好了", files.read(scan()))
    with pytest.raises(RefusedError, match="现场照片"):
        issue_actions.solve(issue, done, by=checker)
    issue_actions.withdraw(issue, "登记错了", by=checker)
    with pytest.raises(IllegalMoveError):
        issue_actions.note(issue, "进展", by=checker)


def test_the_night_moves_what_the_calendar_has_moved(
    app: Flask, town: Town, checker: Member, as_checker: object
) -> None:
    issue = make(
        app, town, checker, further=lambda one: issue_actions.explain(one, paper(), by=checker)
    )
    seen = []
    for day in (
        PLANNED - days(8),
        PLANNED - days(7),
        PLANNED,
        PLANNED + days(1),
        PLANNED + days(2),
    ):
        with app.test_request_context(), clock.frozen(at(day)):
            with as_office(town.street_code):
                g.member = checker
                row = db.session.get_one(PremisesIssue, issue.id)
                shown = queries.standing_of(row, day)
                listed = lists.tallies()
                db.session.rollback()
            nightly.run()
            with as_office(town.street_code):
                row = db.session.get_one(PremisesIssue, issue.id)
                seen.append((shown, row.status, listed.due, listed.overdue))
                steps = [step.act for step in queries.steps_of(row)]
    assert seen == [
        ("explained", "explained", 0, 0),
        ("due", "due", 1, 0),
        ("due", "due", 1, 0),
        ("overdue", "overdue", 0, 1),
        ("overdue", "overdue", 0, 1),
    ]
    assert steps[:2] == ["issue_overdue", "issue_due"]


def test_a_room_keeps_nothing_of_a_room_that_is_not_there(
    office: None, town: Town, checker: Member
) -> None:
    code = town.communities[0]
    row = room_actions.keep(code, ROOM, by=checker)
    assert (row.inspected_by_name, row.conditions) == ("黄经办", ["desk", "sign"])
    gone = RoomEntry(False, None, 20, "own", "9:00", ["desk"], False, WEDNESDAY, None, None)
    room_actions.keep(code, gone, by=checker, revision=row.revision)
    assert (row.area_m2, row.hours, row.conditions) == (None, None, [])
    assert row.board_current_on is None
    assert queries.lacking(row, []) == [IssueKind.NO_ROOM, IssueKind.NO_BOARD]


def test_a_stale_page_of_a_room_is_refused(office: None, town: Town, checker: Member) -> None:
    code = town.communities[0]
    with pytest.raises(ConflictError):
        room_actions.keep(code, ROOM, by=checker, revision=3)
    room_actions.keep(code, ROOM, by=checker)
    with pytest.raises(ConflictError, match="别人已经登记"):
        room_actions.keep(code, ROOM, by=checker)


def test_days_to_come_and_unknown_conditions_are_refused(
    office: None, town: Town, checker: Member
) -> None:
    tomorrow = WEDNESDAY + days(1)
    for entry, words in (
        (RoomEntry(True, *[None] * 4, [], None, None, tomorrow, None), "查看日期"),
        (RoomEntry(True, *[None] * 4, [], True, tomorrow, None, None), "更新日期"),
        (RoomEntry(True, *[None] * 4, ["pool"], None, None, None, None), "不认识"),
    ):
        with pytest.raises(RefusedError, match=words):
            room_actions.keep(town.communities[0], entry, by=checker)


def test_photos_of_a_room(office: None, town: Town, checker: Member) -> None:
    row = room_actions.keep(town.communities[0], ROOM, by=checker)
    with pytest.raises(RefusedError, match="JPEG"):
        room_actions.add_photo(row, files.read(scan()), by=checker)
    photo = room_actions.add_photo(row, paper(), by=checker)
    with pytest.raises(ConflictError, match="已经传过"):
        room_actions.add_photo(row, paper(), by=checker)
    for shade in range(room_actions.MOST_PHOTOS - 1):
        room_actions.add_photo(row, paper(shade * 20 + 5), by=checker)
    with pytest.raises(RefusedError, match="最多6张"):
        room_actions.add_photo(row, paper(200), by=checker)
    room_actions.remove_photo(photo, by=checker)
    assert len(queries.files_of_room(row)) == room_actions.MOST_PHOTOS - 1
    issue = issue_actions.report(town.communities[0], IssueKind.NO_ROOM, "", by=checker)
    issue_actions.plan(issue, PLAN, by=checker)
    issue_actions.explain(issue, paper(), by=checker)
    with pytest.raises(NotFoundError):
        room_actions.remove_photo(queries.files_of_issue(issue)[0], by=checker)


def test_what_is_no_photo_and_no_scan_is_refused() -> None:
    with pytest.raises(UploadError):
        files.read(b"MZ this is a program")


def test_the_letter_day_is_the_offices_own(office: None, town: Town, checker: Member) -> None:
    room_actions.set_letter_day(0, by=checker)
    issue = issue_actions.report(town.communities[0], IssueKind.NO_ROOM, "", by=checker)
    assert issue.letter_due_on == date(2026, 11, 23)


def _lawyer(tenant: Tenant) -> Member:
    return tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)


def _send(app: Flask, tenant: Tenant, code: str, kind: IssueKind) -> PremisesReport:
    with app.test_request_context(), as_scope(tenant.scope):
        row = report_actions.send(code, Plea(kind, "锁着门", paper()), by=_lawyer(tenant))
        db.session.commit()
        db.session.refresh(row)
        db.session.expunge(row)
    return row


def test_a_report_becomes_an_issue_that_the_firm_sees(
    app: Flask, tenant: Tenant, checker: Member
) -> None:
    code = tenant.town.communities[0]
    sent = _send(app, tenant, code, IssueKind.NO_BOARD)
    with app.test_request_context(), as_office(tenant.town.street_code):
        row = db.session.get_one(PremisesReport, (tenant.firm_id, sent.id))
        issue = report_actions.take(row, by=checker, revision=sent.revision)
        with pytest.raises(ConflictError):
            report_actions.decline(row, "不是问题", by=checker)
        issue_id = issue.id
        db.session.rollback()
        row = db.session.get_one(PremisesReport, (tenant.firm_id, sent.id))
        issue_id = report_actions.take(row, by=checker).id
        db.session.commit()
    with app.test_request_context(), as_scope(tenant.scope):
        row = db.session.get_one(PremisesReport, (tenant.firm_id, sent.id))
        assert (row.status, row.issue_id) == (ReportStatus.TAKEN, issue_id)
        assert [one.id for one in queries.issues_of(code)] == [issue_id]
        assert queries.steps_of(queries.issues_of(code)[0]) == []
        plea = Plea(IssueKind.NO_BOARD, "")
        with pytest.raises(ConflictError, match="正在整改，不用再报"):
            report_actions.send(code, plea, by=_lawyer(tenant))


def test_two_firms_reports_join_one_issue(
    app: Flask, tenant: Tenant, outsider: Tenant, checker: Member
) -> None:
    code = tenant.town.communities[0]
    both = [_send(app, firm, code, IssueKind.POOR) for firm in (tenant, outsider)]
    with app.test_request_context(), as_office(tenant.town.street_code):
        rows = [db.session.get_one(PremisesReport, (one.firm_id, one.id)) for one in both]
        first, second = (report_actions.take(row, by=checker).id for row in rows)
        assert first == second


def test_a_report_waits_once_and_only_where_one_serves(app: Flask, tenant: Tenant) -> None:
    code, lawyer = tenant.town.communities[0], _lawyer(tenant)
    _send(app, tenant, code, IssueKind.NO_ROOM)
    with app.test_request_context(), as_scope(tenant.scope):
        with pytest.raises(ConflictError, match="已经报告过"):
            report_actions.send(code, Plea(IssueKind.NO_ROOM, ""), by=lawyer)
        with pytest.raises(NotFoundError):
            report_actions.send(tenant.town.communities[3], Plea(IssueKind.POOR, ""), by=lawyer)
        plea = Plea(IssueKind.POOR, "", files.read(scan()))
        with pytest.raises(RefusedError, match="照片"):
            report_actions.send(code, plea, by=lawyer)


def test_the_office_answers_a_report_and_changes_nothing_of_it(app: Flask, tenant: Tenant) -> None:
    sent = _send(app, tenant, tenant.town.communities[0], IssueKind.NO_ROOM)
    with app.test_request_context(), as_office(tenant.town.street_code):
        forge = text("update premises_report set words = '没事' where id = :id")
        with pytest.raises(DBAPIError, match="the office answers it"):
            db.session.execute(forge, {"id": sent.id})
        db.session.rollback()
