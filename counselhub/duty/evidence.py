"""What speaks for sessions, gathered for many at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from counselhub.core.db import db
from counselhub.duty.grades import Graded, Proof, Record, grade
from counselhub.duty.kinds import DutySource, PunchTiming
from counselhub.duty.models import DutyPunch, DutySession, PunchMatch
from counselhub.photos import queries as pictured
from counselhub.photos.rules import PhotoVerdict, Seen
from counselhub.points.kinds import CodeVerdict, PositionVerdict
from counselhub.points.proof_models import DutyPosition, DutyScan
from counselhub.points.rules import Placed, has_scanned, is_at_the_point
from counselhub.services.models import ServiceRecord

BY_TIMING = {
    PunchTiming.AT_ONCE: Record.AT_ONCE,
    PunchTiming.OFFLINE: Record.OFFLINE,
    PunchTiming.LATE: Record.LATE,
    PunchTiming.FUTURE: Record.LATE,
}
Tap = tuple[DutyPunch, Placed]
ORDER = list(Record)
"""From the best record to the poorest: a session is as good as its poorest tap."""


def of(sessions: Sequence[DutySession]) -> dict[UUID, Graded]:
    """Return the grade of each session by its id, with one statement for any number of them."""
    if not sessions:
        return {}
    told = _told(sessions)
    return {one.id: _graded(one, told[one.id]) for one in sessions}


@dataclass(slots=True)
class _Told:
    """What is known of a session beside its own row; taps in the order of time."""

    taps: list[DutyPunch] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    photos: Sequence[Seen] = ()
    is_served: bool = False
    is_matched: bool = False


def _graded(session: DutySession, told: _Told) -> Graded:
    said = {
        Proof.COMMUNITY: bool(session.community_confirmed),
        Proof.SERVICES: told.is_served,
        Proof.POSITION: is_at_the_point(told.placed),
        Proof.CODE: has_scanned(told.placed),
        Proof.PHOTO: any(photo.verdict is PhotoVerdict.WITHIN for photo in told.photos),
        Proof.PUNCH: told.is_matched,
    }
    proofs = frozenset(proof for proof, speaks in said.items() if speaks)
    is_signed_out = session.signed_out_at is not None
    found = grade(_record(session, told.taps), proofs, is_signed_out=is_signed_out)
    return replace(found, placed=told.placed, photos=told.photos)


def _told(sessions: Sequence[DutySession]) -> defaultdict[UUID, _Told]:
    by_id = {one.id: one for one in sessions}
    is_tap = and_(DutyPunch.firm_id == DutySession.firm_id, DutyPunch.session_id == DutySession.id)
    query = (
        select(
            DutySession.id,
            _is_served(),
            is_matched(),
            pictured.column(),
            DutyPunch,
            DutyPosition,
            DutyScan,
        )
        .outerjoin(DutyPunch, is_tap)
        .outerjoin(DutyPosition, _is_of(DutyPosition))
        .outerjoin(DutyScan, _is_of(DutyScan))
        .where(
            DutySession.firm_id.in_({one.firm_id for one in sessions}), DutySession.id.in_(by_id)
        )
        .order_by(DutyPunch.counts_at, DutyPunch.id)
    )
    found: defaultdict[UUID, _Told] = defaultdict(_Told)
    for session_id, is_served, matched, photos, *rest in db.session.execute(query):
        told, (punch, position, scan) = found[session_id], rest
        told.is_served, told.is_matched = is_served, matched
        told.photos = pictured.seen(photos, by_id[session_id])
        if punch is not None:
            told.taps.append(punch)
            placed = _placed(punch, position, scan)
            told.placed += [placed] if placed.position or placed.code else []
    return found


def _is_served() -> ColumnElement[bool]:
    """Whether a session's adviser logged a service of the same community in its time."""
    return exists().where(
        ServiceRecord.firm_id == DutySession.firm_id,
        ServiceRecord.adviser_id == DutySession.adviser_id,
        ServiceRecord.community_code == DutySession.community_code,
        ServiceRecord.day == DutySession.day,
        ServiceRecord.created_at >= DutySession.signed_in_at,
        or_(
            DutySession.signed_out_at.is_(None),
            ServiceRecord.created_at <= DutySession.signed_out_at,
        ),
    )


def is_matched() -> ColumnElement[bool]:
    """Whether the firm's attendance record vouches for a session as it now is (EVID-8)."""
    return exists().where(
        PunchMatch.firm_id == DutySession.firm_id,
        PunchMatch.session_id == DutySession.id,
        PunchMatch.session_revision == DutySession.revision,
        PunchMatch.is_proof,
    )


def placed_of(punches: Sequence[DutyPunch]) -> dict[UUID, Placed]:
    """Return what taps say of their place, by their id; those that say nothing are left out."""
    query = (
        select(DutyPunch, DutyPosition, DutyScan)
        .outerjoin(DutyPosition, _is_of(DutyPosition))
        .outerjoin(DutyScan, _is_of(DutyScan))
        .where(DutyPunch.id.in_([one.id for one in punches]))
    )
    found = {row[0].id: _placed(*row) for row in db.session.execute(query)}
    return {row: one for row, one in found.items() if one.position or one.code}


def _is_of(model: type[DutyPosition] | type[DutyScan]) -> ColumnElement[bool]:
    return and_(model.firm_id == DutyPunch.firm_id, model.punch_id == DutyPunch.id)


def _placed(punch: DutyPunch, position: DutyPosition | None, scan: DutyScan | None) -> Placed:
    return Placed(
        punch.kind,
        PositionVerdict.of(position.verdict) if position else None,
        position.distance_m if position else None,
        CodeVerdict.of(scan.verdict) if scan else None,
    )


def _record(session: DutySession, taps: Sequence[DutyPunch]) -> Record:
    if session.source == DutySource.DINGTALK and not session.is_corrected:
        return Record.SYSTEM
    if not any(tap.session_revision == session.revision for tap in taps):
        return Record.HAND
    return max((BY_TIMING[PunchTiming(tap.timing)] for tap in taps), key=ORDER.index)
