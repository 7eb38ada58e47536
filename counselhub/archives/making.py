"""Make an archive part by part into one ZIP; memory holds a few hundred rows or one file at a time.

Everything is read in one transaction that sees one moment.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sqlalchemy import Table, and_, select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.archives import contents, telling, words
from counselhub.contracts.models import Contract
from counselhub.core.db import Base, db
from counselhub.core.downloads import BYTE_ORDER, csv_piece, safe_name
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.statements.documents import queries
from counselhub.statements.documents.issuing import issued
from counselhub.statements.documents.pdf import pdf
from counselhub.statements.models import Statement
from counselhub.statements.states import SEALED

AT_ONCE = 500
Tick = Callable[[int, int], None]
"""Told after each part: how many are done, of how many. It may raise to end the making."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to make. title: the office's name; papers: where papers are checked."""

    street: str
    title: str
    has_photos: bool
    papers: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """What lies at the target."""

    digest: str
    size_bytes: int
    rows: int
    files: int


@dataclass(slots=True)
class _Work:
    """One making. manifest: what is told of each file in the ZIP."""

    order: Order
    folder: Path
    archive: ZipFile
    tick: Tick
    parts: int
    done: int = 0
    manifest: list[dict[str, Any]] = field(default_factory=list)

    def next(self) -> None:
        self.done += 1
        self.tick(self.done, self.parts)

    def keep(self, path: str, source: Path, what: str, **more: int) -> None:
        """Put a file of the folder into the ZIP and into the manifest, a piece at a time."""
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = source.stat().st_size
        told = {"path": path, "bytes": size, "sha256": digest, "what": what}
        self.manifest.append(told | more)
        is_text = path.endswith((".csv", ".jsonl", ".txt", ".json"))
        self.archive.write(source, path, ZIP_DEFLATED if is_text else ZIP_STORED)
        source.unlink()

    def keep_bytes(self, path: str, content: bytes, what: str) -> None:
        """Put what is in memory into the ZIP and into the manifest."""
        draft = self.folder / "one"
        draft.write_bytes(content)
        self.keep(path, draft, what)


def make(order: Order, target: Path, tick: Tick) -> Made:
    """Write the ZIP to `target` under the present scope, an office's.

    What goes into it passes through its folder, which nobody else uses. Raises whatever `tick`
    raises; then half of it lies there.
    """
    try:
        with ZipFile(target, "w") as archive:
            work = _begun(order, target.parent, archive, tick)
            _tables(work)
            _statements(work)
            _files(work)
            _papers(work)
    finally:
        db.session.rollback()  # what follows is to see what others have written meanwhile
    return _told(work, target)


def _begun(order: Order, folder: Path, archive: ZipFile, tick: Tick) -> _Work:
    """Read from now on as of this moment, whatever others change."""
    db.session.rollback()
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return _Work(order, folder, archive, tick, len(contents.TABLES) + len(_wanted(order)) + 2)


def _wanted(order: Order) -> list[contents.Kept]:
    return [one for one in contents.FILES if order.has_photos or not one.is_photo]


def _tables(work: _Work) -> None:
    names = _names(work.order.street)
    for table in contents.tables():
        _table(work, table, names)
        work.next()


def _names(street: str) -> dict[str, str]:
    """Return what firms, lawyers, contracts, statements and places are called, by their key."""
    named: list[tuple[Any, Any]] = [
        (Firm.id, Firm.name),
        (Adviser.id, Adviser.name),
        (Contract.id, Contract.number),
        (Statement.id, Statement.number),
    ]
    found = {str(key): name for pair in named for key, name in db.session.execute(select(*pair))}
    here = select(Community.code, Community.name).where(Community.street_code == street)
    return found | {row.code: row.name for row in db.session.execute(here)}


