"""Invite, confirm, withdraw, send again, accept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.admins.queries import running_in
from counselhub.advisers.models import Adviser
from counselhub.core import clock, history, sender
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.sender import Link, Purpose
from counselhub.core.tenancy import Scope, ScopeKind, as_platform
from counselhub.invitations import queries
from counselhub.invitations.models import Invitation
from counselhub.invitations.states import INVITATION_FLOW, InvitationStatus
from counselhub.people import actions as people
from counselhub.people import belonging, credentials
from counselhub.people.kinds import PLACE_ROLES, ROLE_WORDS
from counselhub.people.models import Membership, Person
from counselhub.people.queries import memberships_of, person_by_email
from counselhub.people.sign_ins import digest

DAYS = 7
OF_THE_ROLL = (Role.ADVISER, Role.TEAM_LEADER)
"""Roles whose people stand on the firm's roll: what they do is kept under that name."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom to invite."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where to: a scope and what it is called."""

    scope: Scope
    name: str


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation with its link's token, shown once."""

    row: Invitation
    token: str


def invite(guests: Sequence[Guest], role: Role, *, by: Member) -> list[Sent]:
    """Invite people to the own place, all or none; an older invitation of the same address dies.

    Each gets the link by e-mail too, where mail goes out.

    Raises RefusedError for a role of another kind of place, for somebody who is there already, and
    for an adviser who is not on the roll.
    """
    place = Place(by.scope, by.title)
    sent = [_issue(_write(place, guest, role, by=by)) for guest in guests]
    _mail(sent, Purpose.COLLEAGUE)
    return sent


def propose(place: Place, guest: Guest, role: Role, *, by: Member) -> Invitation:
    """Ask the operator to invite an office or a bureau. Raises RefusedError where it has people."""
    _refuse_settled(place.scope)
    return _write(place, guest, role, by=by, status=InvitationStatus.PROPOSED)


def invite_place(place: Place, guest: Guest, role: Role, *, by: Member) -> Sent:
    """Invite the first person of an office or a bureau, as the operator. Refuses as `propose`."""
    _refuse_settled(place.scope)
    sent = _issue(_write(place, guest, role, by=by))
    _mail([sent], Purpose.INVITATION)
    return sent


def _refuse_settled(scope: Scope) -> None:
    if queries.has_people(scope):
        raise RefusedError(_("该单位已有账号，由他们自己在“账号”页邀请同事。"))


def _write(
    place: Place,
    guest: Guest,
    role: Role,
    *,
    by: Member,
    status: InvitationStatus = InvitationStatus.OPEN,
) -> Invitation:
    if role not in PLACE_ROLES[place.scope.kind]:
        raise RefusedError(_("该单位没有“%(role)s”这个角色。", role=_(ROLE_WORDS[role])))
    email = guest.email.lower()
    if _is_there(email, place.scope):
        raise RefusedError(_("%(email)s 已经在该单位，不用再邀请。", email=email))
    for older in queries.open_for(place.scope, email):
        if older.recorded_in != by.scope:
            raise RefusedError(_("%(email)s 已有一份待处理的邀请。", email=email))
        withdraw(older, by=by)
    row = Invitation(
        kind=place.scope.kind.value,
        key=place.scope.key,
        place_name=place.name,
        role=role.value,
        name=guest.name,
        email=email,
        adviser_id=_on_the_roll(guest.name) if role in OF_THE_ROLL else None,
        by_kind=by.scope.kind.value,
        by_key=by.scope.key,
        by_name=by.name,
        by_title=by.title,
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=DAYS),
        status=status,
    )
    with as_platform():
        db.session.add(row)
        db.session.flush()
    _record("send_invitation", row, by=by)
    return row


def _is_there(email: str, scope: Scope) -> bool:
    query = select(Membership.id).join(Person).where(Person.email == email, *running_in(scope))
    with as_platform():
        return db.session.scalar(query.limit(1)) is not None


def _on_the_roll(name: str) -> object:
    """Return the one adviser of this name. Raises RefusedError for none, and for several."""
    query = select(Adviser.id).where(Adviser.name == name, Adviser.left_on.is_(None)).limit(2)
    found = db.session.scalars(query).all()
    if len(found) != 1:
        raise RefusedError(
            _("律师名册里没有唯一的“%(name)s”：请先登记或导入律师，再邀请。", name=name)
        )
    return found[0]


def _issue(row: Invitation) -> Sent:
    """Give an invitation a new token, which kills the one before, and its whole time."""
    token = secrets.token_urlsafe(32)
    sender.forget(row.id)
    with as_platform():
        row.digest = digest(token)
        row.expires_at = clock.now() + timedelta(days=DAYS)
        db.session.flush()
    return Sent(row, token)


