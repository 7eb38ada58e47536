"""Who holds a duty now."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, func, select

from counselhub.admins.models import AdminDuty
from counselhub.admins.rules import Colleague
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Duty, Role
from counselhub.core.tenancy import Scope, ScopeKind, as_platform
from counselhub.people.models import Membership, Person

_m, _d = Membership.__table__.c, AdminDuty.__table__.c
PLACE = func.coalesce(cast(_m.firm_id, Text), _m.street_code, _m.district_code, "")
"""The key of a membership's scope."""


@dataclass(frozen=True, slots=True)
class Known:
    """A colleague as the page shows one; duty_id tells the present holding from an earlier one."""

    membership_id: UUID
    name: str
    facts: Colleague
    duty_id: UUID | None
    since: datetime | None

    @property
    def since_day(self) -> date | None:
        """The day of the naming in Shanghai."""
        return clock.local(self.since).date() if self.since else None


def running_in(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the running memberships of one firm, office or bureau."""
    return *of_place(Membership, scope), Membership.ended_at.is_(None)


def of_place(table: type[Membership], scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the memberships of one firm, office or bureau, running or ended.

    table: Membership or an alias of it.
    """
    match scope.kind:
        case ScopeKind.FIRM:
            return (table.firm_id == UUID(scope.key),)
        case ScopeKind.OFFICE:
            return (table.street_code == scope.key,)
        case ScopeKind.BUREAU:
            return (table.district_code == scope.key,)
        case _:
            return (table.kind == scope.kind,)


def everybody(scope: Scope) -> list[Known]:
    """Return the running memberships of a tenant with their duties, by name."""
    query = (
        select(Membership, Person.name, AdminDuty)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(
            AdminDuty,
            and_(AdminDuty.membership_id == Membership.id, AdminDuty.ended_at.is_(None)),
        )
        .where(*running_in(scope))
        .order_by(Person.name, Membership.id)
    )
    with as_platform():
        rows = db.session.execute(query).all()
    return [_known(*row) for row in rows]


def _known(membership: Membership, name: str, held: AdminDuty | None) -> Known:
    duty = Duty(held.duty) if held else None
    facts = Colleague(membership.person_id, Role(membership.role), duty)
    return Known(
        membership.id, name, facts, held.id if held else None, held.since if held else None
    )


def named_duty() -> ColumnElement[str | None]:
    """The duty named for a row of `membership` in the enclosing statement, null without."""
    own = select(_d.duty).where(_d.membership_id == _m.id, _d.ended_at.is_(None))
    return own.correlate(Membership.__table__).scalar_subquery().label("duty")


def system_is_named() -> ColumnElement[bool]:
    """Whether the tenant of a row of `membership` has somebody named for the system duty."""
    holder = Membership.__table__.alias("holder")
    named = (
        select(_d.id)
        .join(holder, holder.c.id == _d.membership_id)
        .where(
            _d.kind == _m.kind,
            _d.key == PLACE,
            _d.duty == Duty.SYSTEM.value,
            _d.ended_at.is_(None),
            holder.c.ended_at.is_(None),
        )
    )
    return named.correlate(Membership.__table__).exists().label("system_is_named")
