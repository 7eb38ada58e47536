"""Keep each submission whole, and prove later that it was kept."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.money import format_yuan
from counselhub.statements import frozen
from counselhub.statements.facts import MonthFacts
from counselhub.statements.frozen import Difference, Frozen, FrozenBrokenError, FrozenLine
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month
from counselhub.statements.sealed_models import StatementFreeze
from counselhub.statements.states import LineReview

OPEN = frozenset({LineReview.PENDING, LineReview.QUERIED})
"""Reviews of lines that the rules still decide when the statement is handed over."""
_KEPT = text(
    """
    SELECT s.number, seal.statement_id, seal.version, seal.frozen, f.digest, f.content
    FROM statement_seal seal
    JOIN statement s ON s.firm_id = seal.firm_id AND s.id = seal.statement_id
    LEFT JOIN statement_freeze f ON f.firm_id = seal.firm_id
        AND f.statement_id = seal.statement_id AND f.version = seal.version
    WHERE seal.firm_id = :firm AND seal.frozen IS NOT NULL
    ORDER BY s.number, seal.version
    """
)


class Kept(NamedTuple):
    """What became of one frozen submission. differing: worked out again, None when all agrees."""

    number: str
    version: int
    is_whole: bool
    differing: Difference | None = None


def freeze(statement: Statement, facts: MonthFacts, lines: Sequence[StatementLine]) -> bytes:
    """Keep a submission whole and return its digest, which belongs into its seal.

    lines: as they are handed over, of the version that the statement now has.
    """
    sealed = frozen.pack(frozen_of(statement, facts, lines))
    db.session.add(
        StatementFreeze(
            firm_id=statement.firm_id,
            statement_id=statement.id,
            street_code=statement.street_code,
            version=statement.version,
            at=clock.now(),
            digest=sealed.digest,
            content=sealed.content,
        )
    )
    return sealed.digest


def frozen_of(statement: Statement, facts: MonthFacts, lines: Sequence[StatementLine]) -> Frozen:
    """Return what is frozen of a statement."""
    ordered = sorted(lines, key=lambda line: line.position)
    return Frozen(
        number=statement.number,
        version=statement.version,
        total_fen=statement.total_fen,
        funding=tuple(statement.funding),
        payee=statement.payee,
        facts=facts,
        lines=tuple(map(_line, ordered)),
    )


def _line(line: StatementLine) -> FrozenLine:
    return FrozenLine(
        contract=line.contract_number,
        community=line.community_code or "",
        kind=LineKind(line.kind),
        month=Month.of(line.month),
        quantity=line.quantity,
        amount_fen=line.amount_fen,
        trace=tuple(line.trace),
        warnings=tuple(line.warnings),
        is_settled=line.review not in OPEN,
    )


def proven(connection: Connection, firm_id: UUID, *, reckon: bool) -> Iterator[Kept]:
    """Hold each frozen submission of a firm against its seal, by number and version.

    connection: of a transaction under the firm's scope; the rows are streamed. reckon: also work
    each one out again from its own facts and terms.
    """
    options = {"stream_results": True, "yield_per": 20}
    for row in connection.execute(_KEPT, {"firm": firm_id}, execution_options=options):
        yield _judged(row, reckon)


def _judged(row: Any, reckon: bool) -> Kept:
    if row.content is None or bytes(row.digest) != bytes(row.frozen):
        return Kept(row.number, row.version, False)
    if not reckon:
        return Kept(row.number, row.version, frozen.is_whole(row.content, row.digest))
    try:
        kept = frozen.unpack(row.content, row.digest)
    except FrozenBrokenError:
        return Kept(row.number, row.version, False)
    return Kept(row.number, row.version, True, next(frozen.differences(kept), None))


def told(found: Difference) -> str:
    """Name a difference by its line: community, contract, kind, month and both amounts."""
    amounts = (found.frozen_fen, found.reckoned_fen)
    before, after = ("—" if fen is None else format_yuan(fen) for fen in amounts)
    named = (found.community, found.contract, found.kind, found.month)
    return f"{' '.join(filter(None, named))} {before} → {after}".strip()
