"""Make a firm's archive: every row of every table, its files, its workbook and its statements.

Everything is read in one transaction that sees one moment, the firm's rows under the firm's own
scope: what row security hides from a firm cannot be in its archive. It is made as nobody, whoever
asks: without the rows behind an asker's walls it would lack what others refer to.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import joinedload

from counselhub.audit import archive as pruned
from counselhub.core import clock, data_keys, migrations
from counselhub.core.db import db
from counselhub.core.downloads import safe_name
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind, as_person, as_scope
from counselhub.statements.documents import queries
from counselhub.statements.documents.pdf import pdf
from counselhub.statements.models import Statement
from counselhub.statements.states import SEALED
from counselhub.tenants import keys
from counselhub.tenants.archive import Manifest, Writer, write_manifest
from counselhub.tenants.contents import CREDENTIALS, Piece, pieces
from counselhub.workbook.export import export_workbook

AT_ONCE = 500
FILES_AT_ONCE = 4
Tick = Callable[[int, int], None]
"""Told after each part: how many are done, of how many. It may raise to end the making."""


@dataclass(frozen=True, slots=True)
class Made:
    """What lies at the target. digest: of the manifest, hexadecimal."""

    digest: str
    rows: int
    files: int


@dataclass(frozen=True, slots=True)
class Whose:
    """The firm, as its archive calls it."""

    id: UUID
    code: str
    name: str

    @property
    def scope(self) -> Scope:
        """The firm's."""
        return Scope(ScopeKind.FIRM, str(self.id))


def make(
    whose: Whose, target: Path, *, passphrase: str | None = None, tick: Tick = lambda *_: None
) -> Made:
    """Write the firm's archive to `target`; nobody ever sees half of it.

    passphrase: without one, who has the file can open the personal data in it. Raises whatever
    `tick` raises; then nothing lies at `target`.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with as_person(None), as_scope(whose.scope), _restricted(draft) as archive:
            made = _fill(whose, Writer(archive), passphrase, tick)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
        db.session.rollback()
    return made


def _restricted(path: Path) -> ZipFile:
    """Open a ZIP that only its owner reads: it holds a firm's secrets."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    return ZipFile(path, "w", ZIP_DEFLATED)


def _fill(whose: Whose, writer: Writer, passphrase: str | None, tick: Tick) -> Made:
    db.session.rollback()
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    parts, rows = len(pieces()) + 3, 0
    for done, piece in enumerate(pieces(), start=1):
        with as_scope(whose.scope if piece.is_of_firm else PLATFORM):
            rows += _table(writer, piece, whose)
        tick(done, parts)
    _pruned(writer, whose)
    tick(parts - 2, parts)
    _workbook(writer)
    tick(parts - 1, parts)
    _statements(writer)
    digest = write_manifest(writer.target, _manifest(whose, writer, passphrase))
    tick(parts, parts)
    return Made(digest, rows, len(writer.entries))


def _table(writer: Writer, piece: Piece, whose: Whose) -> int:
    """Write the files of a table first, then its rows, which name them by their digests."""
    connection, firm = db.session.connection(), {"firm": str(whose.id)}
    for content in _contents(connection, piece, firm):
        writer.content(content)
    return writer.lines(piece.path, _rows(connection, piece, firm))


def _contents(connection: Connection, piece: Piece, firm: dict[str, str]) -> Iterator[bytes]:
    for column in piece.files:
        query = text(
            f"SELECT {column} FROM {piece.name}"  # noqa: S608  # names of our own schema
            f" WHERE {piece.condition} AND {column} IS NOT NULL ORDER BY {piece.order}"
        )
        streamed = connection.execution_options(stream_results=True, max_row_buffer=FILES_AT_ONCE)
        for (content,) in streamed.execute(query, firm).yield_per(FILES_AT_ONCE):
            yield bytes(content)


def _rows(connection: Connection, piece: Piece, firm: dict[str, str]) -> Iterator[str]:
    """Yield the rows as the database itself writes them as JSON: nothing is rounded or lost."""
    absent = [*piece.files, *CREDENTIALS.get(piece.name, ())]
    row = f"to_jsonb(t) - '{{{','.join(absent)}}}'::text[]" if absent else "to_jsonb(t)"
    if piece.files:
        named = ", ".join(f"'{one}', encode(sha256({one}), 'hex')" for one in piece.files)
        row = f"({row}) || jsonb_build_object({named})"
    query = text(
        f"SELECT ({row})::text FROM {piece.name} t"  # noqa: S608  # names of our own schema
        f" WHERE {piece.condition} ORDER BY {piece.order}"
    )
    streamed = connection.execution_options(stream_results=True)
    for (line,) in streamed.execute(query, firm).yield_per(AT_ONCE):
        yield line


def _pruned(writer: Writer, whose: Whose) -> None:
    """Take along the files of acts that have left the record: the chain proves them still."""
    for chain, path in pruned.files():
        if chain == f"firm:{whose.id}":
            writer.file(f"audit/{path.name}", path.read_bytes())


def _workbook(writer: Writer) -> None:
    """Add the firm's workbook, for people and for other programs."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "workbook.xlsx")
        with path.open("wb") as file:
            export_workbook(file)
        writer.file("workbook.xlsx", path.read_bytes())


def _statements(writer: Writer) -> None:
    """Add every sealed statement as a paper, one at a time."""
    query = select(Statement.id).where(Statement.status.in_(SEALED))
    for statement_id in db.session.scalars(query.order_by(Statement.month, Statement.number)).all():
        row = db.session.scalars(
            select(Statement)
            .where(Statement.id == statement_id)
            .options(joinedload(Statement.street), joinedload(Statement.firm))
        ).one()
        name = safe_name(f"{row.month:%Y-%m}-{row.number}.pdf")
        writer.file(f"statements/{name}", pdf(queries.sheet(row)))
        db.session.expunge_all()


def _manifest(whose: Whose, writer: Writer, passphrase: str | None) -> Manifest:
    return Manifest(
        firm_id=str(whose.id),
        code=whose.code,
        name=whose.name,
        made_at=clock.now().isoformat(),
        head=migrations.newest(),
        keys=keys.packed(data_keys.ring().lend(whose.id), passphrase),
        entries=tuple(writer.entries),
    )
