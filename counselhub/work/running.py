"""What does long works: the worker begins one, is told how far it is, and ends it.

Each beginning has a number. A worker that was taken for dead and lives on finds that another has
begun, at its next part or at the latest when it ends, and what it did is rolled back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import ColumnElement, and_, select, update

from counselhub.core import clock, tenancy
from counselhub.core.db import db
from counselhub.core.errors import DomainError
from counselhub.core.members import Member, command_member
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind, as_platform
from counselhub.notices.actions import page, tell
from counselhub.notices.kinds import Kind
from counselhub.people.session import members_of
from counselhub.work import files
from counselhub.work.kinds import Fault, WorkState
from counselhub.work.models import LongWork

MOST_ATTEMPTS = 3

Step = Callable[[str], None]
"""Told, with a word of the catalogue, what a work begins now."""
PATIENCE = timedelta(minutes=1)
"""How long somebody looks at a work that is being done."""


def silent(_doing: str) -> None:
    """Tell nobody: of work that somebody waits for."""


class CancelledError(Exception):
    """Nobody waits any more for what is being done, or another worker does it."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a work ended: a sentence in the asker's language, and one for each thing amiss.

    detail: what is known of it from now on, instead of what it had to know; None leaves that.
    """

    words: str = ""
    faults: list[str] = field(default_factory=list)
    detail: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is to do. attempt: the number of this beginning, from 1."""

    id: UUID
    task: str
    subject: str
    detail: dict[str, Any]
    by: Member
    locale: str
    attempt: int

    def draft(self, ending: str) -> Path:
        """Return where to write the file of the work, which appears whole when the work is done.

        Other files in its folder are gone then.
        """
        return files.draft(self.id, self.attempt, ending)

    def tell(self, done: int, parts: int, doing: str = "") -> None:
        """Tell how far it is, in a transaction of its own: done of parts, and a word for it.

        Raises CancelledError when nobody waits.
        """
        told = (
            update(LongWork).where(_held(self)).values(done=done, parts=parts, beat_at=clock.now())
        )
        with tenancy.apart(db.engine, PLATFORM) as connection:
            if not connection.execute(told.values(doing=doing)).rowcount:
                raise CancelledError()


def _works(_order: Order) -> str:
    return page("work.works")


@dataclass(frozen=True, slots=True)
class LongTask:
    """A kind of long work. word: what it is called; run: does it, under the asker's scope.

    What `run` left in the session is committed together with its end. link: where what came of it
    is found, None for nowhere. ready: what the asker is told when it is done, however soon that
    was, and the endpoint of the page; None: that it ended, once it took longer than PATIENCE.
    told_at: the page that this leads to, where every asker may go. is_whole: its file is the same
    whoever asks, past every wall, and given to all who may take such a file.
    """

    name: str
    word: str
    run: Callable[[Order], Result]
    link: Callable[[LongWork], str | None]
    ready: tuple[Kind, str] | None = None
    told_at: Callable[[Order], str] = _works
    is_whole: bool = False


def init_app(app: Flask, tasks: Iterable[LongTask]) -> None:
    """Let members of `app` ask for these."""
    app.extensions["long_works"] = {task.name: task for task in tasks}


def task_of(name: str) -> LongTask:
    """Return a kind of long work by its name. Raises KeyError."""
    tasks: dict[str, LongTask] = current_app.extensions["long_works"]
    return tasks[name]


def run(work_id: UUID) -> None:
    """Do a work, unless it ended meanwhile. Raises what went wrong, once that is written."""
    order = _begin(work_id)
    if order is None:
        files.clear(work_id)
        return
    try:
        # Whoever began it again, its file is for who asked: that person's walls count.
        with force_locale(order.locale), tenancy.as_person(order.by.person_id):
            result = task_of(order.task).run(order)
        if not _end(order, WorkState.DONE, result):
            raise CancelledError()
        files.put_in_place(order.id, order.attempt)
        db.session.commit()
    except CancelledError:
        db.session.rollback()
    except DomainError as refusal:
        _fail(order, Fault.REFUSED, Result(refusal.message))
    except Exception:
        _fail(order, Fault.ERROR)
        raise
    finally:
        files.clear(order.id, order.attempt)


