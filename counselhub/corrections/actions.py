"""Ask for a correction, agree to it or not; what is agreed to is written by the desk's own acts."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.corrections import queries, rules, settling
from counselhub.corrections.kinds import CORRECTION_FLOW, CorrectionStatus
from counselhub.corrections.models import (
    CorrectionFile,
    CorrectionFileContent,
    SessionCorrection,
)
from counselhub.corrections.papers import Paper
from counselhub.corrections.rules import Version
from counselhub.duty import actions as duty
from counselhub.duty import desk
from counselhub.duty import queries as duty_queries
from counselhub.duty.desk import Entry
from counselhub.duty.kinds import CorrectionReason, SessionStatus
from counselhub.duty.models import DutySession
from counselhub.people.queries import has_colleague_with

TWICE = ("uq_session_correction_session", "uq_session_correction_begin")


@dataclass(frozen=True, slots=True)
class Plea:
    """A session as its lawyer says it was, why it is recorded otherwise, and what proves it."""

    entry: Entry
    reason: CorrectionReason
    words: str
    papers: tuple[Paper, ...] = ()
    """At most three, no two the same (CORR-4)."""


def version_of(session: DutySession) -> Version:
    """Return a session as the rules know it."""
    return Version(
        session.community_code,
        session.signed_in_at,
        session.signed_out_at,
        session.substitute_for_id,
    )


def ask(
    session: DutySession | None, plea: Plea, *, revision: int | None, by: Member
) -> SessionCorrection:
    """Ask for a correction; session None: of one that was never recorded.

    Raises RefusedError for impossible times, for what is in the way and for a change of nothing,
    ConflictError for a stale page, a request that waits already and a session that is not closed.
    """
    if session is not None:
        history.expect(session, revision)
        _refuse_unclosed(session)
    desk.refuse_impossible(plea.entry)
    if plea.entry.end is None:
        raise RefusedError(_("请填写离开的时间。"), at="signed_out")
    row = _row(session, plea, by)
    if not rules.is_change(row.was, row.wanted):
        raise RefusedError(_("填写的内容和现在的记录一样，没有要补正的。"))
    _refuse_presence_elsewhere(row)
    with _once(row):
        db.session.add(row)
    _keep(row, plea.papers)
    digests = [paper.digest for paper in plea.papers]
    history.record(row, "ask", by=by, files=len(digests), sha256=digests)
    return row


def _keep(row: SessionCorrection, papers: Iterable[Paper]) -> None:
    for place, paper in enumerate(papers, 1):
        file = CorrectionFile(
            correction_id=row.id,
            place=place,
            adviser_id=row.adviser_id,
            kind=paper.kind,
            digest=paper.digest,
            size_bytes=len(paper.content),
            taken_at=paper.taken_at,
            arrived_at=row.asked_at,
        )
        db.session.add(file)
        db.session.flush()
        db.session.add(
            CorrectionFileContent(file_id=file.id, content=paper.content, thumb=paper.thumb)
        )


def _refuse_unclosed(session: DutySession) -> None:
    if session.status == SessionStatus.OPEN:
        raise IllegalMoveError(_("这次值班还没有签退，请先在“值班”页签退再申请补正。"), row=session)
    if session.status == SessionStatus.VOIDED:
        raise IllegalMoveError(_("这次值班已作废；实际到岗的，请申请补记一次。"), row=session)


def _row(session: DutySession | None, plea: Plea, by: Member) -> SessionCorrection:
    entry = plea.entry
    row = SessionCorrection(
        adviser_id=entry.adviser_id,
        community_code=entry.community_code,
        street_code=entry.community_code[:9],
        day=entry.day,
        signed_in_at=entry.begin,
        signed_out_at=entry.end,
        substitute_for_id=entry.substitute_for_id,
        reason=plea.reason,
        words=plea.words,
        asked_at=clock.now(),
        asked_by_id=by.person_id,
        asked_by_name=by.name,
    )
    if session is not None:
        row.session_id = session.id
        row.was_community_code = session.community_code
        row.was_signed_in_at = session.signed_in_at
        row.was_signed_out_at = session.signed_out_at
        row.was_substitute_for_id = session.substitute_for_id
    return row


def _refuse_presence_elsewhere(row: SessionCorrection) -> None:
    not_id = row.session_id or row.id
    other = duty_queries.in_the_way(
        row.adviser_id, row.community_code, row.signed_in_at, row.signed_out_at, not_id
    )
    if other is not None:
        raise RefusedError(duty.collision(other))


@contextmanager
def _once(row: SessionCorrection) -> Iterator[None]:
    """Write inside; a request that waits already is named. Raises ConflictError."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) not in TWICE:
            raise
        raise ConflictError(
            _("这次值班已有一份补正申请在等审批，请先撤回它，或等审批结果。"),
            row=queries.waiting_on(row.session_id),
        ) from error


