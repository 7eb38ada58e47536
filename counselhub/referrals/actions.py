"""Ask for a referral, triage it, conclude it, close it; and the ways out in between."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db, take_lock
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.referrals import conflicts, forming, gather, offering, timing
from counselhub.referrals.kinds import (
    REFERRAL_FLOW,
    ReferralStatus,
    Speciality,
    TeamRole,
    Urgency,
)
from counselhub.referrals.models import ONE_LIVE, Referral, ReferralMember
from counselhub.services.models import ServiceRecord


@dataclass(frozen=True, slots=True)
class Plea:
    """What is asked for."""

    speciality: Speciality
    urgency: Urgency
    words: str


def ask(service: ServiceRecord, plea: Plea, *, by: Member) -> Referral:
    """Refer a service; where the firm's rules place it by themselves, it is offered at once.

    Raises ConflictError naming the referral that the service has already.
    """
    row = Referral(
        number=_next_number(by),
        service_id=service.id,
        community_code=service.community_code,
        speciality=plea.speciality,
        urgency=plea.urgency,
        words=plea.words,
        status=ReferralStatus.ASKED,
        asker_id=service.adviser_id,
        asked_at=clock.now(),
        step_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != ONE_LIVE:
            raise
        raise ConflictError(_already(service)) from error
    limits = gather.rule()
    timing.begin_step(row, limits)
    history.record(row, "ask", by=by, number=row.number)
    db.session.flush()
    if limits.places_itself:
        _place(row, by)
    return row


def _next_number(by: Member) -> str:
    """Return the year's next number; whoever asks at the same time waits for this one.

    The database looks past walls: a number that is hidden from one is taken all the same.
    """
    year = clock.today().year
    take_lock(f"referrals {by.firm_id} {year}")
    head = f"ZJ-{year}-"
    last = db.session.scalar(select(func.last_referral_number(head)))
    return f"{head}{int((last or '0').removeprefix(head)) + 1:05d}"


def _already(service: ServiceRecord) -> str:
    """Return the sentence that names the referral which a service has."""
    found = live_of(service.id)
    number = found.number if found else ""
    return str(_("这条服务已经转介：%(number)s，还没有办结。", number=number))


def live_of(service_id: UUID) -> Referral | None:
    """Return the referral of a service that has not ended, None when there is none."""
    ended = (ReferralStatus.CLOSED, ReferralStatus.WITHDRAWN)
    query = select(Referral).where(Referral.service_id == service_id, Referral.status.not_in(ended))
    return db.session.scalar(query)


def _place(row: Referral, by: Member) -> None:
    """Triage by rule and ask whom the rules suggest; nobody fit leaves it to the desk."""
    triage(row, Speciality(row.speciality), Urgency(row.urgency), revision=None, by=by)
    if any(not one.blocks for one in gather.candidates(row)):
        forming.form(row, (), None, (), revision=None, by=by)


def triage(
    referral: Referral,
    speciality: Speciality,
    urgency: Urgency,
    *,
    revision: int | None,
    by: Member,
) -> None:
    """Settle kind and urgency, and look for conflicts. Raises ConflictError for a stale page."""
    timing.lock(referral)
    history.expect(referral, revision)
    history.advance(
        referral, REFERRAL_FLOW, "triage", by=by, kind=speciality.value, urgency=urgency.value
    )
    referral.speciality, referral.urgency = speciality, urgency
    conflicts.note(referral, conflicts.found(referral), by=by)
    timing.begin_step(referral)


def change(referral: Referral, plea: Plea, *, revision: int | None, by: Member) -> None:
    """Change what was asked for before anybody is asked; the urgency moves the limit too."""
    timing.lock(referral)
    history.expect(referral, revision)
    if referral.status not in (ReferralStatus.ASKED, ReferralStatus.TRIAGED):
        raise ConflictError(_("已经征询律师，不能再改；要改先收回征询。"), row=referral)
    referral.speciality, referral.urgency = plea.speciality, plea.urgency
    referral.words = plea.words
    timing.reckon(referral)
    history.record(referral, "change", by=by)


def withdraw(referral: Referral, words: str, *, revision: int | None, by: Member) -> None:
    """Take a referral back before somebody works on it. Raises ConflictError for a stale page."""
    timing.lock(referral)
    history.expect(referral, revision)
    history.advance(referral, REFERRAL_FLOW, "withdraw", by=by, reason=words)
    referral.reason = words
    offering.drop_all(referral)
    _end(referral)


def send_back(referral: Referral, words: str, *, revision: int | None, by: Member) -> None:
    """Let the receiver, or the desk for him, give it back: it needs a team again."""
    timing.lock(referral)
    history.expect(referral, revision)
    history.advance(referral, REFERRAL_FLOW, "send_back", by=by, reason=words)
    referral.reason, referral.receiver_id = words, None
    timing.end_pause(referral)
    timing.begin_step(referral)


def confer(referral: Referral, *, by: Member, revision: int | None = None) -> None:
    """Begin a conference on it. Raises ConflictError for a stale page or another state."""
    timing.lock(referral)
    history.expect(referral, revision)
    history.advance(referral, REFERRAL_FLOW, "confer", by=by)
    timing.reckon(referral)


def conclude(referral: Referral, opinion: str, *, by: Member, revision: int | None = None) -> None:
    """Give the opinion, with which handling and conferring end: what is left is to tell it.

    A conference calls it with its conclusion. Raises RefusedError for an empty opinion,
    ConflictError for a stale page or another state.
    """
    timing.lock(referral)
    history.expect(referral, revision)
    if not opinion.strip():
        raise RefusedError(_("请写明意见：事实、依据和建议怎么办。"))
    history.advance(referral, REFERRAL_FLOW, "conclude", by=by)
    referral.opinion, referral.concluded_at = opinion, clock.now()
    timing.end_pause(referral)
    timing.begin_step(referral)


def reopen(referral: Referral, words: str, *, revision: int | None, by: Member) -> None:
    """Work on it again: the opinion does not settle it. Its text stays until there is another."""
    timing.lock(referral)
    history.expect(referral, revision)
    history.advance(referral, REFERRAL_FLOW, "reopen", by=by, reason=words)
    timing.begin_step(referral)


def close(referral: Referral, *, revision: int | None, by: Member) -> None:
    """End it: it was answered and told. Raises ConflictError for a stale page or another state."""
    timing.lock(referral)
    history.expect(referral, revision)
    history.advance(referral, REFERRAL_FLOW, "close", by=by)
    _end(referral)


def _end(referral: Referral) -> None:
    referral.escalated_at = referral.escalation_words = None
    referral.due_at = None


def helpers_of(referral: Referral) -> dict[UUID, TeamRole]:
    """Return who works on it beside its receiver."""
    query = select(ReferralMember.adviser_id, ReferralMember.role).where(
        ReferralMember.referral_id == referral.id
    )
    return {who: TeamRole.of(role) for who, role in db.session.execute(query)}
