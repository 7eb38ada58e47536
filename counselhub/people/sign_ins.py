"""Sessions on the server: begun, seen, confirmed, ended; the cookie alone opens nothing."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from counselhub.core import clock, history
from counselhub.core.db import db, reached
from counselhub.core.errors import NotFoundError
from counselhub.core.members import Member
from counselhub.core.tenancy import PLATFORM, apart, as_platform
from counselhub.people.kinds import SessionEnd
from counselhub.people.models import SignInSession

SEEN_EVERY = timedelta(minutes=1)
AGENT_LENGTH = 200
SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts without an act, and at all."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class Running:
    """The session of a request."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    confirmed_at: datetime

    def end(self, limits: Limits, now: datetime) -> SessionEnd | None:
        """Return why it is over by `now`, None while it is not."""
        if now - self.created_at >= limits.absolute:
            return SessionEnd.AGE
        return SessionEnd.IDLE if now - self.last_seen_at >= limits.idle else None


def begin(person_id: UUID, *, address: str, agent: str) -> str:
    """Begin a session and return the token for the cookie; only its digest is kept."""
    token, now = secrets.token_urlsafe(32), clock.now()
    with as_platform():
        db.session.add(
            SignInSession(
                person_id=person_id,
                digest=digest(token),
                created_at=now,
                last_seen_at=now,
                confirmed_at=now,
                address=address,
                agent=agent[:AGENT_LENGTH],
            )
        )
    return token


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def see(session: Running, now: datetime) -> None:
    """Note that somebody is there, at most once a minute, past the request's own transaction."""
    if now - session.last_seen_at < SEEN_EVERY:
        return
    with apart(db.engine, PLATFORM) as connection:
        connection.execute(
            update(SignInSession)
            .where(SignInSession.id == session.id, SignInSession.last_seen_at < now)
            .values(last_seen_at=now)
        )


def end_apart(session_id: UUID, why: SessionEnd) -> None:
    """End a session whatever becomes of the request that found it over."""
    with apart(db.engine, PLATFORM) as connection:
        connection.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
            .values(ended_at=clock.now(), ended_why=why.value)
        )


def confirm(session_id: UUID, *, by: Member, method: str) -> None:
    """Note that the person has just proved to be there, and by what."""
    with as_platform():
        db.session.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id)
            .values(confirmed_at=clock.now())
        )
    history.note("confirm", scope=by.scope, by=by, method=method)


def end_by_owner(person_id: UUID, *, by: Member, only: UUID | None, but: UUID | None) -> int:
    """End one of the own sessions, or all but one; return how many ended.

    Raises NotFoundError for the one that is nobody's, another's or over.
    """
    count = end(person_id, SessionEnd.OWNER, only=only, but=but)
    if only is not None and not count:
        raise NotFoundError()
    history.note("sessions_end", scope=by.scope, by=by, count=count)
    return count


def end(
    person_id: UUID, why: SessionEnd, *, only: UUID | None = None, but: UUID | None = None
) -> int:
    """End a person's sessions: all, the one `only`, or all but one; return how many ended."""
    query = update(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.ended_at.is_(None)
    )
    if only is not None:
        query = query.where(SignInSession.id == only)
    if but is not None:
        query = query.where(SignInSession.id != but)
    with as_platform():
        return reached(query.values(ended_at=clock.now(), ended_why=why.value))


def of(person_id: UUID) -> Sequence[SignInSession]:
    """Return the person's sessions of the last days: the running ones first, then by last act."""
    since = clock.now() - timedelta(days=SHOWN_DAYS)
    query = (
        select(SignInSession)
        .where(SignInSession.person_id == person_id, SignInSession.created_at > since)
        .order_by(SignInSession.ended_at.is_not(None), SignInSession.last_seen_at.desc())
        .limit(20)
    )
    with as_platform():
        return db.session.scalars(query).all()
