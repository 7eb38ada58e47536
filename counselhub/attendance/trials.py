"""Exports that were tried and wait for their import: kept by their digest, as workbooks are."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from counselhub.attendance.importing import Outcome
from counselhub.attendance.kinds import Layout
from counselhub.core import clock, uploads
from counselhub.core.errors import NotFoundError
from counselhub.core.paging import PER_PAGE, Page

ENDING = ".punches.json"


@dataclass(frozen=True)
class Trial:
    """One uploaded export and what its trial found."""

    digest: str
    name: str
    ending: str
    tried_at: str
    """The instant, in ISO 8601."""
    layout: str
    first: str
    last: str
    document: dict[str, Any]

    @property
    def at(self) -> datetime:
        """The instant of the trial."""
        return datetime.fromisoformat(self.tried_at)

    @property
    def kind(self) -> Layout:
        """Which export it is."""
        return Layout.of(self.layout)

    def faults(self, number: int) -> Page[dict[str, str]]:
        """Return one page of the faults."""
        return page_of(self.document["faults"], number)


def page_of(found: list[dict[str, str]], number: int) -> Page[dict[str, str]]:
    """Return one page of a list that is at hand."""
    last = max(1, -(-len(found) // PER_PAGE))
    number = min(max(1, number), last)
    items = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page(items, number, PER_PAGE, len(found))


def keep(firm_id: UUID, name: str, data: bytes, outcome: Outcome) -> Trial:
    """Keep an upload and what its trial found; those that are too old go."""
    ending = ".xls" if data.startswith(uploads.OLE) else ".xlsx"
    trial = Trial(
        digest=uploads.keep(firm_id, data, ending),
        name=name,
        ending=ending,
        tried_at=clock.now().isoformat(),
        layout=outcome.layout,
        first=outcome.first.isoformat() if outcome.first else "",
        last=outcome.last.isoformat() if outcome.last else "",
        document=outcome.document(),
    )
    text = json.dumps(asdict(trial), ensure_ascii=False)
    uploads.write(uploads.path_of(firm_id, trial.digest, ENDING), text.encode())
    return trial


def find(firm_id: UUID, digest: str) -> Trial:
    """Return a trial of this firm. Raises NotFoundError when it has none of that digest."""
    try:
        text = uploads.path_of(firm_id, digest, ENDING).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFoundError() from None
    return Trial(**json.loads(text))


def file_of(firm_id: UUID, trial: Trial) -> bytes:
    """Return the very file that was tried. Raises ConflictError when it is not that any more."""
    return uploads.read(firm_id, trial.digest, trial.ending)
