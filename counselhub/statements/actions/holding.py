"""Hold back what the office does not pay now; the total stays the sum of the lines."""

from dataclasses import replace

from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.tenancy import as_firm
from counselhub.statements.actions.compute import Work
from counselhub.statements.actions.making import shares
from counselhub.statements.drafting import key_of
from counselhub.statements.facts import MonthFacts
from counselhub.statements.gather import Gathered, gather
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month


def hold_back(line: StatementLine) -> None:
    """Take a line's amount aside: it pays nothing on this statement."""
    line.held_fen, line.amount_fen = line.amount_fen, 0


def give_back(line: StatementLine) -> None:
    """Let a line pay again what was held back of it."""
    line.amount_fen, line.held_fen = line.held_fen, 0


def retotal(statement: Statement) -> None:
    """Add the lines up as they stand, and share the total out again (M11, M12).

    Who pays a line is its scheme's word, which the firm's contracts name: they are read as the
    firm, for the office is shown only those of its own street.
    """
    db.session.flush()
    query = select(StatementLine).where(
        StatementLine.firm_id == statement.firm_id, StatementLine.statement_id == statement.id
    )
    lines = list(db.session.scalars(query.execution_options(populate_existing=True)))
    statement.total_fen = sum(line.amount_fen for line in lines)
    with as_firm(statement.firm_id):
        work = _worked_out(statement, lines)
    amounts = {key_of(line): line.amount_fen for line in lines}
    standing = [
        replace(line, amount_fen=amounts[key])
        for line in (work.plan.standing if work.plan else [])
        if (key := (line.contract, line.community or None, line.kind.value, line.month)) in amounts
    ]
    statement.funding = shares(standing, work.gathered.facts)
    db.session.flush()


def _worked_out(statement: Statement, lines: list[StatementLine]) -> Work:
    month = Month.of(statement.month)
    nothing = Gathered(MonthFacts(street=statement.street_code, month=month, contracts=()), {})
    found = gather(month, [statement.street_code]) or [nothing]
    work = Work(statement, found[0], lines)
    work.work_out()
    return work
