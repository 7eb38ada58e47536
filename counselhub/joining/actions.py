"""Sign a firm up, and accept what it has to accept."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, exists, or_, select

from counselhub.core import clock, data_keys, history, pinyin, sender
from counselhub.core.db import db, take_lock
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.sealing import Place
from counselhub.core.sender import Link, Purpose
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind, as_platform
from counselhub.joining import texts
from counselhub.joining.kinds import Outcome, Text
from counselhub.joining.models import Acceptance, SignUp
from counselhub.people import actions as people
from counselhub.people import credentials
from counselhub.people.models import Firm, Person
from counselhub.people.queries import person_by_email

TRIAL_DAYS = 30
CODE_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the platform asks about a firm."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a firm says of itself; both numbers as `rules` returns them."""

    firm_name: str
    credit_code: str
    licence_number: str
    contact: Contact


def sign_up(entry: Entry) -> Outcome:
    """Open a trial for a firm that is new, with the contact as its manager, who gets a link.

    A firm or an e-mail address that is known already changes nothing: the operator reads of it.
    Whoever shows the outcome to a stranger tells who uses the platform. Of two at once with
    anything in common the second waits, and then finds the first.
    """
    for name in sorted(_claimed(entry)):  # everybody in one order: none waits for each other
        take_lock(f"sign-up {name}")
    with as_platform():
        if db.session.scalar(select(_is_known(entry))):
            return _known(entry, Outcome.KNOWN_FIRM)
    if person_by_email(entry.contact.email) is not None:
        return _known(entry, Outcome.KNOWN_PERSON)
    manager, person = _open(entry)
    accept(Text, by=manager)
    token = credentials.make_link(person, by=manager)
    url = url_for("people.welcome", token=token, _external=True)
    sender.send_links(
        {person.id: Link(person.email, url)},
        Purpose.SIGN_UP,
        about=entry.firm_name,
        until=clock.now() + timedelta(days=credentials.FIRST_DAYS),
    )
    return _note(entry, Outcome.MADE, manager.firm_id)


def _claimed(entry: Entry) -> set[str]:
    """Return what a firm has to itself: the numbers, the name, the address."""
    return {entry.credit_code, entry.licence_number, entry.firm_name, entry.contact.email}


def _is_known(entry: Entry) -> ColumnElement[bool]:
    """Say whether an open firm has one of its numbers or its name."""
    return exists().where(
        Firm.closed_at.is_(None),
        or_(
            Firm.credit_code == entry.credit_code,
            Firm.licence_number == entry.licence_number,
            Firm.name == entry.firm_name,
        ),
    )


def _known(entry: Entry, outcome: Outcome) -> Outcome:
    history.note("sign_up_known", scope=PLATFORM, name="", why=outcome.value)
    return _note(entry, outcome, None)


def _open(entry: Entry) -> tuple[Member, Person]:
    firm = people.create_firm(_code(entry.firm_name), entry.firm_name)
    with as_platform():
        firm.credit_code, firm.licence_number = entry.credit_code, entry.licence_number
        firm.trial_ends_on = clock.today() + timedelta(days=TRIAL_DAYS)
        db.session.flush()
    scope = Scope(ScopeKind.FIRM, str(firm.id))
    joined = people.join(entry.contact.email, entry.contact.name, scope, Role.MANAGER)
    person = joined.person
    by = Member(person.id, person.name, Role.MANAGER, scope, firm.name, joined.id)
    history.note("firm_sign_up", scope=scope, by=by, code=firm.code)
    return by, person


def _code(name: str) -> str:
    """Return a short name for commands: the initials, and digits that make it the only one."""
    initials = "".join(part[:1] for part in pinyin.sort_key(name).split())
    letters = "".join(one for one in initials if one.isascii() and one.isalnum())
    return f"{letters[:CODE_LETTERS] or 'firm'}-{secrets.randbelow(900000) + 100000}"


def _note(entry: Entry, outcome: Outcome, firm_id: UUID | None) -> Outcome:
    row = SignUp(
        id=uuid7(),
        at=clock.now(),
        firm_name=entry.firm_name,
        credit_code=entry.credit_code,
        licence_number=entry.licence_number,
        sealed_contact="",
        outcome=outcome,
        firm_id=firm_id,
    )
    text = json.dumps(asdict(entry.contact), ensure_ascii=False)
    row.sealed_contact = data_keys.writing_ring().seal(text, place_of(row))
    with as_platform():
        db.session.add(row)
        db.session.flush()
    return outcome


def place_of(row: SignUp) -> Place:
    """Return where the contact is sealed: it opens nowhere else."""
    return Place(row.id, SignUp.__tablename__, row.id, "sealed_contact")


def contact_of(row: SignUp) -> Contact:
    """Return the contact in the clear. Raises UnsealError when its key is gone."""
    return Contact(**json.loads(data_keys.ring().unseal(row.sealed_contact, place_of(row))))


def accept(kinds: Iterable[Text], *, by: Member) -> None:
    """Keep that the firm accepts the version in force of each of these texts."""
    person_id = by.person_id
    if person_id is None:
        raise ValueError("only a person accepts")
    rows = [
        Acceptance(
            firm_id=by.firm_id,
            kind=kind,
            version=texts.current(kind),
            digest=texts.digest(kind, texts.current(kind)),
            at=clock.now(),
            person_id=person_id,
            name=by.name,
        )
        for kind in kinds
    ]
    with as_platform():
        db.session.add_all(rows)
        db.session.flush()
    for row in rows:
        history.note("accept_text", scope=by.scope, by=by, kind=row.kind, version=row.version)
