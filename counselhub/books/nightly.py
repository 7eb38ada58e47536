"""The check of every night: each firm's books and each street's, its outcome on the record."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from counselhub.books import queries, rules
from counselhub.books.rules import Deviation
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.members import command_member
from counselhub.core.tenancy import Scope, ScopeKind, as_platform, as_scope
from counselhub.people.models import Firm, Membership


@dataclass(frozen=True, slots=True)
class Checked:
    """One side's books. name: the firm's or the street's code."""

    side: str
    name: str
    deviations: list[Deviation]


def run() -> list[Checked]:
    """Check everybody's books, one after the other, and commit each outcome."""
    found = []
    for scope, name in _everybody():
        with as_scope(scope):
            findings = rules.check(queries.books(scope))
            wrong = rules.deviations(findings)
            history.note(
                queries.ACT,
                scope=scope,
                by=command_member(scope),
                rows=sum(one.checked for one in findings),
                faults=len(wrong),
            )
            db.session.commit()
            db.session.expunge_all()
        found.append(Checked(scope.kind.value, name, wrong))
    return found


def _everybody() -> Iterator[tuple[Scope, str]]:
    """Every firm, and every street whose office has an account."""
    with as_platform():
        firms = db.session.execute(select(Firm.id, Firm.code).order_by(Firm.code)).all()
        query = select(Membership.street_code).where(Membership.street_code.is_not(None)).distinct()
        streets = list(db.session.scalars(query.order_by(Membership.street_code)))
    for key, code in firms:
        yield Scope(ScopeKind.FIRM, str(key)), code
    for street in streets:
        yield Scope(ScopeKind.OFFICE, street or ""), street or ""
