"""What speaks for sessions, gathered for many at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from counselhub.core.db import db
from counselhub.duty.grades import Graded, Proof, Record, grade
from counselhub.duty.kinds import DutySource, PunchTiming
from counselhub.duty.models import DutyPunch, DutySession
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
    taps, served = _gathered(sessions)
    return {one.id: _graded(one, taps[one.id], one.id in served) for one in sessions}


def _graded(session: DutySession, own: Sequence[Tap], is_served: bool) -> Graded:
    placed = [one for _punch, one in own if one.position or one.code]
    said = {
        Proof.COMMUNITY: bool(session.community_confirmed),
        Proof.SERVICES: is_served,
        Proof.POSITION: is_at_the_point(placed),
        Proof.CODE: has_scanned(placed),
    }
    proofs = frozenset(proof for proof, speaks in said.items() if speaks)
    record = _record(session, [punch for punch, _placed in own])
    is_signed_out = session.signed_out_at is not None
    return replace(grade(record, proofs, is_signed_out=is_signed_out), placed=placed)


def _gathered(
    sessions: Sequence[DutySession],
) -> tuple[defaultdict[UUID, list[Tap]], set[UUID]]:
    """Return the taps of each session in the order of time, and which had a service logged."""
    is_tap = and_(DutyPunch.firm_id == DutySession.firm_id, DutyPunch.session_id == DutySession.id)
    query = (
        select(DutySession.id, _is_served(), DutyPunch, DutyPosition, DutyScan)
        .outerjoin(DutyPunch, is_tap)
        .outerjoin(DutyPosition, _is_of(DutyPosition))
        .outerjoin(DutyScan, _is_of(DutyScan))
        .where(
            DutySession.firm_id.in_({one.firm_id for one in sessions}),
            DutySession.id.in_([one.id for one in sessions]),
        )
        .order_by(DutyPunch.counts_at, DutyPunch.id)
    )
    taps: defaultdict[UUID, list[Tap]] = defaultdict(list)
    served = set()
    for session_id, is_served, punch, position, scan in db.session.execute(query):
        if punch is not None:
            taps[session_id].append((punch, _placed(punch, position, scan)))
        if is_served:
            served.add(session_id)
    return taps, served


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
