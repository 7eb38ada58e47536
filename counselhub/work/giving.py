"""Give the file of a long work, note who took it, and keep it from whom it is not for.

It holds what its asker could see when it was begun. Behind a wall nobody gets a colleague's file,
which may hold what the wall hides, nor an own one from before the wall. Nobody else gets the file
of whoever is behind one: it may lack something.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.downloads import filed
from counselhub.core.errors import ForbiddenError, NotFoundError
from counselhub.core.history import AccountEvent
from counselhub.core.members import Member
from counselhub.core.tenancy import ScopeKind, as_platform
from counselhub.work import files
from counselhub.work.kinds import WorkState
from counselhub.work.models import LongWork
from counselhub.work.running import task_of

FETCHED = "long_work_fetched"
Walls = Mapping[UUID, datetime]
"""Who is behind an open wall, by person, and when the newest was raised."""
Withheld = Callable[[LongWork], bool]


def init_app(app: Flask, walls: Callable[[], Walls]) -> None:
    """walls: tells those of the firm in scope, in one statement."""
    app.extensions["walls"] = walls


def withheld_from(member: Member) -> Withheld:
    """Return what says of a work whether its file is kept from the member.

    It asks the database once, of whatever number of works.
    """
    walls: Walls = {}
    if member.scope.kind is ScopeKind.FIRM:
        walls = current_app.extensions["walls"]()
    return lambda work: _is_withheld(work, member, walls)


def _is_withheld(work: LongWork, member: Member, walls: Walls) -> bool:
    if work.state is not WorkState.DONE or task_of(work.task).is_whole or not files.lies(work.id):
        return False
    if work.person_id != member.person_id:
        return not walls.keys().isdisjoint({work.person_id, member.person_id})
    raised = walls.get(member.person_id) if member.person_id else None
    return raised is not None and work.started_at is not None and work.started_at < raised


def sentence() -> str:
    """Return why a file is kept from somebody, and what to do; whose wall it is nobody learns."""
    why = _("因有事项设了隔离，这份文件不提供给您。请自己重新制作一份，内容以您能看到的为准。")
    return str(why)


def give(
    work: LongWork,
    ending: str,
    name: str,
    mimetype: str,
    *,
    missing: str,
    by: Member,
    digest_at: str = "digest",
) -> Response:
    """Answer with a file of a work, and record who takes it away, and its digest.

    name: as it is saved. missing: what is said where there is none yet, or none any more.
    digest_at: where the detail of the work has it. Raises NotFoundError; ForbiddenError for a file
    that is kept from the member.
    """
    path = files.path_of(work.id, ending)
    if work.state is not WorkState.DONE or not path.exists():
        raise NotFoundError(missing)
    if withheld_from(by)(work):
        raise ForbiddenError(sentence())
    told: dict[str, Any] = {"task": work.task, "subject": work.subject}
    if digest := work.detail.get(digest_at):
        told["digest"] = digest
    answer = filed(path, name, mimetype)
    if request.method == "GET" and (_begins(answer) or not _has_begun(work, by, told)):
        history.note(FETCHED, scope=by.scope, by=by, **told)
    return answer


def _begins(answer: Response) -> bool:
    """Say whether the file leaves from its first byte on; a download that goes on does not."""
    return answer.status_code == 200 or answer.content_range.start == 0


def _has_begun(work: LongWork, by: Member, told: dict[str, Any]) -> bool:
    """Say whether the record has that the member took the beginning: who skips it is noted too."""
    query = select(AccountEvent.id).where(
        AccountEvent.person_id == by.actor_id,
        AccountEvent.at >= work.ended_at,
        AccountEvent.kind == by.scope.kind.value,
        AccountEvent.key == by.scope.key,
        AccountEvent.act == FETCHED,
        AccountEvent.detail.contains(told),
    )
    with as_platform():
        return db.session.scalar(query.limit(1)) is not None
