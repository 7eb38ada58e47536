"""What the console counts."""

from dataclasses import dataclass

from sqlalchemy import func, select

from counselhub.core.db import db
from counselhub.core.tenancy import ScopeKind
from counselhub.people.models import Firm, Membership


@dataclass(frozen=True, slots=True)
class Overview:
    """How many tenants of each kind have running accounts, and how many people they have."""

    firms: int
    offices: int
    bureaus: int
    people: int


def overview() -> Overview:
    """Return the platform's figures with one statement."""
    places = [
        func.count(column.distinct()).filter(Membership.kind == kind)
        for column, kind in (
            (Membership.street_code, ScopeKind.OFFICE),
            (Membership.district_code, ScopeKind.BUREAU),
        )
    ]
    query = select(
        select(func.count()).select_from(Firm).scalar_subquery(),
        *places,
        func.count(Membership.person_id.distinct()),
    ).where(Membership.ended_at.is_(None), Membership.kind != ScopeKind.PLATFORM)
    return Overview(*db.session.execute(query).one())
