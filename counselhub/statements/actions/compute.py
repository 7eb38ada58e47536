"""Compute statements: make them, or work them out again while the firm may still change them."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.access import Member
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import current_firm_id
from counselhub.people.models import Firm
from counselhub.statements.actions.cases import cases_in, take_cases
from counselhub.statements.drafting import Draft, Plan, drafts_of, plan
from counselhub.statements.facts import MonthFacts
from counselhub.statements.gather import Gathered, gather
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month
from counselhub.statements.queries import live_statements
from counselhub.statements.rules import statement as rules
from counselhub.statements.rules.funding import funding
from counselhub.statements.rules.periods import version_on
from counselhub.statements.rules.warnings import warnings_of
from counselhub.statements.states import OPEN_TO_FIRM, STATUSES, LineReview, StatementStatus
from counselhub.statements.terms import SchemeTerms, Source

INSERT_LINES = """
INSERT INTO statement_line (firm_id, id, statement_id, street_code, position, contract_id,
    contract_number, community_code, kind, month, quantity, amount_fen, trace, warnings, review,
    payment, version, revision)
SELECT %(firm)s, id, statement_id, street_code, position, contract_id, contract_number,
    community_code, kind, month, quantity, amount_fen, trace, warnings, 'pending', 'unpaid',
    version, 1
FROM jsonb_to_recordset(%(rows)s::jsonb) AS line (id uuid, statement_id uuid, street_code text,
    position bigint, contract_id uuid, contract_number text, community_code text, kind text,
    month date, quantity text, amount_fen bigint, trace jsonb, warnings jsonb, version bigint)
"""


@dataclass(slots=True)
class Work:
    """One statement in the making: the facts it stands on, its rows, and what to write."""

    statement: Statement
    gathered: Gathered
    stored: Sequence[StatementLine]
    is_new: bool = False
    plan: Plan | None = None

    def work_out(self) -> list[Draft]:
        """Apply the rules to the facts and plan what changes in the lines."""
        facts = self.gathered.facts
        lines = rules.compute(facts).lines
        drafts = drafts_of(lines, warnings_of(facts, lines))
        terms = {line.contract: line.terms for line in lines if line.terms is not None}
        if self.stored:
            terms = _terms_of_contracts(facts) | terms
        submitted = self.statement.submitted_at is not None
        self.plan = plan(drafts, self.stored, terms, submitted=submitted)
        return drafts

    def lose(self, numbers: Collection[str]) -> None:
        """Count the claims with these case numbers as taken by somebody else."""
        facts = self.gathered.facts
        claims = [
            replace(claim, taken_elsewhere=True) if claim.case_number in numbers else claim
            for claim in facts.claims
        ]
        self.gathered = replace(self.gathered, facts=replace(facts, claims=claims))


def compute(street_code: str, month: date, by: Member) -> Statement:
    """Make the firm's statement for a street and month, or work it out again.

    month: any day of it. While `queried`, accepted lines stay sealed. Raises IllegalMoveError in a
    state that is not open to the firm, RefusedError when there is nothing to settle, ConflictError
    when somebody else made it at the same moment.
    """
    asked = Month.of(month)
    found = live_statements(asked.first, [street_code], lock=True)
    statement = found.get(street_code)
    if statement is not None and statement.status not in OPEN_TO_FIRM:
        raise IllegalMoveError(closed_words(statement), row=statement)
    gathered = gather(asked, [street_code])
    if not gathered and statement is None:
        raise RefusedError(
            _(
                "%(month)s在街道 %(street)s 没有履行中的合同，没有可以结算的内容。"
                "请先登记合同并使其生效。",
                month=str(asked),
                street=street_code,
            )
        )
    nothing = Gathered(MonthFacts(street=street_code, month=asked, contracts=()), {})
    return settle(gathered or [nothing], found, by)[0].statement


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


def settle(gathered: Sequence[Gathered], found: dict[str, Statement], by: Member) -> list[Work]:
    """Write the statements of one firm and month, set-wise.

    gathered: by street, none in a state closed to the firm. found: the live statements by street.
    """
    works = _begin(gathered, found, by)
    numbers: dict[UUID, set[str]] = {}
    while True:
        for work in works:
            numbers[work.statement.id] = _case_numbers(work)
        lost = take_cases(numbers, fresh=all(work.is_new for work in works))
        if not lost:
            break
        for work in works:
            work.lose(lost)
    for work in works:
        _finish(work, by)
    db.session.flush()
    _insert_lines(works)
    return works


def _begin(gathered: Sequence[Gathered], found: dict[str, Statement], by: Member) -> list[Work]:
    """Find or make the heads, and read the lines that are there."""
    stored = _lines_of([statement.id for statement in found.values()])
    works = []
    firm_code = None
    for each in gathered:
        statement = found.get(each.facts.street)
        is_new = statement is None
        if statement is None:
            firm_code = firm_code or _firm_code(by)
            statement = _head(each.facts, firm_code)
            db.session.add(statement)
        works.append(Work(statement, each, stored.get(statement.id, []), is_new))
    if firm_code:
        _number_again(works)
        _flush_heads(works)
    return works


def _lines_of(statement_ids: Sequence[UUID]) -> dict[UUID, list[StatementLine]]:
    arranged: dict[UUID, list[StatementLine]] = {}
    if statement_ids:
        query = select(StatementLine).where(StatementLine.statement_id.in_(statement_ids))
        for line in db.session.scalars(query.execution_options(populate_existing=True)):
            arranged.setdefault(line.statement_id, []).append(line)
    return arranged


def _firm_code(by: Member) -> str:
    return db.session.scalars(select(Firm.code).where(Firm.id == by.firm_id)).one()


def _head(facts: MonthFacts, firm_code: str) -> Statement:
    month = facts.month
    return Statement(
        number=f"{firm_code}-{facts.street}-{month.year}{month.number:02d}",
        street_code=facts.street,
        month=month.first,
        status=StatementStatus.DRAFT,
        version=0,
        total_fen=0,
        funding=[],
        computed_at=clock.now(),
    )


def _number_again(works: Sequence[Work]) -> None:
    """Give a statement that follows void ones a number of its own."""
    new = [work.statement for work in works if work.is_new]
    streets = [statement.street_code for statement in new]
    with db.session.no_autoflush:
        counts = db.session.execute(
            select(Statement.street_code, func.count())
            .where(Statement.street_code.in_(streets), Statement.month == new[0].month)
            .group_by(Statement.street_code)
        )
    for street_code, count in counts:
        for statement in new:
            if statement.street_code == street_code:
                statement.number += f"-{count + 1}"


def _flush_heads(works: Sequence[Work]) -> None:
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) not in (
            "ix_statement_one_live",
            "uq_statement_firm_id_number",
        ):
            raise
        names = "、".join(work.statement.number for work in works if work.is_new)
        raise ConflictError(
            _("同事刚刚编制了结算单 %(number)s，请打开它查看最新内容。", number=names)
        ) from error


def _case_numbers(work: Work) -> set[str]:
    """Return the cases that the statement takes as its lines will stand."""
    drafts = work.work_out()
    sealed = [line.trace for line in work.stored if line.review == LineReview.ACCEPTED]
    return cases_in([draft.trace for draft in drafts if draft.line.kind == "case"]) | cases_in(
        sealed
    )


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
    if work.is_new or total_fen != statement.total_fen:
        street_code = statement.street_code if statement.submitted_at else None
        history.record(statement, "compute", by=by, street_code=street_code, total_fen=total_fen)
    statement.total_fen = total_fen
    statement.funding = shares_of(work)
    statement.computed_at = clock.now()


def shares_of(work: Work) -> list[list[Any]]:
    """Return who pays the lines as they stand; what no scheme shares out is the street's (M12)."""
    standing = work.plan.standing if work.plan else []
    parts = dict(funding(standing, work.gathered.facts.carry))
    rest_fen = sum(line.amount_fen for line in standing) - sum(parts.values())
    if rest_fen:
        parts[Source.STREET] = parts.get(Source.STREET, 0) + rest_fen
    return [[source.value, parts[source]] for source in Source if source in parts]


