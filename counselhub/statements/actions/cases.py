"""The registry of paid cases: one 案件编号 is paid once ever, whatever firm repeats it (M8)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
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
