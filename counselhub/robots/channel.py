"""Robots as a way out of the outbox: each group is told once, at most as often as vendors allow.

A robot's turn is taken and committed before anything is sent, so that all workers together keep the
limit. A worker that is killed after sending leaves its claim to the outbox, which sends the message
again in ten minutes: at most that one comes twice, under one number. The same holds for an answer
that was lost on the way.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select, tuple_

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.sealing import UnsealError
from counselhub.core.tenancy import as_platform
from counselhub.notices import channels
from counselhub.notices.actions import Note
from counselhub.notices.channels import BusyError, NotNowError, RefusedError
from counselhub.notices.kinds import Kind, Mode
from counselhub.notices.outbox import Batch, Outgoing, put
from counselhub.notices.rules import due_at, next_fit
from counselhub.notices.texts import ABOUT, checked, sentence
from counselhub.robots import actions, queries, rules, seals, sending, texts
from counselhub.robots.kinds import STOPPING, Fault, Style
from counselhub.robots.models import Robot
from counselhub.robots.sending import Verdict
from counselhub.robots.texts import Line
from counselhub.robots.webhooks import Webhook

GONE = "robot_off"
NUMBER_LETTERS = 8
"""Of a message's id, as a group reads it: enough to see that one has come twice."""


class Robots:
    """The channel whose targets are robots."""

    name = queries.CHANNEL
    most = texts.MOST_LINES

    def hear(self, notes: Sequence[Note]) -> None:
        """Let groups be told that take such a topic; kinds that name people never go there."""
        if told := [note for note in notes if ABOUT[note.kind].to_groups]:
            put(_outgoing(told, _takers(told)))

    def is_ready(self) -> bool:
        """Tell whether it can send: it needs no setting."""
        return True

    def send(self, batch: Batch) -> None:
        """Send one message. Raises RefusedError, NotNowError, BusyError, as `Channel` says."""
        now = clock.now()
        robot = _take_turn(batch.target_id, now)
        try:
            webhook = seals.webhook_of(robot)
        except UnsealError:
            _end(robot, Verdict(Fault.UNSEALED))
            raise BusyError(now + rules.LOOK_AGAIN) from None
        document = _document(batch, webhook, Style.of(robot.style))
        millis = int(clock.now().timestamp() * 1000)
        verdict = sending.send(webhook, document, queries.bases(), millis)
        _end(robot, verdict)
        _raise(verdict)

    def fit(self, batch: Batch, at: datetime) -> datetime:
        """Return `at`, or when the quiet of the group is over."""
        with as_platform():
            robot = db.session.get(Robot, batch.target_id)
            hours = robot.hours if robot else None
            db.session.commit()
        return next_fit(at, hours, channels.is_worked) if hours else at


def _takers(notes: Sequence[Note]) -> Sequence[Robot]:
    """Return the robots of the places that something is told in: one statement."""
    places = {(note.scope.kind.value, note.scope.key) for note in notes}
    query = select(Robot).where(tuple_(Robot.kind, Robot.key).in_(places), Robot.off_at.is_(None))
    with as_platform():
        return db.session.scalars(query.order_by(Robot.id)).all()


def _outgoing(notes: Sequence[Note], takers: Sequence[Robot]) -> Iterator[Outgoing]:
    now = rules.gathered_at(clock.now())
    for robot in takers:
        mode = Mode.DIGEST if robot.is_daily else Mode.MAIL
        due = due_at(mode, now, robot.hours, channels.is_worked) or now
        for note in notes:
            if note.scope == robot.scope and note.kind in robot.topics:
                yield Outgoing(
                    channel=queries.CHANNEL,
                    target_id=robot.id,
                    scope=note.scope,
                    kind=note.kind,
                    key=note.key,
                    facts=checked(note.kind, note.facts),
                    path=note.path,
                    due_at=due,
                )


def _take_turn(robot_id: UUID, now: datetime) -> Robot:
    """Count one request of a robot, commit, and return it to read.

    Raises RefusedError for one that is gone or off, BusyError for one that has to wait.
    """
    with as_platform():
        robot = db.session.scalar(
            select(Robot)
            .where(Robot.id == robot_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        refusal = _refusal(robot, now)
        if robot is None or refusal is not None:
            db.session.rollback()
            raise refusal or RefusedError(GONE)
        actions.write(robot, {"asked_at": actions.counted(robot, now)})
        db.session.expunge(robot)
        db.session.commit()
    return robot


def _refusal(robot: Robot | None, now: datetime) -> RefusedError | BusyError | None:
    if robot is None or robot.off_at is not None:
        return RefusedError(GONE)
    if robot.fault in STOPPING:
        return BusyError(now + rules.LOOK_AGAIN)
    turn = rules.next_turn(robot.asked_at, robot.blocked_until, now)
    return BusyError(turn) if turn > now else None


def _document(batch: Batch, webhook: Webhook, style: Style) -> Mapping[str, Any]:
    """Return the message of a batch: kinds and facts as `texts.ABOUT` types them, nothing else."""
    lines = [
        Line(Kind.of(row.kind).word, sentence(Kind.of(row.kind), row.facts)) for row in batch.rows
    ]
    message = texts.compose(
        lines,
        texts.layout(webhook.vendor, style),
        link=f"{current_app.config['ADDRESS']}/",
        number=batch.id.hex[-NUMBER_LETTERS:],
    )
    return texts.body(webhook.vendor, style, message)


def _end(robot: Robot, verdict: Verdict) -> None:
    """Note on the robot how its message ended, for whoever keeps it."""
    with as_platform():
        actions.write(robot, actions.standing(verdict, clock.now()))
        db.session.commit()


def _raise(verdict: Verdict) -> None:
    """Tell the outbox how it ended: what stops a robot, or blocks it, is no failed try."""
    now = clock.now()
    if verdict.fault is Fault.TOO_FAST:
        raise BusyError(now + rules.BLOCK)
    if verdict.fault in STOPPING:
        raise BusyError(now + rules.LOOK_AGAIN)
    if verdict.fault is not None:
        raise NotNowError(verdict.fault.value)
