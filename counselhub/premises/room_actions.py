"""What an office keeps of a community's room and notice board, and on which day letters come."""

from dataclasses import asdict, dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.places.models import Community
from counselhub.premises import files, queries
from counselhub.premises.files import Paper
from counselhub.premises.kinds import Condition, FileKind
from counselhub.premises.models import Premises, PremisesFile, PremisesRule

MOST_PHOTOS = 6


@dataclass(frozen=True, slots=True)
class RoomEntry:
    """What was found. None where nobody has looked."""

    has_room: bool | None
    address: str | None
    area_m2: int | None
    room_kind: str | None
    hours: str | None
    conditions: list[str]
    has_board: bool | None
    board_current_on: date | None
    inspected_on: date | None
    remark: str | None


def community_of(code: str, street_code: str) -> Community:
    """Return a community of the street. Raises NotFoundError for any other."""
    community = db.session.get(Community, code)
    if community is None or community.street_code != street_code:
        raise NotFoundError()
    return community


def keep(code: str, entry: RoomEntry, *, by: Member, revision: int | None = None) -> Premises:
    """Write down what was found in a community.

    Raises RefusedError for a day to come, ConflictError for a stale page or a first record that
    somebody else made meanwhile.
    """
    community_of(code, by.street_code)
    _judge(entry)
    row = queries.room_of(code)
    if row is None:
        if revision is not None:
            raise ConflictError(_("这条场所记录已经不在了，请刷新后再填。"))
        row = Premises(community_code=code, street_code=by.street_code, conditions=[])
        db.session.add(row)
    elif revision is None:
        raise ConflictError(
            _("在您打开之后，别人已经登记了这个社区的场所。请看最新内容。"), row=row
        )
    history.expect(row, revision)
    for name, value in asdict(_without_room(entry)).items():
        setattr(row, name, value)
    row.inspected_by_name = by.name if entry.inspected_on else None
    db.session.flush()
    history.record(row, "keep_room", by=by, community=code)
    return row


def _judge(entry: RoomEntry) -> None:
    today = clock.today()
    if entry.inspected_on and entry.inspected_on > today:
        raise RefusedError(_("查看日期不能晚于今天。"), at="inspected_on")
    if entry.board_current_on and entry.board_current_on > today:
        raise RefusedError(_("公示内容的更新日期不能晚于今天。"), at="board_current_on")
    if not set(entry.conditions) <= set(Condition):
        raise RefusedError(_("条件里有不认识的项目，请刷新页面后重选。"))


def _without_room(entry: RoomEntry) -> RoomEntry:
    """Drop what cannot be without a room or a board."""
    values = asdict(entry)
    if not entry.has_room:
        values |= {"area_m2": None, "room_kind": None, "hours": None, "conditions": []}
    if not entry.has_board:
        values |= {"board_current_on": None}
    return RoomEntry(**values)


def add_photo(row: Premises, paper: Paper, *, by: Member) -> PremisesFile:
    """Add a photo of the room. Raises RefusedError for a scan, one too many, or the same again."""
    if not paper.is_photo:
        raise RefusedError(_("场所照片请传 JPEG 或 PNG。"))
    query = select(func.count()).where(PremisesFile.premises_id == row.id)
    if (db.session.scalar(query) or 0) >= MOST_PHOTOS:
        raise RefusedError(_("一个社区最多%(most)d张照片，请先删除旧的。", most=MOST_PHOTOS))
    file = files.keep(paper, FileKind.ROOM, row.street_code, by=by, premises_id=row.id)
    history.record(row, "add_room_photo", by=by, sha256=paper.digest)
    return file


def remove_photo(file: PremisesFile, *, by: Member) -> Premises:
    """Delete a photo of a room. Raises NotFoundError for a letter or what proves a repair."""
    row = db.session.get(Premises, file.premises_id) if file.premises_id else None
    if row is None:
        raise NotFoundError()
    history.record(row, "remove_room_photo", by=by, sha256=file.digest)
    db.session.delete(file)
    return row


def set_letter_day(weekday: int, *, by: Member) -> None:
    """Set the weekday (0 is Monday) on which letters are due; days already set stay."""
    row = db.session.get(PremisesRule, by.street_code)
    if row is None:
        row = PremisesRule(street_code=by.street_code, letter_weekday=weekday)
        db.session.add(row)
    row.letter_weekday = weekday
    office = Scope(ScopeKind.OFFICE, by.street_code)
    history.note("set_letter_day", scope=office, by=by, weekday=weekday)
