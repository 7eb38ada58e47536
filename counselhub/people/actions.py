"""Make firms, accounts and memberships; sign in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.advisers.models import Adviser
from counselhub.core import clock, history, newcomers
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.history import Outcome
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind, as_platform
from counselhub.people import guard, heads, passwords, sign_ins
from counselhub.people.belonging import in_two_firms, refuse_elsewhere
from counselhub.people.credentials import COMMAND_LINE, kill_links, make_link
from counselhub.people.guard import LockedError
from counselhub.people.kinds import PLACE_ROLES, ROLE_WORDS, SessionEnd
from counselhub.people.models import AccountRule, Firm, Membership, Person
from counselhub.people.queries import first_place, person_by_email, places_beside

NOBODY_ID = UUID(int=0)
WRONG = {"sign_in": _l("邮箱或密码不正确。"), "confirm": _l("密码不正确。")}


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
    newcomers.greet(firm.id)
    return firm


def join(
    email: str,
    name: str,
    scope: Scope,
    role: Role,
    *,
    adviser_id: UUID | None = None,
    is_proved: bool = False,
) -> Membership:
    """Give the person with `email` (made when unknown) a membership; the same one twice is kept.

    Who comes to a place leaves no older link open. is_proved: the person has shown that the account
    is theirs; without it one of another place is refused, as `refuse_elsewhere` does. Raises
    ConflictError when the person belongs to another firm: never two at once.
    """
    with as_platform():
        person = person_by_email(email)
        if person is None:
            person = Person(email=_address(email), name=name.strip(), created_at=clock.now())
            db.session.add(person)
            db.session.flush()
        membership = _running(person.id, scope) or _begun(person, scope, is_proved=is_proved)
        membership.role = role
        membership.adviser_id = adviser_id or membership.adviser_id
        try:
            with db.session.begin_nested():
                db.session.add(membership)
        except IntegrityError as error:
            if constraint_of(error) == "ix_membership_one_firm_at_once":
                raise ConflictError(in_two_firms(email)) from error
            raise
        membership.person = person
    return membership


def _begun(person: Person, scope: Scope, *, is_proved: bool) -> Membership:
    if not is_proved:
        refuse_elsewhere(person, scope)
    kill_links(person.id)
    return Membership(person_id=person.id, kind=scope.kind, created_at=clock.now(), **_place(scope))


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who joined: with a link's token when there is no password yet."""

    membership: Membership
    token: str | None


def invite(email: str, name: str, role: Role, *, adviser_id: UUID | None, by: Member) -> Invited:
    """Join somebody to the inviter's own place, or change the role there.

    Raises as `join` does; ConflictError for the inviter's own role, RefusedError for a role of
    another kind of place, and for the last head's.
    """
    if role not in PLACE_ROLES.get(by.scope.kind, ()):
        raise RefusedError(_("本单位没有“%(role)s”这个角色。", role=_(ROLE_WORDS[role])))
    person = person_by_email(email)
    if person is not None and person.id == by.person_id and role is not by.role:
        raise ConflictError(_("不能改自己的角色，请由管理账号的另一位同事来改。"))
    before = _role_of(person, by.scope)
    if before and before is not role:
        heads.keep_one(email, before, by.scope)
    membership = join(email, name, by.scope, role, adviser_id=adviser_id)
    changes = {"role": [before, role.value]} if before not in (None, role) else {}
    return _joined("invite", membership, by, changes=changes)


def _joined(act: str, membership: Membership, by: Member, **more: Any) -> Invited:
    """Record who joined; make a link for whoever has no password and belongs nowhere else."""
    person = membership.person
    needs_link = person.password_hash is None and not places_beside(person.id, by.scope)
    token = make_link(person, by=by) if needs_link else None
    _note(act, membership, by, link=needs_link, **more)
    return Invited(membership, token)


def _role_of(person: Person | None, scope: Scope) -> Role | None:
    if person is None:
        return None
    with as_platform():
        membership = _running(person.id, scope)
    return Role(membership.role) if membership else None


def reset(membership: Membership, *, by: Member) -> str:
    """Return the token of a link by which a colleague chooses a new password.

    Raises RefusedError for the own account, and for one that opens another place as well.
    """
    if membership.person_id == by.person_id:
        raise RefusedError(_("自己的密码请在“我的账号”里更改。"))
    if places_beside(membership.person_id, by.scope):
        raise RefusedError(
            _(
                "%(name)s 同时属于别的单位，重置密码会打开那边的账号，请联系平台运维办理。",
                name=membership.person.name,
            )
        )
    return make_link(membership.person, by=by)


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
    if not _is_address(email):
        raise RefusedError(_("“%(email)s”不是有效的邮箱地址。", email=email))
    return email


