"""What the console counts."""

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from counselhub.core.db import db
from counselhub.core.tenancy import ScopeKind
from counselhub.joining.kinds import Outcome
from counselhub.joining.models import SignUp
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
        select(func.count()).select_from(Firm).where(Firm.closed_at.is_(None)).scalar_subquery(),
        *places,
        func.count(Membership.person_id.distinct()),
    ).where(Membership.ended_at.is_(None), Membership.kind != ScopeKind.PLATFORM)
    return Overview(*db.session.execute(query).one())


def sign_ups(words: str, outcome: Outcome | None) -> Select[SignUp, str | None]:
    """Select sign-ups with their firm's code, newest first; words: of name or credit code."""
    query = select(SignUp, Firm.code).outerjoin(Firm, Firm.id == SignUp.firm_id)
    if words:
        found = (SignUp.firm_name, SignUp.credit_code)
        query = query.where(or_(*(one.contains(words, autoescape=True) for one in found)))
    if outcome:
        query = query.where(SignUp.outcome == outcome)
    return query.order_by(SignUp.at.desc(), SignUp.id)
