"""What the operator does with dead letters: begin them again, or give them up."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import TextClause, text, update

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.job_faults import JobFault
from counselhub.core.members import Member
from counselhub.core.tenancy import PLATFORM, as_platform

_AGAIN = text(
    "UPDATE jobs.procrastinate_jobs j SET status = 'todo', attempts = 0, scheduled_at = NULL"
    " WHERE j.id = ANY(:ids) AND j.status = 'failed'"
    " AND NOT EXISTS (SELECT FROM jobs.procrastinate_jobs o"
    "  WHERE o.queueing_lock = j.queueing_lock AND o.status = 'todo') RETURNING j.id"
)
_GIVE_UP = text(
    "UPDATE jobs.procrastinate_jobs SET status = 'cancelled'"
    " WHERE id = ANY(:ids) AND status = 'failed' RETURNING id"
)
_WAKE = text("SELECT pg_notify('procrastinate_any_queue_v1', '{\"type\": \"job_inserted\"}')")


def retry(ids: Sequence[int], *, by: Member) -> int:
    """Begin failed jobs again, with all their tries; return how many.

    Raises RefusedError for none chosen, ConflictError when none of them has failed any more.
    """
    return len(_moved(ids, _AGAIN, "jobs_retried", by=by))


def give_up(ids: Sequence[int], reason: str, *, by: Member) -> int:
    """Give failed jobs up for good, with the reason; return how many.

    Raises RefusedError for none chosen or no reason, ConflictError as `retry`.
    """
    if not reason.strip():
        raise RefusedError(_("请写明放弃的原因。"))
    found = _moved(ids, _GIVE_UP, "jobs_given_up", by=by, reason=reason.strip())
    told = update(JobFault).where(JobFault.job_id.in_(found))
    values = {"given_up_at": clock.now(), "given_up_by": by.name, "reason": reason.strip()}
    with as_platform():
        db.session.execute(told.values(values))
    return len(found)


def _moved(
    ids: Sequence[int], move: TextClause, act: str, *, by: Member, **detail: Any
) -> list[int]:
    if not ids:
        raise RefusedError(_("请先勾选作业。"))
    found: list[int] = list(db.session.scalars(move, {"ids": list(ids)}))
    if not found:
        raise ConflictError(_("选中的作业已经不是失败状态，请看最新列表。"))
    db.session.execute(_WAKE)
    history.note(act, scope=PLATFORM, by=by, ids=sorted(found), **detail)
    return found
