"""What a firm reports from the phone, and what the office makes of it."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.places.models import Community
from counselhub.places.queries import served
from counselhub.premises import issue_actions, queries
from counselhub.premises.files import Paper
from counselhub.premises.kinds import REPORT_FLOW, IssueKind, ReportStatus
from counselhub.premises.models import PremisesIssue, PremisesReport


@dataclass(frozen=True, slots=True)
class Plea:
    """What a lawyer saw."""

    kind: IssueKind
    words: str
    photo: Paper | None = None


def send(code: str, plea: Plea, *, by: Member) -> PremisesReport:
    """Tell the street's office what a community lacks.

    Raises NotFoundError for a community that the firm does not serve, RefusedError for a scan,
    ConflictError while the same report waits or the office is at it already.
    """
    community = db.session.scalar(select(Community).where(Community.code == code, served()))
    if community is None:
        raise NotFoundError()
    if plea.photo and not plea.photo.is_photo:
        raise RefusedError(_("请传照片（JPEG 或 PNG）。"))
    _refuse_known(community, plea.kind)
    row = _row(community, plea, by)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != "uq_premises_report_sent":
            raise
        raise ConflictError(
            _(
                "本所已经报告过%(community)s的“%(kind)s”，司法所还没有处理，不用再报。",
                community=community.short_name,
                kind=plea.kind.label,
            )
        ) from error
    history.record(
        row, "send_report", by=by, street_code=row.street_code, community=code, issue=row.kind
    )
    return row


def _refuse_known(community: Community, kind: IssueKind) -> None:
    known = queries.open_issue(community.code, kind)
    if known is not None:
        raise ConflictError(
            _(
                "%(community)s的“%(kind)s”司法所已经在%(day)s登记，正在整改，不用再报。",
                community=community.short_name,
                kind=kind.label,
                day=known.reported_on,
            )
        )


def _row(community: Community, plea: Plea, by: Member) -> PremisesReport:
    return PremisesReport(
        street_code=community.street_code,
        community_code=community.code,
        adviser_id=by.adviser_id,
        kind=plea.kind,
        words=plea.words or None,
        sent_at=clock.now(),
        sent_by_name=by.name,
        has_photo=plea.photo is not None,
        photo=plea.photo.content if plea.photo else None,
    )


def take(report: PremisesReport, *, by: Member, revision: int | None = None) -> PremisesIssue:
    """Make an issue of a report, or join it to the same one that is open already."""
    history.expect(report, revision)
    kind = IssueKind.of(report.kind)
    issue = queries.open_issue(report.community_code, kind)
    if issue is None and report.status == ReportStatus.SENT:
        issue = issue_actions.report(report.community_code, kind, report.words or "", by=by)
    report.issue_id = issue.id if issue else report.issue_id
    _answer(report, "take_report", "", by)
    return db.session.get_one(PremisesIssue, report.issue_id)


def decline(report: PremisesReport, words: str, *, by: Member, revision: int | None = None) -> None:
    """Make no issue of it, and say why."""
    history.expect(report, revision)
    _answer(report, "decline_report", words, by)


def _answer(report: PremisesReport, act: str, words: str, by: Member) -> None:
    history.advance(report, REPORT_FLOW, act, by=by, street_code=report.street_code)
    report.answer = words or None
    report.answered_at, report.answered_by_name = clock.now(), by.name
