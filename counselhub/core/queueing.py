"""Work for later: asked for in the caller's transaction, done under the scope it was asked in.

What is rolled back was never asked for. What a job needs to know travels as ids, codes and numbers
alone, for arguments stand in the log; everything else it reads again, under row security.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import text

from counselhub.core import tenancy
from counselhub.core.db import db
from counselhub.core.errors import VisitorError
from counselhub.core.tenancy import NoScopeError, Scope, ScopeKind, as_scope, current_scope

CODE = re.compile(r"[A-Za-z0-9_.:-]{0,64}")
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SHORT, LONG, HOOKS = "tasks", "long", "hooks"
"""The queues: what is soon done, what takes minutes, and what waits for strangers: the latter two
must hold up nothing else."""
LAST = -1
"""The priority of what waits until nothing else of its queue does; all else has 0."""
CARRIED = ("scope_kind", "scope_key", "person")
Id = UUID | str | int | date


@dataclass(frozen=True, slots=True)
class Task:
    """Work that others ask for by name. run: called with the ids, inside the asker's scope.

    is_long: it waits in the queue of long work, where one tenant's are done one after another.
    queue: where else it waits.
    """

    name: str
    run: Callable[..., object]
    is_long: bool = False
    queue: str = SHORT


class UnknownTaskError(LookupError):
    """A task was asked for that `tasks.py` does not name: a fault of ours, never the user's."""


class UnfitArgumentError(TypeError):
    """An argument of a task was neither an id, a code, a day nor a number."""


def init_app(app: Flask, tasks: Iterable[Task]) -> None:
    """Let `app` ask for these tasks."""
    app.extensions["tasks"] = {task.name: task for task in tasks}


_INSERT = text(
    "INSERT INTO jobs.procrastinate_jobs"
    " (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)"
    " VALUES (:queue, :name, :priority, :lock, :once, CAST(:args AS jsonb), :at)"
    " ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING RETURNING id"
)


def enqueue(
    name: str,
    *,
    scope: Scope | None = None,
    once: str = "",
    at: datetime | None = None,
    **ids: Id,
) -> int | None:
    """Ask for a task within the present transaction; return the job's number.

    scope: to work in, the present one by default. once: while a job of this task and word waits,
    another is not asked for, and None returned. at: not before (aware). ids: what it is called
    with. Raises UnknownTaskError, UnfitArgumentError, NoScopeError; VisitorError in a visit, whose
    limits no worker would know.
    """
    if tenancy.is_visit():
        raise VisitorError()
    values = _job(name, scope, ids) | {"once": f"{name}:{once}" if once else None, "at": at}
    db.session.flush()
    job_id: int | None = db.session.execute(_INSERT, values).scalar()
    return job_id


def enqueue_last(
    name: str, each: Sequence[Mapping[str, Id]], *, scope: Scope | None = None
) -> None:
    """Ask for a task once with each of these ids, in one go; all else of the queue is done first.

    Raises what `enqueue` does.
    """
    if tenancy.is_visit():
        raise VisitorError()
    jobs = [_job(name, scope, ids) | {"priority": LAST} for ids in each]
    db.session.flush()
    if jobs:
        db.session.execute(_INSERT, jobs)


def _job(name: str, scope: Scope | None, ids: Mapping[str, Id]) -> dict[str, Any]:
    """Return a job as it stands in the queue."""
    tasks: dict[str, Task] = current_app.extensions["tasks"]
    if name not in tasks:
        raise UnknownTaskError(name)
    scope = scope or current_scope()
    if scope is None:
        raise NoScopeError(f"no scope for {name}")
    person = tenancy.current_person()
    told = {key: _fit(value) for key, value in ids.items()}
    told |= dict(zip(CARRIED, (scope.kind.value, scope.key, str(person or "")), strict=True))
    is_long = tasks[name].is_long
    return {
        "queue": LONG if is_long else tasks[name].queue,
        "name": name,
        "priority": 0,
        "lock": f"{scope.kind}:{scope.key}" if is_long else None,
        "once": None,
        "args": json.dumps(told),
        "at": None,
    }


def _fit(value: Id) -> str | int:
    """Return the value as it stands in a job; words of people do not."""
    if isinstance(value, int):
        return value
    told = value.isoformat() if isinstance(value, date) else str(value)
    if not isinstance(value, UUID | str | date) or not CODE.fullmatch(told):
        raise UnfitArgumentError(f"{type(value).__name__} is no id, code, day or number")
    return told


def restored(value: Any) -> Any:
    """Return an argument as the task is to get it: an id as a UUID, all else as it was told."""
    if isinstance(value, str) and UUID_TEXT.fullmatch(value):
        return UUID(value)
    return value


@contextmanager
def carried(scope_kind: str, scope_key: str, person: str) -> Iterator[None]:
    """Work as whoever asked: under the scope, walled off from what the person is walled off."""
    tenancy.name_person(UUID(person) if person else None)
    try:
        with as_scope(Scope(ScopeKind(scope_kind), scope_key)):
            yield
    finally:
        tenancy.name_person(None)
