"""What services say of one person, gathered and emptied when that person is to be forgotten.

Words and files of a month that a statement has closed stay as they are; a follow-up is of the
month of its own day, a file of its record's. Photos and drafts hold no client data and stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from counselhub.closing.actions import guarded
from counselhub.closing.queries import is_closed
from counselhub.core import history
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.services.kinds import SHAREABLE
from counselhub.services.log_models import ServiceFile, ServiceFileContent, ServiceFollowUp
from counselhub.services.models import ServiceRecord

Part = ServiceRecord | ServiceFollowUp


@dataclass(frozen=True, slots=True)
class Said:
    """What one service says: parts with words by whether their month is closed, and its files."""

    record: ServiceRecord
    is_closed: bool
    open_parts: Sequence[Part]
    closed_parts: Sequence[Part]
    files: Sequence[ServiceFile]
    """Those that may hold client data and whose bytes are still there."""

    @property
    def texts(self) -> Iterator[str]:
        """Everything that is written, in no order."""
        for part in (*self.open_parts, *self.closed_parts):
            yield from filter(None, (part.note.content if part.note else None, part.outcome))
        yield from (file.name for file in self.files)

    @property
    def open_files(self) -> Sequence[ServiceFile]:
        """The files that can go."""
        return () if self.is_closed else self.files

    @property
    def has_open(self) -> bool:
        """Whether anything can go."""
        return bool(self.open_parts or self.open_files)

    @property
    def has_closed(self) -> bool:
        """Whether anything stays for its month is closed."""
        return bool(self.closed_parts or (self.files and self.is_closed))


def said(links: Sequence[Row[ServiceRecord, bool]]) -> list[Said]:
    """Return what services say, by (record, whether its month is closed); two statements."""
    ids = [record.id for record, _closed in links]
    steps, files = _follow_ups(ids), _files(ids)
    return [
        _said(
            record,
            closed,
            [(step, over) for step, over in steps if step.service_id == record.id],
            [file for file in files if file.service_id == record.id],
        )
        for record, closed in links
    ]


def _said(
    record: ServiceRecord,
    is_closed: bool,
    steps: Sequence[tuple[ServiceFollowUp, bool]],
    files: Sequence[ServiceFile],
) -> Said:
    parts: list[tuple[Part, bool]] = [(record, is_closed), *steps]
    worded = [(part, over) for part, over in parts if part.note or part.outcome]
    return Said(
        record,
        is_closed,
        [part for part, over in worded if not over],
        [part for part, over in worded if over],
        files,
    )


def _follow_ups(ids: Sequence[UUID]) -> list[tuple[ServiceFollowUp, bool]]:
    closed = is_closed(ServiceFollowUp.firm_id, ServiceRecord.community_code, ServiceFollowUp.day)
    query = (
        select(ServiceFollowUp, closed)
        .join(
            ServiceRecord,
            (ServiceRecord.firm_id == ServiceFollowUp.firm_id)
            & (ServiceRecord.id == ServiceFollowUp.service_id),
        )
        .options(joinedload(ServiceFollowUp.note))
        .where(among(ServiceFollowUp.service_id, ids))
        .order_by(ServiceFollowUp.day, ServiceFollowUp.id)
    )
    return [(step, over) for step, over in db.session.execute(query)]


def _files(ids: Sequence[UUID]) -> Sequence[ServiceFile]:
    there = (ServiceFileContent.firm_id == ServiceFile.firm_id) & (
        ServiceFileContent.file_id == ServiceFile.id
    )
    query = (
        select(ServiceFile)
        .join(ServiceFileContent, there)
        .where(among(ServiceFile.service_id, ids), ServiceFile.kind.not_in(sorted(SHAREABLE)))
        .order_by(ServiceFile.arrived_at, ServiceFile.id)
    )
    return db.session.scalars(query).all()


def blank(what: Said, hidden: Sequence[str], *, by: Member) -> None:
    """Empty what one service says in open months; kind, day and counts stay.

    hidden: texts that are taken out of results and of the names of files, whose bytes go.
    Raises FrozenError where a month was closed in between.
    """
    with guarded():
        for part in what.open_parts:
            part.note = None
            part.outcome = _without(part.outcome, hidden)
        for file in what.open_files:
            file.name = _without(file.name, hidden) or ""
        _delete_contents(what.open_files)
        if not what.is_closed:  # words lie on other tables, the revision is the record's
            flag_modified(what.record, "kind")
        history.record(what.record, "blank_words", by=by, files=len(what.open_files))


def _without(words: str | None, hidden: Sequence[str]) -> str | None:
    for text in hidden:
        words = words and words.replace(text, "**")
    return words


def _delete_contents(files: Sequence[ServiceFile]) -> None:
    ids = [file.id for file in files]
    db.session.execute(delete(ServiceFileContent).where(ServiceFileContent.file_id.in_(ids)))
