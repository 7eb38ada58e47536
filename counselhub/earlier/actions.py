"""Ask for a late entry, agree to it or not, take it back."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from counselhub.adjustments import actions as adjustments
from counselhub.adjustments.models import Adjustment
from counselhub.core import clock, history
from counselhub.core.access import allowed
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, FrozenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.corrections.papers import Paper
from counselhub.corrections.rules import may_decide
from counselhub.cutoffs.queries import terms_of
from counselhub.cutoffs.rules import earliest_month
from counselhub.earlier.entering import Source, enter
from counselhub.earlier.gather import Judged, judge, settled_by
from counselhub.earlier.kinds import LATE_FLOW, LateKind, LateReason, LateStatus
from counselhub.earlier.models import LateEntry, LateFile
from counselhub.people.queries import has_colleague_with
from counselhub.statements.actions import cases

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('late ' || :firm, 0))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record that a settled month lacks; what its kind has not stays None."""

    kind: LateKind
    community_code: str
    day: date
    adviser_id: UUID
    signed_in_at: datetime | None = None
    signed_out_at: datetime | None = None
    times: int | None = None
    case_number: str | None = None
    difficulty: str | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Plea:
    """An entry, why it comes late, and one to three papers that prove it."""

    entry: Entry
    reason: LateReason
    words: str
    papers: tuple[Paper, ...]


def ask(plea: Plea, *, by: Member) -> LateEntry:
    """Ask for a late entry.

    Raises RefusedError for a month that is open, in review or too long ago, for a case that was
    paid, without a paper, and for what changes no amount; ConflictError for a case asked twice.
    """
    if not plea.papers:
        raise RefusedError(_("请至少附一个佐证：照片或扫描件。"), at="files")
    row = _row(plea, by)
    refuse_too_old(row.street_code, row.day, clock.today())
    settled_by(row.community_code, row.day)
    _refuse_taken_case(row)
    row.amount_fen = _worth(row).amount_fen
    with _once(row):
        db.session.add(row)
    _keep(row, plea.papers)
    digests = [paper.digest for paper in plea.papers]
    history.record(row, "ask", by=by, amount_fen=row.amount_fen, sha256=digests)
    return row


def _row(plea: Plea, by: Member) -> LateEntry:
    entry = plea.entry
    return LateEntry(
        firm_id=by.firm_id,
        kind=entry.kind,
        community_code=entry.community_code,
        street_code=entry.community_code[:9],
        day=entry.day,
        adviser_id=entry.adviser_id,
        signed_in_at=entry.signed_in_at,
        signed_out_at=entry.signed_out_at,
        times=entry.times,
        case_number=entry.case_number,
        difficulty=entry.difficulty,
        form=entry.form,
        reason=plea.reason,
        words=plea.words,
        status=LateStatus.ASKED,
        asked_at=clock.now(),
        asked_by_id=by.person_id,
        asked_by_name=by.name,
    )


def refuse_too_old(street_code: str, day: date, asked_on: date) -> None:
    """Raise RefusedError for a day whose month the street took no more when asked (LATE-1)."""
    earliest = earliest_month(asked_on, terms_of(street_code))
    if earliest is None:
        raise RefusedError(_("这个街道不受理以前月份的补录，请与司法所联系。"), at="day")
    if day.replace(day=1) < earliest:
        raise RefusedError(
            _("这个街道只受理 %(month)s 及以后的补录。", month=f"{earliest:%Y-%m}"), at="day"
        )


def _refuse_taken_case(row: LateEntry) -> None:
    if row.case_number and cases.is_taken(row.case_number):
        raise RefusedError(
            _("案件 %(number)s 已在结算单中领取，不能再补录。", number=row.case_number),
            at="case_number",
        )


def _worth(row: LateEntry) -> Judged:
    """Return what it changes. Raises RefusedError when that is nothing."""
    with db.session.no_autoflush:
        judged = judge(row)
    if not judged.amount_fen:
        raise RefusedError(
            _(
                "补录它不改变任何金额：当月已经达到要求或封顶，律师当天没有指派到这个社区，"
                "或方案对它没有补贴。"
            )
        )
    return judged


@contextmanager
def _once(row: LateEntry) -> Iterator[None]:
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != "uq_late_entry_case":
            raise
        raise ConflictError(
            _("案件 %(number)s 已有一份补录申请，请先看它的结果。", number=row.case_number)
        ) from error


def _keep(row: LateEntry, papers: Iterable[Paper]) -> None:
    for place, paper in enumerate(papers, 1):
        db.session.add(
            LateFile(
                entry_id=row.id,
                adviser_id=row.adviser_id,
                place=place,
                kind=paper.kind,
                digest=paper.digest,
                size_bytes=len(paper.content),
                arrived_at=row.asked_at,
                content=paper.content,
                thumb=paper.thumb,
            )
        )
    db.session.flush()


