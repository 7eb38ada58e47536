"""What the claim table of a month and the cover of a dossier hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select

from counselhub.claims import disputes
from counselhub.claims import dossier_queries as dossiers
from counselhub.claims.dossier_models import DisputeKey
from counselhub.claims.dossier_queries import Shown
from counselhub.claims.kinds import Basis
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import current_firm_id
from counselhub.people.models import Firm
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import StatementStatus

EVERYTHING = {"state": "", "q": ""}


@dataclass(frozen=True, slots=True)
class TableRow:
    """A claim with its masked parties and what the month's statement gives, None before one."""

    shown: Shown
    parties: Sequence[str]
    paid_fen: int | None


def table(month: date) -> list[TableRow]:
    """Return the firm's claims closed in a month, by day and number."""
    query = dossiers.claim_list(month, clock.last_day(month), EVERYTHING, "closed")
    found = dossiers.shown((claim, row) for claim, row in db.session.execute(query))
    amounts = _amounts(month)
    parties = _parties([one.claim.id for one in found])
    return [
        TableRow(one, parties.get(one.claim.id, ()), amounts.get(one.claim.number)) for one in found
    ]


def _amounts(month: date) -> dict[str, int]:
    """Return what the live statements of a month give for each case (M8), by its number."""
    same = and_(
        Statement.firm_id == StatementLine.firm_id, Statement.id == StatementLine.statement_id
    )
    traces = db.session.scalars(
        select(StatementLine.trace)
        .join(Statement, same)
        .where(
            Statement.firm_id == current_firm_id(),
            StatementLine.kind == LineKind.CASE,
            StatementLine.month == month,
            Statement.status != StatementStatus.VOID,
        )
    )
    return {
        step["inputs"]["case_number"]: int(step["inputs"]["paid_fen"])
        for trace in traces
        for step in trace
        if step["rule"] == "M8"
    }


def _parties(claim_ids: Sequence[UUID]) -> Mapping[UUID | None, list[str]]:
    rows = db.session.scalars(
        select(DisputeKey).where(
            DisputeKey.claim_id.in_(claim_ids), DisputeKey.basis == Basis.PARTIES
        )
    )
    return {row.claim_id: disputes.masked(row) for row in rows}


def parties_of(claim_id: UUID) -> list[str]:
    """Return the parties of a claim, masked."""
    return _parties([claim_id]).get(claim_id, [])


def firm_name() -> str:
    """Return what the firm in scope is called."""
    return db.session.scalars(select(Firm.name).where(Firm.id == current_firm_id())).one()
