"""What proves who somebody is: the password, and the one-time link that sets it."""

import secrets
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from counselhub.core import clock, history, sender
from counselhub.core.db import db, reached
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.people import guard, passwords, sign_ins
from counselhub.people.kinds import SessionEnd
from counselhub.people.models import PasswordBefore, Person, SignInLink
from counselhub.people.queries import firms_of, first_place
from counselhub.people.sign_ins import digest

FIRST_DAYS = 7
RESET_DAYS = 1
REMEMBERED = 5
COMMAND_LINE = "命令行"
"""Who it was, in the record, when it was nobody's membership."""
GONE = _l("这个链接已经用过、已过期，或者已被新的链接代替。")


class LinkGoneError(NotFoundError):
    """A one-time link that opens nothing (any more)."""

    def __init__(self) -> None:
        """With the one sentence: what it once was is nobody's to learn."""
        super().__init__(GONE)


def link_days(person: Person) -> int:
    """Return how many days a new link of this person lasts: a reset must not lie about."""
    return RESET_DAYS if person.password_hash else FIRST_DAYS


def make_link(person: Person, *, by: Member | None = None) -> str:
    """Return the token of a new one-time link, which kills the older ones.

    Only its digest is kept. by: who hands it over, None on the command line.
    """
    token = secrets.token_urlsafe(32)
    kill_links(person.id)
    with as_platform():
        db.session.add(
            SignInLink(
                digest=digest(token),
                person_id=person.id,
                expires_at=clock.now() + timedelta(days=link_days(person)),
            )
        )
    act = "reset_link" if person.password_hash else "first_link"
    scope = by.scope if by else first_place(person.id)
    history.note(act, scope=scope, by=by, name=COMMAND_LINE, person=person.name)
    return token


def kill_links(person_id: UUID) -> None:
    """Let no link of the person open anything any more, nor go out by mail."""
    sender.forget(person_id)
    with as_platform():
        db.session.execute(
            update(SignInLink)
            .where(SignInLink.person_id == person_id, SignInLink.used_at.is_(None))
            .values(used_at=clock.now())
        )


def link_owner(token: str) -> Person:
    """Return whom a link belongs to that may still be used. Raises LinkGoneError otherwise."""
    with as_platform():
        person = db.session.scalar(
            select(Person)
            .join(SignInLink, SignInLink.person_id == Person.id)
            .where(
                SignInLink.digest == digest(token),
                SignInLink.used_at.is_(None),
                SignInLink.expires_at > clock.now(),
            )
        )
    if person is None:
        raise LinkGoneError()
    return person


def use_link(token: str, password: str) -> Person:
    """Set the password of a link's owner and spend the link, once even when two try at a time."""
    person = link_owner(token)
    with as_platform():
        spent = reached(
            update(SignInLink)
            .where(SignInLink.digest == digest(token), SignInLink.used_at.is_(None))
            .values(used_at=clock.now())
        )
    if spent != 1:
        raise LinkGoneError()
    set_password(person, password)
    history.note(
        "password_by_link", scope=first_place(person.id), person_id=person.id, name=person.name
    )
    return person


def change_password(person_id: UUID, password: str, *, by: Member) -> None:
    """Change one's own password, after the old one was confirmed."""
    with as_platform():
        person = db.session.get_one(Person, person_id)
    set_password(person, password)
    history.note("password_change", scope=by.scope, by=by)


def set_password(person: Person, password: str) -> None:
    """Give a person a new password, which ends all sessions and links and lifts a lock.

    Raises RefusedError when a rule refuses it, or when it is one of the last five.
    """
    words = passwords.own_words_of(person.name, person.email, firms_of(person.id))
    new_hash = passwords.hashed(password, words)
    for used in _last_hashes(person):
        if passwords.matches(used, password):
            raise RefusedError(_("新密码不能与最近用过的%(count)d个密码相同。", count=REMEMBERED))
    with as_platform():
        _remember(person)
        person.password_hash, person.password_set_at = new_hash, clock.now()
        db.session.flush()
    kill_links(person.id)
    sign_ins.end(person.id, SessionEnd.PASSWORD)
    guard.clear(person.email)


def _last_hashes(person: Person) -> list[str]:
    if person.password_hash is None:
        return []
    query = (
        select(PasswordBefore.password_hash)
        .where(PasswordBefore.person_id == person.id)
        .order_by(PasswordBefore.replaced_at.desc())
        .limit(REMEMBERED - 1)
    )
    with as_platform():
        return [person.password_hash, *db.session.scalars(query)]


def _remember(person: Person) -> None:
    """Keep the present password among the earlier ones, and only as many as are asked for."""
    if person.password_hash is None:
        return
    db.session.add(
        PasswordBefore(
            person_id=person.id, password_hash=person.password_hash, replaced_at=clock.now()
        )
    )
    db.session.flush()
    kept = (
        select(PasswordBefore.id)
        .where(PasswordBefore.person_id == person.id)
        .order_by(PasswordBefore.replaced_at.desc())
        .limit(REMEMBERED - 1)
    )
    db.session.execute(
        delete(PasswordBefore).where(
            PasswordBefore.person_id == person.id, PasswordBefore.id.not_in(kept)
        )
    )
