"""Who somebody is, and who belongs to a firm."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.engine import Row

from counselhub.advisers.models import Adviser
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.people.models import Firm, Membership, Person
from counselhub.places.models import District, Street


def memberships_of(person_id: UUID) -> list[Row[Person, Membership, str]]:
    """Return (person, membership, name of the place) for each running membership, oldest first."""
    title = db.func.coalesce(Firm.name, Street.name, District.name, "CounselHub")
    query = (
        select(Person, Membership, title)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Firm, Firm.id == Membership.firm_id)
        .outerjoin(Street, Street.code == Membership.street_code)
        .outerjoin(District, District.code == Membership.district_code)
        .where(Person.id == person_id, Membership.ended_at.is_(None))
        .order_by(Membership.created_at, Membership.id)
    )
    with as_platform():
        return list(db.session.execute(query))


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
