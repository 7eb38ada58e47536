"""Lists of appeals in sight, and one with all that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from counselhub.appeals.models import LineAppeal
from counselhub.appeals.states import AppealStatus
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.people.models import Firm
from counselhub.places.models import Street
from counselhub.statements.models import Statement, StatementLine

SORTS = {
    "appealed": LineAppeal.appealed_at,
    "firm": Firm.name,
    "street": Street.name,
    "amount": LineAppeal.refused_fen,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked for; tab: `` for all, else a status."""

    tab: str = ""
    q: str = ""
    sort: str = ""
    direction: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """Read it from an address; nonsense asks for nothing."""
        given = cls(**{name: args.get(name, "") for name in cls.__slots__})
        known = {status.value for status in AppealStatus}
        return given if given.tab in known | {""} else cls(q=given.q)


def appeals(asked: Asked) -> Select[LineAppeal]:
    """Select the appeals in sight; open ones that wait longest first unless sorted otherwise."""
    query = (
        visible(LineAppeal)
        .join(LineAppeal.statement)
        .outerjoin(Firm, Firm.id == LineAppeal.firm_id)
        .join(LineAppeal.street)
        .options(*NAMES)
    )
    if asked.tab:
        query = query.where(LineAppeal.status == asked.tab)
    if words := asked.q.strip():
        query = query.where(
            or_(
                Firm.name.icontains(words, autoescape=True),
                Street.name.icontains(words, autoescape=True),
                Statement.number.icontains(words, autoescape=True),
            )
        )
    key = SORTS.get(asked.sort)
    if key is None:
        waits = LineAppeal.status == AppealStatus.OPEN
        return query.order_by(waits.desc(), LineAppeal.appealed_at, LineAppeal.id)
    return query.order_by(key.desc() if asked.direction == "desc" else key.asc(), LineAppeal.id)


NAMES = (
    joinedload(LineAppeal.statement),
    joinedload(LineAppeal.firm),
    joinedload(LineAppeal.street),
    joinedload(LineAppeal.line).joinedload(StatementLine.community),
)


def tallies() -> Mapping[str, int]:
    """Count the appeals in sight by status, '' for all; one statement."""
    rows = db.session.execute(
        select(LineAppeal.status, func.count()).group_by(LineAppeal.status)
    ).all()
    counts = {status.value: 0 for status in AppealStatus} | {row[0]: row[1] for row in rows}
    return counts | {"": sum(counts.values())}


def of_line(line: StatementLine) -> LineAppeal | None:
    """Return the appeal against a line, None for none."""
    query = select(LineAppeal).where(
        LineAppeal.firm_id == line.firm_id, LineAppeal.line_id == line.id
    )
    return db.session.scalar(query)


def line_in_sight(line_id: UUID) -> StatementLine | None:
    """Return a line of the firm in scope with its community and its statement's number."""
    query = select(StatementLine).where(StatementLine.id == line_id)
    return db.session.scalar(query.options(joinedload(StatementLine.community)))