def _change(row: StatementLine, draft: Draft, statement: Statement) -> None:
    """Give a line its new amount; what the office saw last is kept beside it."""
    upcoming = statement.version + 1
    if statement.version and row.version != upcoming:
        row.previous = {"quantity": row.quantity, "amount_fen": row.amount_fen}
        row.version = upcoming
    row.quantity, row.amount_fen = draft.line.quantity, draft.line.amount_fen
    row.trace, row.warnings = draft.trace, draft.warnings


def _insert_lines(works: Iterable[Work]) -> None:
    """Insert the new lines of a firm's statements with one statement."""
    rows = [
        _row(work, position, draft)
        for work in works
        if work.plan is not None
        for position, draft in work.plan.added
    ]
    if rows:
        db.session.connection().exec_driver_sql(
            INSERT_LINES,
            {"firm": current_firm_id(), "rows": json.dumps(rows, ensure_ascii=False)},
        )


def _row(work: Work, position: int, draft: Draft) -> dict[str, Any]:
    line, statement = draft.line, work.statement
    contract_id = work.gathered.contract_ids.get(line.contract)
    return {
        "id": str(uuid7()),
        "statement_id": str(statement.id),
        "street_code": statement.street_code,
        "position": position,
        "contract_id": str(contract_id) if contract_id else None,
        "contract_number": line.contract,
        "community_code": line.community or None,
        "kind": line.kind.value,
        "month": line.month.first.isoformat(),
        "quantity": line.quantity,
        "amount_fen": line.amount_fen,
        "trace": draft.trace,
        "warnings": draft.warnings,
        "version": statement.version + 1,
    }


def _terms_of_contracts(facts: MonthFacts) -> dict[str, SchemeTerms]:
    """Return each contract's terms on the month's first day, for lines whose records are gone."""
    return {
        contract.number: version_on(contract, facts.month.first) for contract in facts.contracts
    }
