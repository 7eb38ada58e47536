"""Long works as their pages show them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select, true

from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import ScopeKind
from counselhub.work.kinds import WorkState
from counselhub.work.models import LongWork


def sees_all(member: Member) -> bool:
    """Say whether a member sees what colleagues asked for: managers, and everybody of an office."""
    return member.role is Role.MANAGER or member.scope.kind is not ScopeKind.FIRM


def works(member: Member, state: WorkState | None = None) -> Select[LongWork]:
    """Select what the member sees, newest first."""
    query = select(LongWork).where(_seen(member), _in_state(state))
    return query.order_by(LongWork.asked_at.desc(), LongWork.id.desc())


def newest(member: Member, task: str, most: int) -> Sequence[LongWork]:
    """Return the newest works of one task that the member sees, at most so many."""
    query = works(member).where(LongWork.task == task).limit(most)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def own(member: Member, work_id: UUID, task: str | None = None) -> LongWork:
    """Return one that the member sees; task: only of this one. Raises NotFoundError."""
    query = select(LongWork).where(_seen(member), LongWork.id == work_id)
    if task is not None:
        query = query.where(LongWork.task == task)
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFoundError()
    return found


def _seen(member: Member) -> ColumnElement[bool]:
    of_place = LongWork.of(member.scope)
    return of_place if sees_all(member) else and_(of_place, LongWork.person_id == member.person_id)


def _in_state(state: WorkState | None) -> ColumnElement[bool]:
    match state:
        case None:
            return true()
        case WorkState.WAITING:
            return and_(LongWork.outcome.is_(None), LongWork.started_at.is_(None))
        case WorkState.WORKING:
            return and_(LongWork.outcome.is_(None), LongWork.started_at.is_not(None))
        case ended:
            return LongWork.outcome == ended.value
