"""What speaks for sessions, gathered for many at once."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from counselhub.core.db import db
from counselhub.duty.grades import Graded, Proof, Record, grade
from counselhub.duty.kinds import DutySource, PunchTiming
from counselhub.duty.models import DutyPunch, DutySession
from counselhub.services.models import ServiceRecord

BY_TIMING = {
    PunchTiming.AT_ONCE: Record.AT_ONCE,
    PunchTiming.OFFLINE: Record.OFFLINE,
    PunchTiming.LATE: Record.LATE,
    PunchTiming.FUTURE: Record.LATE,
}
ORDER = list(Record)
"""From the best record to the poorest: a session is as good as its poorest tap."""


def of(sessions: Sequence[DutySession]) -> dict[UUID, Graded]:
    """Return the grade of each session by its id, with two statements for any number of them."""
    if not sessions:
        return {}
    taps, served = _taps(sessions), _served(sessions)
    found = {}
    for session in sessions:
        proofs = served[session.id] | ({Proof.COMMUNITY} if session.community_confirmed else set())
        record = _record(session, taps[session.id])
        is_signed_out = session.signed_out_at is not None
        found[session.id] = grade(record, frozenset(proofs), is_signed_out=is_signed_out)
    return found


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
    if session.source == DutySource.DINGTALK and not session.is_corrected:
        return Record.SYSTEM
    if not any(tap.session_revision == session.revision for tap in taps):
        return Record.HAND
    return max((BY_TIMING[PunchTiming(tap.timing)] for tap in taps), key=ORDER.index)


def _served(sessions: Sequence[DutySession]) -> defaultdict[UUID, set[Proof]]:
    """Sessions in whose time their adviser logged a service of the same community."""
    query = select(
        ServiceRecord.adviser_id, ServiceRecord.community_code, ServiceRecord.created_at
    ).where(
        ServiceRecord.firm_id.in_({one.firm_id for one in sessions}),
        ServiceRecord.community_code.in_({one.community_code for one in sessions}),
        ServiceRecord.day.in_({one.day for one in sessions}),
    )
    logged = list(db.session.execute(query))
    found: defaultdict[UUID, set[Proof]] = defaultdict(set)
    for session in sessions:
        for who, place, at in logged:
            mine = (who, place) == (session.adviser_id, session.community_code)
            left = session.signed_out_at or at
            if mine and session.signed_in_at <= at <= left:
                found[session.id].add(Proof.SERVICES)
    return found