def confirm(row: Invitation, *, by: Member) -> None:
    """Let a proposed invitation go, as the operator. Raises ConflictError when too late."""
    if queries.has_people(row.scope):
        raise ConflictError(_("该单位已有账号，由他们自己在“账号”页邀请同事。"), row=row)
    _move(row, "confirm_invitation", by=by)
    _post([_issue(row)], Purpose.INVITATION)


def _mail(sent: Sequence[Sent], purpose: Purpose) -> None:
    """Send what its inviter has in hand too, where mail goes out: nobody else need pass it on."""
    if sender.sends_mail():
        _post(sent, purpose)


def _post(sent: Sequence[Sent], purpose: Purpose) -> None:
    row = sent[0].row
    links = {one.row.id: Link(one.row.email, link_of(one)) for one in sent}
    sender.send_links(links, purpose, about=row.place_name, until=row.expires_at)


def link_of(sent: Sent) -> str:
    """Return the address that opens an invitation."""
    return url_for("invitations.answer", token=sent.token, _external=True)


def refuse(row: Invitation, reason: str, *, by: Member) -> None:
    """Say no to a proposed invitation, with the reason that its inviter reads."""
    _move(row, "refuse_invitation", by=by, reason=reason)


def withdraw(row: Invitation, *, by: Member) -> None:
    """Take an invitation back: its link opens nothing any more. Raises IllegalMoveError."""
    _move(row, "withdraw_invitation", by=by, digest=None)
    sender.forget(row.id)


def send_again(row: Invitation, *, by: Member) -> Sent:
    """Make a new link with its whole time.

    Raises ConflictError for what is not open, and for who has come or gone another way since.
    """
    if row.status != InvitationStatus.OPEN:
        raise ConflictError(_("它现在的状态不允许这项操作，请看最新内容。"), row=row)
    if queries.is_overtaken(row):
        raise ConflictError(
            _("发出邀请后，%(email)s 的账号已经在该单位启用或停用过，请撤回它。", email=row.email),
            row=row,
        )
    sent = _issue(row)
    _record("resend_invitation", row, by=by)
    _mail([sent], Purpose.COLLEAGUE)
    return sent


def opened(token: str) -> Invitation:
    """Return the invitation that a token still opens. Raises NotFoundError for every other one."""
    row = queries.by_token(token)
    is_open = row is not None and row.status == InvitationStatus.OPEN and not row.is_expired
    if row is None or not is_open or queries.is_overtaken(row):
        raise NotFoundError(credentials.GONE)
    return row


def owner_of(row: Invitation) -> Person | None:
    """Return who signs in with the invited address at some place now, None when nobody does.

    The present password proves that person. An account that opens no place is nobody's to prove:
    whoever set its password may be somebody else by now.
    """
    person = person_by_email(row.email)
    is_in_use = person is not None and person.password_hash and memberships_of(person.id)
    return person if is_in_use else None


def accept(row: Invitation, *, password: str | None = None) -> Person:
    """Join the place, once. password: the new one of whom `owner_of` does not know.

    Raises RefusedError for a weak password, ConflictError for one of another firm.
    """
    if password is not None:
        _start_anew(row)
    role = Role(row.role)
    joined = people.join(
        row.email, row.name, row.scope, role, adviser_id=row.adviser_id, is_proved=True
    )
    person = joined.person
    if password is not None:
        credentials.set_password(person, password)
    by = Member(person.id, person.name, role, row.scope, row.place_name, joined.id)
    _move(row, "accept_invitation", by=by, person_id=person.id, digest=None)
    sender.forget(row.id)
    if row.scope != row.recorded_in:
        history.note("accept_invitation", scope=row.scope, by=by, role=row.role)
    return person


def _start_anew(row: Invitation) -> None:
    """Let what opened an account that opens no place any more open nothing."""
    person = person_by_email(row.email)
    if person and memberships_of(person.id):
        raise RefusedError(_("这个邮箱在别的单位还有没用过的首次登录链接，请先用它设置密码。"))
    if person:
        belonging.start_anew(person)


def _move(row: Invitation, act: str, *, by: Member, **values: object) -> None:
    """Move it and write `values` with it, under the one scope that may write there."""
    with as_platform():
        for name, value in values.items():
            setattr(row, name, value)
        history.advance(row, INVITATION_FLOW, act, by=by, person=row.name, role=row.role)
        db.session.flush()


def _record(act: str, row: Invitation, *, by: Member) -> None:
    with as_platform():
        history.record(row, act, by=by, person=row.name, role=row.role)


def office_of(street_code: str, street_name: str) -> Place:
    """Return a street's office as a place."""
    return Place(Scope(ScopeKind.OFFICE, street_code), street_name)


def bureau_of(district_code: str, district_name: str) -> Place:
    """Return a district's bureau as a place."""
    return Place(Scope(ScopeKind.BUREAU, district_code), district_name)
