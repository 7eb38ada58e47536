"""Make firms, accounts and memberships; sign in."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.access import Member, Role
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.history import Outcome
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind, as_platform
from counselhub.people import passwords
from counselhub.people.models import Firm, Membership, Person, SignInLink
from counselhub.people.queries import memberships_of, person_by_email

LINK_DAYS = 7


def create_firm(code: str, name: str) -> Firm:
    """Make a tenant. Raises RefusedError when the code is taken or badly formed, or no name."""
    if not name.strip():
        raise RefusedError(_("请填写律师事务所的名称。"))
    firm = Firm(code=code, name=name.strip(), created_at=clock.now())
    with as_platform():
        try:
            with db.session.begin_nested():
                db.session.add(firm)
        except IntegrityError as error:
            if constraint_of(error) == "ck_firm_code":
                raise RefusedError(
                    _("律所代码“%(code)s”只能由字母、数字、横线组成，最多32位。", code=code)
                ) from error
            raise RefusedError(_("律所代码“%(code)s”已经被使用。", code=code)) from error
    return firm


def join(
    email: str, name: str, scope: Scope, role: Role, *, adviser_id: UUID | None = None
) -> Membership:
    """Give the person with `email` (made when unknown) a membership; the same one twice is kept.

    Raises ConflictError when the person belongs to another firm: never two at once.
    """
    with as_platform():
        person = person_by_email(email)
        if person is None:
            person = Person(email=_address(email), name=name.strip(), created_at=clock.now())
            db.session.add(person)
            db.session.flush()
        membership = _running(person.id, scope) or Membership(
            person_id=person.id, kind=scope.kind, created_at=clock.now(), **_place(scope)
        )
        membership.role = role
        membership.adviser_id = adviser_id or membership.adviser_id
        try:
            with db.session.begin_nested():
                db.session.add(membership)
        except IntegrityError as error:
            if constraint_of(error) == "ix_membership_one_firm_at_once":
                raise ConflictError(
                    _("%(email)s 已经在另一家律师事务所任职，不能同时属于两家。", email=email)
                ) from error
            raise
        membership.person = person
    return membership


def invite(
    email: str, name: str, role: Role, *, adviser_id: UUID | None, by: Member
) -> tuple[Membership, str | None]:
    """Join somebody to the inviter's own place, or change the role there; return the link's token.

    None for whoever belongs elsewhere too: a link sets the password, which opens that other place
    as well. Raises ConflictError as `join` does, and for the inviter's own role.
    """
    person = person_by_email(email)
    if person is not None and person.id == by.person_id and role is not by.role:
        raise ConflictError(_("不能改自己的角色，请由本所另一位主任来改。"))
    membership = join(email, name, by.scope, role, adviser_id=adviser_id)
    places = {(row.kind, row.key) for row in memberships_of(membership.person_id)}
    only_here = places == {(by.scope.kind, by.scope.key)}
    _note("invite", membership, by, link=only_here)
    return membership, make_link(membership.person) if only_here else None


def _running(person_id: UUID, scope: Scope) -> Membership | None:
    place = [getattr(Membership, name) == value for name, value in _place(scope).items()]
    return db.session.scalar(
        select(Membership).where(
            Membership.person_id == person_id,
            Membership.kind == scope.kind,
            Membership.ended_at.is_(None),
            *place,
        )
    )


def _place(scope: Scope) -> dict[str, object]:
    match scope.kind:
        case ScopeKind.FIRM:
            return {"firm_id": UUID(scope.key)}
        case ScopeKind.OFFICE:
            return {"street_code": scope.key}
        case ScopeKind.BUREAU:
            return {"district_code": scope.key}
        case _:
            return {}


def _address(email: str) -> str:
    email = email.strip().lower()
    local, at, host = email.partition("@")
    if not (local and at and "." in host) or any(letter.isspace() for letter in email):
        raise RefusedError(_("“%(email)s”不是有效的邮箱地址。", email=email))
    return email


def end_membership(membership: Membership, *, by: Member) -> None:
    """End a membership today; its acts stay on record."""
    membership.ended_at = clock.now()
    _note("membership_end", membership, by)


def _note(act: str, membership: Membership, by: Member, **more: Any) -> None:
    about = membership.person.name
    history.note(act, scope=by.scope, by=by, person=about, role=membership.role, **more)


def make_link(person: Person) -> str:
    """Return the token of a one-time link for the first sign-in; only its digest is kept."""
    token = secrets.token_urlsafe(32)
    with as_platform():
        db.session.add(
            SignInLink(
                digest=_digest(token),
                person_id=person.id,
                expires_at=clock.now() + timedelta(days=LINK_DAYS),
            )
        )
    return token


def link_owner(token: str) -> Person:
    """Return whom an unused, unexpired link belongs to. Raises NotFoundError otherwise."""
    with as_platform():
        row = db.session.execute(
            select(Person, SignInLink)
            .join(SignInLink, SignInLink.person_id == Person.id)
            .where(SignInLink.digest == _digest(token), SignInLink.used_at.is_(None))
        ).one_or_none()
    if row is None or row.SignInLink.expires_at < clock.now():
        raise NotFoundError(_("这个链接已经用过或已过期，请联系本单位管理员重新发送。"))
    person: Person = row.Person
    return person


def use_link(token: str, password: str) -> Person:
    """Set the password of a link's owner and spend the link, once even when two try at a time."""
    person = link_owner(token)
    new_hash = passwords.hashed(password)
    with as_platform():
        spent = db.session.execute(
            db.update(SignInLink)
            .where(SignInLink.digest == _digest(token), SignInLink.used_at.is_(None))
            .values(used_at=clock.now())
        )
        if spent.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE has a row count
            raise NotFoundError(_("这个链接已经用过或已过期，请联系本单位管理员重新发送。"))
        person.password_hash = new_hash
        db.session.flush()
    return person


def sign_in(email: str, password: str) -> Person:
    """Return who signs in. Raises RefusedError, the same for a wrong address and password."""
    person = person_by_email(email)
    if not passwords.matches(person.password_hash if person else None, password) or not person:
        _note_refusal(email, person)
        raise RefusedError(_("邮箱或密码不正确。"))
    return person


def _note_refusal(email: str, person: Person | None) -> None:
    """Record a refused sign-in where its person belongs, else with the platform."""
    places = memberships_of(person.id) if person else ()
    scope = Scope(ScopeKind(places[0].kind), places[0].key) if places else PLATFORM
    history.note(
        "sign_in",
        scope=scope,
        person_id=person.id if person else None,
        name=email if "@" in email else "",
        outcome=Outcome.REFUSED,
        why="wrong",
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
