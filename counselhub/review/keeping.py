"""Keep the files of a thread or an appeal: what is known of each, and its bytes apart."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.services.attachments import Attachment
from counselhub.statements.states import Side
from counselhub.statements.thread_models import LineFile, LineFileContent


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What files came with: a question, an entry in its thread, or an appeal; and from whom."""

    firm_id: UUID
    street_code: str
    side: Side
    query_id: UUID | None = None
    entry_id: UUID | None = None
    appeal_id: UUID | None = None


def attach(files: Sequence[Attachment], whole: Whole, *, by: Member) -> None:
    """Keep files with what they came with; the same one twice is one."""
    for file in {file.digest: file for file in files}.values():
        row = LineFile(
            **asdict(whole),
            name=file.name,
            ending=file.ending,
            digest=file.digest,
            size_bytes=len(file.content),
            at=clock.now(),
            by_name=by.name,
        )
        db.session.add(row)
        db.session.flush()
        content = LineFileContent(
            firm_id=whole.firm_id,
            file_id=row.id,
            street_code=whole.street_code,
            content=file.content,
        )
        db.session.add(content)
    db.session.flush()
