"""Uploads that were tried and wait for their import: one folder a firm, files by their digest."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from counselhub.core import clock, uploads
from counselhub.core.errors import NotFoundError
from counselhub.core.paging import PER_PAGE, Page
from counselhub.workbook.plan import Plan


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
    return uploads.keep(firm_id, data, ".xlsx")


def note(firm_id: UUID, name: str, plan: Plan) -> Trial:
    """Note what the trial of a kept upload found."""
    document = plan.document(dry_run=True)
    trial = Trial(plan.digest, name, clock.now().isoformat(), plan.signature(), document)
    text = json.dumps(asdict(trial), ensure_ascii=False)
    uploads.write(uploads.path_of(firm_id, plan.digest, ".json"), text.encode())
    return trial


def find(firm_id: UUID, digest: str) -> Trial:
    """Return a trial of this firm. Raises NotFoundError when it has none of that digest."""
    try:
        text = uploads.path_of(firm_id, digest, ".json").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFoundError() from None
    return Trial(**json.loads(text))


def file_of(firm_id: UUID, digest: str) -> bytes:
    """Return the very file that was tried. Raises ConflictError when it is not that any more."""
    return uploads.read(firm_id, digest, ".xlsx")
