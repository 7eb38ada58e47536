"""The archive as a file: a ZIP with a manifest that tells the digest of everything in it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID
from zipfile import BadZipFile, ZipFile

from flask_babel import gettext as _

from counselhub.core.errors import RefusedError

FORMAT = "counselhub-tenant-1"
MANIFEST = "manifest.json"
DIGESTS = "manifest.sha256"
LARGEST_MANIFEST = 64 * 2**20
PIECE = 2**20


class ArchiveError(RefusedError):
    """The file is no archive of a firm, or not as it was made; the sentence says what is wrong."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive. rows: of a table, else None."""

    path: str
    bytes: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive says of itself. head: the newest migration of who made it.

    keys: what opens the sealed texts, by `tenants.keys`.
    """

    firm_id: str
    code: str
    name: str
    made_at: str
    head: str
    keys: Mapping[str, Any]
    entries: tuple[Entry, ...]

    def document(self) -> bytes:
        """Return it as it lies in the archive."""
        told = {"format": FORMAT} | asdict(self)
        return json.dumps(told, ensure_ascii=False, indent=1).encode()


def write_manifest(target: ZipFile, manifest: Manifest) -> str:
    """Put the manifest and its digest into the archive; return the digest."""
    document = manifest.document()
    digest = hashlib.sha256(document).hexdigest()
    target.writestr(MANIFEST, document)
    target.writestr(DIGESTS, f"{digest}  {MANIFEST}\n")
    return digest


class Opened:
    """An archive whose every file was found to be as its manifest tells."""

    def __init__(self, source: ZipFile, manifest: Manifest) -> None:
        """Keep the open file; `opened` makes it."""
        self.source, self.manifest = source, manifest
        self.paths = {entry.path for entry in manifest.entries}

    def lines(self, path: str) -> Iterator[str]:
        """Yield the rows of a table, each as JSON; none when it is not there."""
        if path in self.paths:
            with self.source.open(path) as file:
                for line in file:
                    yield line.decode()

    def content(self, digest: str) -> bytes:
        """Return a file by its digest."""
        return self.source.read(f"files/{digest}")


def opened(path: Path) -> Opened:
    """Open an archive and check every file of it. Raises ArchiveError."""
    try:  # zipfile raises NotImplementedError for packing that it does not know
        source = ZipFile(path)
        found = Opened(source, _manifest(source))
        for entry in found.manifest.entries:
            _check(source, entry)
        _refuse_strangers(source, found)
        source.getinfo("data/firm.jsonl")  # without its firm nothing else can stand
    except (BadZipFile, KeyError, ValueError, TypeError, EOFError, NotImplementedError) as error:
        raise ArchiveError(_("%(file)s 不是完整的租户归档，没有恢复。", file=path.name)) from error
    return found


def _manifest(source: ZipFile) -> Manifest:
    if source.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise ValueError(MANIFEST)
    document = source.read(MANIFEST)
    if source.read(DIGESTS).decode().split()[0] != hashlib.sha256(document).hexdigest():
        raise ArchiveError(_("归档的清单被改动过，没有恢复。"))
    told = json.loads(document)
    if told.pop("format") != FORMAT:
        raise ValueError(FORMAT)
    told["entries"] = tuple(Entry(**entry) for entry in told["entries"])
    if str(UUID(told["firm_id"])) != told["firm_id"]:  # it names a folder
        raise ValueError(told["firm_id"])
    return Manifest(**told)


def _check(source: ZipFile, entry: Entry) -> None:
    """Read a file to its end without keeping it."""
    digest, size = hashlib.sha256(), 0
    with source.open(entry.path) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
            if size > entry.bytes:
                break
    if size != entry.bytes or digest.hexdigest() != entry.sha256:
        raise ArchiveError(_("归档里的 %(path)s 与清单不一致，没有恢复。", path=entry.path))


def _refuse_strangers(source: ZipFile, found: Opened) -> None:
    names = source.namelist()
    strangers = set(names) - found.paths - {MANIFEST, DIGESTS}
    if strangers or len(set(names)) < len(names):
        told = min(strangers, default=MANIFEST)
        raise ArchiveError(_("归档里有清单没有列出的 %(path)s，没有恢复。", path=told))


class Writer:
    """Puts files into an archive and remembers what the manifest will tell of them."""

    def __init__(self, target: ZipFile) -> None:
        """Begin with nothing."""
        self.target = target
        self.entries: list[Entry] = []
        self._kept: set[str] = set()

    def lines(self, path: str, lines: Iterator[str]) -> int:
        """Write rows, a line each; return how many. Without rows there is no file."""
        first = next(lines, None)
        if first is None:
            return 0
        with self.target.open(path, "w", force_zip64=True) as file:
            tally = _Tally(file)
            tally.add(first)
            for line in lines:
                tally.add(line)
        self.entries.append(Entry(path, tally.size, tally.digest.hexdigest(), tally.rows))
        return tally.rows

    def content(self, content: bytes) -> str:
        """Keep a file by its digest, once; return the digest."""
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._kept:
            self.file(f"files/{digest}", content)
            self._kept.add(digest)
        return digest

    def file(self, path: str, content: bytes) -> None:
        """Keep a file under its name."""
        self.target.writestr(path, content)
        digest = hashlib.sha256(content).hexdigest()
        self.entries.append(Entry(path, len(content), digest))


class _Tally:
    """Counts what goes into one file."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.rows, self.digest = file, 0, 0, hashlib.sha256()

    def add(self, line: str) -> None:
        words = f"{line}\n".encode()
        self.file.write(words)
        self.digest.update(words)
        self.size, self.rows = self.size + len(words), self.rows + 1
