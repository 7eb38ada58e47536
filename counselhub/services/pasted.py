"""Enter several records at once: all of them or none, every fault with its line."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError
from counselhub.core.members import Member
from counselhub.services import actions
from counselhub.services.actions import Entry


class LinesError(DomainError):
    """Some lines were refused, so none was entered; `faults` are sentences by the line's key."""

    def __init__(self, faults: Mapping[int, str], *, status: int) -> None:
        super().__init__(_("有几条需要改正，都还没有保存。"))
        self.faults = faults
        self.status = status


def add_all(entries: Mapping[int, Entry], *, by: Member) -> int:
    """Enter every entry and return how many there are. Raises LinesError, then nothing is written.

    entries: by the place of the line.
    """
    faults: dict[int, str] = {}
    status = 422
    for place, entry in entries.items():
        try:
            _add(entry, by)
        except DomainError as refusal:
            faults[place] = refusal.message
            if refusal.status == ConflictError.status:
                status = refusal.status
                break  # the database has undone what was written: nothing more to try
    if faults:
        db.session.rollback()
        raise LinesError(faults, status=status)
    return len(entries)


def _add(entry: Entry, by: Member) -> None:
    try:
        actions.add(entry, by=by, attempts=1)
    except IntegrityError as error:
        raise ConflictError(_("编号被占用，请再保存一次。")) from error
