"""Whose an account is: what opens one place opens every other, so its person alone brings it along.

A place makes accounts of its own and may take back whom it let go. An address that another place
knows joins by an invitation, which its person accepts, or by the operator's command.
"""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from counselhub.admins.queries import of_place
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.tenancy import Scope, ScopeKind, as_platform
from counselhub.factors import actions as factors
from counselhub.people.models import Membership, Person
from counselhub.people.queries import places_beside


def refuse_elsewhere(person: Person, scope: Scope) -> None:
    """Raise for somebody whom the place has no claim to.

    That is who belongs to another place, or belonged to another one last: ConflictError for a
    second firm, RefusedError otherwise.
    """
    others = places_beside(person.id, scope)
    if scope.kind is ScopeKind.FIRM and any(row.kind == scope.kind.value for row in others):
        raise ConflictError(in_two_firms(person.email))
    if others or not was_here_last(person.id, scope):
        raise RefusedError(
            _(
                "%(email)s 在别的单位用过账号，不能直接加入。请到“邀请”页发送邀请，"
                "由本人打开链接确认后加入。",
                email=person.email,
            )
        )


def in_two_firms(email: str) -> str:
    """Say that nobody belongs to two firms at once."""
    return str(_("%(email)s 已经在另一家律师事务所任职，不能同时属于两家。", email=email))


def start_anew(person: Person) -> None:
    """Take from an account that opens no place whatever has opened it: nobody vouches for it."""
    factors.forget(person.id)
    with as_platform():
        person.password_hash = None
        db.session.flush()


def was_here_last(person_id: UUID, scope: Scope) -> bool:
    """Say whether the newest membership is one of the place; of who never had any, too."""
    everywhere = select(func.max(Membership.created_at)).where(Membership.person_id == person_id)
    here = everywhere.where(*of_place(Membership, scope))
    with as_platform():
        return db.session.scalar(everywhere) == db.session.scalar(here)
