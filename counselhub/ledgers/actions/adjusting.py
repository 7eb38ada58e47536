"""Faults of a signed statement that both sides have confirmed go to the next one (LEDGER-6)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select

from counselhub.adjustments import actions as adjustments
from counselhub.adjustments.actions import Difference
from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.adjustments.models import Adjustment
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.ledgers import rules
from counselhub.ledgers.kinds import Cause, Party
from counselhub.ledgers.models import LedgerLine, LedgerSheet
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import SEALED, StatementStatus

SIGNED = SEALED - {StatementStatus.APPROVED}


@dataclass(slots=True)
class Standing:
    """What a contract's month stands at: its lines, and what was entered for it since; fen."""

    contract_id: UUID
    number: str
    amount_fen: int
    entered_fen: int = 0
    recomputed_fen: int = 0


def settle(sheet: LedgerSheet, *, by: Member) -> None:
    """Enter what a confirmed sheet says that its signed statement got wrong, once.

    A later version of the sheet enters only what it says otherwise. Until the statement is signed
    it is mended itself: nothing is entered.
    """
    statement = db.session.scalar(
        select(Statement).where(
            Statement.firm_id == sheet.firm_id,
            Statement.street_code == sheet.street_code,
            Statement.month == sheet.month,
            Statement.status.in_(SIGNED),
        )
    )
    if statement is None:
        return
    standing = _standing(statement)
    of_sheet = and_(
        LedgerLine.firm_id == sheet.firm_id,
        LedgerLine.street_code == sheet.street_code,
        LedgerLine.month == sheet.month,
    )
    lines = db.session.scalars(select(LedgerLine).where(of_sheet).order_by(LedgerLine.id)).all()
    named = {(line.community_code, line.contract_number) for line in lines}
    for line in lines:
        found = _of_line(line, standing.get(line.community_code, ()), named)
        if found and (amount_fen := _to_adjust(line, found)):
            _enter(line, statement, found[0].contract_id, amount_fen, by)


def _standing(statement: Statement) -> Mapping[str, Sequence[Standing]]:
    """Return what each contract stands at by community, in the statement's order."""
    line = StatementLine
    keys = (line.community_code, line.contract_id, line.contract_number)
    of_statement = and_(
        line.firm_id == statement.firm_id,
        line.statement_id == statement.id,
    )
    sums = select(*keys, func.sum(line.amount_fen)).where(of_statement).group_by(*keys)
    found: defaultdict[str, list[Standing]] = defaultdict(list)
    by_contract: dict[tuple[str, UUID], Standing] = {}
    rows = db.session.execute(sums.order_by(func.min(line.position)))
    for community, contract_id, number, amount_fen in rows:
        if community and contract_id:
            made = Standing(contract_id, number, int(amount_fen))
            by_contract[community, contract_id] = made
            found[community].append(made)
    for community, contract_id, cause, amount_fen in _entered(statement):
        if one := by_contract.get((community, contract_id)):
            one.entered_fen += amount_fen
            one.recomputed_fen += amount_fen * (cause == AdjustmentCause.RECOMPUTED)
    return found


def _entered(statement: Statement) -> list[tuple[str, UUID, str, int]]:
    """Return what was entered for the month, or for a line of its statement, and still stands."""
    row = Adjustment
    of_statement = select(StatementLine.id).where(
        StatementLine.firm_id == statement.firm_id, StatementLine.statement_id == statement.id
    )
    keys = (row.community_code, row.contract_id, row.cause)
    query = (
        select(*keys, func.sum(row.amount_fen))
        .where(
            row.firm_id == statement.firm_id,
            row.street_code == statement.street_code,
            row.withdrawn_at.is_(None),
            or_(row.month == statement.month, row.line_id.in_(of_statement)),
        )
        .group_by(*keys)
    )
    return [(place, key, cause, int(fen)) for place, key, cause, fen in db.session.execute(query)]


def _of_line(
    line: LedgerLine, standing: Sequence[Standing], named: set[tuple[str, str]]
) -> Sequence[Standing]:
    """Return the contracts that a ledger row is about; one without any, those nobody names."""
    if line.contract_number:
        return [one for one in standing if one.number == line.contract_number]
    return [one for one in standing if (line.community_code, one.number) not in named]


def _to_adjust(line: LedgerLine, found: Sequence[Standing]) -> int:
    amount_fen = sum(one.amount_fen for one in found)
    return rules.to_adjust(
        line.gap_fen,
        is_fault=line.party == Party.STATEMENT,
        drift_fen=amount_fen - (line.claimed_fen or 0),
        entered_fen=sum(one.entered_fen for one in found),
        recomputed_fen=sum(one.recomputed_fen for one in found),
    )


def _enter(
    line: LedgerLine, statement: Statement, contract_id: UUID, amount_fen: int, by: Member
) -> None:
    cause = Cause.of(line.cause).label if line.cause else _("台账已更正")
    words = _("双方确认的差异表：%(cause)s", cause=cause)
    difference = Difference(
        firm_id=line.firm_id,
        contract_id=contract_id,
        community_code=line.community_code,
        month=statement.month,
        amount_fen=amount_fen,
        cause=AdjustmentCause.RECOMPUTED,
        words=f"{words}。{line.words}" if line.words else str(words),
    )
    adjustments.enter(difference, by=by)
