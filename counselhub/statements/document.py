"""A stored statement as the JSON that other programs read (workbook.md)."""

from collections.abc import Iterable
from typing import Any

from counselhub.core.money import in_capitals
from counselhub.statements.lines import KIND_ORDER, LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month


def document(
    statement: Statement, lines: Iterable[StatementLine], firm_code: str
) -> dict[str, Any]:
    """Return the statement as JSON; lines by community, contract, month, kind. Amounts in fen.

    A line that the office does not pay now says why, and what is held back of it. A statement that
    was never submitted is told as version 1, which its submission will bear.
    """
    return {
        "firm": firm_code,
        "street": statement.street_code,
        "month": str(Month.of(statement.month)),
        "status": statement.status,
        "version": max(1, statement.version),
        "total_fen": statement.total_fen,
        "total_capital": in_capitals(statement.total_fen),
        "funding": [
            {"source": source, "amount_fen": amount_fen} for source, amount_fen in statement.funding
        ],
        "lines": [_line(line) for line in sorted(lines, key=_place)],
    }


def _place(line: StatementLine) -> tuple[Any, ...]:
    kind = KIND_ORDER[LineKind(line.kind)]
    return line.community_code or "", line.contract_number, line.month, kind


def _line(line: StatementLine) -> dict[str, Any]:
    return {
        "contract": line.contract_number,
        "community": line.community_code or "",
        "kind": line.kind,
        "month": str(Month.of(line.month)),
        "quantity": line.quantity,
        "amount_fen": line.amount_fen,
        "trace": line.trace,
        **({"review": line.review, "held_fen": line.held_fen} if line.held_fen else {}),
    }