def _is_address(email: str) -> bool:
    local, at, host = email.partition("@")
    return bool(local and at and "." in host) and not any(letter.isspace() for letter in email)


def end_membership(membership: Membership, *, by: Member) -> None:
    """End a membership today, every session and link of its person; its acts stay on record.

    Raises RefusedError for the last head's.
    """
    heads.keep_one(membership.person.email, Role(membership.role), by.scope)
    with as_platform():
        membership.ended_at = clock.now()
        db.session.flush()
    kill_links(membership.person_id)
    sign_ins.end(membership.person_id, SessionEnd.MEMBERSHIP)
    _note("membership_end", membership, by)


def resume(membership: Membership, *, by: Member) -> Invited:
    """Give back what was ended: a new membership in the same role, for the old one is history.

    A duty is not given back. Raises as `join` does, and RefusedError for a lawyer who has left.
    """
    person = membership.person
    if membership.adviser_id and _has_left(membership.adviser_id):
        raise RefusedError(_("%(name)s 在律师名册里已离职，请先在名册办理返所。", name=person.name))
    role, adviser_id = Role(membership.role), membership.adviser_id
    again = join(person.email, person.name, by.scope, role, adviser_id=adviser_id)
    return _joined("membership_resume", again, by)


def _has_left(adviser_id: UUID) -> bool:
    adviser = db.session.scalar(select(Adviser).where(Adviser.id == adviser_id))
    return adviser is None or adviser.left_on is not None


def _note(act: str, membership: Membership, by: Member, **more: Any) -> None:
    about = membership.person.name
    history.note(act, scope=by.scope, by=by, person=about, role=membership.role, **more)


def unlock(person: Person, *, by: Member | None) -> None:
    """Let somebody try again whose account is locked after failed sign-ins.

    by: None on the command line. Raises RefusedError for who belongs to another place too: a
    colleague here must not take the lock off that one's door.
    """
    if by and places_beside(person.id, by.scope):
        raise RefusedError(
            _(
                "%(name)s 同时属于别的单位，不能由一个单位解除锁定：15分钟后自动解除，"
                "或请联系平台运维。",
                name=person.name,
            )
        )
    guard.clear(person.email)
    scope = by.scope if by else first_place(person.id)
    history.note("unlock", scope=scope, by=by, name=COMMAND_LINE, person=person.name)


def set_password_days(days: int | None, *, by: Member) -> None:
    """Set how many days a password may be used at the own place; None: for ever."""
    with as_platform():
        rule = AccountRule(kind=by.scope.kind.value, key=by.scope.key, password_days=days)
        db.session.merge(rule)
    history.note("password_days", scope=by.scope, by=by, days=days)


def sign_in(email: str, password: str, *, address: str = "") -> Person:
    """Return who signs in. Raises RefusedError, the same for a wrong address and password.

    address: where from, on the network. LockedError after too many failures of account or address.
    """
    person = person_by_email(email)
    return _check(email, person, password, address=address, act="sign_in")


def confirm(person_id: UUID, password: str, *, address: str = "") -> Person:
    """Make sure that a signed-in person is still there; failures count as those of signing in."""
    with as_platform():
        person = db.session.get_one(Person, person_id)
    return _check(person.email, person, password, address=address, act="confirm")


def _check(email: str, person: Person | None, password: str, *, address: str, act: str) -> Person:
    limits = [guard.of_account(email)]
    if address:
        limits.insert(0, guard.of_address(address))
    try:
        is_last = guard.take(*limits)
    except LockedError:
        _note_refusal(act, email, person, "locked")
        raise
    if not passwords.matches(person.password_hash if person else None, password) or not person:
        _note_refusal(act, email, person, "wrong_and_locked" if is_last else "wrong")
        raise LockedError() if is_last else RefusedError(WRONG[act])
    guard.clear(email)
    guard.give_back(*limits[:-1])
    return person


def _note_refusal(act: str, email: str, person: Person | None, why: str) -> None:
    """Record a refusal; what is no address may be a password in the wrong field: it is left out."""
    scope = first_place(person.id if person else NOBODY_ID)
    history.note(
        act,
        scope=scope,
        person_id=person.id if person else None,
        name=email if person or _is_address(email) else "",
        outcome=Outcome.REFUSED,
        why=why,
    )