def is_own(row: LateEntry, by: Member) -> bool:
    """Tell whether somebody asked for it, or was the one who worked."""
    asked = row.asked_by_id is not None and row.asked_by_id == by.person_id
    return asked or (by.adviser_id is not None and row.adviser_id == by.adviser_id)


def approve(row: LateEntry, answer: str, *, revision: int | None, by: Member) -> None:
    """Agree: what it changes now is entered for the next open statement, in parts below the cap.

    Raises ForbiddenError for the own one, RefusedError when it changes nothing any more,
    ConflictError for a stale page.
    """
    db.session.execute(ONE_AT_A_TIME, {"firm": str(row.firm_id)})
    history.expect(row, revision)
    _refuse_own(row, by)
    statement = settled_by(row.community_code, row.day)
    if row.case_number and (
        cases.is_taken(row.case_number) or not cases.register(row.case_number, statement.id)
    ):
        raise RefusedError(_("案件 %(number)s 已在别处领取。", number=row.case_number))
    judged = _worth(row)
    row.amount_fen = judged.amount_fen
    _decide(row, "approve", answer, by, amount_fen=row.amount_fen, street_code=row.street_code)
    enter(judged, Source(row.firm_id, row.street_code, row.words, late_entry_id=row.id), by)


def _refuse_own(row: LateEntry, by: Member) -> None:
    has_colleague = has_colleague_with(Permission.CORRECTION_DECIDE, by)
    if not may_decide(is_own=is_own(row, by), has_colleague=has_colleague):
        raise ForbiddenError(_("自己的补录要由另一位负责人审批。"))


def refuse(row: LateEntry, answer: str, *, revision: int | None, by: Member) -> None:
    """Do not agree, with words. Raises RefusedError without, ConflictError for a stale page."""
    history.expect(row, revision)
    if not answer.strip():
        raise RefusedError(_("请写明不批准的原因，申请人会看到。"), at="answer")
    _refuse_own(row, by)
    _decide(row, "refuse", answer, by)


def _decide(row: LateEntry, act: str, answer: str, by: Member, **told: object) -> None:
    street_code = str(told.pop("street_code", "")) or None
    history.advance(row, LATE_FLOW, act, by=by, street_code=street_code, words=answer, **told)
    row.decided_at, row.answer = clock.now(), answer.strip() or None
    row.decided_by_id, row.decided_by_name = by.person_id, by.name
    row.is_alone = row.decided_by_id is not None and row.decided_by_id == row.asked_by_id
    db.session.flush()


def withdraw(row: LateEntry, *, revision: int | None, by: Member) -> None:
    """Take it back, before a statement at the office counts any of it.

    Raises ForbiddenError for somebody else's, FrozenError once it is counted, ConflictError when
    another one was agreed to after it or the page is stale.
    """
    history.expect(row, revision)
    if not (is_own(row, by) or has_decision(by)):
        raise ForbiddenError(_("只有申请人或负责人可以撤回。"))
    was_approved = row.status == LateStatus.APPROVED
    street_code = row.street_code if was_approved else None
    history.advance(row, LATE_FLOW, "withdraw", by=by, street_code=street_code)
    if was_approved:
        _refuse_followed(row)
        _take_back(row, by)
    db.session.flush()


def has_decision(by: Member) -> bool:
    """Tell whether the member decides on late entries."""
    return allowed(by, Permission.CORRECTION_DECIDE)


def _refuse_followed(row: LateEntry) -> None:
    """Raise ConflictError when the worth of a later one was worked out on top of it."""
    later = select(LateEntry.id).where(
        LateEntry.status == LateStatus.APPROVED,
        LateEntry.street_code == row.street_code,
        LateEntry.decided_at > row.decided_at,
    )
    if db.session.scalar(later.limit(1)) is not None:
        raise ConflictError(_("它之后又批准了同一街道的补录，请先撤回后批准的那一项。"), row=row)
    mended = select(Adjustment.id).where(
        Adjustment.street_code == row.street_code,
        Adjustment.correction_id.is_not(None),
        Adjustment.entered_at > row.decided_at,
    )
    if db.session.scalar(mended.limit(1)) is not None:
        raise ConflictError(
            _("它之后又有同一街道的补正列入调整，差额是在它之上算的，不能再撤回。"), row=row
        )


def _take_back(row: LateEntry, by: Member) -> None:
    entered = db.session.scalars(select(Adjustment).where(Adjustment.late_entry_id == row.id)).all()
    if any(each.handed_in_at for each in entered):
        raise FrozenError(_("这项补录已列入提交的结算单，不能撤回。"), row=row)
    for each in entered:
        adjustments.withdraw(each, by=by)
    if row.case_number:
        cases.free([row.case_number])
