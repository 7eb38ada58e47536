"""Who somebody is, and who belongs to a firm."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, bindparam, cast, func, select

from counselhub.admins.queries import named_duty, system_is_named
from counselhub.advisers.models import Adviser
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.factors.queries import factor_due
from counselhub.people.models import Firm, Membership, Person
from counselhub.places.models import District, Street

_m, _p, _f, _s, _d = (table.__table__.c for table in (Membership, Person, Firm, Street, District))
MEMBERSHIPS = (
    select(
        _m.id,
        _m.person_id,
        _m.kind,
        func.coalesce(cast(_m.firm_id, Text), _m.street_code, _m.district_code, "").label("key"),
        _m.role,
        _m.adviser_id,
        _p.name,
        func.coalesce(_f.name, _s.name, _d.name, "CounselHub").label("title"),
        named_duty(),
        system_is_named(),
        factor_due(),
    )
    .select_from(
        Membership.__table__.join(Person.__table__, _p.id == _m.person_id)
        .outerjoin(Firm.__table__, _f.id == _m.firm_id)
        .outerjoin(Street.__table__, _s.code == _m.street_code)
        .outerjoin(District.__table__, _d.code == _m.district_code)
    )
    .where(_m.person_id == bindparam("person"), _m.ended_at.is_(None))
    .order_by(_m.created_at, _m.id)
)
"""Every request sends it: made once, and past the ORM."""


def memberships_of(person_id: UUID) -> Sequence[Any]:
    """Return the running memberships, oldest first, with the person's and the place's name.

    `key` is the firm's id or the place's code, as a scope carries it.
    """
    with as_platform():
        return db.session.connection().execute(MEMBERSHIPS, {"person": person_id}).all()


def person_by_email(email: str) -> Person | None:
    """Return the person who signs in with `email`, None when nobody does."""
    with as_platform():
        return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def firm_by_code(code: str) -> Firm | None:
    """Return the tenant with this short code, None when there is none."""
    with as_platform():
        return db.session.scalar(select(Firm).where(Firm.code == code))


def every_firm() -> list[tuple[UUID, str]]:
    """Return the id and the short code of every tenant, by code."""
    with as_platform():
        found = db.session.execute(select(Firm.id, Firm.code).order_by(Firm.code))
        return [(firm_id, code) for firm_id, code in found]


def colleagues(firm_id: UUID) -> Select[Membership, Person, str]:
    """Select the running memberships of a firm with person and adviser's name, by name."""
    return (
        select(Membership, Person, Adviser.name)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Adviser, Adviser.id == Membership.adviser_id)
        .where(Membership.firm_id == firm_id, Membership.ended_at.is_(None))
        .order_by(Person.name, Membership.id)
    )
