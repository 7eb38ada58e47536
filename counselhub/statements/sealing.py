"""Seals: what a statement was when it was submitted, approved and signed, as digests.

The digest of a line is sha256 over its canonical bytes; that of a statement over the bytes of its
head and the digests of its lines in their order. `verify` takes them again from the tables.
"""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from counselhub.core import clock
from counselhub.core.chain import canonical
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_platform
from counselhub.people.sign_ins import digest
from counselhub.statements.documents.stamp import new_code
from counselhub.statements.models import Statement
from counselhub.statements.sealed_models import PaperCode

MONTH = "to_char({0}.month, 'YYYY-MM-DD')"
AMOUNT = "{0}::text || CASE WHEN {1} <> 0 THEN ' ' || {1} ELSE '' END"
AS_IT_IS = AMOUNT.format("{0}.amount_fen", "{0}.held_fen")
OTHERWISE = AMOUNT.format("{0}.held_fen", "{0}.amount_fen")
"""Held back what is paid, paid what is held back: as the office's review moves it."""
LINE_FIELDS = (
    "{0}.id::text",
    "{0}.position::text",
    "{0}.contract_number",
    "{0}.community_code",
    "{0}.kind",
    MONTH,
    "{0}.quantity",
    AS_IT_IS,
    "{0}.trace::text",
    "{0}.warnings::text",
)
MOVED_FIELDS = tuple(OTHERWISE if field is AS_IT_IS else field for field in LINE_FIELDS)
HEAD_FIELDS = (
    "{0}.id::text",
    "{0}.number",
    "{0}.street_code",
    MONTH,
    "{0}.version::text",
    "{0}.total_fen::text",
    "{0}.funding::text",
    "{0}.payee::text",
)
IN_REVIEW = "in_review"
_NOW = f"""
SELECT s.firm_id, s.id, s.number, s.status, s.street_code, s.version, s.total_fen,
    sha256({canonical(HEAD_FIELDS, "s")} || coalesce(line.digests, '')) AS digest,
    coalesce(line.each, '{{}}') AS lines, coalesce(line.accepted, '{{}}') AS accepted,
    coalesce(line.positions, '{{}}') AS positions, coalesce(line.moved, '{{}}') AS moved
FROM statement s CROSS JOIN LATERAL (
    SELECT string_agg(digest, '' ORDER BY position, id) AS digests,
        jsonb_object_agg(id, encode(digest, 'hex')) AS each,
        jsonb_object_agg(id, position) AS positions,
        jsonb_object_agg(id, encode(moved, 'hex')) FILTER (WHERE moved IS NOT NULL) AS moved,
        array_agg(id::text) FILTER (WHERE review = 'accepted') AS accepted
    FROM (SELECT l.id, l.position, l.review, sha256({canonical(LINE_FIELDS, "l")}) AS digest,
              CASE WHEN s.status = '{IN_REVIEW}' AND l.review <> 'accepted'
              THEN sha256({canonical(MOVED_FIELDS, "l")}) END AS moved
          FROM statement_line l WHERE l.firm_id = s.firm_id AND l.statement_id = s.id) each
) line
"""  # noqa: S608  # names of ours
_SEAL = text(
    f"""
    INSERT INTO statement_seal (firm_id, id, statement_id, street_code, version, act, at, digest,
        lines, total_fen, frozen, code)
    SELECT firm_id, :id, id, street_code, version, :act, :at, digest, lines, total_fen, :frozen,
        :code
    FROM ({_NOW} WHERE s.firm_id = :firm AND s.id = :statement) now
    """  # noqa: S608  # names of ours
)
_COMPARED = text(
    f"""
    SELECT now.id, now.number, now.status, now.version, now.digest, now.lines, now.accepted,
        now.positions, now.moved, seal.version AS sealed_version, seal.digest AS sealed_digest,
        seal.lines AS sealed_lines
    FROM ({_NOW} WHERE s.firm_id = :firm AND s.submitted_at IS NOT NULL AND s.status <> 'void') now
    LEFT JOIN LATERAL (
        SELECT version, digest, lines FROM statement_seal
        WHERE firm_id = :firm AND statement_id = now.id ORDER BY at DESC, id DESC LIMIT 1
    ) seal ON true
    ORDER BY now.number
    """  # noqa: S608  # names of ours
)
KEY_BYTES = 32
OPEN = "queried"
"""While the firm answers, only the accepted lines stand."""


class Broken(NamedTuple):
    """A statement that is not what was sealed."""

    statement_id: UUID
    number: str
    is_sealed: bool = True
    line_id: str | None = None
    """The first line that differs; None when it is the head."""
    position: int | None = None
    """The line's number on the statement, from 1; None when the line is gone."""


def seal(statement: Statement, act: str, *, frozen: bytes | None = None) -> None:
    """Keep what the statement is now, after what was changed has reached the database.

    frozen: the digest of the submission as it was kept whole. Its papers bear a code of this seal.
    """
    db.session.flush()
    code = new_code()
    values = {
        "id": uuid7(),
        "act": act,
        "at": clock.now(),
        "firm": statement.firm_id,
        "statement": statement.id,
        "frozen": frozen,
        "code": code,
    }
    db.session.execute(_SEAL, values)
    with as_platform():
        db.session.add(
            PaperCode(
                digest=digest(code),
                firm_id=statement.firm_id,
                seal_id=values["id"],
                key=secrets.token_bytes(KEY_BYTES),
            )
        )
        db.session.flush()


def compared(connection: Connection, firm_id: UUID) -> Iterator[Broken | None]:
    """Compare each submitted statement of a firm with its last seal, by number.

    connection: of a transaction under the firm's scope; the rows are streamed.
    """
    options = {"stream_results": True, "yield_per": 100}
    for row in connection.execute(_COMPARED, {"firm": firm_id}, execution_options=options):
        yield _judged(row)


def _judged(row: Any) -> Broken | None:
    if row.sealed_digest is None:
        return Broken(row.id, row.number, is_sealed=False)
    sealed: Mapping[str, str] = row.sealed_lines
    moved = {line for line, digest in row.moved.items() if sealed.get(line) == digest}
    standing = row.accepted if row.status == OPEN else {**sealed, **row.lines}.keys() - moved
    places: Mapping[str, int] = row.positions
    differing = [line for line in standing if row.lines.get(line) != sealed.get(line)]
    if differing:
        first = min(differing, key=lambda line: (line not in places, places.get(line), line))
        place = places.get(first)
        return Broken(row.id, row.number, True, first, None if place is None else place + 1)
    whole = (row.sealed_version, bytes(row.sealed_digest)) == (row.version, bytes(row.digest))
    return None if whole or moved or row.status == OPEN else Broken(row.id, row.number)
