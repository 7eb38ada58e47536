"""Who somebody is, and who belongs to a firm."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from counselhub.admins.queries import (
    PLACE,
    named_duty,
    of_place,
    running_in,
    system_is_named,
)
from counselhub.admins.rules import duties_of
from counselhub.advisers.models import Adviser
from counselhub.billing.models import Subscription
from counselhub.core import outages
from counselhub.core.access import roles_with
from counselhub.core.db import db
from counselhub.core.foreign import unseen_alarms
from counselhub.core.members import Member
from counselhub.core.permissions import Duty, Permission, Role
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind, as_platform
from counselhub.factors.queries import factor_due, has_factor
from counselhub.notices.queries import unread
from counselhub.people import guard
from counselhub.people.departures import leaves_on, works
from counselhub.people.models import (
    AccountRule,
    Firm,
    Membership,
    Person,
    SignInSession,
    SignInTries,
)
from counselhub.places.models import District, Street

_m, _p, _f, _s, _d, _session, _rule = (
    table.__table__.c
    for table in (Membership, Person, Firm, Street, District, SignInSession, AccountRule)
)
_MEMBERSHIP = (
    _m.id,
    _m.person_id,
    _m.kind,
    PLACE.label("key"),
    _m.role,
    _m.adviser_id,
    _p.name,
    func.coalesce(_f.name, _s.name, _d.name, "CounselHub").label("title"),
    named_duty(),
    system_is_named(),
    factor_due(),
    unseen_alarms(_m.kind, PLACE),
    unread(_m.id),
    select(Subscription.read_only_on)
    .where(Subscription.firm_id == _m.firm_id)
    .scalar_subquery()
    .label("read_only_on"),
    leaves_on(_m.firm_id).label("leaves_on"),
)
_PLACES = (
    Membership.__table__.join(Person.__table__, _p.id == _m.person_id)
    .outerjoin(Firm.__table__, _f.id == _m.firm_id)
    .outerjoin(Street.__table__, _s.code == _m.street_code)
    .outerjoin(District.__table__, _d.code == _m.district_code)
)
MEMBERSHIPS = (
    select(*_MEMBERSHIP)
    .select_from(_PLACES)
    .where(_m.person_id == bindparam("person"), _m.ended_at.is_(None))
    .order_by(_m.created_at, _m.id)
)
SESSION = (
    select(
        *_MEMBERSHIP,
        _session.id.label("session_id"),
        _session.created_at,
        _session.last_seen_at,
        _session.confirmed_at,
        func.coalesce(_p.password_set_at, _p.created_at).label("password_set_at"),
        _rule.password_days,
        outages.running(),
    )
    .select_from(
        _PLACES.join(SignInSession.__table__, _session.person_id == _m.person_id).outerjoin(
            AccountRule.__table__, (_rule.kind == _m.kind) & (_rule.key == PLACE)
        )
    )
    .where(
        _session.digest == bindparam("digest"),
        _session.ended_at.is_(None),
        _m.ended_at.is_(None),
    )
    .order_by(_m.created_at, _m.id)
)
"""Every request sends it: made once, and past the ORM."""


def session_rows(digest: str) -> Sequence[Any]:
    """Return the running memberships of whose session this is, as `memberships_of`.

    Each row carries the session too, and how long its place lets a password live.
    """
    with as_platform():
        return db.session.connection().execute(SESSION, {"digest": digest}).all()


def memberships_of(person_id: UUID) -> Sequence[Any]:
    """Return the running memberships, oldest first, with the person's and the place's name.

    `key` is the firm's id or the place's code, as a scope carries it.
    """
    with as_platform():
        return db.session.connection().execute(MEMBERSHIPS, {"person": person_id}).all()


def places_beside(person_id: UUID, scope: Scope) -> list[Any]:
    """Return the running memberships of `memberships_of` in other places than this one."""
    here = (scope.kind.value, scope.key)
    return [row for row in memberships_of(person_id) if (row.kind, row.key) != here]


def person_by_email(email: str) -> Person | None:
    """Return the person who signs in with `email`, None when nobody does."""
    with as_platform():
        return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def first_place(person_id: UUID) -> Scope:
    """Return the place whose record an act of the person joins before a membership is chosen."""
    rows = memberships_of(person_id)
    return Scope(ScopeKind(rows[0].kind), rows[0].key) if rows else PLATFORM


def firms_of(person_id: UUID) -> Sequence[tuple[str, str]]:
    """Return name and code of the firms that the person belongs to."""
    query = (
        select(Firm.name, Firm.code)
        .join(Membership, Membership.firm_id == Firm.id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    )
    with as_platform():
        return [(row.name, row.code) for row in db.session.execute(query)]


def has_colleague_with(permission: Permission, by: Member) -> bool:
    """Tell whether somebody else of the actor's firm holds a role with `permission`."""
    found = exists().where(
        Membership.firm_id == by.firm_id,
        Membership.role.in_(roles_with(permission)),
        Membership.ended_at.is_(None),
        Membership.person_id.is_distinct_from(by.person_id),
    )
    return bool(db.session.scalar(select(found)))


