"""Walk every chain and every seal: the reading side of `verify`.

Each tenant's chain is read by the application's role under the tenant's own scope, in one
transaction of its own that sees one moment (REPEATABLE READ), as a stream. So the proof needs no
more rights than a page, and the row security that it passes is the one it lives under.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from counselhub.audit import archive
from counselhub.audit.archive import Archived, DamagedError
from counselhub.audit.rules import Break, Broken, Head, Link, Walk, walk
from counselhub.core.chain import ACCOUNT_FIELDS, EVENT_FIELDS, canonical
from counselhub.core.db import db
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind, as_scope
from counselhub.statements import freezing, sealing
from counselhub.statements.freezing import Kept

AT_ONCE = 2000
PRUNING = "prune_audit"
"""The act that records a pruning; its detail says how many acts went."""
_LINKS = text(
    f"""
    SELECT l.seq, l.source, l.event_id, l.digest, l.pruned_on IS NOT NULL AS is_pruned,
        CASE WHEN e.id IS NOT NULL THEN {canonical(EVENT_FIELDS, "e")}
             WHEN a.id IS NOT NULL THEN {canonical(ACCOUNT_FIELDS, "a")} END AS words
    FROM event_link l
    LEFT JOIN event e ON l.source = 'event' AND e.firm_id = cast(:firm AS uuid)
        AND e.id = l.event_id
    LEFT JOIN account_event a ON l.source = 'account_event' AND a.id = l.event_id
        AND a.kind || ':' || a.key = l.chain
    WHERE l.chain = :chain ORDER BY l.seq
    """  # noqa: S608  # names of ours
)
_UNLINKED = text(
    """
    SELECT id FROM (
        SELECT id FROM event WHERE firm_id = cast(:firm AS uuid)
        UNION ALL SELECT id FROM account_event WHERE kind = :kind AND key = :key
    ) act WHERE NOT EXISTS (
        SELECT FROM event_link l WHERE l.event_id = act.id AND l.chain = :chain
    ) ORDER BY id LIMIT 1
    """
)
_RECORDED = text(
    "SELECT coalesce(sum((detail->>'acts')::bigint), 0) FROM account_event"
    " WHERE kind = :kind AND key = :key AND act = :act"
)
_CHAINS = text(
    "SELECT 'firm:' || id FROM firm UNION SELECT chain FROM chain_day"
    " UNION SELECT DISTINCT chain FROM event_link UNION SELECT DISTINCT kind || ':' || key"
    " FROM account_event ORDER BY 1"
)


@dataclass(slots=True)
class Report:
    """What was walked, and what does not hold."""

    chains: int = 0
    acts: int = 0
    pruned: int = 0
    heads: int = 0
    statements: int = 0
    frozen: int = 0
    """Submissions that were kept whole."""
    archived: int = 0
    """Acts in the files of the archive that still lie here."""
    walks: list[Walk] = field(default_factory=list)
    """Of chains that were pruned: from where on they prove their acts."""
    breaks: list[Broken] = field(default_factory=list)


def chains() -> list[str]:
    """Return the name of every chain that there is, was, or has to be."""
    with as_scope(PLATFORM), db.engine.connect() as connection:
        return list(connection.scalars(_CHAINS))


def prove(names: list[str], *, reckon: bool = False) -> Report:
    """Walk these chains, the seals of the firms among them, and the archive of what they had.

    reckon: also work every frozen submission out again, and compare its lines.
    """
    report = Report()
    for name in names:
        _prove_one(name, report, reckon)
    for chain, path in archive.files():
        if chain in names:
            _prove_file(chain, path, report)
    return report


def _prove_one(name: str, report: Report, reckon: bool) -> None:
    kind, _colon, key = name.partition(":")
    scope = Scope(ScopeKind(kind), key)
    firm_id = UUID(key) if scope.kind is ScopeKind.FIRM else None
    with as_scope(scope), db.engine.connect() as opened:
        connection = opened.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            heads = _heads(connection, name)
            found = walk(name, _links(connection, name, firm_id), heads)
            report.chains += 1
            report.heads += len(heads)
            report.acts += found.proven
            report.pruned += found.pruned
            if found.pruned:
                report.walks.append(found)
            if broken := found.broken or _beside(connection, found, firm_id):
                report.breaks.append(broken)
            if firm_id is not None:
                _prove_seals(connection, name, firm_id, report)
                for kept in freezing.proven(connection, firm_id, reckon=reckon):
                    _note_kept(name, kept, report)


def _heads(connection: Connection, name: str) -> list[Head]:
    query = text("SELECT day, seq, digest FROM chain_day WHERE chain = :chain ORDER BY day")
    return [
        Head(row.day, row.seq, bytes(row.digest))
        for row in connection.execute(query, {"chain": name})
    ]


def _links(connection: Connection, name: str, firm_id: UUID | None) -> Iterator[Link]:
    options: dict[str, Any] = {"stream_results": True, "yield_per": AT_ONCE}
    rows = connection.execute(_LINKS, {"chain": name, "firm": firm_id}, execution_options=options)
    with rows:
        for seq, source, event_id, digest, is_pruned, words in rows:
            told = None if words is None else bytes(words)
            yield Link(seq, source, event_id, bytes(digest), told, is_pruned)


def _beside(connection: Connection, found: Walk, firm_id: UUID | None) -> Broken | None:
    """Look for what a walk cannot meet: acts without a link, and prunings that nobody recorded."""
    kind, _colon, key = found.chain.partition(":")
    given = {"chain": found.chain, "kind": kind, "key": key, "firm": firm_id, "act": PRUNING}
    if (stray := connection.scalar(_UNLINKED, given)) is not None:
        return Broken(Break.UNLINKED, found.chain, event_id=stray)
    recorded = connection.scalar(_RECORDED, given) or 0
    if found.pruned > recorded:
        return Broken(Break.PRUNED, found.chain)
    return None


def _prove_seals(connection: Connection, name: str, firm_id: UUID, report: Report) -> None:
    for broken in sealing.compared(connection, firm_id):
        report.statements += 1
        if broken is not None:
            report.breaks.append(
                Broken(
                    Break.SEAL if broken.is_sealed else Break.UNSEALED,
                    name,
                    number=broken.number,
                    line_id=broken.line_id,
                    line=broken.position,
                )
            )


def _note_kept(name: str, kept: Kept, report: Report) -> None:
    report.frozen += 1
    broken = partial(Broken, chain=name, number=kept.number, version=kept.version)
    if not kept.is_whole:
        report.breaks.append(broken(Break.FROZEN))
    elif kept.differing is not None:
        line, part = kept.differing.position, freezing.told(kept.differing)
        report.breaks.append(broken(Break.RECKONED, line=line, part=part))


_DIGESTS = text("SELECT seq, digest FROM event_link WHERE chain = :chain AND seq = ANY(:seqs)")


def _prove_file(chain: str, path: Path, report: Report) -> None:
    """Hold a file of the archive against its own digests and against the links that stayed."""
    kind, _colon, key = chain.partition(":")
    acts = archive.read(path)
    try:
        with as_scope(Scope(ScopeKind(kind), key)), db.engine.connect() as connection:
            while portion := list(islice(acts, AT_ONCE)):
                wrong = _first_wrong(connection, chain, portion)
                report.archived += len(portion)
                if wrong is not None:
                    report.breaks.append(
                        Broken(
                            Break.ARCHIVE, chain, wrong.seq, UUID(wrong.event_id), file=path.name
                        )
                    )
                    return
    except DamagedError:
        report.breaks.append(Broken(Break.ARCHIVE, chain, file=path.name))


def _first_wrong(connection: Connection, chain: str, acts: list[Archived]) -> Archived | None:
    given = {"chain": chain, "seqs": [act.seq for act in acts]}
    linked = {seq: bytes(digest) for seq, digest in connection.execute(_DIGESTS, given)}
    wrong = (act for act in acts if not act.is_whole() or linked.get(act.seq) != act.digest)
    return next(wrong, None)