def _table(work: _Work, table: Table, names: Mapping[str, str]) -> None:
    """Write one table twice in one pass: as people read it, and exactly."""
    columns = contents.columns_of(table)
    word = words.table_word(table.name) or table.name
    read, exact = work.folder / "read", work.folder / "exact"
    count = 0
    with read.open("wb") as for_people, exact.open("wb") as for_programs:
        for_people.write(BYTE_ORDER)
        for_people.write(csv_piece([[words.column_word(one.name) or one.name for one in columns]]))
        for rows in _portions(table, columns, work.order.street):
            count += len(rows)
            _write(table.name, [one.name for one in columns], rows, names, for_people, for_programs)
    stem = f"{contents.TABLES[table.name]}/{word}"
    work.keep(f"{stem}.csv", read, word, rows=count)
    work.keep(f"{stem}.jsonl", exact, f"{word}（{table.name}，供程序读取）", rows=count)


def _portions(
    table: Table, columns: Sequence[Any], street: str
) -> Iterator[Sequence[Sequence[Any]]]:
    """Read a table's rows of the street a portion at a time, by key."""
    query = select(*columns).order_by(*table.primary_key.columns)
    if "street_code" in table.c and table.name not in OF_ABOVE:
        query = query.where(table.c.street_code == street)
    elif table.name == "street":
        query = query.where(table.c.code == street)
    result = db.session.execute(query.execution_options(yield_per=AT_ONCE))
    yield from result.partitions()


OF_ABOVE = frozenset({"scheme_pack", "scheme_pack_version", "pack_example", "pack_rehearsal"})
"""Tables in which the bureau's rows, which name no street, are the office's to read too."""


def _write(
    table: str,
    names_of: Sequence[str],
    rows: Sequence[Sequence[Any]],
    names: Mapping[str, str],
    for_people: BinaryIO,
    for_programs: BinaryIO,
) -> None:
    for_people.write(
        csv_piece(
            [
                words.shown(table, name, value, names)
                for name, value in zip(names_of, row, strict=True)
            ]
            for row in rows
        )
    )
    for row in rows:
        told = {name: words.exact(value) for name, value in zip(names_of, row, strict=True)}
        for_programs.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")


def _statements(work: _Work) -> None:
    """Set every approved statement as it is issued, one at a time."""
    here = and_(Statement.street_code == work.order.street, Statement.status.in_(SEALED))
    keys = select(Statement.firm_id, Statement.id).where(here)
    for firm_id, statement_id in db.session.execute(
        keys.order_by(Statement.month, Statement.number)
    ).all():
        query = select(Statement).where(Statement.firm_id == firm_id, Statement.id == statement_id)
        row = db.session.scalars(
            query.options(joinedload(Statement.street), joinedload(Statement.firm))
        ).one()
        sheet = queries.sheet(row, work.order.papers)
        name = safe_name(f"{row.month:%Y-%m}-{row.number}.pdf")
        work.keep_bytes(f"结算单/{name}", issued(pdf(sheet), sheet.stamp), "审定的结算单")
        db.session.expunge_all()
    work.next()


def _files(work: _Work) -> None:
    """Put the files that rows carry beside them, one at a time."""
    for kept in _wanted(work.order):
        table = Base.metadata.tables[kept.table]
        name, content = table.c[kept.name], table.c[kept.content]
        query = select(name, content).where(content.is_not(None)).order_by(name)
        if "street_code" in table.c:
            query = query.where(table.c.street_code == work.order.street)
        for key, data in db.session.execute(query.execution_options(yield_per=1)):
            path = f"附件/{kept.folder}/{key}{telling.ending_of(data)}"
            work.keep_bytes(path, data, kept.folder)
        work.next()


def _papers(work: _Work) -> None:
    """Tell what is here, what is not and why; the manifest comes last, for it names the rest."""
    work.keep_bytes("说明.txt", _readme(work.order).encode(), "说明")
    document = {
        "street": work.order.street,
        "title": work.order.title,
        "made_at": work.order.made_at.isoformat(timespec="seconds"),
        "has_photos": work.order.has_photos,
        "files": work.manifest,
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    work.archive.writestr("manifest.json", text, ZIP_DEFLATED)
    work.next()


def _readme(order: Order) -> str:
    return telling.readme(order.title, order.made_at, order.papers, has_photos=order.has_photos)


def _told(work: _Work, draft: Path) -> Made:
    with draft.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    rows = sum(one.get("rows", 0) for one in work.manifest if one["path"].endswith(".csv"))
    return Made(digest, draft.stat().st_size, rows, len(work.manifest) + 1)
