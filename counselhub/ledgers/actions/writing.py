"""Write a comparison: two statements of SQL, whatever the number of lines."""

from datetime import date

from sqlalchemy import delete

from counselhub.core.columns import among
from counselhub.core.db import db, take_lock
from counselhub.ledgers.actions.comparing import Asked, Plan
from counselhub.ledgers.models import LedgerLine
from counselhub.statements.lines import encode

COLUMNS = {
    "id": "uuid", "firm_id": "uuid", "community_code": "text", "contract_number": "text",
    "outcome": "text", "status": "text", "differs": "jsonb", "ledger": "jsonb",
    "claimed": "jsonb", "ledger_fen": "bigint", "claimed_fen": "bigint", "gap_fen": "bigint",
    "statement_id": "uuid", "row_number": "bigint", "suggestions": "jsonb", "earlier": "jsonb",
    "party": "text", "cause": "text", "words": "text", "routed": "jsonb",
    "settled_at": "timestamptz", "settled_by_name": "text", "answer_words": "text",
    "answered_at": "timestamptz", "answered_by_name": "text", "published_at": "timestamptz",
}  # fmt: skip
"""Columns of a line that a comparison writes, with their types."""
JSON = frozenset(name for name, kind in COLUMNS.items() if kind == "jsonb")


def _column(name: str) -> str:
    """A JSON null is no value."""
    return f"nullif({name}, 'null'::jsonb)" if name in JSON else name


UPSERT = f"""
INSERT INTO ledger_line (street_code, month, revision, {", ".join(COLUMNS)})
SELECT %(street)s, %(month)s, 1, {", ".join(map(_column, COLUMNS))}
FROM jsonb_to_recordset(%(lines)s::jsonb)
    AS line ({", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())})
ON CONFLICT (firm_id, id) DO UPDATE SET revision = ledger_line.revision + 1,
    {", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in ("id", "firm_id"))}
"""  # noqa: S608  # names of ours


def lock(street: str, month: date) -> None:
    """Let acts on one street's month follow one another, of either side."""
    db.session.flush()
    take_lock(f"ledger {street} {month}")


def write(asked: Asked, made: Plan) -> None:
    """Write a plan under the office's scope; lines that are loaded read themselves again."""
    if made.gone:
        db.session.execute(
            delete(LedgerLine).where(
                LedgerLine.street_code == asked.street,
                LedgerLine.month == asked.month,
                among(LedgerLine.id, made.gone),
            ),
            execution_options={"synchronize_session": False},
        )
    if made.lines:
        values = {"street": asked.street, "month": asked.month, "lines": encode(made.lines)}
        db.session.connection().exec_driver_sql(UPSERT, values)
    for row in db.session:
        if isinstance(row, LedgerLine):
            db.session.expire(row)
