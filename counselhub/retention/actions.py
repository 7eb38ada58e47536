"""Do what the table of retention says, firm by firm and batch by batch."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select, update

from counselhub.archives import actions as archives
from counselhub.attendance import expiring
from counselhub.clients import actions as clients
from counselhub.clients.models import Client
from counselhub.clients.queries import due
from counselhub.conferences import expiring as conferences
from counselhub.confirmations.models import ConfirmationRequest
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.rounds import Round
from counselhub.duty.models import DutySession
from counselhub.leave import actions as leave
from counselhub.leave.models import LeaveRequest
from counselhub.leave.queries import with_words
from counselhub.ledgers.actions.setting import expire_files
from counselhub.matters import expiring as matters
from counselhub.matters.models import ConflictCheck
from counselhub.packets import expiring as packets
from counselhub.pairings.work_models import ActivityPhoto, PairingActivity
from counselhub.people.models import SignInLink, SignInSession
from counselhub.photos.models import PhotoContent, SessionPhoto
from counselhub.points.proof_models import DutyFix
from counselhub.products.document_models import DraftedDocument
from counselhub.referrals.after_models import FeedbackLink, HomeVisit
from counselhub.retention import cases, lives, messages, rooms, words
from counselhub.retention.kinds import Kept
from counselhub.retention.rules import due_before
from counselhub.retention.sweeping import (
    End,
    Sweep,
    hook_log,
    in_firms,
    made_files,
    noted,
    on_platform,
    through_firms,
    through_streets,
)
from counselhub.retention.table import TABLE
from counselhub.rota.models import HandoverNote, OnlineTurn
from counselhub.services.log_models import ServiceFile, ServiceFileContent
from counselhub.services.models import ServiceRecord
from counselhub.spotchecks.actions import expire_photos
from counselhub.work import actions as works
from counselhub.yearfiles.kinds import TASK as YEAR_FILE


def run(periods: dict[Kept, int | None], *, dry: bool) -> list[Sweep]:
    """Sweep every class that this job looks after; dry: only say what would go."""
    sweeps = [
        Sweep(rule.kept, days, due_before(clock.today(), days), dry)
        for rule in TABLE
        if rule.by_this_job and (days := periods[rule.kept]) is not None
    ]
    sweep(*sweeps)
    return sweeps


def sweep(*sweeps: Sweep) -> None:
    """Do some sweeps: the platform's and the streets' rows one after the other, then the firms'.

    Raises SomeFailedError at the end, for what could not be swept.
    """
    with Round() as each:
        for one in sweeps:
            with each.step(one.kept.value):
                SWEEPS[one.kept](one)
        with each.step("firms"):
            through_firms(sweeps)


def _clients(sweep: Sweep) -> None:
    in_firms(sweep, due(sweep.before), wipe_due(sweep))


def wipe_due(sweep: Sweep) -> End:
    """Return what wipes clients who were last served long ago; one served in between stays."""

    def wipe(ids: Sequence[UUID], by: Member) -> int:
        query = select(Client).where(Client.id.in_(due(sweep.before)), Client.id.in_(ids))
        rows = db.session.scalars(query.with_for_update()).all()
        for row in rows:
            clients.wipe(row)
            history.record(row, "expire", by=by, days=sweep.days)
        return len(rows)

    return wipe


def _leave(sweep: Sweep) -> None:
    """Empty the words of leave that ended long ago: they may be about health."""
    over = with_words(sweep.before)

    def empty(ids: Sequence[UUID], by: Member) -> int:
        rows = db.session.scalars(select(LeaveRequest).where(LeaveRequest.id.in_(ids), over)).all()
        for row in rows:
            leave.blank_words(row, by=by)
        return len(rows)

    in_firms(sweep, select(LeaveRequest.id).where(over), empty)


def _punches(sweep: Sweep) -> None:
    """Punches of other systems: they tell where lawyers were, on duty or not."""

    def expire(ids: Sequence[UUID], by: Member) -> int:
        return expiring.expire(ids, sweep.before, by=by, days=sweep.days)

    in_firms(sweep, expiring.due(sweep.before), expire)


def _links(sweep: Sweep) -> None:
    """Links that were used or ran out long ago; their ids are digests of random tokens."""
    over = or_(SignInLink.used_at < sweep.until, SignInLink.expires_at < sweep.until)
    # The start of a digest is enough to tell rows apart in a list.
    on_platform(sweep, SignInLink.digest, over, shown=func.left(SignInLink.digest, 12))


def _sessions(sweep: Sweep) -> None:
    """Sessions that ended long ago, or were left without signing out: those end by themselves."""
    over = func.coalesce(SignInSession.ended_at, SignInSession.last_seen_at) < sweep.until
    on_platform(sweep, SignInSession.id, over, shown=SignInSession.id)


def _positions(sweep: Sweep) -> None:
    """Coordinates of taps that nobody may ask about any more; what came of them stays."""
    over = DutyFix.taken_at < sweep.until
    gone = delete(DutyFix).where(over)
    in_firms(sweep, select(DutyFix.id).where(over), noted(sweep, gone, DutyFix.id))


def _notes(sweep: Sweep) -> None:
    """Notes of turns that ended long ago; the turn says that there was one, in its acts."""
    key = HandoverNote.turn_id
    over = key.in_(select(OnlineTurn.id).where(OnlineTurn.ends_at < sweep.until))
    in_firms(sweep, select(key).where(over), noted(sweep, delete(HandoverNote), key))


def _photos(sweep: Sweep) -> None:
    """Pictures of sessions long ago; what is known of them stays, and so does the grade."""
    key = PhotoContent.photo_id
    of_content = and_(SessionPhoto.firm_id == PhotoContent.firm_id, SessionPhoto.id == key)
    of_session = and_(
        DutySession.firm_id == SessionPhoto.firm_id, DutySession.id == SessionPhoto.session_id
    )
    over = select(key).join(SessionPhoto, of_content).join(DutySession, of_session)
    over = over.where(DutySession.day < sweep.before)
    in_firms(sweep, over, noted(sweep, delete(PhotoContent), key))


def _pairing_photos(sweep: Sweep) -> None:
    """Pictures of activities long ago; what is known of them stays with the activity."""
    key = ActivityPhoto.id
    mine = and_(
        PairingActivity.firm_id == ActivityPhoto.firm_id,
        PairingActivity.id == ActivityPhoto.activity_id,
    )
    over = select(key).join(PairingActivity, mine)
    over = over.where(PairingActivity.day < sweep.before, ActivityPhoto.picture.is_not(None))
    emptied = update(ActivityPhoto).values(picture=None, thumb=None)
    in_firms(sweep, over, noted(sweep, emptied, key))


def _service_files(sweep: Sweep) -> None:
    """Contents of files of services long ago; what is known of them stays."""
    key = ServiceFileContent.file_id
    of_content = and_(ServiceFile.firm_id == ServiceFileContent.firm_id, ServiceFile.id == key)
    of_record = and_(
        ServiceRecord.firm_id == ServiceFile.firm_id, ServiceRecord.id == ServiceFile.service_id
    )
    over = select(key).join(ServiceFile, of_content).join(ServiceRecord, of_record)
    over = over.where(ServiceRecord.day < sweep.before)
    in_firms(sweep, over, noted(sweep, delete(ServiceFileContent), key))


def _drafted(sweep: Sweep) -> None:
    """Contents of documents that were drafted long ago; what is known of them stays."""
    row = DraftedDocument
    over = select(row.id).where(row.made_at < sweep.until, row.content.is_not(None))
    in_firms(sweep, over, noted(sweep, update(row).values(content=None), row.id))


def _confirmers(sweep: Sweep) -> None:
    """Names of who confirmed long ago; the answers stay."""
    row = ConfirmationRequest
    over = select(row.id).where(row.answered_at < sweep.until, row.name_sealed.is_not(None))
    wiped = update(row).values(name_sealed=None, address_digest=None)
    in_firms(sweep, over, noted(sweep, wiped, row.id))


def _addresses(sweep: Sweep) -> None:
    """Addresses of visits long ago; day, people and result stay."""
    row = HomeVisit
    over = select(row.id).where(row.visited_on < sweep.before, row.address_sealed.is_not(None))
    wiped = update(row).values(address_sealed=None)
    in_firms(sweep, over, noted(sweep, wiped, row.id))


def _feedback_links(sweep: Sweep) -> None:
    """Links that ran out long ago; what was answered stays."""
    over = FeedbackLink.expires_at < sweep.until
    on_platform(sweep, FeedbackLink.digest, over, shown=func.left(FeedbackLink.digest, 12))


def _spot_photos(sweep: Sweep) -> None:
    """Photos of spot checks that were closed long ago, street by street: they are the office's."""
    through_streets(
        sweep, lambda code: expire_photos(code, sweep.until, days=sweep.days, dry=sweep.dry)
    )


