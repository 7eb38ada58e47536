"""The check of every night: each firm's books and each street's, its outcome on the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select

from counselhub.books import queries, rules
from counselhub.books.rules import Deviation
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.rounds import Round
from counselhub.core.tenancy import Scope, ScopeKind, as_platform
from counselhub.people.models import Firm, Membership


@dataclass(frozen=True, slots=True)
class Checked:
    """One side's books. name: the firm's or the street's code."""

    side: str
    name: str
    deviations: list[Deviation]


def run() -> None:
    """Check everybody whose books nobody has looked at today: again, it notes nothing twice."""
    check(since=clock.instant(clock.today(), time()))


def check(*, since: datetime | None = None) -> list[Checked]:
    """Check everybody's books, one after the other, and commit each outcome.

    since: leave out whose books were looked at since then. Raises SomeFailedError at the end, for
    books that could not be read.
    """
    found = []
    with Round() as each:
        for scope, name in _everybody():
            with each.of(scope) as by:
                last = queries.last_check(scope) if since else None
                if since is None or last is None or last[0] < since:
                    found.append(Checked(scope.kind.value, name, _look(scope, by)))
                db.session.commit()
                db.session.expunge_all()
    return found


def _look(scope: Scope, by: Member) -> list[Deviation]:
    """Note what the rules find in the books of one side, and return what deviates."""
    findings = rules.check(queries.books(scope))
    wrong = rules.deviations(findings)
    rows = sum(one.checked for one in findings)
    history.note(queries.ACT, scope=scope, by=by, rows=rows, faults=len(wrong))
    return wrong


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
