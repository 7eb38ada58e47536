"""Take a turn over by a tap, take the tap back, leave a note: where online duty becomes evidence.

A planned turn pays nothing. The tap makes the shifts (`OnlineShift`, what money rule M7 counts) of
the rota's streets, from its minute to the planned end, and ends those of the one before.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import flag_modified

from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError
from counselhub.core.i18n import clock_time
from counselhub.core.members import Member
from counselhub.duty.models import OnlineShift
from counselhub.duty.rules import may_be_cancelled
from counselhub.rota import queries, rules
from counselhub.rota.kinds import TURN_FLOW, TurnStatus
from counselhub.rota.models import HandoverNote, OnlineTurn, Rota
from counselhub.rota.queries import instant, span_of, wall
from counselhub.rota.rules import TakingFault


def take_over(turn: OnlineTurn, *, revision: int | None, by: Member) -> OnlineTurn | None:
    """Take one's turn over; return the turn of whom it relieves, None when nobody stood by.

    A shift that the desk entered for the same minute is taken for his. Raises ConflictError for a
    stale page, IllegalMoveError too early or after its end, FrozenError in a closed month.
    """
    history.expect(turn, revision)
    _refuse_untimely(turn)
    rota = _locked(turn.rota_id)
    tap = clock.to_minute(clock.now())
    relieved = [one for one in queries.standing(rota.id) if one.id != turn.id]
    for one in relieved:
        _relieve(one, rota, tap, by=by)
    turn.taken_at = tap
    history.advance(turn, TURN_FLOW, "take_over", by=by, relieved=[str(one.id) for one in relieved])
    _stand(turn, rota, by=by)
    return relieved[-1] if relieved else None


def _refuse_untimely(turn: OnlineTurn) -> None:
    fault = rules.taking_fault(span_of(turn), wall(clock.now()))
    if fault is TakingFault.TOO_EARLY:
        opens = clock_time(turn.starts_at - rules.EARLIEST)
        raise IllegalMoveError(_("还没到接班的时候，%(opens)s 起可以接班。", opens=opens), row=turn)
    if fault is TakingFault.OVER:
        raise IllegalMoveError(
            _("这一班 %(end)s 已经结束，不能再接。", end=clock_time(turn.ends_at)), row=turn
        )


def _locked(rota_id: UUID) -> Rota:
    """Return the rota, whose turns nobody else hands over before this is done."""
    query = select(Rota).where(Rota.id == rota_id).options(selectinload(Rota.streets))
    return db.session.scalars(query.with_for_update()).one()


def _stand(turn: OnlineTurn, rota: Rota, *, by: Member) -> None:
    """Make the shifts of a turn that was taken over, where it has none."""
    there = {shift.street_code for shift in _shifts(turn, rota)}
    shifts = [
        OnlineShift(
            adviser_id=turn.adviser_id,
            street_code=one.street_code,
            starts_at=turn.taken_at,
            ends_at=turn.ends_at,
        )
        for one in rota.streets
        if one.street_code not in there
    ]
    with guarded():
        db.session.add_all(shifts)
    for shift in shifts:
        history.record(shift, "add", by=by, street_code=shift.street_code)


def _relieve(turn: OnlineTurn, rota: Rota, tap: datetime, *, by: Member) -> None:
    """End the shifts of who stood by until now (ROTA-4)."""
    until = instant(rules.relieved_at(wall(turn.ends_at), wall(tap)))
    for shift in _shifts(turn, rota):
        _end(shift, until, by=by)
    history.advance(turn, TURN_FLOW, "hand_over", by=by)


def _end(shift: OnlineShift, until: datetime, *, by: Member) -> None:
    """Let a shift end at `until`; one that would have no minute goes."""
    if shift.ends_at == until:
        return
    before = {"starts_at": shift.starts_at.isoformat(), "ends_at": shift.ends_at.isoformat()}
    act = "change" if until > shift.starts_at else "remove"
    with guarded():
        history.record(shift, act, by=by, street_code=shift.street_code, before=before)
        if act == "change":
            shift.ends_at = until
        else:
            db.session.delete(shift)


def _shifts(turn: OnlineTurn, rota: Rota) -> Sequence[OnlineShift]:
    """Return the shifts that taking a turn made; one that the desk has moved since is no more."""
    query = select(OnlineShift).where(
        OnlineShift.adviser_id == turn.adviser_id,
        OnlineShift.starts_at == turn.taken_at,
        OnlineShift.street_code.in_([one.street_code for one in rota.streets]),
    )
    return db.session.scalars(query).all()


def give_back(turn: OnlineTurn, *, revision: int | None, by: Member) -> None:
    """Take a slip of the thumb back within ten minutes; who had it before has it again.

    Raises ConflictError for a stale page, IllegalMoveError afterwards, FrozenError.
    """
    history.expect(turn, revision)
    if turn.taken_at is None or not may_be_given_back(turn):
        raise IllegalMoveError(_("接班超过10分钟，不能撤回。要换人请下一位接班。"), row=turn)
    rota = _locked(turn.rota_id)
    for shift in _shifts(turn, rota):
        _end(shift, shift.starts_at, by=by)
    relieved = _relieved_by(turn)
    history.advance(turn, TURN_FLOW, "give_back", by=by)
    turn.taken_at = None
    for one in relieved:
        history.advance(one, TURN_FLOW, "have_again", by=by)
        for shift in _shifts(one, rota):
            _end(shift, one.ends_at, by=by)
        _stand(one, rota, by=by)


def _relieved_by(turn: OnlineTurn) -> Sequence[OnlineTurn]:
    """Return whom the last take-over of a turn relieved."""
    taken = [event for event in history.of(turn) if event.act == "take_over"]
    ids = [UUID(one) for one in taken[-1].detail["relieved"]] if taken else []
    query = select(OnlineTurn).where(OnlineTurn.id.in_(ids), OnlineTurn.status == TurnStatus.DONE)
    return db.session.scalars(query).all()


def may_be_given_back(turn: OnlineTurn) -> bool:
    """Tell whether a take-over is so young that it may have been a slip."""
    is_standing = turn.status == TurnStatus.STANDING and turn.taken_at is not None
    return is_standing and may_be_cancelled(turn.taken_at or clock.now(), clock.now())


def leave_note(
    turn: OnlineTurn, matters: str, whom_to_call: str, *, revision: int | None, by: Member
) -> None:
    """Leave what the next one must know; only the firm reads it, and no act repeats its words.

    Raises ConflictError for a stale page, IllegalMoveError for a turn that nobody has taken over.
    """
    history.expect(turn, revision)
    if turn.taken_at is None:
        raise IllegalMoveError(_("接班之后才能写交班留言。"), row=turn)
    now = clock.now()
    flag_modified(turn, "is_moved")  # words lie on another table, the revision is the turn's
    if turn.note is None:
        turn.note = HandoverNote(matters=matters, whom_to_call=whom_to_call, written_at=now)
    else:
        turn.note.matters, turn.note.whom_to_call = matters, whom_to_call
        turn.note.written_at = now
    history.record(turn, "write_note", by=by)
