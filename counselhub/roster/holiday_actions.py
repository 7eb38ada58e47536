"""Bring in the State Council's notice of a year; the platform's act."""

from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import delete, select

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import FaultsError, RefusedError
from counselhub.core.members import command_member
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.roster.models import HolidayNotice
from counselhub.roster.notices import Notice, NoticeDay, read

LARGEST_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Imported:
    """What a notice changes: days that are new, changed, gone, and as they were."""

    year: int
    new: int
    changed: int
    removed: int
    same: int

    @property
    def is_change(self) -> bool:
        """Whether anything is not as it was."""
        return bool(self.new or self.changed or self.removed)


def import_notice(path: Path, *, dry: bool = False) -> Imported:
    """Let the file's days stand for its year, again as often as one likes; dry: only count.

    Raises RefusedError when the file cannot be read, FaultsError with every fault by its entry;
    then nothing is written. The caller commits.
    """
    notice, faults = read(_content(path))
    if notice is None:
        raise FaultsError(_("文件有%(count)d处错误，没有导入。", count=len(faults)), faults)
    with as_platform():
        done = _compare(notice)
        if done.is_change and not dry:
            _write(notice)
            by, days = command_member(PLATFORM), len(notice.days)
            history.note("import_holidays", scope=PLATFORM, by=by, year=notice.year, days=days)
    return done


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise RefusedError(_("文件超过 1 MB，不像一年的放假通知。"))
        return path.read_bytes()
    except OSError as error:
        words = _("读不了文件 %(path)s：%(why)s", path=str(path), why=error.strerror or "")
        raise RefusedError(words) from error


def _compare(notice: Notice) -> Imported:
    query = select(HolidayNotice).where(HolidayNotice.year == notice.year)
    before = {
        row.day: NoticeDay(row.day, row.name, row.is_off) for row in db.session.scalars(query)
    }
    after = {one.day: one for one in notice.days}
    same = sum(before.get(day) == one for day, one in after.items())
    both = len(before.keys() & after.keys())
    return Imported(
        notice.year, len(after) - both, both - same, len(before.keys() - after.keys()), same
    )


def _write(notice: Notice) -> None:
    db.session.execute(
        delete(HolidayNotice).where(HolidayNotice.year == notice.year),
        execution_options={"synchronize_session": "fetch"},
    )
    db.session.add_all(
        HolidayNotice(year=notice.year, day=one.day, name=one.name, is_off=one.is_off)
        for one in notice.days
    )
    db.session.flush()
