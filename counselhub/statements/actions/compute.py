"""Compute statements: make them, or work them out again while the firm may still change them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.statements.actions.binding import Bound, keys_in, take
from counselhub.statements.actions.cases import cases_in, take_cases
from counselhub.statements.actions.making import (
    insert_lines,
    line_rows,
    make,
    shares,
    without,
    work_out,
)
from counselhub.statements.drafting import Draft, Plan, plan
from counselhub.statements.facts import MonthFacts
from counselhub.statements.gather import Gathered, gather
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month
from counselhub.statements.queries import live_statements
from counselhub.statements.rules.periods import version_on
from counselhub.statements.states import OPEN_TO_FIRM, SETTLED, STATUSES, StatementStatus
from counselhub.statements.terms import SchemeTerms

BINDING = (LineKind.RELEASE, LineKind.ADJUSTMENT)
TAKING = (LineKind.CASE, *BINDING)
"""Kinds of lines that take what no other statement may take again."""

TAKE_TURNS = """
SELECT pg_advisory_xact_lock(number)
FROM (SELECT DISTINCT hashtextextended(turn, 0) AS number
      FROM unnest(%(turns)s::text[]) AS turn ORDER BY number) AS turns
"""


@dataclass(slots=True)
class Work:
    """One statement in the making: the facts it stands on, its rows, and what to write."""

    statement: Statement
    gathered: Gathered
    stored: Sequence[StatementLine]
    plan: Plan | None = None

    def work_out(self) -> list[Draft]:
        """Apply the rules to the facts and plan what changes in the lines."""
        drafts = work_out(self.gathered.facts)
        terms = _terms_of_contracts(self.gathered.facts)
        terms |= {each.line.contract: each.line.terms for each in drafts if each.line.terms}
        submitted = self.statement.submitted_at is not None
        self.plan = plan(drafts, self.stored, terms, submitted=submitted)
        return drafts


def compute(street_code: str, month: date, by: Member) -> Statement:
    """Make the firm's statement for a street and month, or work it out again.

    month: any day of it. While `queried`, accepted lines stay sealed. Raises IllegalMoveError in a
    state that is not open to the firm, RefusedError when there is nothing to settle.
    """
    asked = Month.of(month)
    take_turn(asked, by.firm_id)
    found = live_statements(asked.first, [street_code], lock=True)
    statement = found.get(street_code)
    if statement is not None and statement.status not in OPEN_TO_FIRM:
        raise IllegalMoveError(closed_words(statement), row=statement)
    gathered = gather(asked, [street_code])
    if not gathered and statement is None:
        raise RefusedError(
            _(
                "%(month)s在街道 %(street)s 没有履行中的合同，也没有待结的以前月份调整，"
                "没有可以结算的内容。请先登记合同并使其生效。",
                month=str(asked),
                street=street_code,
            )
        )
    if statement is None:
        make(gathered, by)
        return live_statements(asked.first, [street_code])[street_code]
    nothing = Gathered(MonthFacts(street=street_code, month=asked, contracts=()), {})
    return settle(gathered or [nothing], found, by)[0].statement


def take_turn(month: Month, *firm_ids: UUID) -> None:
    """Let one computation of a firm's month run at a time: the second works on what it finds.

    Of several firms, the turns are taken in the order of their numbers: no two runs wait in a ring.
    """
    turns = [f"statement {firm_id} {month}" for firm_id in firm_ids]
    db.session.connection().exec_driver_sql(TAKE_TURNS, {"turns": turns})


def closed_words(statement: Statement) -> str:
    """Say why the firm may not compute a statement now, and what to do."""
    label = STATUSES[statement.status].label
    if statement.status == StatementStatus.CERTIFIED:
        return str(
            _(
                "结算单 %(number)s 的状态是“%(status)s”，请先退回编制再重新计算。",
                number=statement.number,
                status=label,
            )
        )
    return str(
        _(
            "结算单 %(number)s 的状态是“%(status)s”，不能重新计算。",
            number=statement.number,
            status=label,
        )
    )


def settle(gathered: Sequence[Gathered], found: Mapping[str, Statement], by: Member) -> list[Work]:
    """Work out a firm's statements of one month again.

    gathered: by street, each with a statement in `found`, in a state open to the firm.
    """
    stored = _lines_of([statement.id for statement in found.values()])
    works = []
    for each in gathered:
        statement = found[each.facts.street]
        works.append(Work(statement, each, stored.get(statement.id, [])))
    while lost := _take(works):
        for work in works:
            work.gathered = without(work.gathered, lost)
    for work in works:
        _finish(work, by)
    db.session.flush()
    insert_lines([row for work in works for row in _new_rows(work)])
    return works


def _lines_of(statement_ids: Sequence[UUID]) -> dict[UUID, list[StatementLine]]:
    arranged: dict[UUID, list[StatementLine]] = {}
    if statement_ids:
        query = select(StatementLine).where(StatementLine.statement_id.in_(statement_ids))
        for line in db.session.scalars(query.execution_options(populate_existing=True)):
            arranged.setdefault(line.statement_id, []).append(line)
    return arranged


def _take(works: Sequence[Work]) -> set[str]:
    """Register the cases and adjustments that the lines will count; return what was lost."""
    cases: dict[UUID, set[str]] = {}
    earlier: dict[UUID, dict[Bound, set[UUID]]] = {}
    for work in works:
        drafts = work.work_out()
        sealed = [line.trace for line in work.stored if line.review in SETTLED]
        traces = [draft.trace for draft in drafts if draft.line.kind in TAKING] + sealed
        cases[work.statement.id] = cases_in(traces)
        earlier[work.statement.id] = keys_in(traces)
    lost = take_cases(cases)
    found = [keys for each in earlier.values() for keys in each.values()]
    if any(found) or any(line.kind in BINDING for work in works for line in work.stored):
        lost |= take(earlier)
    return lost


def _finish(work: Work, by: Member) -> None:
    """Write head and changed lines; the new lines of all statements go in one insert."""
    statement, made = work.statement, work.plan
    if made is None:
        return
    for row, position in made.moved:
        row.position = position
    for row, draft in made.changed:
        _change(row, draft, statement)
    for row in made.removed:
        db.session.delete(row)
    total_fen = sum(line.amount_fen for line in made.standing)
    if not made.is_empty or total_fen != statement.total_fen:
        street_code = statement.street_code if statement.submitted_at else None
        history.record(statement, "compute", by=by, street_code=street_code, total_fen=total_fen)
    statement.total_fen = total_fen
    statement.funding = shares_of(work)
    statement.computed_at = clock.now()


def shares_of(work: Work) -> list[list[Any]]:
    """Return who pays the lines as they stand (M12)."""
    return shares(work.plan.standing if work.plan else [], work.gathered.facts)


def _change(row: StatementLine, draft: Draft, statement: Statement) -> None:
    """Give a line its new amount; what the office saw last is kept beside it."""
    upcoming = statement.version + 1
    if statement.version and row.version != upcoming:
        row.previous = {"quantity": row.quantity, "amount_fen": row.amount_fen}
        row.version = upcoming
    row.quantity, row.amount_fen = draft.line.quantity, draft.line.amount_fen
    row.trace, row.warnings = draft.trace, draft.warnings


def _new_rows(work: Work) -> list[dict[str, Any]]:
    statement, added = work.statement, work.plan.added if work.plan else []
    return line_rows(statement.id, added, work.gathered, version=statement.version + 1)


def _terms_of_contracts(facts: MonthFacts) -> dict[str, SchemeTerms]:
    """Return each contract's terms on the month's first day, for lines whose records are gone."""
    return {
        contract.number: version_on(contract, facts.month.first) for contract in facts.contracts
    }
