"""Which days of a period a base counted, where a contract began or ended in its middle (M2)."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, select

from counselhub.contracts.models import Contract
from counselhub.core.db import db
from counselhub.statements.models import StatementLine


def counted_days(lines: Iterable[StatementLine]) -> dict[UUID, tuple[date, date]]:
    """Return first and last day that a base counted, by line; only where not the whole period (M2).

    Nothing is sent when every base is of a whole period.
    """
    parts = {line.id: part for line in lines if (part := _part_of(line))}
    if not parts:
        return {}
    query = (
        select(StatementLine.id, Contract.starts_on)
        .join(
            Contract,
            and_(
                Contract.firm_id == StatementLine.firm_id, Contract.id == StatementLine.contract_id
            ),
        )
        .where(StatementLine.id.in_(parts))
    )
    found = {}
    for line_id, starts_on in db.session.execute(query):
        opens, days = parts[line_id]
        first = max(opens, starts_on)
        found[line_id] = (first, first + timedelta(days=days - 1))
    return found


def _part_of(line: StatementLine) -> tuple[date, int] | None:
    """Return a period's first day and how many of its days counted; None for all of them."""
    steps = {step["name"]: step["inputs"] for step in line.trace}
    part = steps.get("active_part")
    if part is None or part["active_days"] == part["days_in_period"]:
        return None
    return date.fromisoformat(steps["period"]["first"]), part["active_days"]
