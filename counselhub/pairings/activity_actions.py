"""Activities that took place, their photos, and what the office is shown of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from counselhub.advisers.models import Adviser
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.pairings.kinds import PairingStatus
from counselhub.pairings.list_actions import refuse_ended
from counselhub.pairings.models import Pairing
from counselhub.pairings.work_models import (
    ActivityAdviser,
    ActivityNote,
    ActivityPhoto,
    PairingActivity,
    PairingProject,
    PlannedActivity,
)
from counselhub.photos import pictures

MOST_PHOTOS = 9
"""Photos of one activity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEntry:
    """An activity as it is written; minutes: whole minutes. note: for the firm only."""

    day: date
    theme: str
    place: str
    firm_count: int
    community_count: int
    residents_count: int
    minutes: int
    summary: str
    plan_id: UUID | None
    project_id: UUID | None
    advisers: frozenset[UUID]
    note: str


COLUMNS = (
    "day",
    "theme",
    "place",
    "firm_count",
    "community_count",
    "residents_count",
    "minutes",
    "summary",
    "plan_id",
    "project_id",
)


def add(pairing: Pairing, entry: ActivityEntry, *, by: Member) -> PairingActivity:
    """Write down an activity. Raises RefusedError for impossible values, IllegalMoveError before
    the agreement is in force or after it has ended.
    """
    _refuse_idle(pairing)
    _judge(pairing, entry)
    row = PairingActivity(pairing_id=pairing.id, street_code=pairing.street_code, **_columns(entry))
    db.session.add(row)
    db.session.flush()
    _write_beside(row, entry)
    history.record(row, "add_activity", by=by)
    return row


def change(
    row: PairingActivity,
    entry: ActivityEntry,
    pairing: Pairing,
    *,
    revision: int | None,
    by: Member,
) -> None:
    """Change an activity. Raises ConflictError for a stale page, else as `add` does."""
    history.expect(row, revision)
    _refuse_idle(pairing)
    _judge(pairing, entry)
    for name, value in _columns(entry).items():
        setattr(row, name, value)
    _write_beside(row, entry)
    history.record(row, "change_activity", by=by, street_code=_told(row))


def _columns(entry: ActivityEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in COLUMNS}


def _told(row: PairingActivity) -> str | None:
    """Return the street whose office may know of an act: none before the activity is shared."""
    return row.street_code if row.shared_at else None


def _refuse_idle(pairing: Pairing) -> None:
    if pairing.status != PairingStatus.ACTIVE:
        raise IllegalMoveError(_("协议在共建中才能登记活动，请看它现在的状态。"), row=pairing)


def _judge(pairing: Pairing, entry: ActivityEntry) -> None:
    last = min(filter(None, (pairing.last_on, clock.today())))
    first = pairing.signed_on or entry.day
    if not first <= entry.day <= last:
        raise RefusedError(
            _("活动日期应在 %(first)s 至 %(last)s 之间。", first=first, last=last), at="day"
        )
    if not entry.firm_count + entry.community_count + entry.residents_count:
        raise RefusedError(_("请填写参加人数，至少一方有人参加。"), at="firm_count")
    if len(entry.advisers) > entry.firm_count:
        raise RefusedError(
            _(
                "选了 %(named)d 位本所律师，律所参加人数却只有 %(count)d 人，请核对。",
                named=len(entry.advisers),
                count=entry.firm_count,
            ),
            at="firm_count",
        )
    _refuse_strange(PlannedActivity, entry.plan_id, pairing)
    _refuse_strange(PairingProject, entry.project_id, pairing)


def _refuse_strange(model: type[Any], row_id: UUID | None, pairing: Pairing) -> None:
    """Refuse a line that is not of this agreement, as no page of ours offers it."""
    if row_id is None:
        return
    query = select(model.id).where(model.id == row_id, model.pairing_id == pairing.id)
    if db.session.scalar(query) is None:
        raise RefusedError(_("所选的计划或项目不在这份协议里，请重新选择。"))


