"""An issue from its report to its end: explained by a stamped letter, repaired, or put off."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.premises import files, queries, rules
from counselhub.premises.files import Paper
from counselhub.premises.kinds import ISSUE_FLOW, OPEN, FileKind, IssueKind, IssueStatus
from counselhub.premises.models import PremisesIssue, PremisesStep
from counselhub.premises.room_actions import community_of


@dataclass(frozen=True, slots=True)
class Plan:
    """What the letter says: why, who, until when; government_on: reported to the government."""

    cause: str
    responsible_body: str
    responsible_person: str | None
    planned_on: date
    government_on: date | None


@dataclass(frozen=True, slots=True)
class Solution:
    """How an issue ended, and the photo that shows it."""

    solved_on: date
    words: str
    photo: Paper


def report(code: str, kind: IssueKind, words: str, *, by: Member) -> PremisesIssue:
    """Write down what a community lacks.

    Raises NotFoundError for a community of another street, ConflictError while the same is open.
    """
    community = community_of(code, by.street_code)
    today = clock.today()
    row = PremisesIssue(
        street_code=by.street_code,
        community_code=code,
        kind=kind,
        reported_on=today,
        words=words or None,
        letter_due_on=rules.letter_due(today, queries.letter_weekday(by.street_code)),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != "uq_premises_issue_open":
            raise
        raise ConflictError(
            _(
                "%(community)s的“%(kind)s”已经在整改，没有销号之前不能再登记一次。",
                community=community.short_name,
                kind=kind.label,
            )
        ) from error
    _tell(row, "open_issue", words, by)
    history.record(row, "open_issue", by=by, community=code, issue=kind.value)
    return row


def plan(issue: PremisesIssue, entry: Plan, *, by: Member, revision: int | None = None) -> None:
    """Write the plan that the letter is to say.

    Raises RefusedError for impossible days, IllegalMoveError once the letter is there.
    """
    history.expect(issue, revision)
    if issue.status != IssueStatus.REPORTED:
        raise IllegalMoveError(
            _("盖章说明已经交回，计划不能直接改；确实要改期的，请用“改期”。"), row=issue
        )
    today = clock.today()
    if entry.planned_on < today:
        raise RefusedError(_("计划解决日期不能早于今天。"), at="planned_on")
    if entry.government_on and entry.government_on > today:
        raise RefusedError(_("报告政府日期不能晚于今天。"), at="government_on")
    issue.cause, issue.responsible_body = entry.cause, entry.responsible_body
    issue.responsible_person = entry.responsible_person
    issue.planned_on, issue.government_on = entry.planned_on, entry.government_on
    _tell(issue, "plan_issue", f"计划{entry.planned_on}解决", by)
    history.record(issue, "plan_issue", by=by)


def explain(
    issue: PremisesIssue, letter: Paper, *, by: Member, revision: int | None = None
) -> None:
    """Take in the stamped letter, which makes the plan binding.

    Raises RefusedError without a plan, or for one whose day has passed.
    """
    history.expect(issue, revision)
    if issue.status == IssueStatus.REPORTED and not (issue.cause and issue.planned_on):
        raise RefusedError(_("请先填写原因、责任单位和计划解决日期，打印盖章后再上传扫描件。"))
    if issue.planned_on and issue.planned_on < clock.today():
        raise RefusedError(_("计划解决日期%(day)s已经过了，请先改计划。", day=issue.planned_on))
    issue.explained_on = clock.today()
    history.advance(issue, ISSUE_FLOW, "explain_issue", by=by, sha256=letter.digest)
    _attach(issue, letter, FileKind.LETTER, by)
    _tell(issue, "explain_issue", f"文件摘要 {letter.digest}", by)


def note(issue: PremisesIssue, words: str, *, by: Member, revision: int | None = None) -> None:
    """Write progress down. Raises IllegalMoveError for an issue that has ended."""
    history.expect(issue, revision)
    if issue.status not in OPEN:
        raise IllegalMoveError(_("这个问题已经了结，不再记进展。"), row=issue)
    _tell(issue, "note_issue", words, by)
    history.record(issue, "note_issue", by=by)


def replan(issue: PremisesIssue, words: str, *, by: Member, revision: int | None = None) -> None:
    """Put the repair off: a new plan and a new stamped letter are due. The old day is kept."""
    history.expect(issue, revision)
    old = issue.planned_on
    history.advance(issue, ISSUE_FLOW, "replan_issue", by=by)
    issue.replans += 1
    issue.explained_on = None
    weekday = queries.letter_weekday(issue.street_code)
    issue.letter_due_on = rules.letter_due(clock.today(), weekday)
    _tell(issue, "replan_issue", f"原定{old}：{words}", by)


def solve(issue: PremisesIssue, done: Solution, *, by: Member, revision: int | None = None) -> None:
    """End an issue: what was lacking is there, as the photo shows.

    Raises RefusedError for a day before the report or to come, or for a scan instead of a photo.
    """
    history.expect(issue, revision)
    if not issue.reported_on <= done.solved_on <= clock.today():
        raise RefusedError(
            _("解决日期要在%(first)s（登记日）到今天之间。", first=issue.reported_on)
        )
    if not done.photo.is_photo:
        raise RefusedError(_("销号请附现场照片（JPEG 或 PNG）。"))
    issue.solved_on, issue.closing_words = done.solved_on, done.words
    history.advance(issue, ISSUE_FLOW, "solve_issue", by=by, sha256=done.photo.digest)
    _attach(issue, done.photo, FileKind.EVIDENCE, by)
    _tell(issue, "solve_issue", done.words, by)


def withdraw(issue: PremisesIssue, words: str, *, by: Member, revision: int | None = None) -> None:
    """Take back what was written down wrongly."""
    history.expect(issue, revision)
    issue.closing_words = words
    history.advance(issue, ISSUE_FLOW, "withdraw_issue", by=by)
    _tell(issue, "withdraw_issue", words, by)


def pass_days(today: date, *, by: Member) -> int:
    """Move the street's issues that came due or overdue, return how many; again does nothing."""
    moved = 0
    late = select(PremisesIssue).where(*queries.moving(today))
    for issue in db.session.scalars(late).all():
        now = rules.standing(IssueStatus.of(issue.status), issue.planned_on, today)
        act = "issue_due" if now is IssueStatus.DUE else "issue_overdue"
        history.advance(issue, ISSUE_FLOW, act, by=by)
        _tell(issue, act, "", by)
        moved += 1
    return moved


def _attach(issue: PremisesIssue, paper: Paper, kind: FileKind, by: Member) -> None:
    files.keep(paper, kind, issue.street_code, by=by, issue_id=issue.id)


def _tell(issue: PremisesIssue, act: str, words: str, by: Member) -> None:
    step = PremisesStep(
        street_code=issue.street_code,
        issue_id=issue.id,
        at=clock.now(),
        by_name=by.name,
        act=act,
        words=words or None,
    )
    db.session.add(step)
