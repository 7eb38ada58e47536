"""Photos of many sessions at once, and what each is worth."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from counselhub.core.db import db
from counselhub.duty.models import DutySession
from counselhub.photos.models import PhotoContent, SessionPhoto
from counselhub.photos.rules import PhotoFact, PhotoVerdict, Seen, judge


def slack() -> timedelta:
    """Return how many minutes a camera's clock may be off."""
    return timedelta(minutes=current_app.config["PHOTO_MINUTES"])


def column() -> ColumnElement[Any]:
    """Return the photos of the session that a statement selects, as JSON for `seen`."""
    kept = exists().where(
        PhotoContent.firm_id == SessionPhoto.firm_id, PhotoContent.photo_id == SessionPhoto.id
    )
    names = ("id", "taken_at", "arrived_at", "repeats_id")
    pairs = [part for name in names for part in (name, getattr(SessionPhoto, name))]
    one = func.jsonb_build_object(*pairs, "has_picture", kept)
    listed = aggregate_order_by(one, SessionPhoto.arrived_at, SessionPhoto.id)
    return (
        select(func.jsonb_agg(listed))
        .where(
            SessionPhoto.firm_id == DutySession.firm_id,
            SessionPhoto.session_id == DutySession.id,
        )
        .correlate(DutySession)
        .scalar_subquery()
    )


def seen(rows: Sequence[dict[str, Any]] | None, session: DutySession) -> list[Seen]:
    """Return the photos that `column` gave of a session, in the order of their arrival."""
    found = []
    for row in rows or ():
        taken_at = datetime.fromisoformat(row["taken_at"]) if row["taken_at"] else None
        arrived_at = datetime.fromisoformat(row["arrived_at"])
        repeats_id = UUID(row["repeats_id"]) if row["repeats_id"] else None
        fact = PhotoFact(taken_at, arrived_at, repeats_id is not None)
        verdict = verdict_of(fact, session)
        found.append(
            Seen(UUID(row["id"]), taken_at, arrived_at, repeats_id, row["has_picture"], verdict)
        )
    return found


def fact_of(photo: SessionPhoto) -> PhotoFact:
    """Return a photo as the rule knows it."""
    return PhotoFact(photo.taken_at, photo.arrived_at, photo.repeats_id is not None)


def verdict_of(fact: PhotoFact, session: DutySession) -> PhotoVerdict:
    """Return what a photo is worth for its session as that is now."""
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
    column = PhotoContent.thumb if small else PhotoContent.picture
    return db.session.scalar(
        select(column).where(
            PhotoContent.firm_id == photo.firm_id, PhotoContent.photo_id == photo.id
        )
    )