def _begin(work_id: UUID) -> Order | None:
    """Take a work, and commit that it is taken; None for one that is not to be done."""
    with as_platform():
        query = select(LongWork).where(LongWork.id == work_id).with_for_update()
        row = db.session.scalars(query).one_or_none()
        if row is None or row.state in (WorkState.DONE, WorkState.CANCELLED):
            return None
        row.attempts, row.done, row.doing = row.attempts + 1, 0, ""
        row.ended_at = row.outcome = row.fault = None
        row.started_at = row.beat_at = clock.now()
        by, found = _asker(row), (row.id, row.task, row.subject, dict(row.detail))
        locale, attempt = row.locale, row.attempts
        db.session.commit()
    order = Order(*found, by or command_member(Scope(ScopeKind.PLATFORM)), locale, attempt)
    if attempt > MOST_ATTEMPTS or by is None:
        _fail(order, Fault.LEFT if by is None else Fault.BROKEN)
        return None
    return order


def _asker(row: LongWork) -> Member | None:
    """Return who asked, as they are now; None when they have left. The service asks as itself."""
    if row.person_id is None:
        return command_member(row.scope)
    return next((one for one in members_of(row.person_id) if one.scope == row.scope), None)


def _held(order: Order) -> ColumnElement[bool]:
    return and_(
        LongWork.id == order.id, LongWork.attempts == order.attempt, LongWork.ended_at.is_(None)
    )


def _fail(order: Order, fault: Fault, result: Result | None = None) -> None:
    db.session.rollback()
    _end(order, WorkState.FAILED, result or Result(), fault)
    db.session.commit()


def _end(order: Order, outcome: WorkState, result: Result, fault: Fault | None = None) -> bool:
    """Write how it ended; return False when it ended otherwise, or another worker has it."""
    values: dict[str, Any] = {
        "ended_at": clock.now(),
        "outcome": outcome.value,
        "fault": fault.value if fault else None,
        "words": result.words,
        "faults": result.faults,
    }
    if outcome is WorkState.DONE:
        values["done"] = LongWork.parts
    if result.detail is not None:
        values["detail"] = result.detail
    ended = update(LongWork).where(_held(order)).values(values).returning(LongWork.asked_at)
    with as_platform():
        asked_at = db.session.scalar(ended)
    if asked_at is not None and order.by.person_id is not None and _is_last(order, asked_at):
        is_late = clock.now() - asked_at >= PATIENCE
        _tell(order, [order.by.person_id], is_done=outcome is WorkState.DONE, is_late=is_late)
    return asked_at is not None


def _is_last(order: Order, asked_at: datetime) -> bool:
    """Say whether all that was asked for together has ended."""
    others = select(LongWork.id).where(
        LongWork.of(order.by.scope),
        LongWork.task == order.task,
        LongWork.person_id == order.by.person_id,
        LongWork.asked_at == asked_at,
        LongWork.ended_at.is_(None),
    )
    with as_platform():
        return db.session.scalar(others.limit(1)) is None


def _tell(order: Order, persons: list[UUID], *, is_done: bool, is_late: bool) -> None:
    """Tell who asked: after so long they look at something else."""
    if not is_done and not is_late:
        return
    task = task_of(order.task)
    say = partial(tell, scope=order.by.scope, key=f"{order.id}:{order.attempt}", persons=persons)
    if task.ready is None and is_late:
        say(Kind.WORK_ENDED, path=task.told_at(order), work=task.word)
    elif task.ready is not None and is_done:
        kind, endpoint = task.ready
        say(kind, path=page(endpoint))
