"""Who somebody is, and who belongs to a firm."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, bindparam, cast, func, select

from counselhub.advisers.models import Adviser
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.people.models import Firm, Membership, Person
from counselhub.places.models import District, Street

MEMBERSHIPS = (
    select(
        Membership.id,
        Membership.person_id,
        Membership.kind,
        func.coalesce(
            cast(Membership.firm_id, Text), Membership.street_code, Membership.district_code, ""
        ).label("key"),
        Membership.role,
        Membership.adviser_id,
        Person.name,
        func.coalesce(Firm.name, Street.name, District.name, "CounselHub").label("title"),
    )
    .join(Person, Person.id == Membership.person_id)
    .outerjoin(Firm, Firm.id == Membership.firm_id)
    .outerjoin(Street, Street.code == Membership.street_code)
    .outerjoin(District, District.code == Membership.district_code)
    .where(Membership.person_id == bindparam("person"), Membership.ended_at.is_(None))
    .order_by(Membership.created_at, Membership.id)
)
"""Made once: every request sends it."""


def memberships_of(person_id: UUID) -> Sequence[Any]:
    """Return the running memberships, oldest first, with the person's and the place's name.

    `key` is the firm's id or the place's code, as a scope carries it.
    """
    with as_platform():
        return db.session.execute(MEMBERSHIPS, {"person": person_id}).all()


def person_by_email(email: str) -> Person | None:
    """Return the person who signs in with `email`, None when nobody does."""
    with as_platform():
        return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def firm_by_code(code: str) -> Firm | None:
    """Return the tenant with this short code, None when there is none."""
    with as_platform():
        return db.session.scalar(select(Firm).where(Firm.code == code))


def colleagues(firm_id: UUID) -> Select[Membership, Person, str]:
    """Select the running memberships of a firm with person and adviser's name, by name."""
    return (
        select(Membership, Person, Adviser.name)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Adviser, Adviser.id == Membership.adviser_id)
        .where(Membership.firm_id == firm_id, Membership.ended_at.is_(None))
        .order_by(Person.name, Membership.id)
    )
