"""What is left to do after a conference: who, what, until when."""

from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from counselhub.conferences import gather
from counselhub.conferences.actions import lock, must_be, source_of
from counselhub.conferences.models import Conference, ConferenceTask
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.leave.queries import present_advisers


def add_task(
    conference: Conference, owner_id: UUID, words: str, due_on: date, *, by: Member
) -> ConferenceTask:
    """Give a lawyer something to do. Raises RefusedError for a day gone by or an unfit lawyer."""
    lock(conference, None)
    must_be(conference, "held", "concluded")
    if due_on < clock.today():
        raise RefusedError(_("期限不能早于今天。"), at="due_on")
    if owner_id not in {row.id for row in present_advisers(clock.today())}:
        raise RefusedError(_("名册里没有这位律师，或已经离职，请重新选择。"), at="owner_id")
    if gather.barred(source_of(conference), [owner_id]):
        raise RefusedError(_("这位律师与本案有隔离或可能的利益冲突，请另选责任人。"), at="owner_id")
    row = ConferenceTask(conference_id=conference.id, owner_id=owner_id, words=words, due_on=due_on)
    db.session.add(row)
    history.record(conference, "add_task", by=by)
    return row


def finish_task(
    task: ConferenceTask, conference: Conference, words: str, *, revision: int | None, by: Member
) -> None:
    """Say that it is done and what came of it. Raises ConflictError when stale or done."""
    _lock(task, revision)
    task.done_on, task.done_words = clock.today(), words
    history.record(conference, "finish_task", by=by)


def drop_task(
    task: ConferenceTask, conference: Conference, *, revision: int | None, by: Member
) -> None:
    """Take it back before it is done. Raises ConflictError when stale or done."""
    _lock(task, revision)
    db.session.delete(task)
    history.record(conference, "drop_task", by=by)


def _lock(task: ConferenceTask, revision: int | None) -> None:
    db.session.refresh(task, with_for_update={"of": ConferenceTask})
    history.expect(task, revision)
    if task.done_on is not None:
        raise ConflictError(_("这项任务已经完成，不能再改。"), row=task)
