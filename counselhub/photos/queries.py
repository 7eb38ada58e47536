"""Photos of many sessions at once, and what each is worth."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import exists, select

from counselhub.core.db import db
from counselhub.duty.models import DutySession
from counselhub.photos.models import PhotoContent, SessionPhoto
from counselhub.photos.rules import PhotoFact, PhotoVerdict, judge

TONES = {
    PhotoVerdict.WITHIN: "success",
    PhotoVerdict.OUTSIDE: "warning",
    PhotoVerdict.NO_TIME: "neutral",
    PhotoVerdict.REPEATED: "danger",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo with what it is worth; has_picture False when the picture's time is over."""

    photo: SessionPhoto
    verdict: PhotoVerdict
    has_picture: bool

    @property
    def tone(self) -> str:
        """How a badge of the verdict looks."""
        return TONES[self.verdict]


def slack() -> timedelta:
    """Return how many minutes a camera's clock may be off."""
    return timedelta(minutes=current_app.config["PHOTO_MINUTES"])


def of(sessions: Sequence[DutySession]) -> defaultdict[UUID, list[Seen]]:
    """Return the photos of each session by its id, in their order, with one statement."""
    found: defaultdict[UUID, list[Seen]] = defaultdict(list)
    if not sessions:
        return found
    by_id = {one.id: one for one in sessions}
    content = exists().where(
        PhotoContent.firm_id == SessionPhoto.firm_id, PhotoContent.photo_id == SessionPhoto.id
    )
    query = (
        select(SessionPhoto, content)
        .where(
            SessionPhoto.firm_id.in_({one.firm_id for one in sessions}),
            SessionPhoto.session_id.in_(by_id),
        )
        .order_by(SessionPhoto.arrived_at, SessionPhoto.id)
    )
    for photo, has_picture in db.session.execute(query):
        verdict = verdict_of(photo, by_id[photo.session_id])
        found[photo.session_id].append(Seen(photo, verdict, has_picture))
    return found


def verdict_of(photo: SessionPhoto, session: DutySession) -> PhotoVerdict:
    """Return what a photo is worth for its session as that is now."""
    fact = PhotoFact(photo.taken_at, photo.arrived_at, photo.repeats_id is not None)
    return judge(fact, session.signed_in_at, session.signed_out_at, slack())


def same_in(session: DutySession, digest: str) -> SessionPhoto | None:
    """Return the photo of a session with this digest, None when it has none."""
    return db.session.scalar(
        select(SessionPhoto).where(
            SessionPhoto.session_id == session.id, SessionPhoto.digest == digest
        )
    )


def shown_before(session: DutySession, digest: str) -> UUID | None:
    """Return the first other session of the firm that has this very file, None for a new one."""
    query = (
        select(SessionPhoto.session_id)
        .where(SessionPhoto.digest == digest, SessionPhoto.session_id != session.id)
        .order_by(SessionPhoto.arrived_at)
        .limit(1)
    )
    return db.session.scalar(query)


def content_of(photo: SessionPhoto, *, small: bool) -> bytes | None:
    """Return the picture, None when its time is over."""
    column = PhotoContent.thumb if small else PhotoContent.full
    return db.session.scalar(
        select(column).where(
            PhotoContent.firm_id == photo.firm_id, PhotoContent.photo_id == photo.id
        )
    )
