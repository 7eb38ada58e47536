"""What only one statement may take: adjustments (M10) and releases (M9), each by its own row.

A draft takes it, submission keeps it, and giving the statement up opens it again.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import current_firm_id

Traces = Iterable[Iterable[Mapping[str, Any]]]


class Bound(NamedTuple):
    """A table of such rows; key: what a step's inputs call one; may: when one may be taken."""

    table: str
    key: str
    may: str


BOUND = (
    Bound("adjustment", "adjustment", "row.withdrawn_at IS NULL"),
    Bound("assessment_release", "release", "true"),
)
FREE = """
UPDATE {0} SET statement_id = NULL, revision = revision + 1
WHERE firm_id = :firm AND statement_id = ANY (:statements) AND NOT id = ANY (:kept)
"""
TAKE = """
UPDATE {0} AS row SET statement_id = wanted.statement, revision = row.revision + 1
FROM unnest(CAST(:ids AS uuid[]), CAST(:owners AS uuid[])) AS wanted (id, statement)
WHERE row.firm_id = :firm AND row.id = wanted.id AND {1}
    AND (row.statement_id IS NULL OR row.statement_id = wanted.statement)
RETURNING row.id::text
"""
KEEP = """
UPDATE {0} SET statement_id = :owner, handed_in_at = :at, revision = revision + 1
WHERE firm_id = :firm AND statement_id = :statement
"""
STATEMENTS = {
    bound: (text(FREE.format(bound.table)), text(TAKE.format(bound.table, bound.may)))
    for bound in BOUND
}


def keys_in(traces: Traces) -> dict[Bound, set[UUID]]:
    """Return the rows of each table that count in the traces of lines, as JSON."""
    found: dict[Bound, set[UUID]] = {bound: set() for bound in BOUND}
    for step in (step for trace in traces for step in trace):
        for bound in BOUND:
            if key := step["inputs"].get(bound.key):
                found[bound].add(UUID(key))
    return found


def take(wanted: Mapping[UUID, Mapping[Bound, set[UUID]]]) -> set[str]:
    """Bind to each statement exactly these rows of the firm in scope; return what was lost.

    wanted: by statement, all that its lines count. Lost are those that another statement took, or
    that somebody withdrew, in the meantime.
    """
    lost: set[str] = set()
    for bound in BOUND:
        pairs = [(key, owner) for owner, keys in wanted.items() for key in sorted(keys[bound])]
        lost |= _take(bound, list(wanted), pairs)
    return lost


def _take(bound: Bound, statements: list[UUID], pairs: list[tuple[UUID, UUID]]) -> set[str]:
    free, bind = STATEMENTS[bound]
    ids, firm_id = [key for key, _owner in pairs], current_firm_id()
    db.session.execute(free, {"firm": firm_id, "statements": statements, "kept": ids})
    if not pairs:
        return set()
    owners = [owner for _key, owner in pairs]
    taken = db.session.scalars(bind, {"firm": firm_id, "ids": ids, "owners": owners})
    return {str(key) for key in ids} - set(taken)


def hand_in(statement_id: UUID) -> None:
    """Keep what a statement takes: it goes to the office."""
    _keep(statement_id, owner=statement_id, at=clock.now())


def give_back(statement_id: UUID) -> None:
    """Open again what a statement took: it is given up."""
    _keep(statement_id, owner=None, at=None)


def _keep(statement_id: UUID, **values: object) -> None:
    given = {"firm": current_firm_id(), "statement": statement_id, **values}
    for bound in BOUND:
        db.session.execute(text(KEEP.format(bound.table)), given)
