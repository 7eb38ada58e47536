"""Uploads that were tried and wait for their import: one folder a firm, files by their digest."""

import hashlib
import json
import os
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from counselhub.core import clock, config
from counselhub.core.errors import ConflictError, NotFoundError
from counselhub.core.paging import PER_PAGE, Page
from counselhub.workbook.plan import Plan

KEPT = timedelta(days=30)
"""An upload holds private data: it goes when a month has passed and somebody uploads again."""


@dataclass(frozen=True)
class Trial:
    """One uploaded file and what its trial found."""

    digest: str
    name: str
    tried_at: str
    """The instant, in ISO 8601."""
    signature: str
    """The digest of what was found: an import of anything else is refused."""
    document: dict[str, Any]

    @property
    def at(self) -> datetime:
        """The instant of the trial."""
        return datetime.fromisoformat(self.tried_at)

    @property
    def is_sound(self) -> bool:
        """Whether it may be imported."""
        return not self.document["faults"]

    @property
    def changes(self) -> int:
        """How many rows an import would add or change."""
        return sum(n["new"] + n["changed"] for n in self.document["sheets"].values())

    def count_by_sheet(self, kind: str) -> Counter[str]:
        """Return how many `faults` or `warnings` each sheet has."""
        return Counter(sheet_of(finding) for finding in self.document[kind])

    def page_of(self, kind: str, sheet: str, sort: str, direction: str, number: int) -> Page[Any]:
        """Return one page of `faults` or `warnings`, of one sheet when it is named."""
        found = [one for one in self.document[kind] if not sheet or sheet_of(one) == sheet]
        if sort == "message":
            found.sort(key=lambda one: one["message"])
        if direction == "desc":
            found.reverse()
        last = max(1, -(-len(found) // PER_PAGE))
        number = min(max(1, number), last)
        items = found[(number - 1) * PER_PAGE : number * PER_PAGE]
        return Page(items, number, PER_PAGE, len(found))


def sheet_of(finding: dict[str, str]) -> str:
    """Return the sheet that a finding is on."""
    return finding["cell"].rpartition("!")[0] or finding["cell"]


def keep(firm_id: UUID, data: bytes) -> str:
    """Keep an upload and return its digest; those that are too old go."""
    folder = _folder(firm_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    limit = (clock.now() - KEPT).timestamp()
    for old in folder.iterdir():
        if old.stat().st_mtime < limit:
            old.unlink(missing_ok=True)
    digest = hashlib.sha256(data).hexdigest()
    _write(folder / f"{digest}.xlsx", data)
    return digest


def note(firm_id: UUID, name: str, plan: Plan) -> Trial:
    """Note what the trial of a kept upload found."""
    document = plan.document(dry_run=True)
    trial = Trial(plan.digest, name, clock.now().isoformat(), plan.signature(), document)
    text = json.dumps(asdict(trial), ensure_ascii=False)
    _write(_folder(firm_id) / f"{plan.digest}.json", text.encode())
    return trial


def find(firm_id: UUID, digest: str) -> Trial:
    """Return a trial of this firm. Raises NotFoundError when it has none of that digest."""
    try:
        text = (_folder(firm_id) / f"{_safe(digest)}.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFoundError() from None
    return Trial(**json.loads(text))


def file_of(firm_id: UUID, digest: str) -> bytes:
    """Return the very file that was tried. Raises ConflictError when it is not that any more."""
    path = _folder(firm_id) / f"{_safe(digest)}.xlsx"
    data = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(data).hexdigest() != digest:
        raise ConflictError(_("保存的文件已经变动或清除，请重新上传试读。"))
    return data


def _safe(digest: str) -> str:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise NotFoundError()
    return digest


def _folder(firm_id: UUID) -> Path:
    return config.from_environment().data_dir / "uploads" / str(firm_id)


def _write(path: Path, data: bytes) -> None:
    """Write beside and move: nobody ever reads half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{clock.now().timestamp()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    draft.replace(path)
