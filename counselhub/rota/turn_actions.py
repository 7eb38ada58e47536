"""Move a turn, exchange two, call one off, cover a gap; each can be taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.history import Event
from counselhub.core.i18n import clock_time
from counselhub.core.members import Member
from counselhub.rota import queries
from counselhub.rota.kinds import TURN_FLOW, TurnStatus
from counselhub.rota.making import ONE_AT_A_TIME
from counselhub.rota.models import OnlineTurn, Rota
from counselhub.rota.queries import wall

LONGEST_TURN = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Target:
    """Who is to answer, and when."""

    adviser_id: UUID
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, turn: OnlineTurn) -> "Target":
        """Return what a turn is."""
        return cls(turn.adviser_id, turn.starts_at, turn.ends_at)

    def kept(self, *, is_moved: bool) -> dict[str, Any]:
        """Return it for the record, for `Target.told` to read."""
        return {
            "adviser_id": str(self.adviser_id),
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "is_moved": is_moved,
        }

    @classmethod
    def told(cls, kept: dict[str, Any]) -> "Target":
        """Return what `kept` wrote."""
        return cls(
            UUID(kept["adviser_id"]),
            datetime.fromisoformat(kept["starts_at"]),
            datetime.fromisoformat(kept["ends_at"]),
        )


def move(turn: OnlineTurn, target: Target, *, revision: int | None, by: Member) -> None:
    """Give a turn to another lawyer or time; making the turns again leaves it there.

    Raises RefusedError for impossible times, ConflictError naming the turn in the way or for a
    stale page, IllegalMoveError for one that was taken over or is past.
    """
    history.expect(turn, revision)
    _refuse_settled(turn)
    if target == Target.of(turn):
        return
    _refuse_impossible(target)
    before = Target.of(turn).kept(is_moved=turn.is_moved)
    _put(turn, target, is_moved=True)
    history.record(turn, "move_turn", by=by, before=before)


def swap(turn: OnlineTurn, other: OnlineTurn, *, revision: int | None, by: Member) -> None:
    """Exchange the lawyers of two planned turns of a rota. Raises as `move`."""
    history.expect(turn, revision)
    if other.rota_id != turn.rota_id or other.adviser_id == turn.adviser_id:
        raise RefusedError(_("请选择同一张轮值表里另一位律师的班次。"))
    for one in (turn, other):
        _refuse_settled(one)
    _exchange(turn, other, by=by)


def _exchange(turn: OnlineTurn, other: OnlineTurn, *, by: Member) -> None:
    for one, two in ((turn, other), (other, turn)):
        before = Target.of(one).kept(is_moved=one.is_moved)
        history.record(one, "swap", by=by, before=before, other=str(two.id))
    turn.adviser_id, other.adviser_id = other.adviser_id, turn.adviser_id
    turn.is_moved = other.is_moved = True
    db.session.flush()


def undo(turn: OnlineTurn, *, revision: int | None, by: Member) -> None:
    """Take the last move or exchange back. Raises IllegalMoveError when another act came since."""
    history.expect(turn, revision)
    _refuse_settled(turn)
    done = last_change(turn)
    if done is None:
        raise IllegalMoveError(_("最近一次操作不是调整，不能撤销。"), row=turn)
    other = _partner(turn, done)
    _put_back(turn, done, by=by)
    if other is not None:
        _put_back(*other, by=by)


def _partner(turn: OnlineTurn, done: Event) -> tuple[OnlineTurn, Event] | None:
    """Return the other turn of an exchange with its last act. Raises IllegalMoveError."""
    if done.act != "swap":
        return None
    other = db.session.scalar(select(OnlineTurn).where(OnlineTurn.id == UUID(done.detail["other"])))
    act = last_change(other) if other is not None else None
    if other is None or act is None or act.detail.get("other") != str(turn.id):
        raise IllegalMoveError(_("对调的另一班后来又有改动，不能一起撤销，请分别调整。"), row=turn)
    _refuse_settled(other)
    return other, act


def _put_back(turn: OnlineTurn, done: Event, *, by: Member) -> None:
    before = done.detail["before"]
    _put(turn, Target.told(before), is_moved=before["is_moved"])
    history.record(turn, "undo_turn", by=by)


def last_change(turn: OnlineTurn) -> Event | None:
    """Return the last act on a turn when it moved or exchanged it."""
    events = history.of(turn)
    return events[-1] if events and events[-1].act in ("move_turn", "swap") else None


def withdraw(turn: OnlineTurn, *, revision: int | None, by: Member) -> None:
    """Call a planned turn off: its time becomes a gap. Raises ConflictError, IllegalMoveError."""
    history.expect(turn, revision)
    _refuse_settled(turn)
    history.advance(turn, TURN_FLOW, "withdraw", by=by)


def restore(turn: OnlineTurn, *, revision: int | None, by: Member) -> None:
    """Bring back a turn that was called off. Raises ConflictError naming what took its time."""
    history.expect(turn, revision)
    with _written(turn.rota_id, Target.of(turn)):
        history.advance(turn, TURN_FLOW, "restore", by=by)


def cover(rota: Rota, target: Target, *, by: Member) -> OnlineTurn:
    """Let somebody who is free take a gap; making the turns again leaves it there.

    Raises RefusedError for who does not serve there or is busy, ConflictError when the gap was
    covered meanwhile.
    """
    _refuse_impossible(target)
    gap = wall(target.starts_at), wall(target.ends_at)
    taken = _in_the_way(rota.id, target)
    if taken is not None:
        raise ConflictError(_told(taken))
    if not queries.candidates(rota, gap, only=target.adviser_id):
        raise RefusedError(_("这位律师那段时间不空，或者不在这些街道服务，请换一位。"))
    turn = OnlineTurn(
        rota_id=rota.id,
        adviser_id=target.adviser_id,
        starts_at=target.starts_at,
        ends_at=target.ends_at,
        is_moved=True,
    )
    with _written(rota.id, target):
        db.session.add(turn)
    history.record(turn, "cover", by=by)
    return turn


def _refuse_settled(turn: OnlineTurn) -> None:
    if turn.status != TurnStatus.PLANNED:
        status = TurnStatus(turn.status).label
        raise IllegalMoveError(_("这一班%(status)s，不能再调整。", status=status), row=turn)
    if turn.ends_at <= clock.now():
        raise IllegalMoveError(_("这一班已经过去，不能再调整。"), row=turn)


def _refuse_impossible(target: Target) -> None:
    if target.ends_at <= target.starts_at:
        raise RefusedError(_("结束时间要晚于开始时间。"))
    if target.ends_at <= clock.now():
        raise RefusedError(_("不能排到已经过去的时间。"))
    if target.ends_at - target.starts_at > LONGEST_TURN:
        raise RefusedError(_("一班最长31天，请分成几班。"))


def _put(turn: OnlineTurn, target: Target, *, is_moved: bool) -> None:
    with _written(turn.rota_id, target, turn.id):
        turn.adviser_id, turn.is_moved = target.adviser_id, is_moved
        turn.starts_at, turn.ends_at = target.starts_at, target.ends_at


@contextmanager
def _written(rota_id: UUID, target: Target, own: UUID | None = None) -> Iterator[None]:
    """Write inside; the turn that has the same time is named. Raises ConflictError."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        if constraint_of(error) != ONE_AT_A_TIME:
            raise
        raise ConflictError(_told(_in_the_way(rota_id, target, own))) from error


def _in_the_way(rota_id: UUID, target: Target, own: UUID | None = None) -> OnlineTurn | None:
    query = (
        select(OnlineTurn)
        .options(joinedload(OnlineTurn.adviser))
        .where(
            OnlineTurn.rota_id == rota_id,
            OnlineTurn.status != TurnStatus.WITHDRAWN,
            OnlineTurn.starts_at < target.ends_at,
            OnlineTurn.ends_at > target.starts_at,
        )
        .order_by(OnlineTurn.starts_at)
        .limit(1)
    )
    return db.session.scalar(query if own is None else query.where(OnlineTurn.id != own))


def _told(other: OnlineTurn | None) -> str:
    if other is None:
        return str(_("这段时间刚刚有了别的班次，请刷新后再看。"))
    return str(
        _(
            "%(begin)s 至 %(end)s 已由%(name)s值班，时间重叠。",
            begin=clock_time(other.starts_at),
            end=clock_time(other.ends_at),
            name=other.adviser.name,
        )
    )
