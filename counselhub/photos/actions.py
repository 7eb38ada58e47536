"""Add a photo to a session and take it away again, until a statement has closed the month."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import DomainError, IllegalMoveError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.duty.actions import one_at_a_time
from counselhub.duty.kinds import STANDING, PunchVerdict, SessionStatus
from counselhub.duty.models import DutyPunch, DutySession
from counselhub.photos import pictures, queries
from counselhub.photos.models import PhotoContent, SessionPhoto
from counselhub.photos.rules import MOST


class NotYetError(DomainError):
    """What it belongs to has not arrived: the phone sends it again (425)."""

    status = 425


class FullError(RefusedError):
    """The session has as many photos as it may: one of them can make room."""


def add(session: DutySession, sent: bytes, *, by: Member) -> SessionPhoto:
    """Keep a photo of a session; the same file again is the photo that is there.

    Raises PictureError for what is no photo, FullError for one too many, IllegalMoveError on a
    voided session, FrozenError in a closed month.
    """
    picture = pictures.read(sent)
    one_at_a_time(session.adviser_id)
    if there := queries.same_in(session, picture.digest):
        return there
    _refuse_one_more(session)
    photo = SessionPhoto(
        session_id=session.id,
        adviser_id=session.adviser_id,
        digest=picture.digest,
        taken_at=picture.taken_at,
        arrived_at=clock.now(),
        width=picture.width,
        height=picture.height,
        repeats_id=queries.shown_before(session, picture.digest),
    )
    with guarded():
        db.session.add(photo)
        db.session.flush()
        content = PhotoContent(photo_id=photo.id, picture=picture.full, thumb=picture.thumb)
        db.session.add(content)
    history.record(session, "photo_add", by=by, street_code=session.street_code, **_told(photo))
    return photo


def _refuse_one_more(session: DutySession) -> None:
    if session.status == SessionStatus.VOIDED:
        raise IllegalMoveError(_("这次值班已作废，不再收照片。"), row=session)
    query = select(func.count()).where(SessionPhoto.session_id == session.id)
    if (db.session.scalar(query) or 0) >= MOST:
        raise FullError(
            _("一次值班最多 %(most)d 张照片，请先删除一张再传。", most=MOST), row=session
        )


def _told(photo: SessionPhoto) -> dict[str, str | None]:
    return {
        "sha256": photo.digest,
        "taken_at": photo.taken_at.isoformat() if photo.taken_at else None,
    }


def remove(photo: SessionPhoto, *, by: Member) -> None:
    """Delete a photo and its picture; the act stays, with the digest. Raises FrozenError."""
    session = db.session.get_one(DutySession, (photo.firm_id, photo.session_id))
    told = _told(photo)
    with guarded():
        db.session.delete(photo)
    history.record(session, "photo_remove", by=by, street_code=session.street_code, **told)


def session_of(adviser_id: UUID, named: UUID) -> DutySession:
    """Return the adviser's session that a phone names by its id or by the key of its sign-in.

    Raises NotYetError while the sign-in has not arrived or still waits, RefusedError when it made
    no session.
    """
    own = select(DutySession).where(DutySession.adviser_id == adviser_id, DutySession.id == named)
    if session := db.session.scalar(own):
        return session
    query = select(DutyPunch).where(DutyPunch.adviser_id == adviser_id, DutyPunch.key == named)
    punch = db.session.scalar(query)
    if punch is None or (punch.session_id is None and punch.verdict in STANDING):
        raise NotYetError(_("照片对应的签到还没有送达，送达后会自动再传。"))
    if punch.session_id is None:
        raise RefusedError(
            _(
                "照片对应的签到没有计入（%(why)s），照片没有保存。",
                why=PunchVerdict(punch.verdict).label,
            )
        )
    found = db.session.get(DutySession, (punch.firm_id, punch.session_id))
    if found is None:
        raise NotFoundError()
    return found
