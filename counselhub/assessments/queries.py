"""Whom an office assesses in a year, and what the year's approved statements withheld."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import contains_eager

from counselhub.assessments.models import Assessment
from counselhub.contracts.kinds import IN_FORCE
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import sorting
from counselhub.core.db import db
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import SEALED, LineReview

SORTS: sorting.Sorts = {
    "year": (Assessment.year, Assessment.published_at, Assessment.id),
    "community": (Community.pinyin, Assessment.year),
}
LAST_DAY = func.coalesce(Contract.terminated_on, Contract.ends_on)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contract in one community that served the street in the year, with its assessment."""

    contract: Contract
    community: Community
    firm: str
    assessment: Assessment | None

    @property
    def key(self) -> str:
        """What names its fields on the page."""
        return f"{self.contract.id}-{self.community.code}"


def candidates(street_code: str, year: int) -> list[Candidate]:
    """Return whom the street assesses for a year, by community and contract; one statement."""
    query = (
        select(Contract, Community, Firm.name, Assessment)
        .join(
            ContractCommunity,
            and_(
                ContractCommunity.firm_id == Contract.firm_id,
                ContractCommunity.contract_id == Contract.id,
            ),
        )
        .join(Community, Community.code == ContractCommunity.community_code)
        .join(Firm, Firm.id == Contract.firm_id)
        .outerjoin(
            Assessment,
            and_(
                Assessment.firm_id == Contract.firm_id,
                Assessment.contract_id == Contract.id,
                Assessment.community_code == Community.code,
                Assessment.year == year,
            ),
        )
        .where(
            ContractCommunity.street_code == street_code,
            Contract.status.in_(IN_FORCE),
            Contract.starts_on <= date(year, 12, 31),
            date(year, 1, 1) <= LAST_DAY,
        )
        .order_by(Community.code, Contract.number, Contract.id)
    )
    return [Candidate(*row) for row in db.session.execute(query)]


def received(sort: str) -> Select[Assessment]:
    """Select the published assessments of the firm in scope, newest year first."""
    query = (
        select(Assessment)
        .join(Assessment.community)
        .join(Assessment.contract)
        .options(contains_eager(Assessment.community), contains_eager(Assessment.contract))
        .where(Assessment.published_at.is_not(None))
    )
    return sorting.ordered(query, SORTS, sort)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What the year's approved statements withheld of which base; last_month: None without any."""

    withheld_fen: int
    base_fen: int
    last_month: date | None


def withheld(row: Assessment) -> Withheld:
    """Add up base and withholding of the year's approved statements."""
    line = StatementLine
    query = (
        select(_sum_of(LineKind.WITHHOLD), _sum_of(LineKind.BASE), func.max(Statement.month))
        .join(
            Statement,
            and_(Statement.firm_id == line.firm_id, Statement.id == line.statement_id),
        )
        .where(
            line.firm_id == row.firm_id,
            line.contract_id == row.contract_id,
            line.community_code == row.community_code,
            line.kind.in_([LineKind.WITHHOLD, LineKind.BASE]),
            Statement.status.in_(SEALED),
            Statement.month.between(date(row.year, 1, 1), date(row.year, 12, 31)),
        )
    )
    taken, base, last = db.session.execute(query).one()
    return Withheld(-int(taken), int(base), last)


def _sum_of(kind: LineKind) -> ColumnElement[int]:
    """What the lines of a kind come to; a deferred one comes later as an adjustment."""
    line = StatementLine
    later_fen = case((line.review == LineReview.DEFERRED, line.held_fen), else_=0)
    return func.coalesce(func.sum(line.amount_fen + later_fen).filter(line.kind == kind), 0)


def by_ids(ids: Sequence[UUID], street_code: str) -> list[Assessment]:
    """Return the office's assessments of these ids, held until the transaction ends."""
    query: Select[Any] = (
        select(Assessment)
        .where(Assessment.id.in_(ids), Assessment.street_code == street_code)
        .order_by(Assessment.id)
        .with_for_update()
    )
    return list(db.session.scalars(query))
