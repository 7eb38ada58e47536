"""Make a year's file part by part, each told to whoever watches; memory holds one at a time.

The parts: gaps, tables, statements, photo sheets, the ZIP of originals, the binding.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from counselhub.core.downloads import csv_bytes
from counselhub.core.typesetting import typeset, typeset_with
from counselhub.statements.documents import queries
from counselhub.statements.documents.issuing import issued
from counselhub.statements.documents.pdf import pdf
from counselhub.statements.models import Statement
from counselhub.yearfiles.binding import HERE, Binder
from counselhub.yearfiles.originals import Original, Shown, originals, shown
from counselhub.yearfiles.rules import Gap
from counselhub.yearfiles.sections import TABLES, Place, Section, statements_of

TABLE, PHOTOS = HERE / "table.typ", HERE / "photos.typ"
ON_SHEETS = 60
"""Small pictures that are set at a time."""
PACKED = (".csv", ".pdf", ".docx")
Tick = Callable[[int, int], None]
"""Told after each part: how many are done, of how many. It may raise to end the making."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to make. name: of the community; papers: where papers are checked."""

    place: Place
    name: str
    maker: str
    papers: str
    gaps: Sequence[Gap]
    made_at: datetime

    @property
    def title(self) -> str:
        """What stands on the cover and at the foot of each page."""
        return f"{self.name}{self.place.year}年法律顾问工作卷"


@dataclass(frozen=True, slots=True)
class Made:
    """The digests (SHA-256, hexadecimal) of what lies at the targets."""

    pdf_digest: str
    zip_digest: str


@dataclass(slots=True)
class _Work:
    """One making. manifest: path, bytes, digest and what it is, of each file in the ZIP."""

    order: Order
    binder: Binder
    archive: ZipFile
    tick: Tick
    parts: int
    done: int = 0
    manifest: list[tuple[str, int, str, str]] = field(default_factory=list)

    def next(self) -> None:
        self.done += 1
        self.tick(self.done, self.parts)

    def keep(self, original: Original) -> None:
        """Put one file into the ZIP and into the manifest."""
        is_text = original.path.endswith(PACKED)
        self.archive.writestr(
            original.path, original.content, ZIP_DEFLATED if is_text else ZIP_STORED
        )
        digest = hashlib.sha256(original.content).hexdigest()
        self.manifest.append((original.path, len(original.content), digest, original.what))


def make(order: Order, target: Path, beside: Path, tick: Tick) -> Made:
    """Write the PDF to `target` and the ZIP of originals to `beside`, under the present scope.

    What is bound passes through their folder, which nobody else uses. Raises whatever `tick`
    raises; then half of it lies there.
    """
    statements = [one.id for one in statements_of(order.place)]
    with ZipFile(beside, "w") as archive:
        facts = (
            ("村（社区）", order.name),
            ("年度", f"{order.place.year}年"),
            ("制卷单位", order.maker),
            ("制卷时间", f"{order.made_at:%Y-%m-%d %H:%M}"),
        )
        binder = Binder(order.title, facts, target.parent, order.made_at)
        work = _Work(order, binder, archive, tick, len(TABLES) + len(statements) + 4)
        _bind_gaps(work)
        _bind_tables(work)
        _bind_statements(work, len(statements))
        _bind_photos(work)
        _keep_originals(work)
        binder.bind(target)
    work.next()
    return Made(_digest(target), _digest(beside))


def _bind_gaps(work: _Work) -> None:
    """The list of what is missing comes first."""
    rows = [
        (gap.kind.word, str(len(gap.items) or 1), "、".join(gap.items)) for gap in work.order.gaps
    ]
    section = Section("缺口清单", (("缺什么", 3), ("几处", 0.8), ("哪些", 6)), rows)
    work.binder.add(section.title, _set(work, section))
    work.next()


def _bind_tables(work: _Work) -> None:
    for table in TABLES:
        section = table(work.order.place)
        work.binder.add(section.title, _set(work, section))
        titles = [title for title, _width in section.columns]
        content = csv_bytes([titles, *section.rows])
        work.keep(Original(f"{section.title}.csv", f"{section.title}（表格）", content))
        work.next()


def _set(work: _Work, section: Section) -> bytes:
    data = {
        "title": section.title,
        "place": work.order.title,
        "columns": section.columns,
        "rows": section.rows,
    }
    return typeset(TABLE, data, work.order.made_at)


def _bind_statements(work: _Work, expected: int) -> None:
    """Bind each statement; the ZIP has the very file that is issued."""
    found = statements_of(work.order.place)[:expected]
    for statement in found:
        sheet = queries.sheet(statement, work.order.papers)
        content = issued(pdf(sheet), sheet.stamp)
        work.binder.add(f"结算单 {_month(statement)}（{statement.number}）", content)
        path = f"结算单/{_month(statement)}-{statement.number}.pdf"
        work.keep(Original(path, f"结算单 {statement.number}", content))
        work.next()


def _month(statement: Statement) -> str:
    return f"{statement.month:%Y-%m}"


def _bind_photos(work: _Work) -> None:
    """Bind the photo sheets; without a photo one that says so."""
    is_first = True
    for batch in _batches(shown(work.order.place)):
        names = [f"{place}.jpg" for place in range(len(batch))]
        data = {
            "title": "现场照片",
            "is_first": is_first,
            "pictures": [(name, str(one.day)) for name, one in zip(names, batch, strict=True)],
        }
        files = {name: one.thumb for name, one in zip(names, batch, strict=True)}
        content = typeset_with(files, PHOTOS, data, work.order.made_at)
        work.binder.add("现场照片" if is_first else "", content)
        is_first = False
    if is_first:
        work.binder.add("现场照片", _set(work, Section("现场照片", (), ())))
    work.next()


def _batches(pictures: Iterable[Shown]) -> Iterator[list[Shown]]:
    left = iter(pictures)
    while batch := list(islice(left, ON_SHEETS)):
        yield batch


def _keep_originals(work: _Work) -> None:
    for original in originals(work.order.place):
        work.keep(original)
    head = ("路径", "字节数", "SHA-256", "内容")
    work.archive.writestr("目录清单.csv", csv_bytes([head, *work.manifest]), ZIP_DEFLATED)
    work.next()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
