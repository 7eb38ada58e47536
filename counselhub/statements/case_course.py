"""Which statements a case went through, and where it was paid: also over adjustments."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from counselhub.core.db import db
from counselhub.core.tenancy import current_firm_id
from counselhub.statements.lines import encode


class CaseStep(NamedTuple):
    """A line that counted the case, or an adjustment that settles what was held back of one.

    place: the line's number on the statement, from 1. is_awaited: it was carried over, and no
    statement has taken it yet.
    """

    statement_id: UUID
    number: str
    place: int
    status: str
    review: str
    payment: str
    is_awaited: bool


_STEPS = text(
    """
    WITH RECURSIVE course AS (
        SELECT l.*, 1 AS step
        FROM case_payment p
        JOIN statement_line l ON l.firm_id = p.firm_id AND l.statement_id = p.statement_id
        WHERE p.firm_id = :firm AND p.case_number = :number AND l.kind = 'case'
            AND l.trace @> CAST(:counted AS jsonb)
        UNION ALL
        SELECT l.*, course.step + 1
        FROM course
        JOIN adjustment a ON a.firm_id = :firm AND a.line_id = course.id
            AND a.cause IN ('deferred', 'appeal')
        JOIN statement_line l ON l.firm_id = :firm AND l.statement_id = a.statement_id
            AND l.contract_id = a.contract_id AND l.community_code = a.community_code
            AND l.month = a.month AND l.kind = 'adjustment'
        WHERE course.review IN ('deferred', 'refused')
    )
    SELECT s.id, s.number, course.position + 1, s.status, course.review, course.payment,
        EXISTS (SELECT FROM adjustment a WHERE a.firm_id = :firm AND a.line_id = course.id
            AND a.statement_id IS NULL AND a.withdrawn_at IS NULL)
    FROM course JOIN statement s ON s.firm_id = :firm AND s.id = course.statement_id
    ORDER BY course.step, s.month
    """
)


def steps_of(number: str) -> list[CaseStep]:
    """Return the way of a case of the firm in scope, in order; none that no statement counts."""
    counted = encode([{"rule": "M8", "inputs": {"case_number": number}}])
    values = {"firm": current_firm_id(), "number": number, "counted": counted}
    return [CaseStep(*row) for row in db.session.execute(_STEPS, values)]
