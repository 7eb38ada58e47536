"""Ask for a long work, cancel it, begin it again, and let it go in time."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.queueing import enqueue, enqueue_last
from counselhub.core.rounds import Round
from counselhub.core.tenancy import as_platform
from counselhub.work import files
from counselhub.work.kinds import WorkState
from counselhub.work.models import LongWork

TASK = "long_work"
AGAIN = (WorkState.FAILED, WorkState.CANCELLED)
_FORGET = text(
    "UPDATE jobs.procrastinate_jobs SET status = 'cancelled'"
    " WHERE status = 'failed' AND task_name = :task AND args->>'work_id' = :id"
)


def ask(task: str, *, by: Member, subject: str = "", **detail: Any) -> tuple[UUID, bool]:
    """Ask for a work of the member's tenant; return its id, and False when one is open already.

    task: of `tasks.LONG_WORKS`. subject: of what, a code. detail: what else it needs to know.
    Raises ConflictError for one that somebody asked for at the same moment.
    """
    scope = by.scope
    values = _asked(task, by, clock.now()) | {"subject": subject, "detail": detail}
    wanted = insert(LongWork).values(values).on_conflict_do_nothing().returning(LongWork.id)
    with as_platform():
        if (open_id := _open(scope.kind.value, scope.key, task, subject)) is not None:
            return open_id, False
        work_id = db.session.scalar(wanted)
        if work_id is None:
            raise ConflictError(_("同样的任务刚刚有人申请，请刷新后查看。"))
        enqueue(TASK, scope=scope, work_id=work_id)
    history.note("long_work_asked", scope=scope, by=by, task=task, subject=subject)
    return work_id, True


def ask_each(task: str, details: Mapping[str, Mapping[str, Any]], *, by: Member) -> int:
    """Ask for many works of one task in one go; return how many were not open already.

    details: by subject, at least one. They are done one by one, behind all else that waits, and
    who asked is told once, when the last has ended. What is recorded of it the caller knows.
    """
    same = _asked(task, by, clock.now())
    rows = [
        same | {"id": uuid7(), "subject": subject, "detail": detail}
        for subject, detail in details.items()
    ]
    wanted = insert(LongWork).values(rows).on_conflict_do_nothing().returning(LongWork.id)
    with as_platform():
        ids = db.session.scalars(wanted).all()
        enqueue_last(TASK, [{"work_id": work_id} for work_id in ids], scope=by.scope)
    return len(ids)


def _asked(task: str, by: Member, at: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "kind": by.scope.kind.value,
        "key": by.scope.key,
        "task": task,
        "person_id": by.person_id,
        "membership_id": by.membership_id,
        "asked_by_name": by.name,
        "asked_at": at,
        "locale": str(get_locale() or "zh_CN"),
    }


def _open(kind: str, key: str, task: str, subject: str) -> UUID | None:
    query = select(LongWork.id).where(
        LongWork.kind == kind,
        LongWork.key == key,
        LongWork.task == task,
        LongWork.subject == subject,
        LongWork.ended_at.is_(None),
    )
    return db.session.scalar(query)


def cancel(work: LongWork, *, by: Member) -> None:
    """Give a work up before it ends: its worker stops at the next part, and nothing half stays.

    Raises ConflictError when it ended already.
    """
    values = {"ended_at": clock.now(), "outcome": WorkState.CANCELLED.value}
    ended = update(LongWork).where(LongWork.id == work.id, LongWork.ended_at.is_(None))
    with as_platform():
        found = db.session.scalar(ended.values(values).returning(LongWork.id))
    if found is None:
        raise ConflictError(_("这项任务已经结束，不能再取消。"), row=work)
    history.note("long_work_cancelled", scope=by.scope, by=by, task=work.task, subject=work.subject)


def begin_again(work: LongWork, *, by: Member) -> None:
    """Do a work anew that failed or was cancelled. Raises ConflictError in any other state."""
    values: dict[str, Any] = {
        "ended_at": None,
        "outcome": None,
        "fault": None,
        "started_at": None,
        "words": "",
        "faults": [],
        "attempts": 0,
        "parts": 0,
        "done": 0,
        "doing": "",
    }
    over = update(LongWork).where(LongWork.id == work.id, LongWork.outcome.in_(AGAIN))
    with as_platform():
        is_open = _open(work.kind, work.key, work.task, work.subject)
        if is_open or db.session.scalar(over.values(values).returning(LongWork.id)) is None:
            raise ConflictError(_("同样的任务正在进行，或者已经完成。"), row=work)
        db.session.execute(_FORGET, {"task": TASK, "id": str(work.id)})
        enqueue(TASK, scope=by.scope, work_id=work.id)
    history.note("long_work_again", scope=by.scope, by=by, task=work.task, subject=work.subject)


def expire(
    until: datetime, *, dry: bool, only: Collection[str] = (), but: Collection[str] = ()
) -> list[str]:
    """Delete what ended before `until`, rows and files; return the ids.

    only: of these tasks, of all when empty; but: not of these. Commits each; raises SomeFailedError
    at the end for files that could not be deleted, whose rows stay.
    """
    of_these = LongWork.task.in_(only) if only else LongWork.task.not_in(but)
    query = select(LongWork.id, LongWork.kind, LongWork.key)
    with as_platform():
        rows = db.session.execute(query.where(LongWork.ended_at < until, of_these)).all()
    with Round() as each:
        for work_id, kind, key in [] if dry else rows:
            with each.step(f"{kind}:{key} work:{work_id}"), as_platform():
                files.remove(work_id)
                db.session.execute(delete(LongWork).where(LongWork.id == work_id))
                db.session.commit()
    return [str(row.id) for row in rows]
