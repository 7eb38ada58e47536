"""From cookie to member: who acts in a request, under which membership, in which scope."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user

from counselhub.core import tenancy
from counselhub.core.access import Member, Role, to_sign_in
from counselhub.core.tenancy import PLATFORM, PUBLIC, Scope, ScopeKind
from counselhub.people.queries import memberships_of


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """A signed-in person with every running membership, the one in use first chosen."""

    person_id: UUID
    name: str
    memberships: tuple[Member, ...]

    def get_id(self) -> str:
        """The person's id, which the cookie carries."""
        return str(self.person_id)


def load(person_id: str) -> SignedIn | None:
    """Return who has this id and at least one running membership, with one statement.

    None for what is no id: a cookie of another release may hold anything.
    """
    try:
        rows = memberships_of(UUID(str(person_id)))
    except ValueError:
        return None
    if not rows:
        return None
    return SignedIn(rows[0].person_id, rows[0].name, tuple(map(_member, rows)))


def _member(row: Any) -> Member:
    return Member(
        person_id=row.person_id,
        name=row.name,
        role=Role(row.role),
        scope=Scope(ScopeKind(row.kind), row.key),
        title=row.title,
        membership_id=row.id,
        adviser_id=row.adviser_id,
    )


def begin() -> None:
    """Find the member of this request and put the request under the member's scope."""
    g.member = None
    g.scope_token = tenancy.begin_request(PLATFORM)
    if current_user.is_authenticated:
        chosen = session.get("membership")
        members: tuple[Member, ...] = current_user.memberships
        g.member = next((m for m in members if str(m.membership_id) == chosen), members[0])
    tenancy.change_scope(g.member.scope if g.member else PUBLIC)


def end(_error: BaseException | None) -> None:
    """Take the scope off the thread."""
    if (token := g.pop("scope_token", None)) is not None:
        tenancy.end_request(token)


def init_app(app: Flask) -> None:
    """Register Flask-Login and the scope of each request."""
    manager = LoginManager(app)
    manager.user_loader(load)
    manager.unauthorized_handler(to_sign_in)
    app.before_request(begin)
    app.teardown_request(end)