def _ledger_files(sweep: Sweep) -> None:
    """Ledgers that offices uploaded long ago, street by street; what was read of them stays."""
    through_streets(
        sweep, lambda code: expire_files(code, sweep.until, days=sweep.days, dry=sweep.dry)
    )


def _matters(sweep: Sweep) -> None:
    """Parties of matters that ended long ago, and digests of checks that led to none."""

    def wipe(ids: Sequence[UUID], by: Member) -> int:
        return matters.wipe(ids, sweep.before, by=by, days=sweep.days)

    in_firms(sweep, matters.due(sweep.before), wipe)
    checks = matters.checks_due(sweep.until)
    gone = update(ConflictCheck).values(digests=[])
    in_firms(sweep, checks, noted(sweep, gone, ConflictCheck.id))


def _conferences(sweep: Sweep) -> None:
    """What was said in conferences long ago; that they were, and who came, stays."""

    def wipe(ids: Sequence[UUID], by: Member) -> int:
        return conferences.wipe(ids, by=by, days=sweep.days)

    in_firms(sweep, conferences.due(sweep.before), wipe)


def _packets(sweep: Sweep) -> None:
    """What went to other firms and came from them long ago; that it did stays."""

    def wipe(ids: Sequence[UUID], by: Member) -> int:
        return packets.wipe(ids, by=by, days=sweep.days)

    in_firms(sweep, packets.due(sweep.until), wipe)


