"""Bring a firm back from its archive into a service that has no firm yet.

Rows are written as the owner of the tables and to the letter, acts and their chain too; triggers
and row security stand aside for this one transaction, foreign keys and checks do not.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from psycopg import Cursor
from psycopg.errors import DataError, IntegrityError
from sqlalchemy import Connection, create_engine

from counselhub.audit import archive as pruned
from counselhub.clients.rotation import rotate
from counselhub.core import data_keys, migrations
from counselhub.core.errors import ConflictError
from counselhub.core.row_security import DataClass
from counselhub.tenants import keys
from counselhub.tenants.archive import ArchiveError, Manifest, Opened, opened
from counselhub.tenants.contents import LEANED_ON, Part, Piece, classes, pieces

AUDIT = re.compile(r"audit/([a-z_]+-\d+-\d+\.jsonl\.gz)")
ADDED = ("person",)
"""Of what rows lean on: the firm's own, to be written; of the others only what is lacking."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. resealed: texts that stand under this service's key now."""

    code: str
    name: str
    rows: int
    files: int
    resealed: int


def restore(path: Path, owner_url: str, *, passphrase: str | None = None) -> Restored:
    """Write a firm's archive into this service, all of it or nothing.

    A restoration that was stopped after the rows stood is finished by another one. Raises
    ArchiveError for a file that is no whole archive or was made by another version, ConflictError
    when the service has a firm already.
    """
    archive = opened(path)
    manifest = archive.manifest
    _refuse_another_version(manifest)
    lent = keys.unpacked(manifest.keys, passphrase)
    _refuse_taken_key(lent)
    rows = _write(archive, owner_url)
    files = _bring_back_pruned(archive)
    return Restored(manifest.code, manifest.name, rows, files, _reseal(manifest, lent))


def _refuse_another_version(manifest: Manifest) -> None:
    here = migrations.newest()
    if manifest.head != here:
        raise ArchiveError(
            _(
                "归档由另一个版本的系统生成（%(there)s，本机为 %(here)s）。"
                "请先在相同版本上恢复，再升级。",
                there=manifest.head,
                here=here,
            )
        )


def _refuse_taken_key(lent: dict[str, bytes]) -> None:
    """Refuse an archive whose key bears the very name of the one that writes here."""
    ring = data_keys.ring()
    if ring.writing in lent:
        raise ConflictError(
            _(
                "归档中的数据密钥与本机正在使用的密钥同名（%(key)s）。"
                "请先用 counselhub keys new 换一把新密钥，再恢复。",
                key=ring.writing,
            )
        )


def _write(archive: Opened, owner_url: str) -> int:
    """Write every row in one transaction; none when they stand already."""
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection, _unguarded(connection):
            if _stands(connection, archive.manifest):
                return 0
            return sum(_table(connection, archive, piece) for piece in _restored())
    except (DataError, IntegrityError) as error:
        raise ArchiveError(
            _("归档里的数据互相矛盾，没有恢复：%(problem)s", problem=str(error).splitlines()[0])
        ) from error
    finally:
        engine.dispose()


def _restored() -> list[Piece]:
    return [piece for piece in pieces() if piece.part is Part.DATA]


def _stands(connection: Connection, manifest: Manifest) -> bool:
    """Say whether this very firm is here. Raises ConflictError when another one is."""
    found = [str(row[0]) for row in connection.exec_driver_sql("SELECT id FROM firm LIMIT 2")]
    if found and found != [manifest.firm_id]:
        raise ConflictError(
            _("这里已经有律师事务所。恢复只能在空的服务上进行，请另设 COUNSELHUB_DATA。")
        )
    return bool(found)


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """Let row security and triggers stand aside; nobody else sees the tables meanwhile."""
    names = [piece.name for piece in _restored()]
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    yield
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        connection.exec_driver_sql(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")


def _table(connection: Connection, archive: Opened, piece: Piece) -> int:
    """Write one table: its lines wait in a table of their own, so that one statement writes all."""
    cursor: Cursor[Any] = connection.connection.cursor()  # type: ignore[assignment]  # psycopg's
    held = "".join(f", {name} bytea" for name in piece.files)
    cursor.execute(f"CREATE TEMP TABLE waiting (line jsonb{held}) ON COMMIT DROP")
    columns = ", ".join(("line", *piece.files))
    with cursor.copy(f"COPY waiting ({columns}) FROM STDIN") as copy:
        for row in _lines(archive, piece):
            copy.write_row(row)
    _refuse_strange_rows(cursor, archive.manifest, piece)
    cursor.execute(_insert(piece))
    rows = cursor.rowcount
    cursor.execute("DROP TABLE waiting")
    return rows


def _lines(archive: Opened, piece: Piece) -> Iterable[Sequence[Any]]:
    for line in archive.lines(piece.path):
        told = json.loads(line) if piece.files else {}
        yield (line, *(_content(archive, told[name]) for name in piece.files))


def _content(archive: Opened, digest: str | None) -> bytes | None:
    return None if digest is None else archive.content(digest)


def _refuse_strange_rows(cursor: Cursor[Any], manifest: Manifest, piece: Piece) -> None:
    """An archive may hold rows of its own firm alone, whatever its digests say."""
    if classes()[piece.name] in (DataClass.REFERENCE, DataClass.BUREAU, DataClass.OFFICE):
        return
    name = "id" if piece.name == "firm" else "firm_id"
    if name not in piece.table.c or piece.name in LEANED_ON:
        return
    strange = f"line->>'{name}' IS DISTINCT FROM %s"
    query = f"SELECT count(*) FROM waiting WHERE {strange}"  # noqa: S608  # names of ours
    found = cursor.execute(query, (manifest.firm_id,)).fetchone()
    if found and found[0]:
        raise ArchiveError(_("归档里有不属于该所的数据（%(path)s），没有恢复。", path=piece.path))


def _insert(piece: Piece) -> str:
    columns = [column.name for column in piece.table.c]
    values = ", ".join(f"w.{name}" if name in piece.files else f"r.{name}" for name in columns)
    absent = f"w.line - '{{{','.join(piece.files)}}}'::text[]" if piece.files else "w.line"
    lacking = piece.name in LEANED_ON and piece.name not in ADDED
    return (
        f"INSERT INTO {piece.name} ({', '.join(columns)})"  # noqa: S608  # names of our own schema
        f" SELECT {values} FROM waiting w,"
        f" LATERAL jsonb_populate_record(NULL::{piece.name}, {absent}) r"
        + (" ON CONFLICT DO NOTHING" if lacking else "")
    )


def _bring_back_pruned(archive: Opened) -> int:
    """Put the files of acts that had left the record where the chain's proof looks for them."""
    folder = pruned.folder() / f"firm-{archive.manifest.firm_id}"
    found = [match for path in sorted(archive.paths) if (match := AUDIT.fullmatch(path))]
    for match in found:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / match[1]).write_bytes(archive.source.read(match[0]))
    return len(found)


def _reseal(manifest: Manifest, lent: dict[str, bytes]) -> int:
    """Bring what is sealed under the keys of this service; what was lent is forgotten then."""
    own = data_keys.ring()
    firm_id = UUID(manifest.firm_id)
    current_app.extensions["data_keys"] = own.borrowing(firm_id, lent)
    try:
        done = rotate()
    finally:
        current_app.extensions["data_keys"] = own
    if done.unreadable:
        raise ArchiveError(
            _("%(count)d 条加密的资料打不开，请核对归档。", count=len(done.unreadable))
        )
    return done.resealed + done.secrets
