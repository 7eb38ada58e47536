"""What of adjustments and claw-backs the books look at: one statement each, under row security."""

from sqlalchemy import text

from counselhub.books.rules import AdjustmentSums, ClawbackSums
from counselhub.core.db import db

# A step names the adjustment it counts; its line pays the sum of its steps, or holds it back.
ADJUSTMENTS = text(
    """
    WITH line AS (
        SELECT l.firm_id, l.statement_id, l.amount_fen + l.held_fen AS line_fen, l.trace,
            (SELECT sum((step->'inputs'->>'amount_fen')::bigint)
             FROM jsonb_array_elements(l.trace) step) AS steps_fen
        FROM statement_line l
        JOIN statement s ON s.firm_id = l.firm_id AND s.id = l.statement_id
        WHERE l.kind = 'adjustment' AND l.contract_number <> ''
            AND s.status <> 'void' AND s.submitted_at IS NOT NULL
    ), counted AS (
        SELECT line.firm_id, (step->'inputs'->>'adjustment')::uuid AS id,
            (array_agg(statement_id))[1] AS statement_id,
            sum((step->'inputs'->>'amount_fen')::bigint) AS fen,
            sum(line_fen) AS line_fen, sum(coalesce(steps_fen, 0)) AS steps_fen
        FROM line, jsonb_array_elements(line.trace) step
        WHERE step->'inputs' ? 'adjustment'
        GROUP BY 1, 2
    )
    SELECT coalesce(a.statement_id, counted.statement_id), c.number || ' ' || a.community_code
            || to_char(a.month, ' YYYY-MM'),
        CASE WHEN a.handed_in_at IS NULL THEN 0 ELSE a.amount_fen END,
        coalesce(counted.fen, 0)::bigint, coalesce(counted.line_fen, 0)::bigint,
        coalesce(counted.steps_fen, 0)::bigint
    FROM adjustment a
    JOIN contract c ON c.firm_id = a.firm_id AND c.id = a.contract_id
    LEFT JOIN counted ON counted.firm_id = a.firm_id AND counted.id = a.id
    WHERE a.statement_id IS NOT NULL OR counted.id IS NOT NULL
    ORDER BY a.month, a.id
    """
)
CLAWBACKS = text(
    """
    SELECT b.statement_id, s.number || ' ' || (l.position + 1), b.amount_fen, l.amount_fen,
        CASE WHEN a.withdrawn_at IS NULL THEN a.amount_fen ELSE 0 END, b.status = 'withdrawn'
    FROM clawback b
    JOIN statement s ON s.firm_id = b.firm_id AND s.id = b.statement_id
    JOIN statement_line l ON l.firm_id = b.firm_id AND l.id = b.line_id
    JOIN adjustment a ON a.firm_id = b.firm_id AND a.id = b.adjustment_id
    ORDER BY b.asked_at, b.id
    """
)


def adjustments() -> list[AdjustmentSums]:
    """Return each adjustment that a statement takes or counts, in scope."""
    return [AdjustmentSums(*row) for row in db.session.execute(ADJUSTMENTS)]


def clawbacks() -> list[ClawbackSums]:
    """Return each claw-back in scope, those that were withdrawn too."""
    return [ClawbackSums(*row) for row in db.session.execute(CLAWBACKS)]
