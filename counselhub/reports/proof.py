"""The grade of a session in SQL, so that a month of sessions is graded by the database.

The rule itself stays where it is: letters and order come from `duty.grades` and `duty.evidence`,
and a test compares both on every kind of session. Here stands only how the facts are found: one
condition for each proof.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Interval,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.sql.selectable import LateralFromClause

from counselhub.duty.evidence import BY_TIMING, ORDER, is_matched
from counselhub.duty.grades import TABLE, Proof, Record
from counselhub.duty.kinds import DutySource, MatchVerdict
from counselhub.duty.models import DutyPunch, DutySession, PunchMatch
from counselhub.photos.models import SessionPhoto
from counselhub.photos.queries import slack
from counselhub.points.kinds import AT_THE_POINT, CodeVerdict, PositionVerdict
from counselhub.points.proof_models import DutyPosition, DutyScan
from counselhub.services.models import ServiceRecord

GRADES = "ABCD"
UNPROVEN = GRADES[-1]
_WORST = case(
    {timing.value: ORDER.index(record) for timing, record in BY_TIMING.items()},
    value=DutyPunch.timing,
    else_=ORDER.index(Record.HAND),
)


def taps_since(first: date | None = None) -> LateralFromClause:
    """Return what the taps of a session say: whether it is as one left it, the poorest record.

    first: from which day on to ask; sessions before have none.
    """
    query = select(
        func.bool_or(DutyPunch.session_revision == DutySession.revision).label("fits"),
        func.max(_WORST).label("worst"),
    ).where(DutyPunch.firm_id == DutySession.firm_id, DutyPunch.session_id == DutySession.id)
    if first:
        query = query.where(DutySession.day >= first)
    return query.correlate(DutySession).lateral("taps")


SLACK = bindparam("photo_slack", callable_=slack, type_=Interval())
"""What a camera's clock may be off, by the setting."""


def _of_session(model: type[DutyPosition] | type[DutyScan]) -> ColumnElement[bool]:
    """Whether a row belongs to a tap of the session."""
    taps = select(DutyPunch.id).where(
        DutyPunch.firm_id == DutySession.firm_id, DutyPunch.session_id == DutySession.id
    )
    of_firm = model.firm_id == DutySession.firm_id
    return of_firm & model.punch_id.in_(taps.correlate(DutySession))


def _placed(verdicts: Collection[PositionVerdict]) -> ColumnElement[bool]:
    """Whether a tap of the session has one of these verdicts on its position."""
    return exists().where(_of_session(DutyPosition), DutyPosition.verdict.in_(verdicts))


PROOFS: Mapping[Proof, ColumnElement[bool]] = {
    Proof.COMMUNITY: func.coalesce(DutySession.community_confirmed, False),
    Proof.SERVICES: exists().where(
        ServiceRecord.firm_id == DutySession.firm_id,
        ServiceRecord.community_code == DutySession.community_code,
        ServiceRecord.day == DutySession.day,
        ServiceRecord.adviser_id == DutySession.adviser_id,
        ServiceRecord.created_at >= DutySession.signed_in_at,
        ServiceRecord.created_at
        <= func.coalesce(DutySession.signed_out_at, ServiceRecord.created_at),
    ),
    Proof.POSITION: _placed(AT_THE_POINT) & ~_placed({PositionVerdict.FAR}),
    Proof.CODE: exists().where(_of_session(DutyScan), DutyScan.verdict == CodeVerdict.CURRENT),
    Proof.PHOTO: exists().where(
        SessionPhoto.firm_id == DutySession.firm_id,
        SessionPhoto.session_id == DutySession.id,
        SessionPhoto.repeats_id.is_(None),
        SessionPhoto.taken_at >= DutySession.signed_in_at - SLACK,
        SessionPhoto.taken_at
        <= func.least(DutySession.signed_out_at, SessionPhoto.arrived_at) + SLACK,
    ),
    Proof.PUNCH: is_matched(),
}
"""How each proof is found; a test fails on a proof that is not here."""


def grade_by(taps: LateralFromClause) -> ColumnElement[str]:
    """Return a session's grade, A to D, in a statement that joins `taps`."""
    proofs: ColumnElement[Any] = literal(0)
    for found in PROOFS.values():
        proofs = proofs + cast(found, Integer)
    letters = case({ORDER.index(record): row for record, row in TABLE.items()}, value=_record(taps))
    longest = max(map(len, TABLE.values()))
    letter = func.substr(letters, func.least(proofs, longest - 1) + 1, 1)
    return case((DutySession.signed_out_at.is_(None), UNPROVEN), else_=letter)


def _record(taps: LateralFromClause) -> ColumnElement[int]:
    """The place of the session's record in ORDER."""
    is_of_system = (DutySession.source == DutySource.DINGTALK) & ~DutySession.is_corrected
    return case(
        (is_of_system, ORDER.index(Record.SYSTEM)),
        (func.coalesce(taps.c.fits, False), taps.c.worst),
        else_=ORDER.index(Record.HAND),
    )


def matched_as() -> ColumnElement[str | None]:
    """Return the MatchVerdict of a session, null where it was held against nothing."""
    is_so = PunchMatch.session_revision == DutySession.revision
    said = case((is_so, PunchMatch.verdict), else_=MatchVerdict.CHANGED.value)
    query = select(said).where(
        PunchMatch.firm_id == DutySession.firm_id, PunchMatch.session_id == DutySession.id
    )
    return query.correlate(DutySession).scalar_subquery()
