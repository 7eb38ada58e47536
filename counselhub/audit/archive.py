"""Acts that leave the record, as files: readable, and provable beside the links that stay.

A file for each chain, table and pruning: gzip of one JSON object a line, with `seq`, `source`,
`event_id`, `previous` and `digest` (hex), and `fields`: what the digest was taken over, each field
of the act as text or null, in that order. `digest` is sha256 of `previous` and of the fields as
`core.chain.canonical` writes them.
"""

import gzip
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counselhub.core import config
from counselhub.core.chain import ACCOUNT_FIELDS, EVENT_FIELDS

FIELDS: Mapping[str, Sequence[str]] = {"event": EVENT_FIELDS, "account_event": ACCOUNT_FIELDS}
"""SQL of the fields of an act, by its table."""


class DamagedError(ValueError):
    """A file of the archive that cannot be read as one."""


@dataclass(frozen=True, slots=True)
class Archived:
    """One act as archived. fields: name and text of each, in the order of the digest."""

    seq: int
    source: str
    event_id: str
    previous: bytes
    digest: bytes
    fields: Mapping[str, str | None]

    def is_whole(self) -> bool:
        """Say whether the act is what its digest was taken over."""
        words = "".join(
            "-" if text is None else f"{len(text.encode())}:{text}" for text in self.fields.values()
        )
        return hashlib.sha256(self.previous + words.encode()).digest() == self.digest

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "seq": self.seq,
            "source": self.source,
            "event_id": self.event_id,
            "previous": self.previous.hex(),
            "digest": self.digest.hex(),
            "fields": dict(self.fields),
        }


def names(source: str) -> list[str]:
    """Return what the fields of a table's acts are called."""
    found = (re.search(r"\{0\}\.(\w+)", field) for field in FIELDS[source])
    return [match[1] for match in found if match]


def folder() -> Path:
    """Return where the archive lies, a folder a chain; its owner may move it elsewhere."""
    return config.from_environment().data_dir / "archive" / "audit"


def write(chain: str, source: str, acts: Iterable[Archived]) -> int:
    """Write acts in the order of their numbers, and return how many; no file for none.

    The file is on the disk when this returns. The same acts written again are the same file.
    """
    kept = folder() / chain.replace(":", "-")
    kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft, seqs = kept / f".{source}.{os.getpid()}", []
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
            for act in acts:
                line = json.dumps(act.document(), ensure_ascii=False, separators=(",", ":"))
                packed.write(f"{line}\n".encode())
                seqs.append(act.seq)
        file.flush()
        os.fsync(file.fileno())
    if seqs:
        draft.replace(kept / f"{source}-{seqs[0]:09d}-{seqs[-1]:09d}.jsonl.gz")
    else:
        draft.unlink()
    return len(seqs)


def files() -> Iterator[tuple[str, Path]]:
    """Give every file with the chain that it is of, by name."""
    for path in sorted(folder().glob("*/*.jsonl.gz")):
        yield path.parent.name.replace("-", ":", 1), path


def read(path: Path) -> Iterator[Archived]:
    """Read a file's acts. Raises DamagedError where it cannot be read."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                told = json.loads(line)
                told["previous"], told["digest"] = map(
                    bytes.fromhex, (told["previous"], told["digest"])
                )
                yield Archived(**told)
    except (OSError, EOFError, ValueError, TypeError, KeyError) as problem:
        raise DamagedError(path.name) from problem