def agree(row: SessionCorrection, answer: str, *, revision: int | None, by: Member) -> None:
    """Agree: the session becomes what was asked for, or its difference is adjusted (CORR-3).

    An approved month is adjusted at once, one in review when it is approved. RefusedError: the
    street takes nothing so old.
    Raises ForbiddenError for the own request (CORR-2), ConflictError for a stale page, for a
    session that was changed meanwhile and for presence elsewhere, FrozenError when a statement
    closes the month in this moment.
    """
    history.expect(row, revision)
    _refuse_own(row, by)
    if row.status == CorrectionStatus.ASKED and queries.closed(row):
        with db.session.begin_nested():
            _decide(row, "set_aside", answer, by)
            settling.settle(row, by)
        return
    _apply(row, by)
    _decide(row, "apply", answer, by)


def _refuse_own(row: SessionCorrection, by: Member) -> None:
    has_colleague = has_colleague_with(Permission.CORRECTION_DECIDE, by)
    if not rules.may_decide(is_own=is_own(row, by), has_colleague=has_colleague):
        raise ForbiddenError(_("自己的补正申请要由另一位负责人审批。"))


def is_own(row: SessionCorrection, by: Member) -> bool:
    """Tell whether somebody asked for it, or was the one on duty."""
    asked = row.asked_by_id is not None and row.asked_by_id == by.person_id
    return asked or (by.adviser_id is not None and row.adviser_id == by.adviser_id)


def _apply(row: SessionCorrection, by: Member) -> None:
    move = CORRECTION_FLOW["apply"]
    if row.status not in move.sources:
        raise IllegalMoveError(_("这份申请已经有了结果，请看最新内容。"), row=row)
    session = _session_of(row)
    entry = _entry(row, session)
    reason, told = CorrectionReason(row.reason), str(row.id)
    if session is None:
        row.session_id = desk.add(entry, by=by, reason=reason, correction=told).id
    else:
        desk.correct(session, entry, revision=None, by=by, reason=reason, correction=told)


def _session_of(row: SessionCorrection) -> DutySession | None:
    """Return the session, as it was when the request was made. Raises ConflictError otherwise."""
    if row.session_id is None:
        return None
    session = db.session.get_one(
        DutySession, (row.firm_id, row.session_id), with_for_update={"key_share": True}
    )
    if session.status != SessionStatus.CLOSED or version_of(session) != row.was:
        raise ConflictError(
            _("申请之后这次值班又有改动，和申请里的“原记录”不一样了。请不同意，让律师重新申请。"),
            row=row,
        )
    return session


def _entry(row: SessionCorrection, session: DutySession | None) -> Entry:
    """Return what the desk is to write; what was not asked about stays."""
    return Entry(
        adviser_id=row.adviser_id,
        community_code=row.community_code,
        day=row.day,
        signed_in=clock.local(row.signed_in_at).time(),
        signed_out=clock.local(row.signed_out_at).time(),
        substitute_for_id=row.substitute_for_id,
        community_confirmed=bool(session and session.community_confirmed),
        remark=(session.remark if session else row.words) or "",
    )


def _decide(row: SessionCorrection, act: str, answer: str, by: Member) -> None:
    is_told = act in ("apply", "set_aside")
    row.decided_at, row.decided_by_id, row.decided_by_name = clock.now(), by.person_id, by.name
    row.answer = answer or row.answer
    row.is_alone = row.asked_by_id is not None and row.asked_by_id == by.person_id
    place = row.street_code if is_told else None
    history.advance(row, CORRECTION_FLOW, act, by=by, street_code=place)
    db.session.flush()


def refuse(row: SessionCorrection, answer: str, *, revision: int | None, by: Member) -> None:
    """Refuse it with words. Raises RefusedError without any, else as `agree`."""
    history.expect(row, revision)
    _refuse_own(row, by)
    if not answer:
        raise RefusedError(_("请写明不同意的原因，申请人会看到。"))
    _decide(row, "refuse", answer, by)


def withdraw(row: SessionCorrection, *, revision: int | None, by: Member) -> None:
    """Take the own request back. Raises ForbiddenError for somebody else's, else as `agree`."""
    history.expect(row, revision)
    if not is_own(row, by):
        raise ForbiddenError()
    history.advance(row, CORRECTION_FLOW, "withdraw", by=by)
    db.session.flush()
