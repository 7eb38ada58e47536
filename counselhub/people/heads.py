"""A place keeps its head (主任, 所长): who certifies, signs, and stands in for administrators."""

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.admins.kinds import HEADS
from counselhub.admins.queries import running_in
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, as_platform
from counselhub.people.kinds import ROLE_WORDS
from counselhub.people.models import Membership, Person


def keep_one(email: str, role: Role, scope: Scope) -> None:
    """Raise RefusedError when whoever goes is a place's last head.

    email, role: of the one who goes or changes; nobody is looked at for other roles. The heads stay
    locked until the transaction ends: of two who go at once, one stays.
    """
    if role not in HEADS:
        return
    query = (
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(*running_in(scope), Membership.role.in_([head.value for head in HEADS]))
        .order_by(Membership.id)
        .with_for_update(of=Membership)
    )
    with as_platform():
        heads = set(db.session.scalars(query))
    if heads <= {email.strip().lower()}:
        raise RefusedError(
            _(
                "这是本单位唯一的%(role)s，不能没有%(role)s。请先邀请另一位，再改动。",
                role=_(ROLE_WORDS[role]),
            )
        )
