"""The registry of paid cases: one 案件编号 is paid once ever, whatever firm repeats it (M8)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from counselhub.core.db import db
from counselhub.core.tenancy import current_firm_id
from counselhub.statements.models import CasePayment


def cases_in(traces: Iterable[Iterable[Mapping[str, Any]]]) -> set[str]:
    """Return the case numbers that count in the traces of lines, as JSON."""
    return {
        step["inputs"]["case_number"]
        for trace in traces
        for step in trace
        if step["rule"] == "M8" and not step["inputs"]["refusal"]
    }


def cases_behind(firm_id: UUID, line_ids: Collection[UUID]) -> set[str]:
    """Return the case numbers that lines settle: of case lines, and of adjustments for them.

    An adjustment settles what the line it comes from counted: one carried over, which may itself
    have been carried, or one refused and won on appeal.
    """
    values = {"firm": firm_id, "lines": list(line_ids)}
    return cases_in(db.session.scalars(_BEHIND, values)) if line_ids else set()


_BEHIND = text(
    """
    WITH RECURSIVE behind AS (
        SELECT id, statement_id, contract_id, community_code, month, kind
        FROM statement_line WHERE firm_id = :firm AND id = ANY (:lines)
        UNION
        SELECT origin.id, origin.statement_id, origin.contract_id, origin.community_code,
            origin.month, origin.kind
        FROM behind line
        JOIN adjustment a ON a.firm_id = :firm AND a.statement_id = line.statement_id
            AND a.contract_id = line.contract_id AND a.community_code = line.community_code
            AND a.month = line.month AND a.cause IN ('deferred', 'appeal')
        JOIN statement_line origin ON origin.firm_id = :firm AND origin.id = a.line_id
        WHERE line.kind = 'adjustment'
    )
    SELECT l.trace FROM behind JOIN statement_line l ON l.firm_id = :firm AND l.id = behind.id
    WHERE l.kind = 'case'
    """
)


def take_cases(numbers: Mapping[UUID, set[str]]) -> set[str]:
    """Register what each statement takes, free what it no longer takes; return what was lost.

    numbers: by statement, all of it. Lost are those that somebody else registered in the meantime:
    the insert waits for them to be done.
    """
    wanted = {number: owner for owner, taken in numbers.items() for number in taken}
    query = select(CasePayment.case_number, CasePayment.statement_id)
    query = query.where(CasePayment.statement_id.in_(list(numbers)))
    held = {owned: owner for owned, owner in db.session.execute(query)}  # noqa: C416  # typed rows
    free([number for number, owner in held.items() if wanted.get(number) != owner])
    rows = [
        {"case_number": number, "firm_id": current_firm_id(), "statement_id": owner}
        for number, owner in sorted(wanted.items())
        if held.get(number) != owner
    ]
    if not rows:
        return set()
    taken = db.session.scalars(
        insert(CasePayment).on_conflict_do_nothing().returning(CasePayment.case_number), rows
    )
    lost = {number for number, owner in wanted.items() if held.get(number) != owner}
    return lost - set(taken)


def is_taken(number: str) -> bool:
    """Tell whether a statement has taken a case, of whatever firm."""
    own = select(CasePayment.case_number).where(CasePayment.case_number == number)
    others = select(func.cases_taken_elsewhere([number]))
    return any(db.session.scalar(query) is not None for query in (own, others))


def register(number: str, statement_id: UUID) -> bool:
    """Register a case that is settled beside its month's statement; False: somebody was first."""
    values = {"case_number": number, "firm_id": current_firm_id(), "statement_id": statement_id}
    taken = insert(CasePayment).values(values).on_conflict_do_nothing()
    return db.session.scalar(taken.returning(CasePayment.case_number)) is not None


def free(numbers: list[str]) -> None:
    """Let the firm's own case numbers be taken again."""
    if numbers:
        db.session.execute(
            delete(CasePayment).where(
                CasePayment.firm_id == current_firm_id(), CasePayment.case_number.in_(numbers)
            ),
            execution_options={"synchronize_session": False},
        )


def free_statement(statement_id: UUID) -> None:
    """Free every case that a statement took."""
    db.session.execute(
        delete(CasePayment).where(
            CasePayment.firm_id == current_firm_id(), CasePayment.statement_id == statement_id
        ),
        execution_options={"synchronize_session": False},
    )