SWEEPS: dict[Kept, Callable[[Sweep], None]] = {
    Kept.CLIENT: _clients,
    Kept.LEAVE: _leave,
    Kept.MATTER: _matters,
    Kept.PUNCH: _punches,
    Kept.SIGN_IN_LINK: _links,
    Kept.SIGN_IN_SESSION: _sessions,
    Kept.HOME_VISIT: _addresses,
    Kept.FEEDBACK_LINK: _feedback_links,
    Kept.CONFERENCE: _conferences,
    Kept.PACKET: _packets,
    Kept.ABSENCE: words.absences,
    Kept.COVER: words.requests_for_cover,
    Kept.CORRECTION: words.corrections,
    Kept.CORRECTION_FILE: words.correction_files,
    Kept.LATE_ENTRY: words.late_entries,
    Kept.LATE_FILE: words.late_files,
    Kept.CASE_FILE: cases.case_files,
    Kept.LINE_FILE: cases.line_files,
    Kept.PARTIES: cases.parties,
    Kept.POSITION: _positions,
    Kept.HANDOVER_NOTE: _notes,
    Kept.HANDOVER_LINE: lives.handover_lines,
    Kept.PROMISE: lives.promises,
    Kept.LIAISON: lives.liaisons,
    Kept.CHOICE_WISH: lives.wishes,
    Kept.PHOTO: _photos,
    Kept.PAIRING_PHOTO: _pairing_photos,
    Kept.ROOM_PHOTO: rooms.files,
    Kept.ROOM_REPORT_PHOTO: rooms.report_photos,
    Kept.SERVICE_FILE: _service_files,
    Kept.DRAFTED: _drafted,
    Kept.CONFIRMER: _confirmers,
    Kept.SPOT_PHOTO: _spot_photos,
    Kept.YEAR_FILE: made_files(works.expire, only=[YEAR_FILE]),
    Kept.NOTICE: messages.notices,
    Kept.DELIVERY: messages.deliveries,
    Kept.LONG_WORK: made_files(works.expire, but=[archives.TASK, YEAR_FILE]),
    Kept.HOOK_LOG: hook_log,
    Kept.OFFICE_ARCHIVE: made_files(works.expire, only=[archives.TASK]),
    Kept.LEDGER_FILE: _ledger_files,
}