def _write_beside(row: PairingActivity, entry: ActivityEntry) -> None:
    """Bring the lawyers and the firm's own words of an activity to what is given."""
    known = select(Adviser.id).where(Adviser.id.in_(entry.advisers))
    wanted = set(db.session.scalars(known))
    if wanted != entry.advisers:
        raise NotFoundError(_("有所选的律师已不在名册，请重新选择。"))
    query = select(ActivityAdviser.adviser_id).where(ActivityAdviser.activity_id == row.id)
    there = set(db.session.scalars(query))
    db.session.add_all(
        ActivityAdviser(activity_id=row.id, adviser_id=one) for one in sorted(wanted - there)
    )
    gone = delete(ActivityAdviser).where(
        ActivityAdviser.activity_id == row.id, ActivityAdviser.adviser_id.in_(there - wanted)
    )
    db.session.execute(gone)
    if not entry.note:
        row.note = None
    elif row.note is None:
        row.note = ActivityNote(words=entry.note)
    else:
        row.note.words = entry.note


def remove(row: PairingActivity, pairing: Pairing, *, revision: int | None, by: Member) -> None:
    """Delete an activity with its photos. Raises IllegalMoveError for one that is shared."""
    history.expect(row, revision)
    refuse_ended(pairing)
    if row.shared_at:
        raise IllegalMoveError(_("活动已向司法所公开，请先撤回公开再删除。"), row=row)
    history.record(row, "remove_activity", by=by, day=row.day.isoformat(), theme=row.theme)
    db.session.flush()
    db.session.delete(row)


def share(row: PairingActivity, *, revision: int | None, by: Member) -> None:
    """Let the street's office see it. Raises IllegalMoveError when it does already."""
    history.expect(row, revision)
    if row.shared_at:
        raise IllegalMoveError(_("活动已经向司法所公开。"), row=row)
    row.shared_at = clock.now()
    db.session.flush()
    history.record(row, "share_activity", by=by, street_code=row.street_code)


def unshare(row: PairingActivity, *, revision: int | None, by: Member) -> None:
    """Take it back from the office's sight. Raises IllegalMoveError when it is not there."""
    history.expect(row, revision)
    if not row.shared_at:
        raise IllegalMoveError(_("活动没有向司法所公开。"), row=row)
    row.shared_at = None
    db.session.flush()
    history.record(row, "unshare_activity", by=by, street_code=row.street_code)


def add_photo(row: PairingActivity, pairing: Pairing, sent: bytes, *, by: Member) -> ActivityPhoto:
    """Keep a photo without the camera's data; the very same again is the one that is there.

    Raises PictureError for what is no photo, RefusedError for one too many, IllegalMoveError under
    an ended agreement.
    """
    refuse_ended(pairing)
    picture = pictures.read(sent)
    mine = ActivityPhoto.activity_id == row.id
    same = select(ActivityPhoto).where(mine, ActivityPhoto.digest == picture.digest)
    if there := db.session.scalar(same):
        return there
    count = db.session.scalar(select(func.count()).select_from(ActivityPhoto).where(mine)) or 0
    if count >= MOST_PHOTOS:
        raise RefusedError(
            _("一次活动最多 %(most)d 张照片，请先删除一张再传。", most=MOST_PHOTOS), row=row
        )
    photo = ActivityPhoto(
        activity_id=row.id,
        digest=picture.digest,
        added_at=clock.now(),
        width=picture.width,
        height=picture.height,
        picture=picture.full,
        thumb=picture.thumb,
    )
    db.session.add(photo)
    db.session.flush()
    history.record(row, "add_activity_photo", by=by, street_code=_told(row), sha256=picture.digest)
    return photo


def add_photos(
    row: PairingActivity, pairing: Pairing, sent: Sequence[bytes], *, by: Member
) -> None:
    """Keep photos. Raises as `add_photo` does, then none of them is kept, and for none at all."""
    if not sent:
        raise RefusedError(_("请选择照片。"), row=row)
    with db.session.begin_nested():
        for one in sent:
            add_photo(row, pairing, one, by=by)


def remove_photo(
    photo: ActivityPhoto, row: PairingActivity, pairing: Pairing, *, by: Member
) -> None:
    """Delete a photo; the act stays, with the digest. Raises IllegalMoveError when all is over."""
    refuse_ended(pairing)
    db.session.delete(photo)
    history.record(row, "remove_activity_photo", by=by, street_code=_told(row), sha256=photo.digest)
