"""Issues on the real database, from the first word to the solution."""

from datetime import date

import pytest
from flask import Flask, g
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, NotFoundError, RefusedError
from counselhub.core.history import AccountEvent
from counselhub.core.members import Member
from counselhub.core.tenancy import as_office, as_scope
from counselhub.premises import (
    files,
    issue_actions,
    lists,
    nightly,
    queries,
    room_actions,
)
from counselhub.premises.issue_actions import Solution
from counselhub.premises.kinds import IssueKind, IssueStatus
from counselhub.premises.models import PremisesIssue
from tests import factories
from tests.factories import Town
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


def test_the_letter_day_is_the_offices_own(office: None, town: Town, checker: Member) -> None:
    room_actions.set_letter_day(0, by=checker)
    issue = issue_actions.report(town.communities[0], IssueKind.NO_ROOM, "", by=checker)
    assert issue.letter_due_on == date(2026, 11, 23)