@dataclass(frozen=True, slots=True)
class Standing:
    """What an administrator sees of a colleague's account.

    duty: held by name or, is_named false, by the head until somebody is named.
    """

    signed_in_at: datetime | None
    locked_until: datetime | None
    has_factor: bool
    duty: Duty | None
    is_named: bool


def standings(memberships: Iterable[Membership]) -> dict[UUID, Standing]:
    """Return how the account of each membership stands, by its id, with one statement."""
    last = (
        select(func.max(SignInSession.created_at))
        .where(SignInSession.person_id == Person.id)
        .scalar_subquery()
    )
    key = func.concat(
        "account:", func.encode(func.sha256(func.convert_to(Person.email, "UTF8")), "hex")
    )
    query = (
        select(
            Membership,
            Person.email,
            last.label("last"),
            SignInTries,
            has_factor(_p.id).label("has_factor"),
            named_duty(),
            system_is_named(),
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(SignInTries, SignInTries.key == key)
        .where(Membership.id.in_([one.id for one in memberships]))
    )
    with as_platform():
        rows = db.session.execute(query).all()
    return {row.Membership.id: _standing(row) for row in rows}


def _standing(row: Any) -> Standing:
    named = Duty(row.duty) if row.duty else None
    held = duties_of(Role(row.Membership.role), named, system_is_named=row.system_is_named)
    return Standing(
        signed_in_at=row.last,
        locked_until=guard.locked_until(row.SignInTries, guard.of_account(row.email)),
        has_factor=row.has_factor,
        duty=next(iter(held), None),
        is_named=named is not None,
    )


def password_days(scope: Scope) -> int | None:
    """Return how many days a place lets a password live, None for ever."""
    with as_platform():
        rule = db.session.get(AccountRule, (scope.kind.value, scope.key))
    return rule.password_days if rule else None


def firm_by_code(code: str) -> Firm | None:
    """Return the tenant with this short code, None when there is none."""
    with as_platform():
        return db.session.scalar(select(Firm).where(Firm.code == code))


def firm_code(firm_id: UUID) -> str:
    """Return the short code of a firm in sight, '' for none."""
    return db.session.scalar(select(Firm.code).where(Firm.id == firm_id)) or ""


def every_firm() -> list[tuple[UUID, str]]:
    """Return the id and the short code of every tenant, by code."""
    with as_platform():
        found = db.session.execute(select(Firm.id, Firm.code).order_by(Firm.code))
        return [(firm_id, code) for firm_id, code in found]


def every_paying_firm() -> list[tuple[UUID, str]]:
    """Return `every_firm` without those that were closed, deleted or are being deleted.

    Of a deleted one an office keeps advisers, contracts and statements: nobody pays for them.
    """
    with as_platform():
        found = db.session.execute(select(Firm.id, Firm.code).where(works()).order_by(Firm.code))
        return [(firm_id, code) for firm_id, code in found]


def colleagues(scope: Scope) -> Select[Membership, Person, str]:
    """Select the running memberships of a place with person and adviser's name, by name."""
    return _with_people().where(*running_in(scope)).order_by(Person.name, Membership.id)


def suspended(scope: Scope) -> Select[Membership, Person, str]:
    """Select the last membership of everybody who has none in a place any more, newest first."""
    later = aliased(Membership)
    is_followed = select(later.id).where(
        later.person_id == Membership.person_id,
        *of_place(later, scope),
        or_(later.ended_at.is_(None), later.id > Membership.id),
    )
    return (
        _with_people()
        .where(*of_place(Membership, scope), Membership.ended_at.is_not(None))
        .where(~is_followed.exists())
        .order_by(Membership.ended_at.desc(), Membership.id)
    )


def _with_people() -> Select[Membership, Person, str]:
    is_own = (Adviser.firm_id == Membership.firm_id) & (Adviser.id == Membership.adviser_id)
    return (
        select(Membership, Person, Adviser.name)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Adviser, is_own)
    )
