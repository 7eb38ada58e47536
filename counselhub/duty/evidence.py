"""What speaks for sessions, gathered for many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select

from counselhub.core.db import db
from counselhub.duty.grades import Graded, Proof, Record, grade
from counselhub.duty.kinds import DutySource, PunchTiming
from counselhub.duty.models import DutyPunch, DutySession
from counselhub.photos import queries as pictured
from counselhub.photos.queries import Seen
from counselhub.photos.rules import PhotoVerdict
from counselhub.services.models import ServiceRecord

BY_TIMING = {
    PunchTiming.AT_ONCE: Record.AT_ONCE,
    PunchTiming.OFFLINE: Record.OFFLINE,
    PunchTiming.LATE: Record.LATE,
    PunchTiming.FUTURE: Record.LATE,
}
ORDER = list(Record)
"""From the best record to the poorest: a session is as good as its poorest tap."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """What others than the lawyer's own taps say of a session."""

    has_services: bool
    photos: Sequence[Seen]

    def proofs(self, session: DutySession) -> frozenset[Proof]:
        """Return what counts of it for the grade (EVID-3, EVID-6)."""
        counted = {
            Proof.COMMUNITY: session.community_confirmed,
            Proof.SERVICES: self.has_services,
            Proof.PHOTO: any(photo.verdict is PhotoVerdict.WITHIN for photo in self.photos),
        }
        return frozenset(proof for proof, counts in counted.items() if counts)


def of(
    sessions: Sequence[DutySession], vouched: Mapping[UUID, Vouched] | None = None
) -> dict[UUID, Graded]:
    """Return the grade of each session by its id, with two statements for any number of them.

    vouched: what `vouched_for` told of them, when it is known already; then it is one statement.
    """
    if not sessions:
        return {}
    taps, told = _taps(sessions), vouched or vouched_for(sessions)
    found = {}
    for session in sessions:
        record = _record(session, taps[session.id])
        is_signed_out = session.signed_out_at is not None
        proofs = told[session.id].proofs(session)
        found[session.id] = grade(record, proofs, is_signed_out=is_signed_out)
    return found


def vouched_for(sessions: Sequence[DutySession]) -> dict[UUID, Vouched]:
    """Return what is said of each session by its id, with one statement for any number of them."""
    if not sessions:
        return {}
    by_id = {one.id: one for one in sessions}
    query = select(DutySession.id, _is_served(), pictured.column()).where(
        DutySession.firm_id.in_({one.firm_id for one in sessions}), DutySession.id.in_(by_id)
    )
    return {
        session_id: Vouched(has_services, pictured.seen(photos, by_id[session_id]))
        for session_id, has_services, photos in db.session.execute(query)
    }


def _is_served() -> ColumnElement[bool]:
    """Whether its adviser logged a service of the same community in the session's time."""
    logged = ServiceRecord.created_at
    return exists().where(
        ServiceRecord.firm_id == DutySession.firm_id,
        ServiceRecord.community_code == DutySession.community_code,
        ServiceRecord.day == DutySession.day,
        ServiceRecord.adviser_id == DutySession.adviser_id,
        logged >= DutySession.signed_in_at,
        logged <= func.coalesce(DutySession.signed_out_at, logged),
    )


def _taps(sessions: Sequence[DutySession]) -> defaultdict[UUID, list[DutyPunch]]:
    query = select(DutyPunch).where(
        DutyPunch.firm_id.in_({one.firm_id for one in sessions}),
        DutyPunch.session_id.in_([one.id for one in sessions]),
    )
    found: defaultdict[UUID, list[DutyPunch]] = defaultdict(list)
    for punch in db.session.scalars(query):
        if punch.session_id:
            found[punch.session_id].append(punch)
    return found


def _record(session: DutySession, taps: Sequence[DutyPunch]) -> Record:
    if session.source == DutySource.DINGTALK:
        return Record.SYSTEM
    if not any(tap.session_revision == session.revision for tap in taps):
        return Record.HAND
    return max((BY_TIMING[PunchTiming(tap.timing)] for tap in taps), key=ORDER.index)
