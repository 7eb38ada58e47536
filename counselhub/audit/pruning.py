"""Archive acts that were kept long enough; their links stay, so that the chain is still proven.

Only the owner of the tables may delete, so the command works on the owner's address. Each chain is
pruned in one transaction under its tenant's scope, and the pruning joins that chain as an act.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, insert, text

from counselhub.audit import archive
from counselhub.audit.archive import FIELDS, Archived
from counselhub.audit.proof import AT_ONCE, PRUNING, chains
from counselhub.audit.rules import genesis
from counselhub.core import clock, history
from counselhub.core.history import AccountEvent
from counselhub.core.members import command_member
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind

# What the office pays on stays provable as long as the statement stands.
_OLD_ACTS = """
e.firm_id = :firm AND e.at < :before AND NOT (
    e.subject = 'statement' AND EXISTS (
        SELECT FROM statement s WHERE s.firm_id = e.firm_id AND s.id = e.subject_id)
    OR e.subject = 'statement_line' AND EXISTS (
        SELECT FROM statement_line l WHERE l.firm_id = e.firm_id AND l.id = e.subject_id))
"""
# An alarm stays until somebody has answered for it; the platform's are read in its log.
_OLD_ACCOUNT_ACTS = """
e.kind = :kind AND e.key = :key AND e.at < :before AND e.act <> :pruning AND NOT (
    e.act = 'isolation_alarm' AND e.kind <> 'platform' AND NOT EXISTS (
        SELECT FROM account_event s WHERE s.kind = e.kind AND s.key = e.key
        AND s.act = 'alarm_seen' AND s.detail ->> 'alarm' = e.id::text))
"""
_SCOPE = text(
    "SELECT set_config('app.scope_kind', :kind, true), set_config('app.scope_key', :key, true)"
)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('chain ' || :chain, 0))")


class UnlinkedError(Exception):
    """An act stands in no chain: it was written past the application, and nothing of it goes."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many acts of a chain went, or would go."""

    chain: str
    acts: int


def prune(owner_url: str, before: datetime, *, dry_run: bool = False) -> list[Pruned]:
    """Archive and delete the acts from before an instant; return the chains that had any.

    Each chain's files are on the disk before its transaction is committed. Acts on statements that
    are kept stay, and so do alarms that nobody has answered for and the records of earlier
    prunings. Raises UnlinkedError naming a chain that does not hold.
    """
    engine = create_engine(owner_url)
    try:
        return list(_prune_all(engine, before, dry_run=dry_run))
    finally:
        engine.dispose()


def _prune_all(engine: Engine, before: datetime, *, dry_run: bool) -> Iterator[Pruned]:
    for name in chains():
        kind, _colon, key = name.partition(":")
        with engine.begin() as connection:
            if not dry_run:
                connection.execute(_LOCK, {"chain": name})
            acts = _prune_one(connection, Scope(ScopeKind(kind), key), before, dry_run=dry_run)
        if acts:
            yield Pruned(name, acts)


def _prune_one(connection: Connection, scope: Scope, before: datetime, *, dry_run: bool) -> int:
    given = {
        "chain": f"{scope.kind.value}:{scope.key}",
        "kind": scope.kind.value,
        "key": scope.key,
        "firm": UUID(scope.key) if scope.kind is ScopeKind.FIRM else None,
        "before": before,
        "pruning": PRUNING,
        "today": clock.today(),
    }
    acts = 0
    if scope.kind is ScopeKind.FIRM:
        acts += _gone(connection, scope, "event", _OLD_ACTS, given, dry_run=dry_run)
    acts += _gone(connection, PLATFORM, "account_event", _OLD_ACCOUNT_ACTS, given, dry_run=dry_run)
    if acts and not dry_run:
        values = history.account_act(
            PRUNING, scope, by=command_member(scope), acts=acts, before=before.isoformat()
        )
        connection.execute(insert(AccountEvent), values)
    return acts


def _gone(
    connection: Connection,
    scope: Scope,
    table: str,
    which: str,
    given: Mapping[str, object],
    *,
    dry_run: bool,
) -> int:
    """Archive and delete the acts of one table and mark their links; only count in a dry run."""
    connection.execute(_SCOPE, {"kind": scope.kind.value, "key": scope.key})
    if dry_run:
        query = f"SELECT count(*) FROM {table} e WHERE {which}"  # noqa: S608  # names of ours
        return int(connection.scalar(text(query), given) or 0)
    acts = archive.write(str(given["chain"]), table, _leaving(connection, table, which, given))
    change = f"""
        WITH gone AS (DELETE FROM {table} e WHERE {which} RETURNING e.id)
        UPDATE event_link l SET pruned_on = :today FROM gone
        WHERE l.chain = :chain AND l.event_id = gone.id AND l.source = '{table}'
    """  # noqa: S608  # names of ours
    if connection.execute(text(change), given).rowcount != acts:
        raise UnlinkedError(given["chain"])
    return acts


def _leaving(
    connection: Connection, table: str, which: str, given: Mapping[str, object]
) -> Iterator[Archived]:
    """Read what is about to go, with its place in the chain."""
    fields = ", ".join(field.format("e") for field in FIELDS[table])
    query = f"""
        SELECT l.seq, e.id::text, p.digest, l.digest, ARRAY[{fields}] FROM {table} e
        LEFT JOIN event_link l
            ON l.chain = :chain AND l.event_id = e.id AND l.source = '{table}'
        LEFT JOIN event_link p ON p.chain = l.chain AND p.seq = l.seq - 1
        WHERE {which} ORDER BY l.seq
    """  # noqa: S608  # names of ours
    options = {"stream_results": True, "yield_per": AT_ONCE}
    with connection.execute(text(query), given, execution_options=options) as rows:
        for seq, act_id, previous, digest, texts in rows:
            if seq is None:
                raise UnlinkedError(given["chain"])
            before = genesis(str(given["chain"])) if previous is None else bytes(previous)
            told = dict(zip(archive.names(table), texts, strict=True))
            yield Archived(seq, table, act_id, before, bytes(digest), told)
